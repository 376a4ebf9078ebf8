package dev.statefun.spring;

import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Registers functions and message types by code. Beans of this type are called in their
 * order, after the annotated beans have been registered.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StatefulFunctionsCustomizer {

	/**
	 * Customize the registry.
	 * @param functions the registry that is being built
	 */
	void customize(StatefulFunctions.Builder functions);

}
