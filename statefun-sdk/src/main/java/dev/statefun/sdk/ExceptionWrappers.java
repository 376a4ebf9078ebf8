package dev.statefun.sdk;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Exceptions that only wrap another one: those of futures, reflection and proxies. Failed
 * messages are classified by what is inside.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ExceptionWrappers {

	private static final List<Class<? extends Throwable>> TYPES = List.of(CompletionException.class,
			ExecutionException.class, InvocationTargetException.class, UndeclaredThrowableException.class);

	// Of releases and libraries that need not be there
	private static final Set<String> NAMES = Set.of("java.security.PrivilegedActionException",
			"java.util.concurrent.StructuredTaskScope$FailedException",
			"org.springframework.cglib.proxy.UndeclaredThrowableException", "reactor.core.Exceptions$ReactiveException",
			"com.google.common.util.concurrent.UncheckedExecutionException",
			"com.google.common.util.concurrent.ExecutionError");

	/** Ends circles of causes; deeper than any chain that code builds. */
	private static final int MAX_DEPTH = 100;

	private ExceptionWrappers() {
	}

	/**
	 * Return whether exceptions of a class only wrap another one:
	 * {@code CompletionException}, {@code ExecutionException},
	 * {@code InvocationTargetException}, {@code UndeclaredThrowableException} and their
	 * subclasses, {@code PrivilegedActionException}, and those that Spring's CGLIB,
	 * Reactor, Guava and structured concurrency use for nothing else.
	 * @param type the class
	 * @return whether it is looked through
	 */
	public static boolean isWrapper(Class<?> type) {
		Objects.requireNonNull(type, "'type' must not be null");
		for (Class<?> wrapper : TYPES) {
			if (wrapper.isAssignableFrom(type)) {
				return true;
			}
		}
		return NAMES.contains(type.getName());
	}

	/**
	 * Return the exception inside all wrappers. Causes of other exceptions are not
	 * searched.
	 * @param thrown what was thrown
	 * @return the first exception that is no wrapper, or a wrapper without a cause; what
	 * was thrown if more than {@value #MAX_DEPTH} wrappers are around it, or their causes
	 * form a circle
	 */
	public static Throwable unwrap(Throwable thrown) {
		Throwable cause = Objects.requireNonNull(thrown, "'thrown' must not be null");
		for (int depth = 0; depth <= MAX_DEPTH; depth++) {
			@Nullable Throwable inner = isWrapper(cause.getClass()) ? cause.getCause() : null;
			if (inner == null) {
				return cause;
			}
			cause = inner;
		}
		return thrown;
	}

}
