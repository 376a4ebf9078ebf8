package dev.statefun.flinktests.runtime;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.flink.streaming.api.functions.source.SourceFunction;

/**
 * A source that emits the lines that the test sends, and those of the loads that it
 * requests.
 * <p>
 * It is not parallel (the harness' own supplying source is), so that messages arrive in
 * the order sent: StateFun gives the router the parallelism of its source. It waits
 * outside the checkpoint lock, so that checkpoints complete while nothing is sent.
 */
final class Input implements SourceFunction<String>, CheckpointNotice {

	private static final long serialVersionUID = 1;

	// Static, because Flink copies the source on its way to the task in this same JVM
	private static final BlockingQueue<String> LINES = new LinkedBlockingQueue<>();

	private static final AtomicInteger RUNS = new AtomicInteger();

	private volatile boolean cancelled;

	static void add(String line) {
		LINES.add(line);
	}

	@Override
	public void run(SourceContext<String> context) throws InterruptedException {
		if (RUNS.getAndIncrement() == 0) {
			Output.ready();
		}
		else {
			Output.restarted();
		}
		while (!this.cancelled) {
			String line = LINES.poll(100, TimeUnit.MILLISECONDS);
			if (line != null && Load.isLoad(line)) {
				load(Load.parse(line), context);
			}
			else if (line != null) {
				emit(line, context);
			}
		}
	}

	private void load(Load load, SourceContext<String> context) {
		CountedRecords.await(load.messages());
		for (long i = 0; i < load.messages() && !this.cancelled; i++) {
			emit(load.line(i), context);
		}
	}

	private static void emit(String line, SourceContext<String> context) {
		synchronized (context.getCheckpointLock()) {
			context.collect(line);
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
	}

	@Override
	public void notifyCheckpointComplete(long id) {
		Output.checkpoint(id);
	}

}
