package dev.statefun.netty;

import java.time.Duration;

import dev.statefun.sdk.FunctionType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FunctionPace}.
 */
class FunctionPaceTests {

	private static final long QUICK = FunctionPace.QUICK_NANOS - 1;

	private static final long SLOW = FunctionPace.QUICK_NANOS;

	private final FunctionPace pace = new FunctionPace(FunctionType.of("test", "quick"));

	private long now = Long.MAX_VALUE - 1_000_000;

	private void run(int batches, long nanos) {
		for (int i = 0; i < batches; i++) {
			this.pace.ended(nanos, this.now);
		}
	}

	private void advance(Duration time) {
		this.now += time.toNanos();
	}

	private Duration block() {
		return this.pace.blocked(this.now);
	}

	@Test
	void functionIsQuickAfterAHundredQuickBatches() {
		run(99, QUICK);
		assertThat(this.pace.isQuick()).isFalse();
		run(1, QUICK);
		assertThat(this.pace.isQuick()).isTrue();
		run(1000, QUICK);
		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void slowBatchStartsTheCountAgain() {
		run(99, QUICK);
		run(1, SLOW);
		run(99, QUICK);
		assertThat(this.pace.isQuick()).isFalse();
		run(1, QUICK);
		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void quickFunctionMayBeSlowNowAndThen() {
		run(100, QUICK);
		for (int i = 0; i < 100; i++) {
			run(3, SLOW);
			assertThat(this.pace.isQuick()).isTrue();
			run(75, QUICK);
		}
		run(4, SLOW);
		assertThat(this.pace.isQuick()).isFalse();
		run(99, QUICK);
		assertThat(this.pace.isQuick()).isFalse();
		run(1, QUICK);
		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void functionThatBlocksComesBackLaterEachTime() {
		for (int seconds : new int[] { 10, 20, 40, 80, 160, 320, 600, 600 }) {
			run(100, QUICK);
			assertThat(this.pace.isQuick()).isTrue();
			assertThat(block()).hasSeconds(seconds);
			run(1000, QUICK);
			assertThat(this.pace.isQuick()).isFalse();
			advance(Duration.ofSeconds(seconds).minusNanos(1));
			run(1, QUICK);
			assertThat(this.pace.isQuick()).isFalse();
			advance(Duration.ofNanos(1));
			// The batches before count
			run(1, QUICK);
			assertThat(this.pace.isQuick()).isTrue();
		}
	}

	@Test
	void functionThatIsSlowMeanwhileHasToProveItselfAgain() {
		run(100, QUICK);
		block();
		advance(Duration.ofSeconds(10));
		run(1, SLOW);
		run(99, QUICK);
		assertThat(this.pace.isQuick()).isFalse();
		run(1, QUICK);
		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void blocksOfSeveralLoopsAtATimeCountOnce() {
		run(100, QUICK);
		assertThat(block()).hasSeconds(10);
		advance(Duration.ofMillis(1));
		assertThat(block()).hasSeconds(10);
		advance(Duration.ofSeconds(10));
		run(100, QUICK);
		assertThat(this.pace.isQuick()).isTrue();
		assertThat(block()).hasSeconds(20);
	}

	@Test
	void oldBlocksAreForgotten() {
		block();
		advance(Duration.ofSeconds(10));
		assertThat(block()).hasSeconds(20);
		advance(Duration.ofSeconds(20).plusMinutes(10));
		assertThat(block()).hasSeconds(40);
		advance(Duration.ofSeconds(40).plusMinutes(10).plusNanos(1));
		assertThat(block()).hasSeconds(10);
	}

}
