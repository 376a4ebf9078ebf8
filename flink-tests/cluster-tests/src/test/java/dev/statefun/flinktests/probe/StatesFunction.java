package dev.statefun.flinktests.probe;

import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Has four states of different kinds. Sends their values before each command.
 */
@StatefulFunction("probe/states")
class StatesFunction {

	@Handler
	void on(String command, @Persisted("number") PersistedValue<Integer> number,
			@Persisted("text") PersistedValue<String> text, @Persisted("note") PersistedValue<Note> note,
			@Persisted("raw") PersistedValue<Any> raw, Context context) {
		Probe.report(context, "number=" + describe(number.get()) + " text=" + describe(text.get()) + " note="
				+ describe(note.get()) + " raw=" + describe(raw.get().map(StatesFunction::describe)));
		switch (command) {
			case "read" -> {
			}
			case "zero" -> {
				number.set(0);
				text.set("");
				note.set(new Note("", 0));
				raw.set(any("probe/empty", ""));
			}
			case "value" -> {
				number.set(-7);
				text.set("seven €");
				note.set(new Note("seven", 7));
				raw.set(any("probe/seven", "7"));
			}
			case "remove" -> {
				number.remove();
				text.remove();
				note.remove();
				raw.remove();
			}
			case "remove-number" -> number.remove();
			default -> throw new IllegalArgumentException(command);
		}
	}

	private static Any any(String type, String value) {
		return Any.newBuilder().setTypeUrl(type).setValue(ByteString.copyFromUtf8(value)).build();
	}

	private static String describe(Any any) {
		return any.getTypeUrl() + ":" + any.getValue().toStringUtf8();
	}

	private static String describe(Optional<?> value) {
		return value.map((present) -> "<" + present + ">").orElse("absent");
	}

}
