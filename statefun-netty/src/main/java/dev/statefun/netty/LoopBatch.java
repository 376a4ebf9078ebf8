package dev.statefun.netty;

/**
 * Batch that runs on an event loop, as the {@link LoopWatchdog} sees it.
 */
final class LoopBatch {

	private final EndpointBatch batch;

	private final FunctionPace pace;

	private final long since;

	/** Thread of the event loop. */
	private final Thread thread;

	/** Time of the first look after the limit. For the watchdog alone. */
	private long lookedAt;

	/** Processor time of the thread then, or -1. For the watchdog alone. */
	private long processorNanos = -1;

	/** Whether the batch has been found to block. For the watchdog alone. */
	private boolean reported;

	/**
	 * Create a record of a batch.
	 * @param batch the batch
	 * @param pace pace of its function
	 * @param thread thread of the event loop
	 * @param since time of its start
	 */
	LoopBatch(EndpointBatch batch, FunctionPace pace, Thread thread, long since) {
		this.batch = batch;
		this.pace = pace;
		this.thread = thread;
		this.since = since;
	}

	EndpointBatch batch() {
		return this.batch;
	}

	FunctionPace pace() {
		return this.pace;
	}

	long since() {
		return this.since;
	}

	/**
	 * Decide whether a batch that has run for too long blocks its loop: whether its
	 * thread waits, or has computed for most of the time since the last look. Otherwise,
	 * the thread waits for a processor, and another thread would not be faster.
	 * @param now the time
	 * @param probe looks at the thread
	 * @return whether it is to be reported, at most once
	 */
	boolean blocks(long now, ThreadProbe probe) {
		if (this.reported) {
			return false;
		}
		this.reported = probe.waits(this.thread) || computes(now, probe.processorNanos(this.thread));
		return this.reported;
	}

	private boolean computes(long now, long nanos) {
		boolean known = this.processorNanos >= 0;
		if (!known) {
			this.lookedAt = now;
			this.processorNanos = nanos;
			return false;
		}
		return nanos - this.processorNanos >= (now - this.lookedAt) / 2;
	}

}
