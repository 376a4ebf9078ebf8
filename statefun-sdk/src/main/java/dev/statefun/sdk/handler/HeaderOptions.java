package dev.statefun.sdk.handler;

import java.util.Collection;
import java.util.Set;

import dev.statefun.sdk.Headers;

/**
 * Options of the headers of messages. Immutable.
 *
 * @param enabled whether headers are read and written
 * @param propagated keys of headers that go on by themselves
 * @param kafkaRecords whether Kafka records have headers
 */
record HeaderOptions(boolean enabled, Set<String> propagated, boolean kafkaRecords) {

	static final HeaderOptions DEFAULT = new HeaderOptions(true, Set.of(), false);

	static final HeaderOptions DISABLED = new HeaderOptions(false, Set.of(), false);

	HeaderOptions {
		propagated.forEach(Headers::requireKey);
		propagated = Set.copyOf(propagated);
	}

	HeaderOptions propagate(Collection<String> keys) {
		return new HeaderOptions(this.enabled, Set.copyOf(keys), this.kafkaRecords);
	}

	HeaderOptions inKafkaRecords() {
		return new HeaderOptions(this.enabled, this.propagated, true);
	}

}
