package dev.statefun.sample;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;

/**
 * Greets through Kafka: the text goes to the topic {@code greetings}, with the id of the
 * greeting function as its key.
 */
final class Greetings {

	private static final EgressId GREETS = EgressId.parse("example/greets");

	private Greetings() {
	}

	static void greet(Context context, String text) {
		KafkaRecord record = KafkaRecord.forTopic("greetings").key(context.self().id()).utf8Value(text).build();
		context.sendEgress(GREETS, record);
	}

}
