package dev.statefun.sdk.failure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Unwraps exceptions that only wrap another one, as those of futures, reflection and
 * proxies do. Failures are classified by the wrapped exception.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ExceptionWrappers {

	private static final List<Class<? extends Throwable>> TYPES = List.of(CompletionException.class,
			ExecutionException.class, InvocationTargetException.class, UndeclaredThrowableException.class);

	// From Java releases and libraries that may be absent
	private static final Set<String> NAMES = Set.of("java.security.PrivilegedActionException",
			"java.util.concurrent.StructuredTaskScope$FailedException",
			"org.springframework.cglib.proxy.UndeclaredThrowableException", "reactor.core.Exceptions$ReactiveException",
			"com.google.common.util.concurrent.UncheckedExecutionException",
			"com.google.common.util.concurrent.ExecutionError");

	private ExceptionWrappers() {
	}

	/**
	 * Return whether exceptions of a class only wrap another one:
	 * {@code CompletionException}, {@code ExecutionException},
	 * {@code InvocationTargetException}, {@code UndeclaredThrowableException} and their
	 * subclasses, {@code PrivilegedActionException}, and those that Spring's CGLIB,
	 * Reactor, Guava and structured concurrency use for nothing else.
	 * @param type the class
	 * @return whether it is unwrapped
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
	 * @param thrown the exception
	 * @return the first exception that is no wrapper, or a wrapper without a cause;
	 * {@code thrown} itself if there are more than {@value CauseChain#MAX_DEPTH} wrappers
	 * or their causes form a cycle
	 */
	public static Throwable unwrap(Throwable thrown) {
		return CauseChain.find(thrown, (cause) -> !isWrapper(cause.getClass()) || CauseChain.causeOf(cause) == null)
			.orElse(thrown);
	}

}
