package dev.statefun.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares random requests and effects with protobuf's own classes and a plain model. The
 * seeds are fixed, so that failures can be reproduced.
 */
class WireDifferentialTests {

	private static final int CASES = 4_000;

	private static final FunctionType FUNCTION = FunctionType.of("prüf/стенд", "функция");

	private static final List<String> TEXTS = List.of("", "a", "id-1", "Grüße", "привет", "漢字", "👋🏽", "\u0000",
			"a/b/c", " ", "\n", "\ufffd\uffff", "x".repeat(127), "x".repeat(128), "é".repeat(100), "😀".repeat(5_000));

	private static String text(Random random) {
		return TEXTS.get(random.nextInt(TEXTS.size()));
	}

	private static ByteString bytes(Random random) {
		byte[] bytes = new byte[random.nextInt(4) * random.nextInt(1 + random.nextInt(300))];
		random.nextBytes(bytes);
		return ByteString.copyFrom(bytes);
	}

	private static Any any(Random random) {
		String type = random.nextBoolean() ? "type.googleapis.com/example.User" : text(random);
		return Any.newBuilder().setTypeUrl(type).setValue(bytes(random)).build();
	}

	private static @Nullable Address caller(Random random) {
		return random.nextBoolean() ? null : Address.of(FunctionType.of("ns" + text(random), "имя"), text(random));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void randomRequestsAreDecodedAsByProtobuf(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		List<String> names = List.of("s0", "состояние", "s-2", "s3");
		FunctionSpec spec = FunctionSpec.of(FUNCTION);
		for (String name : names) {
			spec = spec.state(name, Any.class);
		}
		Cluster cluster = Cluster.of(dialect, spec, (context, message) -> {
			seen.add(context.self());
			seen.add(context.caller());
			seen.add(message);
			names.forEach((name) -> seen.add(context.state(name).get()));
		});
		Random random = new Random(20261);
		for (int i = 0; i < CASES; i++) {
			seen.clear();
			String id = text(random);
			ClusterRequest request = ClusterRequest.to(FUNCTION.toString(), id);
			Map<String, Optional<Any>> states = addStates(request, names, random, dialect);
			List<Object> expected = new ArrayList<>();
			for (int messages = 1 + random.nextInt(4); messages > 0; messages--) {
				Any message = any(random);
				Address caller = caller(random);
				if (caller != null) {
					request.messageFrom(caller.type().toString(), caller.id(), message);
				}
				else {
					request.message(message);
				}
				expected.add(Address.of(FUNCTION, id));
				expected.add(Optional.ofNullable(caller));
				expected.add(message);
				expected.addAll(states.values());
			}
			byte[] bytes = withUnknownFields((dialect == Dialect.V2) ? request.toV2() : request.toV3(), random);
			ClusterReply reply = ClusterReply.of(dialect == Dialect.V3,
					Cluster.replyOf(cluster.handler().handle(bytes)));
			assertThat(reply).as("case %d", i).isEqualTo(ClusterReply.NOTHING);
			assertThat(seen.equals(expected)).as("case %d: %s", i, seen).isTrue();
		}
	}

	private static Map<String, Optional<Any>> addStates(ClusterRequest request, List<String> names, Random random,
			Dialect dialect) {
		Map<String, Optional<Any>> states = new LinkedHashMap<>();
		List<Runnable> entries = new ArrayList<>();
		for (String name : names) {
			Any value = any(random);
			// A 2.x cluster can't distinguish a value without bytes from an absent one
			boolean present = random.nextBoolean() && (dialect == Dialect.V3 || value.getSerializedSize() > 0);
			states.put(name, present ? Optional.of(value) : Optional.empty());
			entries.add(() -> {
				if (present) {
					request.anyState(name, value);
				}
				else {
					request.absentState(name);
				}
			});
		}
		for (int extra = random.nextInt(3); extra > 0; extra--) {
			String name = "extra" + text(random);
			Any value = any(random);
			entries.add(() -> request.state(name, value));
		}
		Collections.shuffle(entries, random);
		entries.forEach(Runnable::run);
		return states;
	}

	// Unknown fields of a later version of the protocol. Not in states, whose bytes
	// are an Any of the SDK
	private static byte[] withUnknownFields(Message message, Random random) {
		return addUnknownFields(message, random).toByteArray();
	}

	private static Message addUnknownFields(Message message, Random random) {
		Message.Builder builder = message.toBuilder();
		message.getAllFields().forEach((field, value) -> {
			if (value instanceof Message nested) {
				builder.setField(field, addUnknownFields(nested, random));
			}
			else if (field.isRepeated()) {
				List<?> values = (List<?>) value;
				for (int i = 0; i < values.size(); i++) {
					builder.setRepeatedField(field, i, addUnknownFields((Message) values.get(i), random));
				}
			}
		});
		if (random.nextInt(4) == 0) {
			UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
			switch (random.nextInt(4)) {
				case 0 -> field.addVarint(random.nextLong());
				case 1 -> field.addFixed32(random.nextInt());
				case 2 -> field.addFixed64(random.nextLong());
				default -> field.addLengthDelimited(bytes(random));
			}
			int number = new int[] { 15, 16, 99, 102, 2_047, 536_870_911 }[random.nextInt(6)];
			builder.setUnknownFields(UnknownFieldSet.newBuilder().addField(number, field.build()).build());
		}
		return builder.build();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void randomEffectsAreReadByProtobuf(Dialect dialect) {
		Random random = new Random(20262);
		for (int i = 0; i < CASES; i++) {
			Model model = new Model(dialect, random.nextLong());
			Cluster cluster = Cluster.of(dialect, model.spec(), model);
			ClusterRequest request = ClusterRequest.to(FUNCTION.toString(), text(random));
			model.addStates(request);
			for (int messages = 1 + random.nextInt(5); messages > 0; messages--) {
				request.messageFrom("example/caller", text(random), any(random));
			}
			ClusterReply reply = cluster.call(request);
			assertThat(reply.equals(model.expected())).as("case %d: %s, expected %s", i, reply, model.expected())
				.isTrue();
		}
	}

	/**
	 * A function with random effects, which records the expected reply.
	 */
	private static final class Model implements FunctionHandler {

		private final Dialect dialect;

		private final Random random;

		private final Map<String, StateModel<?>> states = new LinkedHashMap<>();

		private final List<Sent> messages = new ArrayList<>();

		private final List<Delayed> delayed = new ArrayList<>();

		private final List<Egress> egresses = new ArrayList<>();

		private Model(Dialect dialect, long seed) {
			this.dialect = dialect;
			this.random = new Random(seed);
			add(new StateModel<>("int", Integer.class, () -> this.random.nextInt(3), Values::integer));
			add(new StateModel<>("текст", String.class, () -> text(this.random), Values::text));
			add(new StateModel<>("count", Count.class, () -> Values.countOf(this.random.nextInt(3)), Values::of));
			add(new StateModel<>("raw", Any.class,
					() -> any(this.random).toBuilder().setTypeUrl("x/" + text(this.random)).build(),
					(value) -> (dialect == Dialect.V2) ? value : Values.of(Values.ANY_TYPE, value)));
		}

		private void add(StateModel<?> state) {
			if (this.random.nextInt(4) > 0) {
				this.states.put(state.name, state);
			}
		}

		FunctionSpec spec() {
			FunctionSpec spec = FunctionSpec.of(FUNCTION);
			for (StateModel<?> state : this.states.values()) {
				spec = spec.state(state.name, state.type);
			}
			return spec;
		}

		void addStates(ClusterRequest request) {
			List<StateModel<?>> shuffled = new ArrayList<>(this.states.values());
			Collections.shuffle(shuffled, this.random);
			shuffled.forEach((state) -> state.addTo(request, this.random.nextBoolean()));
		}

		@Override
		public void handle(Context context, Any message) {
			for (int effects = this.random.nextInt(6); effects > 0; effects--) {
				happen(context, message);
			}
		}

		private void happen(Context context, Any message) {
			Address target = Address.of(FunctionType.of("ns" + text(this.random), "имя"), "i" + text(this.random));
			String to = target.toString();
			Any value = any(this.random);
			int millis = this.random.nextInt();
			switch (this.random.nextInt((this.dialect == Dialect.V3) ? 9 : 7)) {
				case 0 -> {
					context.send(target, value);
					this.messages.add(new Sent(to, value));
				}
				case 1 -> {
					context.send(target, text(value));
					this.messages.add(new Sent(to, Values.text(text(value))));
				}
				case 2 -> {
					context.reply(value);
					this.messages.add(new Sent(context.caller().orElseThrow().toString(), value));
				}
				case 3 -> {
					long delay = Integer.toUnsignedLong(millis);
					context.sendAfter(Duration.ofMillis(delay), target, value);
					this.delayed.add(Delayed.of(delay, to, value));
				}
				case 4 -> {
					context.sendEgress(target.type().toString(), value);
					this.egresses.add(new Egress(target.type().toString(), value));
				}
				case 7 -> {
					CancellationToken token = CancellationToken.of("t" + text(this.random));
					context.sendAfter(Duration.ofMillis(millis & 0xff), target, value, token);
					this.delayed.add(new Delayed(millis & 0xff, to, value, token.value(), false));
				}
				case 8 -> {
					CancellationToken token = CancellationToken.of("t" + text(this.random));
					context.cancelDelayed(token);
					this.delayed.add(Delayed.cancellation(token.value()));
				}
				default -> {
					for (StateModel<?> state : this.states.values()) {
						state.happen(context, this.random.nextInt(8));
					}
				}
			}
		}

		private static String text(Any value) {
			return value.getTypeUrl() + value.getValue().size();
		}

		private static String text(Random random) {
			return WireDifferentialTests.text(random);
		}

		ClusterReply expected() {
			List<StateChange> changes = new ArrayList<>();
			this.states.values().forEach((state) -> state.addTo(changes));
			return new ClusterReply(changes, this.messages, this.delayed, this.egresses, List.of());
		}

	}

	/**
	 * Expected value of a state.
	 *
	 * @param <T> type of the value
	 */
	private static final class StateModel<T> {

		private final String name;

		private final Class<T> type;

		private final Supplier<T> values;

		private final Function<T, Any> wire;

		private Optional<T> value = Optional.empty();

		private boolean touched;

		private StateModel(String name, Class<T> type, Supplier<T> values, Function<T, Any> wire) {
			this.name = name;
			this.type = type;
			this.values = values;
			this.wire = wire;
		}

		void addTo(ClusterRequest request, boolean present) {
			if (!present) {
				request.absentState(this.name);
				return;
			}
			T initial = this.values.get();
			this.value = Optional.of(initial);
			request.state(this.name, this.wire.apply(initial));
		}

		void happen(Context context, int effect) {
			PersistedValue<T> state = context.state(this.name, this.type);
			if (effect < 2) {
				assertThat(state.get()).isEqualTo(this.value);
			}
			else if (effect == 2) {
				state.remove();
				this.value = Optional.empty();
				this.touched = true;
			}
			else if (effect < 5) {
				T next = this.values.get();
				state.set(next);
				this.value = Optional.of(next);
				this.touched = true;
			}
		}

		void addTo(List<StateChange> changes) {
			if (this.touched) {
				changes.add(new StateChange(this.name, this.value.map(this.wire).orElse(null)));
			}
		}

	}

}
