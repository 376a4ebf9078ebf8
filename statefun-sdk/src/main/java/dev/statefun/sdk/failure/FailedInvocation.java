package dev.statefun.sdk.failure;

import java.util.Objects;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.Printable;

/**
 * A message that failed, and why. Immutable, except for the cause.
 *
 * @since 0.1.0
 */
public final class FailedInvocation {

	private final Address self;

	private final Optional<Address> caller;

	private final Any message;

	private final Headers headers;

	private final FailureKind kind;

	private final Throwable cause;

	/**
	 * Create a failed invocation, for tests of a {@link FailurePolicy}.
	 * @param self address of the function instance
	 * @param caller address of the sender, or empty
	 * @param message the message
	 * @param kind kind of failure
	 * @param cause exception that was thrown, without exceptions that only wrap it
	 */
	public FailedInvocation(Address self, Optional<Address> caller, Any message, FailureKind kind, Throwable cause) {
		this(self, caller, message, Headers.empty(), kind, cause);
	}

	/**
	 * Create a failed invocation, for tests of a {@link FailurePolicy}.
	 * @param self address of the function instance
	 * @param caller address of the sender, or empty
	 * @param message the message
	 * @param headers its headers
	 * @param kind kind of failure
	 * @param cause exception that was thrown, without exceptions that only wrap it
	 */
	public FailedInvocation(Address self, Optional<Address> caller, Any message, Headers headers, FailureKind kind,
			Throwable cause) {
		this.self = Objects.requireNonNull(self, "'self' must not be null");
		this.caller = Objects.requireNonNull(caller, "'caller' must not be null");
		this.message = Objects.requireNonNull(message, "'message' must not be null");
		this.headers = Objects.requireNonNull(headers, "'headers' must not be null");
		this.kind = Objects.requireNonNull(kind, "'kind' must not be null");
		this.cause = Objects.requireNonNull(cause, "'cause' must not be null");
	}

	/**
	 * Return the function instance that the message was for.
	 * @return its address
	 */
	public Address self() {
		return this.self;
	}

	/**
	 * Return the sender of the message.
	 * @return the address, or empty if the message came from an ingress, a named timer,
	 * or a function inside the cluster whose type has no name that could be sent to
	 */
	public Optional<Address> caller() {
		return this.caller;
	}

	/**
	 * Return the message.
	 * @return its type name and bytes as received
	 */
	public Any message() {
		return this.message;
	}

	/**
	 * Return the headers of the message.
	 * @return the headers as received
	 */
	public Headers headers() {
		return this.headers;
	}

	/**
	 * Return the kind of failure.
	 * @return the kind
	 */
	public FailureKind kind() {
		return this.kind;
	}

	/**
	 * Return the exception that was thrown, without those that only wrap it, such as
	 * {@code CompletionException} and {@code UndeclaredThrowableException}.
	 * @return the cause, as {@link ExceptionWrappers#unwrap} finds it
	 */
	public Throwable cause() {
		return this.cause;
	}

	/**
	 * Describe the message by its type, size and address, fit for a log line.
	 * @return the description, without any content of the message
	 */
	@Override
	public String toString() {
		return "message of the type '" + Printable.of(this.message.getTypeUrl()) + "' ("
				+ this.message.getValue().size() + " bytes) for function '" + this.self.type() + "', id '"
				+ Printable.of(this.self.id()) + "'";
	}

}
