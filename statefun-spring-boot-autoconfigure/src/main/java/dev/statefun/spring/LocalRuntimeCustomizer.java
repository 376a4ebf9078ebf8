package dev.statefun.spring;

import dev.statefun.local.LocalRuntime;

/**
 * Customizes the local runtime of an application under development, after its properties
 * have been applied. All beans of this type are called, in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LocalRuntimeCustomizer {

	/**
	 * Customize the runtime.
	 * @param runtime builder of the runtime
	 */
	void customize(LocalRuntime.Builder runtime);

}
