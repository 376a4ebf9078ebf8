package dev.statefun.spring.testing;

import dev.statefun.sdk.Handler;

/**
 * A base class of another package, with a handler that only its own package sees.
 */
public abstract class LibraryFunction {

	@Handler
	void on(int message) {
	}

}
