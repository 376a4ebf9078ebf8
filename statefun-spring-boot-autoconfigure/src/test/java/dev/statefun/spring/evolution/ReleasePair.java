package dev.statefun.spring.evolution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import dev.statefun.local.LocalRuntime;
import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateManifest;
import dev.statefun.manifest.Verdict;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Two releases of a function. One has a value in its state and in a pending message when
 * the other takes over.
 */
final class ReleasePair {

	private static final String FUNCTION = "evolution/keeper";

	private static final Duration DAY = Duration.ofDays(1);

	private final Release writer;

	private final Release reader;

	ReleasePair(Class<?> written, Class<?> read, Consumer<StatefulFunctions.Builder> types) {
		this.writer = new Release(written, types);
		this.reader = new Release(read, types);
	}

	ReleasePair turned() {
		return new ReleasePair(this.reader, this.writer);
	}

	private ReleasePair(Release writer, Release reader) {
		this.writer = writer;
		this.reader = reader;
	}

	/**
	 * Let the reader read the writer's values and write them again.
	 * @param values values to write
	 * @param comparison compares written values with those written again
	 * @return the worst result
	 */
	Verdict happens(List<?> values, BiFunction<byte[], byte[], Verdict> comparison) {
		byte[] snapshot;
		List<byte[]> written = new ArrayList<>();
		try (LocalRuntime runtime = LocalRuntime.of(this.writer.functions).manualClock().start()) {
			for (int i = 0; i < values.size(); i++) {
				this.writer.next = values.get(i);
				runtime.send(address(i), "write");
				runtime.runUntilIdle();
				written.add(runtime.state(address(i), "value").orElseThrow().getValue().toByteArray());
			}
			snapshot = runtime.snapshot();
		}
		Verdict worst = Verdict.READABLE;
		try (LocalRuntime runtime = LocalRuntime.of(this.reader.functions).manualClock().restore(snapshot).start()) {
			this.reader.state = new byte[values.size()][];
			this.reader.message = new byte[values.size()][];
			runtime.advance(DAY);
			for (int i = 0; i < values.size(); i++) {
				Verdict ofState = compare(written.get(i), this.reader.state[i], comparison);
				Verdict ofMessage = compare(written.get(i), this.reader.message[i], comparison);
				if (ofState != ofMessage) {
					throw new AssertionError(
							values.get(i) + " is " + ofState + " as a state, and " + ofMessage + " as a message");
				}
				worst = (ofState.compareTo(worst) > 0) ? ofState : worst;
			}
		}
		return worst;
	}

	private static Verdict compare(byte[] written, byte @Nullable [] again,
			BiFunction<byte[], byte[], Verdict> comparison) {
		return (again != null) ? comparison.apply(written, again) : Verdict.UNREADABLE;
	}

	/**
	 * Compare the manifests of both, as they are written to files.
	 * @return the change of the state
	 */
	List<StateChange> changes() {
		StateManifest before = StateManifest.parse(StateManifest.of(this.writer.functions).toJson());
		StateManifest after = StateManifest.parse(StateManifest.of(this.reader.functions).toJson());
		return after.changesSince(before);
	}

	private static Address address(int i) {
		return Address.of(FUNCTION, "" + i);
	}

	/**
	 * One release.
	 */
	private static final class Release {

		private final Class<?> type;

		private final StatefulFunctions functions;

		private @Nullable Object next;

		private byte[][] state = {};

		private byte[][] message = {};

		private Release(Class<?> type, Consumer<StatefulFunctions.Builder> types) {
			this.type = type;
			StatefulFunctions.Builder builder = StatefulFunctions.builder();
			types.accept(builder);
			this.functions = builder.register(FunctionSpec.of(FUNCTION).state("value", type), this::handle).build();
		}

		@SuppressWarnings("unchecked")
		private void handle(Context context, Any message) throws Exception {
			PersistedValue<Object> kept = context.state("value", (Class<Object>) this.type);
			if (message.getTypeUrl().equals("io.statefun.types/string")) {
				kept.set(this.next);
				context.sendAfter(DAY, context.self(), this.next);
				return;
			}
			int i = Integer.parseInt(context.self().id());
			try {
				kept.set(kept.get().orElseThrow());
				this.state[i] = context.state("value").get().orElseThrow().getValue().toByteArray();
			}
			catch (RuntimeException ex) {
				this.state[i] = null;
			}
			MessageCodec<Object> codec = this.functions.mappings().of((Class<Object>) this.type).codec();
			byte[] bytes = message.getValue().toByteArray();
			try {
				this.message[i] = codec.encode(codec.decode(bytes, 0, bytes.length));
			}
			catch (Exception ex) {
				this.message[i] = null;
			}
		}

	}

}
