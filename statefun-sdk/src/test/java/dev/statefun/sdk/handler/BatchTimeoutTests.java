package dev.statefun.sdk.handler;

import java.time.Duration;

import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.Values;
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
	void timeoutsBeyondTheRangeOfNanosecondsAreNoLimit(long seconds) {
		RequestReplyHandler unlimited = this.handler.batchTimeout(Duration.ofSeconds(seconds)).build();
		byte[] request = Cluster.request().message(Values.text("any")).toV3().toByteArray();
		assertThat(ClusterReply.v3(Cluster.replyOf(unlimited.handle(request)))).isEqualTo(ClusterReply.NOTHING);
	}

	@Test
	void timeoutsArePositive() {
		for (Duration time : new Duration[] { Duration.ZERO, Duration.ofNanos(-1),
				Duration.ofSeconds(Long.MIN_VALUE) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.handler.batchTimeout(time))
				.withMessage("'batchTimeout' is " + time + "; expected a positive time");
			assertThatIllegalArgumentException().isThrownBy(() -> this.handler.build().handle(new byte[0], time))
				.withMessage("'timeout' is " + time + "; expected a positive time, or null for no limit");
		}
	}

}
