package dev.statefun.local;

import dev.statefun.sdk.Expiration;

/**
 * A state of a function type as the runtime knows it. Mailboxes hold its values, all at
 * the same index.
 */
final class KeptState {

	final String name;

	/** Type of the values; empty on 2.x, where the runtime does not know it. */
	final String typename;

	Expiration expiration;

	/**
	 * Whether the function has named it since the start; only then is it sent. Always
	 * true on 2.x.
	 */
	boolean registered;

	KeptState(String name, String typename, Expiration expiration, boolean registered) {
		this.name = name;
		this.typename = typename;
		this.expiration = expiration;
		this.registered = registered;
	}

	boolean expires() {
		return this.expiration.mode() != Expiration.Mode.NEVER;
	}

	boolean isExpired(long touched, long now) {
		return expires() && touched + this.expiration.timeToLive().toMillis() <= now;
	}

}
