package dev.statefun.spring.gateway.function;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * Receives what a gateway does. Called while the batch is handled, so for an attempt that
 * fails later too. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GatewayListener {

	/**
	 * Called when a gateway has done something.
	 * @param event what it did
	 * @param target type of the target, or {@code null} if it is not one of the gateway's
	 */
	void happened(GatewayEvent event, @Nullable FunctionType target);

}
