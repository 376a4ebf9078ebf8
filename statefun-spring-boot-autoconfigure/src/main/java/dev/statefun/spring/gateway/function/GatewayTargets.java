package dev.statefun.spring.gateway.function;

import dev.statefun.sdk.FunctionType;

/**
 * Functions that a gateway sends to. Thread-safe.
 *
 * @since 0.1.0
 */
public interface GatewayTargets {

	/**
	 * Return whether the gateway sends to a function.
	 * @param type type of the function
	 * @return whether it does; {@code true} only if the cluster knows the type, as its
	 * job would fail otherwise (protocol.md §3.4)
	 */
	boolean reaches(FunctionType type);

	/**
	 * Return whether a function takes messages of a type.
	 * @param type type of the function
	 * @param typename name of the message type
	 * @return {@code false} if the function is known not to take them
	 */
	boolean takes(FunctionType type, String typename);

}
