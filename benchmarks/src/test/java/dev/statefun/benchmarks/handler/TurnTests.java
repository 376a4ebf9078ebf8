package dev.statefun.benchmarks.handler;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * That turns are measured, and fail loudly.
 */
class TurnTests {

	@Test
	void programTellsWhatARequestTook() throws Exception {
		assertThat(Turn.fork(TurnsComparison.class, "--subject=OURS", "--batches=1", "--seconds=1")).isPositive();
	}

	@Test
	void programThatFailsIsAnError() {
		assertThatIllegalStateException()
			.isThrownBy(() -> Turn.fork(TurnsComparison.class, "--subject=OURS", "--workload=COUNTER", "--batches=0",
					"--seconds=1"))
			.withMessageContaining("--batches=0");
	}

}
