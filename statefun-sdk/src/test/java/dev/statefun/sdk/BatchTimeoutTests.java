package dev.statefun.sdk;

import java.time.Duration;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the range of {@link RequestReplyHandler.Builder#batchTimeout}.
 */
class BatchTimeoutTests {

	private final RequestReplyHandler.Builder handler = RequestReplyHandler
		.builder(StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
		}).build());

	@ParameterizedTest
	@ValueSource(longs = { 9999999L * 3600, Long.MAX_VALUE })
	void timesThatNoLongHoldsInNanosecondsAreNoLimit(long seconds) {
		RequestReplyHandler unlimited = this.handler.batchTimeout(Duration.ofSeconds(seconds)).build();
		byte[] request = Cluster.request().message(Values.text("any")).in(Dialect.V3);
		assertThat(ClusterReply.read(Dialect.V3, Cluster.replyOf(unlimited.handle(request))))
			.isEqualTo(ClusterReply.NOTHING);
	}

	@Test
	void timesHaveToBePositive() {
		for (Duration time : new Duration[] { Duration.ZERO, Duration.ofNanos(-1),
				Duration.ofSeconds(Long.MIN_VALUE) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.handler.batchTimeout(time))
				.withMessage("'batchTimeout' is " + time + "; expected a positive time");
		}
	}

}
