package dev.statefun.spring;

import dev.statefun.local.LocalRuntime;

/**
 * Changes the local runtime of an application that is being developed, after its
 * properties were applied. All beans of this type are called, in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LocalRuntimeCustomizer {

	/**
	 * Customize the runtime.
	 * @param runtime its description
	 */
	void customize(LocalRuntime.Builder runtime);

}
