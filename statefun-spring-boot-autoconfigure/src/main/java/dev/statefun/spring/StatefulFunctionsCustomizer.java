package dev.statefun.spring;

import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Registers functions and message types programmatically. Beans of this type are called
 * in their order, after the annotated beans have been registered.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StatefulFunctionsCustomizer {

	/**
	 * Customize the registry.
	 * @param functions builder of the registry
	 */
	void customize(StatefulFunctions.Builder functions);

}
