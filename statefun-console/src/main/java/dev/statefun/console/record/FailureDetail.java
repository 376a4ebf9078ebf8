package dev.statefun.console.record;

import java.io.PrintWriter;
import java.io.StringWriter;

import dev.statefun.sdk.failure.CauseChain;
import org.jspecify.annotations.Nullable;

/**
 * Why a message failed. Keeps no exception, which could hold on to the application's
 * objects.
 *
 * @param exception class of the exception
 * @param text its message, or empty
 * @param stackTrace its stack trace, cut if it is very long
 * @param action decision about the message: {@code retry}, {@code skip} or
 * {@code dead-letter}
 * @since 0.1.0
 */
public record FailureDetail(String exception, String text, String stackTrace, String action) {

	private static final int MAX_TEXT = 4 << 10;

	private static final int MAX_TRACE = 32 << 10;

	/**
	 * Describe an exception.
	 * @param failure the exception
	 * @param action decision about the message
	 * @return the description
	 */
	public static FailureDetail of(Throwable failure, String action) {
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		String text = messageOf(failure);
		return new FailureDetail(failure.getClass().getName(), cut((text != null) ? text : "", MAX_TEXT),
				cut(trace.toString(), MAX_TRACE), action);
	}

	private static @Nullable String messageOf(Throwable failure) {
		try {
			return CauseChain.messageOf(failure);
		}
		catch (RuntimeException ex) {
			// The application's own exception can't describe itself
			return null;
		}
	}

	private static String cut(String text, int limit) {
		return (text.length() <= limit) ? text : text.substring(0, limit) + "…";
	}

	/**
	 * Return the failure in one line.
	 * @return the simple name of the class, and the text
	 */
	public String line() {
		String name = this.exception.substring(this.exception.lastIndexOf('.') + 1);
		return this.text.isEmpty() ? name : name + ": " + this.text.lines().findFirst().orElse("");
	}

}
