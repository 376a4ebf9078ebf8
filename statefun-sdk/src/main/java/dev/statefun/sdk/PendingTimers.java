package dev.statefun.sdk;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Internal: may change in any release. Value of the state in which a function instance
 * keeps its {@link Timers}.
 *
 * @param nonces number that distinguishes the pending timer from earlier ones of the same
 * name, by this name
 * @since 0.1.0
 */
public record PendingTimers(SortedMap<String, Long> nonces) {

	/** Type name of the value. */
	public static final String TYPENAME = "statefun/timers";

	/**
	 * Declaration of the state. It never expires, as timers would be lost with it.
	 */
	public static final ValueSpec<PendingTimers> STATE = ValueSpec.reserved(ValueSpec.TIMERS, PendingTimers.class);

	/**
	 * Create a value.
	 * @param nonces the nonces by name
	 */
	public PendingTimers {
		nonces = Collections.unmodifiableSortedMap(new TreeMap<>(nonces));
	}

	/**
	 * Return the names.
	 * @return the names, as a list
	 */
	@Override
	public String toString() {
		return this.nonces.keySet().toString();
	}

}
