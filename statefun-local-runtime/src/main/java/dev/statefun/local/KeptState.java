package dev.statefun.local;

import java.time.Instant;
import java.util.Optional;

import dev.statefun.sdk.Expiration;

/**
 * A state of a function type as the runtime knows it. Mailboxes hold its values, all at
 * the same index.
 */
final class KeptState {

	private final String name;

	private final String typename;

	private Expiration expiration;

	private boolean registered;

	KeptState(String name, String typename, Expiration expiration, boolean registered) {
		this.name = name;
		this.typename = typename;
		this.expiration = expiration;
		this.registered = registered;
	}

	String name() {
		return this.name;
	}

	// Type of the values; empty on 2.x, where the runtime does not know it
	String typename() {
		return this.typename;
	}

	Expiration expiration() {
		return this.expiration;
	}

	// Whether the function has named it since the start; only then is it sent. Always
	// true on 2.x
	boolean isRegistered() {
		return this.registered;
	}

	// A change of the expiration takes effect with the next start
	void register(Expiration expiration) {
		if (!this.registered) {
			this.expiration = expiration;
			this.registered = true;
		}
	}

	boolean expires() {
		return this.expiration.mode() != Expiration.Mode.NEVER;
	}

	Optional<Instant> expiry(long touched) {
		return expires() ? Optional.of(Instant.ofEpochMilli(touched + this.expiration.timeToLive().toMillis()))
				: Optional.empty();
	}

	boolean isExpired(long touched, long now) {
		return expires() && touched + this.expiration.timeToLive().toMillis() <= now;
	}

}
