package dev.statefun.flinktests.release;

import java.util.List;
import java.util.stream.Collectors;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.egress.KafkaRecord;

/**
 * Tells which of its states are there, and sets all of them if the message says so.
 */
class StatesFunction implements FunctionHandler {

	private final List<ValueSpec<?>> specs;

	StatesFunction(List<ValueSpec<?>> specs) {
		this.specs = specs;
	}

	@Override
	public void handle(Context context, Any message) {
		String told = this.specs.stream()
			.map((spec) -> spec.name() + "=" + context.state(spec).get().isPresent())
			.collect(Collectors.joining(" "));
		if (message.getTypeUrl().equals(States.WRITE)) {
			this.specs.forEach((spec) -> context.state(spec.name(), Integer.class).set(7));
		}
		context.sendEgress(States.EGRESS,
				KafkaRecord.forTopic("out").key(context.self().type().name()).utf8Value(told).build());
	}

}
