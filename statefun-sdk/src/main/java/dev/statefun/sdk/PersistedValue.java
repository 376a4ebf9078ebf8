package dev.statefun.sdk;

import java.util.Optional;

/**
 * One state of one function instance, during one batch. Later invocations of the batch
 * read what earlier ones wrote. The cluster receives the last write of the batch together
 * with the batch's messages, or nothing if the batch fails.
 * <p>
 * Thread-safe: every read returns a complete value, and one of several concurrent writes
 * is kept. A read followed by a write is not atomic. Usable as long as the
 * {@link Context} of its invocation.
 *
 * @param <T> type of the value
 * @since 0.1.0
 */
public interface PersistedValue<T> {

	/**
	 * Return the value. Zero values such as 0 or the empty string are present; a value is
	 * absent if it was never set, was removed or has expired (protocol.md §8).
	 * @return the value, or empty if there is none
	 * @throws IllegalStateException if the state holds a value of another type, or the
	 * invocation has ended
	 */
	Optional<T> get();

	/**
	 * Replace the value.
	 * @param value the new value; to delete the state, use {@link #remove()}
	 * @throws NullPointerException if the value is {@code null}
	 * @throws IllegalArgumentException if the value is an {@code Any} of another type
	 * than the state, or without a type
	 * @throws IllegalStateException if the value can't be encoded, the cluster keeps the
	 * state with another type, or the invocation has ended
	 */
	void set(T value);

	/**
	 * Delete the value.
	 * @throws IllegalStateException if the invocation has ended
	 */
	void remove();

}
