package dev.statefun.flinktests.task;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Takes {@value #MILLIS} ms for each message, like a function that queries a database.
 */
@StatefulFunction("task/slow")
public class SlowFunction {

	/** Time per message. */
	public static final int MILLIS = 20;

	private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(MILLIS);

	private final Outside outside;

	SlowFunction(Outside outside) {
		this.outside = outside;
	}

	@Handler
	void on(Task task, @Persisted("count") PersistedValue<Long> count, Context context)
			throws InterruptedException, ExecutionException {
		this.outside.handle(TaskRecords.self(context), task.item());
		this.outside.gate(task.gate()).get();
		work();
		TaskRecords.counted(task, count, context);
	}

	private static void work() throws InterruptedException {
		long begin = System.nanoTime();
		for (long left = NANOS; left > 0; left = begin + NANOS - System.nanoTime()) {
			LockSupport.parkNanos(left);
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
		}
	}

}
