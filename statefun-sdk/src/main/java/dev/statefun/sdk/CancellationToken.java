package dev.statefun.sdk;

import java.util.Objects;

/**
 * Identifies a delayed message so that it can be cancelled. All functions with the same
 * id share one set of tokens, whatever their types; reusing a token while its message is
 * pending fails the job (protocol.md §5).
 *
 * @param value the token; must not be empty
 * @since 0.1.0
 */
public record CancellationToken(String value) {

	/**
	 * Create a token.
	 * @param value the token; must not be empty
	 * @throws IllegalArgumentException if the value is empty
	 */
	public CancellationToken {
		Objects.requireNonNull(value, "'value' must not be null");
		if (value.isEmpty()) {
			throw new IllegalArgumentException("A cancellation token must not be empty");
		}
	}

	/**
	 * Create a token.
	 * @param value the token; must not be empty
	 * @return the token
	 * @throws IllegalArgumentException if the value is empty
	 */
	public static CancellationToken of(String value) {
		return new CancellationToken(value);
	}

}
