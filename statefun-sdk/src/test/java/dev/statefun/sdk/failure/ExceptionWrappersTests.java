package dev.statefun.sdk.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.security.PrivilegedActionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExceptionWrappers}.
 */
class ExceptionWrappersTests {

	private static final IOException INSIDE = new IOException("inside");

	static Stream<Throwable> wrappers() {
		return Stream.of(new CompletionException(INSIDE), new ExecutionException(INSIDE),
				new InvocationTargetException(INSIDE), new UndeclaredThrowableException(INSIDE),
				new PrivilegedActionException(INSIDE), new ExecutionException("with a text", INSIDE) {
				});
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void wrappersAreUnwrapped(Throwable wrapper) {
		assertThat(ExceptionWrappers.isWrapper(wrapper.getClass())).isTrue();
		assertThat(ExceptionWrappers.unwrap(wrapper)).isSameAs(INSIDE);
		assertThat(ExceptionWrappers.unwrap(new UndeclaredThrowableException(new CompletionException(wrapper))))
			.isSameAs(INSIDE);
	}

	@Test
	void otherExceptionsAreNotUnwrapped() {
		for (Throwable exception : new Throwable[] { new UncheckedIOException(INSIDE), new RuntimeException(INSIDE),
				new IllegalStateException(INSIDE), new ExceptionInInitializerError(INSIDE) }) {
			assertThat(ExceptionWrappers.isWrapper(exception.getClass())).isFalse();
			assertThat(ExceptionWrappers.unwrap(exception)).isSameAs(exception);
			assertThat(ExceptionWrappers.unwrap(new CompletionException(exception))).isSameAs(exception);
		}
	}

	@Test
	void wrapperWithoutACauseIsReturned() {
		CompletionException bare = new CompletionException("bare", null);
		assertThat(ExceptionWrappers.unwrap(bare)).isSameAs(bare);
		assertThat(ExceptionWrappers.unwrap(new ExecutionException(bare))).isSameAs(bare);
	}

	@Test
	@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void cycleOfWrappersReturnsTheThrownException() {
		CircularException first = new CircularException();
		first.initCause(new ExecutionException(new InvocationTargetException(first)));
		assertThat(ExceptionWrappers.unwrap(first)).isSameAs(first);
	}

	@Test
	void hundredWrappersAreUnwrappedAndNoMore() {
		Throwable wrapped = INSIDE;
		for (int i = 0; i < 100; i++) {
			wrapped = new CompletionException(wrapped);
		}
		assertThat(ExceptionWrappers.unwrap(wrapped)).isSameAs(INSIDE);
		Throwable deeper = new CompletionException(wrapped);
		assertThat(ExceptionWrappers.unwrap(deeper)).isSameAs(deeper);
	}

	@Test
	void endlessCausesAreAbandonedAfterAHundred() {
		Endless first = new Endless();
		assertThat(ExceptionWrappers.unwrap(first)).isSameAs(first);
		assertThat(UnreadableStateException.findIn(first)).isEmpty();
	}

	/**
	 * Returns another cause each time.
	 */
	private static final class Endless extends CompletionException {

		@Override
		public synchronized Throwable getCause() {
			return new Endless();
		}

	}

	/**
	 * Receives its cause after its creation.
	 */
	private static final class CircularException extends CompletionException {

		private CircularException() {
			super("circular");
		}

	}

}
