package dev.statefun.netty;

/**
 * Batch that runs on an event loop, as the {@link LoopWatchdog} sees it.
 */
final class LoopBatch {

	private final EndpointBatch batch;

	private final FunctionPace pace;

	private final long since;

	/** Whether a check came too late to judge the batch. For the watchdog alone. */
	private boolean excused;

	/** Whether the batch has been found to block. For the watchdog alone. */
	private boolean reported;

	/**
	 * Create a record of a batch.
	 * @param batch the batch
	 * @param pace pace of its function
	 * @param since time of its start
	 */
	LoopBatch(EndpointBatch batch, FunctionPace pace, long since) {
		this.batch = batch;
		this.pace = pace;
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
	 * Decide whether a batch that has run for too long blocks its loop.
	 * @param punctual whether this check takes place when it should; otherwise the
	 * machine or the JVM has paused, which is excused once
	 * @return whether it is to be reported, at most once
	 */
	boolean blocks(boolean punctual) {
		if (this.reported) {
			return false;
		}
		this.reported = punctual || this.excused;
		this.excused = true;
		return this.reported;
	}

}
