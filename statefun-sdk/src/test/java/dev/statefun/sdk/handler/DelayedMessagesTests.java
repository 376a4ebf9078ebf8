package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.Values;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for delayed messages and their cancellation.
 */
class DelayedMessagesTests {

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void delayMayBeZero(Dialect dialect) {
		// The runtime allows it; the Python SDK of 2.x refuses it by accident
		assertThat(delayed(dialect, Duration.ZERO)).containsExactly(Delayed.of(0, "a/b/1", Values.user("a")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void delayIsTruncatedToMilliseconds(Dialect dialect) {
		assertThat(delayed(dialect, Duration.ofNanos(999_999)))
			.containsExactly(Delayed.of(0, "a/b/1", Values.user("a")));
		assertThat(delayed(dialect, Duration.ofNanos(1_999_999)))
			.containsExactly(Delayed.of(1, "a/b/1", Values.user("a")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void longDelayIsNotTruncated(Dialect dialect) {
		Duration longest = Duration.ofDays(365L * 100_000_000);
		assertThat(delayed(dialect, longest))
			.containsExactly(Delayed.of(longest.toMillis(), "a/b/1", Values.user("a")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void negativeAndOverflowingDelaysAreRefused(Dialect dialect) {
		// They would fail the job or be due immediately (protocol.md §5)
		assertThat(List.of(Duration.ofMillis(-1), Duration.ofNanos(-1), Duration.ofSeconds(Long.MAX_VALUE),
				Duration.ofSeconds(Long.MIN_VALUE), Duration.ofDays(365L * 100_000_000).plusNanos(1)))
			.allSatisfy((delay) -> assertThat(
					Cluster.of(dialect, (context, message) -> context.sendAfter(delay, "a/b", "1", message))
						.mistake(Values.user("a")))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("'delay' must be between zero and 100 million years"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void targetMayHaveAllThreeFormsOfAnAddress(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			context.sendAfter(Duration.ofMillis(1), Address.of("a/b", "1"), Values.countOf(1));
			context.sendAfter(Duration.ofMillis(127), FunctionType.of("a", "c"), "2", 2);
			context.sendAfter(Duration.ofMillis(128), "a/d", "3", message);
		});
		assertThat(cluster.call(Values.user("a")).delayed()).containsExactly(Delayed.of(1, "a/b/1", Values.count(1)),
				Delayed.of(127, "a/c/2", Values.integer(2)), Delayed.of(128, "a/d/3", Values.user("a")));
	}

	private static List<Delayed> delayed(Dialect dialect, Duration delay) {
		return Cluster.of(dialect, (context, message) -> context.sendAfter(delay, "a/b", "1", message))
			.call(Values.user("a"))
			.delayed();
	}

	@Test
	@NullUnmarked
	void emptyAndNullTokensAreRefused() {
		// An empty one fails the job (protocol.md §5)
		assertThatIllegalArgumentException().isThrownBy(() -> CancellationToken.of(""));
		assertThatNullPointerException().isThrownBy(() -> CancellationToken.of(null));
		assertThat(
				Cluster
					.of(Dialect.V3,
							(context, message) -> context.sendAfter(Duration.ZERO, Address.of("a/b", "1"), message,
									null))
					.mistake(Values.user("a")))
			.isInstanceOf(NullPointerException.class);
	}

	@Test
	void sendsAndCancellationsKeepTheirOrder() {
		CancellationToken token = CancellationToken.of("k");
		Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> {
			context.sendAfter(Duration.ofSeconds(1), Address.of("a/b", "1"), message, token);
			context.cancelDelayed(token);
			context.sendAfter(Duration.ZERO, Address.of("a/b", "2"), message, token);
		});
		assertThat(cluster.call(Values.user("a")).delayed()).containsExactly(
				new Delayed(1000, "a/b/1", Values.user("a"), "k", false), Delayed.cancellation("k"),
				new Delayed(0, "a/b/2", Values.user("a"), "k", false));
	}

	@Test
	void tokensAreRefusedOn2x() {
		CancellationToken token = CancellationToken.of("k");
		List<FunctionHandler> mistakes = List.of((context, message) -> context.cancelDelayed(token),
				(context, message) -> context.sendAfter(Duration.ZERO, Address.of("a/b", "1"), message, token));
		assertThat(mistakes)
			.allSatisfy((function) -> assertThat(Cluster.of(Dialect.V2, function).mistake(Values.user("a")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("generation 2.x"));
	}

	@Test
	void messageWithATokenThatCannotBeWrittenHasNoEffect() {
		Cluster cluster = Cluster.of(Dialect.V3, (context, message) -> {
			CancellationToken token = CancellationToken.of("\ud800");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> context.sendAfter(Duration.ZERO, Address.of("a/b", "1"), message, token));
			assertThatIllegalArgumentException().isThrownBy(() -> context.cancelDelayed(token));
		});
		assertThat(cluster.call(Values.user("a"))).isEqualTo(ClusterReply.NOTHING);
	}

}
