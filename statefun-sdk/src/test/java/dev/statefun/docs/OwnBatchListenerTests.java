package dev.statefun.docs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.listener.MessageKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a batch listener without a handler, as applications do.
 */
class OwnBatchListenerTests {

	private final List<String> lines = new ArrayList<>();

	private final BatchListener listener = (report) -> {
		if (report.duration().compareTo(Duration.ofSeconds(1)) > 0) {
			report.forEachInvocation((handler, outcome, count) -> this.lines.add(count + " " + outcome));
			report.forEachMessage((kind, function, egress, count) -> this.lines.add(count + " " + kind + " " + egress));
			report.forEachState((state, size) -> this.lines.add(state + " " + size));
		}
	};

	@Test
	void slowBatchesAreListed() {
		this.listener.batchEnded(new CartReport(Duration.ofSeconds(2)));
		assertThat(this.lines).containsExactly("3 HANDLED", "1 SKIPPED", "3 EGRESS shop/orders", "items 120");
	}

	@Test
	void otherBatchesAreNotListed() {
		this.listener.batchEnded(new CartReport(Duration.ofSeconds(1)));
		assertThat(this.lines).isEmpty();
	}

	/**
	 * Report on a batch of four messages.
	 *
	 * @param duration duration of the batch
	 */
	private record CartReport(Duration duration) implements BatchReport {

		@Override
		public FunctionType function() {
			return FunctionType.parse("shop/cart");
		}

		@Override
		public BatchOutcome outcome() {
			return BatchOutcome.REPLIED;
		}

		@Override
		public @Nullable Throwable failure() {
			return null;
		}

		@Override
		public long nanos() {
			return this.duration.toNanos();
		}

		@Override
		public int requestSize() {
			return 300;
		}

		@Override
		public int replySize() {
			return 200;
		}

		@Override
		public int invocations() {
			return 4;
		}

		@Override
		public void forEachInvocation(InvocationCount consumer) {
			consumer.accept(0, InvocationOutcome.HANDLED, 3);
			consumer.accept(0, InvocationOutcome.SKIPPED, 1);
		}

		@Override
		public void forEachMessage(MessageCount consumer) {
			consumer.accept(MessageKind.EGRESS, null, EgressId.parse("shop/orders"), 3);
		}

		@Override
		public void forEachState(StateSize consumer) {
			consumer.accept("items", 120);
		}

	}

}
