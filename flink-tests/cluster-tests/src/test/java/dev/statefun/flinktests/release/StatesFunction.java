package dev.statefun.flinktests.release;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.egress.KafkaRecord;

/**
 * Sends which of its states are present, or their values, and sets all of them if the
 * message requests it.
 */
class StatesFunction implements FunctionHandler {

	private final List<ValueSpec<?>> specs;

	StatesFunction(List<ValueSpec<?>> specs) {
		this.specs = specs;
	}

	@Override
	public void handle(Context context, Any message) {
		String reported = this.specs.stream()
			.map((spec) -> spec.name() + "=" + report(context.state(spec).get()))
			.collect(Collectors.joining(" "));
		if (message.getTypeUrl().equals(States.WRITE)) {
			this.specs.forEach((spec) -> write(context, spec));
		}
		context.sendEgress(States.EGRESS,
				KafkaRecord.forTopic("out").key(context.self().type().name()).utf8Value(reported).build());
	}

	// Numbers are only reported as present
	private static Object report(Optional<?> value) {
		boolean reported = value.isPresent() && !(value.get() instanceof Integer);
		return reported ? Grown.report(value.get()) : value.isPresent();
	}

	@SuppressWarnings("unchecked")
	private static <T> void write(Context context, ValueSpec<T> spec) {
		Object value = (spec.type() == Integer.class) ? 7 : Objects.requireNonNull(Grown.VALUES.get(spec.type()));
		context.state(spec).set((T) value);
	}

}
