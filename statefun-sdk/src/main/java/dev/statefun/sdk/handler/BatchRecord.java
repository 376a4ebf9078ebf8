package dev.statefun.sdk.handler;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;
import org.jspecify.annotations.Nullable;

/**
 * Records a batch for listeners, from its request to its end.
 */
final class BatchRecord implements BatchReport {

	private final @Nullable BatchListener listener;

	private final int requestSize;

	private final long start = System.nanoTime();

	private @Nullable FunctionType function;

	private @Nullable Batch batch;

	private BatchOutcome outcome = BatchOutcome.REPLIED;

	private @Nullable Throwable failure;

	private long nanos;

	private int replySize;

	BatchRecord(@Nullable BatchListener listener, int requestSize) {
		this.listener = listener;
		this.requestSize = requestSize;
	}

	void function(FunctionType function) {
		this.function = function;
	}

	void missingState() {
		this.outcome = BatchOutcome.MISSING_STATE;
	}

	void batch(Batch batch) {
		this.batch = batch;
	}

	void end(byte @Nullable [] reply, @Nullable Throwable failure) {
		this.nanos = System.nanoTime() - this.start;
		this.replySize = (reply != null) ? reply.length : 0;
		this.failure = failure;
		if (failure != null) {
			this.outcome = (failure instanceof RequestRefusedException) ? BatchOutcome.REFUSED : BatchOutcome.RETRIED;
		}
		report();
	}

	private void report() {
		BatchScope scope = (this.batch != null) ? this.batch.scope() : null;
		boolean interrupted = InterruptFlag.isSet();
		try {
			if (scope != null) {
				scope.end(this);
				restoreInterruption(interrupted);
			}
			if (this.listener != null) {
				this.listener.batchEnded(this);
			}
		}
		finally {
			restoreInterruption(interrupted);
		}
	}

	private void restoreInterruption(boolean before) {
		if (this.batch != null) {
			this.batch.restoreInterruption(before);
		}
		else {
			InterruptFlag.restore(before);
		}
	}

	@Override
	public @Nullable FunctionType function() {
		return this.function;
	}

	@Override
	public BatchOutcome outcome() {
		return this.outcome;
	}

	@Override
	public @Nullable Throwable failure() {
		return this.failure;
	}

	@Override
	public long nanos() {
		return this.nanos;
	}

	@Override
	public int requestSize() {
		return this.requestSize;
	}

	@Override
	public int replySize() {
		return this.replySize;
	}

	@Override
	public int invocations() {
		return (this.batch != null) ? this.batch.request().invocationCount() : 0;
	}

	@Override
	public void forEachInvocation(InvocationCount consumer) {
		BatchTally tally = tally();
		if (tally != null) {
			tally.forEachInvocation(this.outcome, consumer);
		}
	}

	@Override
	public void forEachMessage(MessageCount consumer) {
		BatchTally tally = tally();
		if (tally != null && this.outcome == BatchOutcome.REPLIED) {
			tally.forEachMessage(consumer);
		}
	}

	@Override
	public void forEachTimer(TimerConsumer consumer) {
		BatchTimers timers = (this.batch != null) ? this.batch.states().timers() : null;
		if (timers != null && this.outcome == BatchOutcome.REPLIED) {
			timers.reportTo(consumer);
		}
	}

	private @Nullable BatchTally tally() {
		return (this.batch != null) ? this.batch.tally() : null;
	}

	@Override
	public void forEachState(StateSize consumer) {
		if (this.batch != null) {
			this.batch.states().reportTo(consumer);
		}
	}

}
