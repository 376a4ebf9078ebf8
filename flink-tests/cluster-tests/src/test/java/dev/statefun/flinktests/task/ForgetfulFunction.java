package dev.statefun.flinktests.task;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Has no state, so that equal messages make equal requests.
 */
@StatefulFunction("task/forgetful")
class ForgetfulFunction {

	private final Outside outside;

	ForgetfulFunction(Outside outside) {
		this.outside = outside;
	}

	@Handler
	void on(Task task, Context context) {
		this.outside.handle(TaskRecords.self(context), task.item());
		TaskRecords.record(task.item(), context);
	}

}
