package dev.statefun.flinktests.task;

import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Returns a pending stage.
 */
@StatefulFunction("task/stage")
class StageFunction {

	private final Outside outside;

	StageFunction(Outside outside) {
		this.outside = outside;
	}

	@Handler
	CompletionStage<Void> on(Task task, @Persisted("count") PersistedValue<Long> count, Context context) {
		this.outside.handle(TaskRecords.self(context), task.item());
		return this.outside.gate(task.gate()).thenRun(() -> TaskRecords.counted(task, count, context));
	}

}
