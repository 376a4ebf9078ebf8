package dev.statefun.flinktests.probe;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.egress.KafkaRecord;

/**
 * Sends records about observations of the functions.
 */
final class Probe {

	private Probe() {
	}

	static void report(Context context, String text) {
		context.sendEgress("probe/out", KafkaRecord.forTopic("probe").key(context.self().id()).utf8Value(text).build());
	}

}
