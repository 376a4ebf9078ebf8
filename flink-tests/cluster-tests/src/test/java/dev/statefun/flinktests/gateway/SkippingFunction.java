package dev.statefun.flinktests.gateway;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Fails always.
 */
@StatefulFunction("gateway.test/skips")
class SkippingFunction {

	@Handler
	void on(String message) {
		throw new IllegalStateException("for the test");
	}

}
