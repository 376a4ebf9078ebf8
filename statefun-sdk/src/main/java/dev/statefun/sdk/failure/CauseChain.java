package dev.statefun.sdk.failure;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Reads exceptions safely, also those whose causes form a cycle or never end, and those
 * whose own methods throw, so that failure handling does not fail because of them.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class CauseChain {

	/** Deeper than any real chain of causes. */
	static final int MAX_DEPTH = 100;

	private CauseChain() {
	}

	/**
	 * Search an exception and its causes.
	 * @param thrown the exception
	 * @param test matches the exception to find
	 * @return the first exception that is accepted, or empty if there is none among the
	 * first {@value #MAX_DEPTH} causes
	 */
	public static Optional<Throwable> find(Throwable thrown, Predicate<? super Throwable> test) {
		Objects.requireNonNull(test, "'test' must not be null");
		@Nullable Throwable cause = Objects.requireNonNull(thrown, "'thrown' must not be null");
		for (int depth = 0; cause != null && depth <= MAX_DEPTH; depth++) {
			if (test.test(cause)) {
				return Optional.of(cause);
			}
			cause = causeOf(cause);
		}
		return Optional.empty();
	}

	/**
	 * Return the cause of an exception.
	 * @param thrown the exception
	 * @return its cause, or {@code null} if it has none or reading it fails
	 */
	public static @Nullable Throwable causeOf(Throwable thrown) {
		try {
			return thrown.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Return the message of an exception.
	 * @param thrown the exception
	 * @return its message, {@code null} if it has none, or a text that says that it can't
	 * be read
	 */
	public static @Nullable String messageOf(Throwable thrown) {
		try {
			return thrown.getMessage();
		}
		catch (Throwable ex) {
			return "(the text of the exception can't be read: " + ex.getClass().getName() + ")";
		}
	}

	/**
	 * Describe an exception by its class and its message.
	 * @param thrown the exception
	 * @return what its {@code toString} returns, or the name of its class if that fails
	 */
	public static String describe(Throwable thrown) {
		try {
			return String.valueOf((Object) thrown.toString());
		}
		catch (Throwable ex) {
			return thrown.getClass().getName();
		}
	}

	/**
	 * Add an exception as a suppressed one to another that was thrown while it was
	 * handled.
	 * @param thrown exception that was thrown meanwhile, perhaps the same one again
	 * @param handled exception that was handled
	 */
	public static void suppress(Throwable thrown, Throwable handled) {
		if (thrown != handled) {
			thrown.addSuppressed(handled);
		}
	}

}
