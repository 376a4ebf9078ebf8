package dev.statefun.endpoint.failure;

import java.util.Objects;

import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.protocol.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes failures that are the message's own fault, and describes them in one line: a
 * stack would show only code that works.
 *
 * @since 0.1.0
 */
public final class MessageFaults {

	private static final int MAX_LENGTH = 200;

	private MessageFaults() {
	}

	/**
	 * Find the fault of a message.
	 * @param failure exception of a handler or of a request
	 * @return the exception for a message of an unknown type, that can't be decoded or is
	 * not valid; {@code null} for any other failure
	 */
	public static @Nullable RuntimeException find(Throwable failure) {
		Objects.requireNonNull(failure, "'failure' must not be null");
		Throwable cause = (failure instanceof InvocationFailedException) ? failure.getCause() : failure;
		Throwable inner = ExceptionWrappers.unwrap((cause != null) ? cause : failure);
		if (UnreadableStateException.findIn(inner).isPresent()) {
			return null;
		}
		return (inner instanceof UnhandledMessageException || inner instanceof MessageDecodingException
				|| inner instanceof InvalidMessageException) ? (RuntimeException) inner : null;
	}

	/**
	 * Return a line about such a message, with the parser's text.
	 * @param text text that ends with the text of the exception
	 * @param fault the exception
	 * @return the text without line breaks and other control characters
	 */
	public static String describe(String text, RuntimeException fault) {
		Throwable parser = (fault instanceof MessageDecodingException) ? fault.getCause() : null;
		String words = (parser != null) ? CauseChain.messageOf(parser) : null;
		// Part of it came over the network
		return Printable.line((words != null) ? text + ": " + shortened(words) : text);
	}

	private static String shortened(String text) {
		return (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) + "…" : text;
	}

}
