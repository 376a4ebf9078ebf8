package dev.statefun.sdk.failure;

import java.util.Optional;

import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a state can't be read or replaced as declared: the cluster keeps it with
 * another type, or its bytes are not a value of its type. No single message is the cause:
 * all messages for the function instance fail until a release can read the state.
 *
 * @since 0.1.0
 * @see FailureKind#UNREADABLE_STATE
 */
public final class UnreadableStateException extends IllegalStateException {

	private final transient FunctionType function;

	private final String state;

	private final @Nullable String found;

	private final String expected;

	/**
	 * Create an exception.
	 * @param function type of the function that declares the state
	 * @param state name of the state
	 * @param found type name of the stored value, or {@code null} if it has none
	 * @param expected type name that the state is declared with
	 * @param message which state can't be read, and why
	 * @param cause exception of the codec, or {@code null}
	 */
	public UnreadableStateException(FunctionType function, String state, @Nullable String found, String expected,
			String message, @Nullable Throwable cause) {
		super(message, cause);
		this.function = function;
		this.state = state;
		this.found = found;
		this.expected = expected;
	}

	/**
	 * Search an exception and its causes.
	 * @param thrown the exception
	 * @return the first exception of this class, or empty if there is none among the
	 * first {@value CauseChain#MAX_DEPTH} causes
	 */
	public static Optional<UnreadableStateException> findIn(Throwable thrown) {
		return CauseChain.find(thrown, UnreadableStateException.class::isInstance)
			.map(UnreadableStateException.class::cast);
	}

	/**
	 * Return the function that declares the state.
	 * @return its type
	 */
	public FunctionType function() {
		return this.function;
	}

	/**
	 * Return the state.
	 * @return its name
	 */
	public String state() {
		return this.state;
	}

	/**
	 * Return the type that the stored value has.
	 * @return its type name as received, or empty if the stored bytes are no
	 * {@code google.protobuf.Any}, the form in which 2.x clusters keep states
	 */
	public Optional<String> foundType() {
		return Optional.ofNullable(this.found);
	}

	/**
	 * Return the type that the state is declared with.
	 * @return its type name; that of the stored value if only the bytes are unreadable
	 */
	public String expectedType() {
		return this.expected;
	}

}
