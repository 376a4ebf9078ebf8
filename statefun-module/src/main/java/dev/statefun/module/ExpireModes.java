package dev.statefun.module;

import dev.statefun.sdk.Expiration;

/**
 * Names of expiration modes in a module.yaml of 2.x (protocol.md §7.1).
 */
final class ExpireModes {

	static final String AFTER_INVOKE = "after-invoke";

	static final String AFTER_WRITE = "after-write";

	private ExpireModes() {
	}

	static String write(Expiration.Mode mode) {
		return (mode == Expiration.Mode.AFTER_WRITE) ? AFTER_WRITE : AFTER_INVOKE;
	}

}
