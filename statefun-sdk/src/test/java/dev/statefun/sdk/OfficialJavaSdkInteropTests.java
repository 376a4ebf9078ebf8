package dev.statefun.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.Recording.Cart;
import dev.statefun.sdk.Recording.Echo;
import dev.statefun.sdk.Recording.Sample;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisRecord;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that states and messages of functions of the official Java SDK 3.3.0 are read and
 * written back byte for byte by this SDK.
 */
class OfficialJavaSdkInteropTests {

	private static final User ADA = User.newBuilder().setUserId("u-1").setName("Ada").build();

	private static final Cart CART = new Cart("a-1", 2, "Grüße");

	private static final Recording STATES = recording("states");

	private static final Recording MESSAGES = recording("messages");

	private static Recording recording(String name) {
		return Recording.of(Dialect.V3, "java-sdk-3.3.0", name);
	}

	static Stream<Sample<?>> samples() {
		return Stream.of(Sample.of("bool_false", Boolean.class, false), Sample.of("bool_true", Boolean.class, true),
				Sample.of("int_zero", Integer.class, 0), Sample.of("int_one", Integer.class, 1),
				Sample.of("int_minus_one", Integer.class, -1), Sample.of("int_min", Integer.class, Integer.MIN_VALUE),
				Sample.of("int_max", Integer.class, Integer.MAX_VALUE), Sample.of("long_zero", Long.class, 0L),
				Sample.of("long_one", Long.class, 1L), Sample.of("long_minus_one", Long.class, -1L),
				Sample.of("long_min", Long.class, Long.MIN_VALUE), Sample.of("long_max", Long.class, Long.MAX_VALUE),
				Sample.of("float_zero", Float.class, 0.0f),
				// The official SDK loses the sign of a zero
				Sample.of("float_minus_zero", Float.class, 0.0f), Sample.of("float_one_and_a_half", Float.class, 1.5f),
				Sample.of("float_minus_one", Float.class, -1.0f), Sample.of("float_min", Float.class, Float.MIN_VALUE),
				Sample.of("float_max", Float.class, Float.MAX_VALUE), Sample.of("float_nan", Float.class, Float.NaN),
				Sample.of("float_nan_with_payload", Float.class, Float.intBitsToFloat(0xffc12345)),
				Sample.of("float_infinity", Float.class, Float.POSITIVE_INFINITY),
				Sample.of("float_minus_infinity", Float.class, Float.NEGATIVE_INFINITY),
				Sample.of("double_zero", Double.class, 0.0), Sample.of("double_minus_zero", Double.class, 0.0),
				Sample.of("double_one_and_a_half", Double.class, 1.5),
				Sample.of("double_minus_one", Double.class, -1.0),
				Sample.of("double_min", Double.class, Double.MIN_VALUE),
				Sample.of("double_max", Double.class, Double.MAX_VALUE),
				Sample.of("double_nan", Double.class, Double.NaN),
				Sample.of("double_nan_with_payload", Double.class, Double.longBitsToDouble(0xfff8123456789abcL)),
				Sample.of("double_infinity", Double.class, Double.POSITIVE_INFINITY),
				Sample.of("double_minus_infinity", Double.class, Double.NEGATIVE_INFINITY),
				Sample.of("string_empty", String.class, ""), Sample.of("string_ascii", String.class, "x"),
				Sample.of("string_unicode", String.class, "Grüße \ud83d\udc4b 世界 \u0000\uffff"),
				Sample.of("string_127", String.class, "x".repeat(127)),
				Sample.of("string_128", String.class, "é".repeat(64)),
				Sample.of("user_foreign", User.class, ADA).as("shop/User"),
				Sample.of("user_foreign_empty", User.class, User.getDefaultInstance()).as("shop/User"),
				Sample.of("user", User.class, ADA),
				Sample.of("count_minus_one", Count.class, Values.countOf(-1)).as("shop/Count"),
				Sample.of("cart_json", Cart.class, CART), Sample.of("any_user", Any.class, Values.of(ADA)),
				Sample.of("any_no_bytes", Any.class, Any.newBuilder().setTypeUrl("shop/Nothing").build()),
				Sample.of("any_foreign", Any.class, Values.of(ADA)).as("shop/Anything"));
	}

	private static Cluster cluster(FunctionSpec spec, FunctionHandler function) {
		return new Cluster(Dialect.V3, Recording.functions().register(spec, function).build());
	}

	private static FunctionSpec function() {
		return FunctionSpec.of(Cluster.FUNCTION);
	}

	@Test
	void everyRecordedValueIsASample() {
		List<String> names = samples().<String>map(Sample::name).toList();
		assertThat(STATES.states().keySet()).containsExactlyInAnyOrderElementsOf(names);
		assertThat(MESSAGES.messages().keySet()).containsAll(names);
	}

	@Nested
	class States {

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.OfficialJavaSdkInteropTests#samples")
		void storedStateIsRead(Sample<?> sample) {
			List<Object> seen = new ArrayList<>();
			Cluster cluster = cluster(function().state(sample.spec()),
					(context, message) -> seen.add(sample.read(context)));
			assertThat(cluster.call(STATES.addTo(Cluster.request(Values.user("a")), sample.name())))
				.isEqualTo(ClusterReply.NOTHING);
			assertThat(seen).isEqualTo(List.of(sample.value()));
		}

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.OfficialJavaSdkInteropTests#samples")
		void stateIsWrittenBackUnchanged(Sample<?> sample) {
			Cluster cluster = cluster(function().state(sample.spec()), (context, message) -> sample.rewrite(context));
			assertThat(cluster.call(STATES.addTo(Cluster.request(Values.user("a")), sample.name())).stateChanges())
				.containsExactly(new StateChange(sample.name(), STATES.state(sample.name())));
		}

		@Test
		void sameStatesHaveTheSameBytes() {
			// The official SDK writes its states in the order of a hash table
			Map<String, Sample<?>> samples = new LinkedHashMap<>();
			samples().forEach((sample) -> samples.put(sample.name(), sample));
			FunctionSpec spec = function();
			for (String name : STATES.states().keySet()) {
				spec = spec.state(Objects.requireNonNull(samples.get(name)).spec());
			}
			StatefulFunctions functions = Recording.functions()
				.register(spec, (context, message) -> samples.values().forEach((sample) -> sample.store(context)))
				.build();
			assertThat(STATES.replyOf(functions)).isEqualTo(STATES.reply());
		}

		@Test
		void signOfAZeroIsKeptUnlikeInTheOfficialSdk() {
			assertThat(STATES.state("float_minus_zero")).isEqualTo(STATES.state("float_zero"));
			Cluster cluster = cluster(function().state("float_minus_zero", Float.class),
					(context, message) -> context.state("float_minus_zero", Float.class).set(-0.0f));
			ClusterReply reply = cluster.call(STATES.addTo(Cluster.request(Values.user("a")), "float_minus_zero"));
			assertThat(reply.stateChanges()).singleElement()
				.satisfies(
						(change) -> assertThat(Objects.requireNonNull(change.value()).getValue().size()).isEqualTo(5));
		}

		@Test
		void sameStatesAreRequested() {
			FunctionSpec spec = function().state(ValueSpec.of("plain", User.class).typename("shop/User"))
				.state(ValueSpec.of("written", Integer.class).expireAfterWrite(Duration.ofDays(1)))
				.state(ValueSpec.of("called", String.class).expireAfterCall(Duration.ofMinutes(5)));
			Cluster cluster = cluster(spec, (context, message) -> {
			});
			assertThat(cluster.call(Values.user("a")).missing())
				.containsExactlyInAnyOrderElementsOf(recording("missing-states").decoded().missing());
		}

		@Test
		void deletionHasTheSameBytes() {
			Recording deletion = recording("deleted-state");
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(function().state("user", User.class),
						(context, message) -> context.state("user", User.class).remove())
				.build();
			assertThat(deletion.replyOf(functions)).isEqualTo(deletion.reply());
		}

		@Test
		void emptyReplyHasTheSameBytes() {
			Recording nothing = recording("nothing");
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(function().state("user", User.class), (context, message) -> {
				})
				.build();
			assertThat(nothing.replyOf(functions)).isEqualTo(nothing.reply());
		}

	}

	@Nested
	class ForeignTypeNames {

		private final User grown = ADA.toBuilder().setName("Ada Lovelace").build();

		@Test
		void stateIsTakenOverByTheTypeNameInItsDeclaration() {
			FunctionSpec spec = function().state(ValueSpec.of("user_foreign", User.class).typename("shop/User"));
			assertTakenOver(StatefulFunctions.builder()
				.register(spec, (context, message) -> grow(context.state("user_foreign", User.class))));
		}

		@Test
		void stateIsTakenOverByTheTypeNameOfItsClass() {
			assertTakenOver(StatefulFunctions.builder()
				.protobuf(User.class, "shop/User")
				.register(function().state("user_foreign", User.class),
						(context, message) -> grow(context.state("user_foreign", User.class))));
		}

		@Test
		void stateIsTakenOverByTheTypeNameOfItsParameter() {
			assertTakenOver(StatefulFunctions.builder().register(Cluster.FUNCTION, new Object() {

				@Handler
				void on(User message,
						@Persisted(value = "user_foreign", type = "shop/User") PersistedValue<User> user) {
					grow(user);
				}

			}));
		}

		@Test
		void messageWithoutBytesIsAPresentState() {
			Cluster cluster = cluster(
					function().state(ValueSpec.of("user_foreign_empty", User.class).typename("shop/User")),
					(context, message) -> assertThat(context.state("user_foreign_empty", User.class).get())
						.contains(User.getDefaultInstance()));
			assertThat(STATES.state("user_foreign_empty").getValue()).isEmpty();
			assertThat(cluster.call(STATES.addTo(Cluster.request(Values.user("a")), "user_foreign_empty")))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@Test
		void errorForAStateThatIsNotTakenOverNamesFunctionStateAndBothTypes() {
			// The cluster would fail the job
			List<FunctionHandler> mistakes = List.of((context, message) -> context.state("user_foreign").get(),
					(context, message) -> context.state("user_foreign", User.class).get(),
					(context, message) -> context.state("user_foreign", User.class).set(ADA));
			assertThat(mistakes)
				.allSatisfy((mistake) -> assertThat(cluster(function().state("user_foreign", User.class), mistake)
					.mistake(STATES.addTo(Cluster.request(Values.user("a")), "user_foreign")))
					.isInstanceOf(IllegalStateException.class)
					.hasMessageContaining("State 'user_foreign' of function 'example/function'")
					.hasMessageContaining("of the type 'shop/User'")
					.hasMessageContaining("expected 'type.googleapis.com/example.User'"));
		}

		private void grow(PersistedValue<User> state) {
			assertThat(state.get()).contains(ADA);
			state.set(this.grown);
		}

		private void assertTakenOver(StatefulFunctions.Builder functions) {
			Cluster cluster = new Cluster(Dialect.V3, functions.build());
			assertThat(cluster.call(Values.user("a")).missing()).singleElement()
				.satisfies((state) -> assertThat(state.getTypeTypename()).isEqualTo("shop/User"));
			assertThat(cluster.call(STATES.addTo(Cluster.request(Values.user("a")), "user_foreign")).stateChanges())
				.containsExactly(new StateChange("user_foreign", Values.of("shop/User", this.grown)));
		}

	}

	@Nested
	class Messages {

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.OfficialJavaSdkInteropTests#samples")
		void messageIsReceivedAndSentBackUnchanged(Sample<?> sample) {
			Any sent = MESSAGES.message(sample.name());
			List<Object> seen = new ArrayList<>();
			Cluster cluster = new Cluster(Dialect.V3,
					sample.renamed().register(Cluster.FUNCTION, new Echo(seen)).build());
			assertThat(cluster.call(Cluster.request().messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, sent)).sent())
				.containsExactly(new Sent("example/caller/c-1", sent));
			// An Any stands for a message of any type, and for one of its own type too
			assertThat(seen).isEqualTo(List.of((sample.type() == Any.class) ? sent : sample.value()));
		}

		@Test
		void sameMessagesHaveTheSameBytes() {
			StatefulFunctions functions = Recording.functions()
				.protobuf(User.class, "shop/User")
				.register(function(), (context, message) -> {
					MESSAGES.messages()
						.forEach((name, sent) -> context.send(name.contains("/") ? context.caller().orElseThrow()
								: Address.of("example/target", name), sent));
					CancellationToken token = CancellationToken.of("token-1");
					context.sendAfter(Duration.ofSeconds(90), "example/target", "later", ADA);
					context.sendAfter(Duration.ofMillis(1), Address.of("example/target", "later"), 0, token);
					context.cancelDelayed(token);
				})
				.build();
			assertThat(MESSAGES.replyOf(functions)).isEqualTo(MESSAGES.reply());
		}

		@Test
		void sameRecordsHaveTheSameBytes() {
			Recording egresses = recording("egresses");
			StatefulFunctions functions = Recording.functions()
				.protobuf(User.class, "shop/User")
				.register(function(), (context, message) -> {
					String cart = "{\"sku\":\"a-1\",\"quantity\":2,\"note\":\"Grüße\"}";
					byte[] ada = ADA.toByteArray();
					context.sendEgress("example/kafka",
							KafkaRecord.forTopic("users").key("Grüße").utf8Value("Ada \ud83d\udc4b").build());
					context.sendEgress("example/kafka", KafkaRecord.forTopic("users").value(ada).build());
					context.sendEgress("example/kafka",
							KafkaRecord.forTopic("users").key("").value(new byte[0]).build());
					context.sendEgress("example/kafka",
							KafkaRecord.forTopic("users").key("u-1").utf8Value(cart).build());
					context.sendEgress("example/kinesis",
							KinesisRecord.forStream("users").partitionKey("u-1").value(ada).build());
					context.sendEgress("example/kinesis",
							KinesisRecord.forStream("users")
								.partitionKey("u-1")
								.explicitHashKey("42")
								.utf8Value("Ada")
								.build());
					context.sendEgress("example/custom", ADA);
				})
				.build();
			assertThat(egresses.replyOf(functions)).isEqualTo(egresses.reply());
		}

	}

}
