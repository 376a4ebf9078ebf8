package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.Handler;

/**
 * Not a component: a {@code @Bean} method makes it a function.
 */
public class Declared {

	@Handler
	void on(String text) {
	}

}
