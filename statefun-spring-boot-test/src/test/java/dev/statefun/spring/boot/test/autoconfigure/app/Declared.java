package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.Handler;

/**
 * No component: a method of the configuration makes it a function.
 */
public class Declared {

	@Handler
	void on(String text) {
	}

}
