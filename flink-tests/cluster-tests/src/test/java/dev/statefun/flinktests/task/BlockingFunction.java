package dev.statefun.flinktests.task;

import java.util.concurrent.ExecutionException;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Waits on the thread of the request.
 */
@StatefulFunction("task/blocking")
class BlockingFunction {

	private final Outside outside;

	BlockingFunction(Outside outside) {
		this.outside = outside;
	}

	@Handler
	void on(Task task, @Persisted("count") PersistedValue<Long> count, Context context)
			throws InterruptedException, ExecutionException {
		this.outside.handle(TaskRecords.self(context), task.item());
		this.outside.gate(task.gate()).get();
		TaskRecords.counted(task, count, context);
	}

}
