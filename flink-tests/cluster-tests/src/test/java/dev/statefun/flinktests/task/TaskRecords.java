package dev.statefun.flinktests.task;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;

/**
 * Records that functions send to the cluster.
 */
final class TaskRecords {

	private TaskRecords() {
	}

	static String self(Context context) {
		return context.self().type() + "/" + context.self().id();
	}

	static void counted(Task task, PersistedValue<Long> count, Context context) {
		long number = count.get().orElse(0L) + 1;
		count.set(number);
		record(number + " " + task.item(), context);
	}

	static void record(String text, Context context) {
		context.sendEgress("task/out", KafkaRecord.forTopic("task").key(self(context)).utf8Value(text).build());
	}

}
