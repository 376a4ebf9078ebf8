package dev.statefun.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
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
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that states and messages of functions of the Python SDK 2.x are read and written
 * back byte for byte by this SDK. That SDK has no primitive types: its functions keep
 * numbers and texts in the wrapper messages of protobuf (here {@code packed_…}), or give
 * an Any the type name that 3.x has for them.
 */
class PythonSdkInteropTests {

	private static final User ADA = User.newBuilder().setUserId("u-1").setName("Ada").build();

	private static final String UNICODE = "Grüße \ud83d\udc4b 世界 \u0000\uffff";

	private static final Recording STATES = recording("states");

	private static final Recording MESSAGES = recording("messages");

	private static Recording recording(String name) {
		return Recording.of(Dialect.V2, "python-sdk-2.x", name);
	}

	static Stream<Sample<?>> samples() {
		return Stream
			.of(bool("false", false), bool("true", true), integer("zero", 0), integer("one", 1),
					integer("minus_one", -1), integer("min", Integer.MIN_VALUE), integer("max", Integer.MAX_VALUE),
					longInteger("zero", 0), longInteger("one", 1), longInteger("minus_one", -1),
					longInteger("min", Long.MIN_VALUE), longInteger("max", Long.MAX_VALUE), floating("zero", 0.0f),
					floating("minus_zero", -0.0f), floating("one_and_a_half", 1.5f), floating("minus_one", -1.0f),
					floating("min", Float.MIN_VALUE), floating("max", Float.MAX_VALUE), floating("nan", Float.NaN),
					floating("infinity", Float.POSITIVE_INFINITY), floating("minus_infinity", Float.NEGATIVE_INFINITY),
					doubled("zero", 0.0), doubled("minus_zero", -0.0), doubled("one_and_a_half", 1.5),
					doubled("minus_one", -1.0), doubled("min", Double.MIN_VALUE), doubled("max", Double.MAX_VALUE),
					doubled("nan", Double.NaN), doubled("infinity", Double.POSITIVE_INFINITY),
					doubled("minus_infinity", Double.NEGATIVE_INFINITY), text("empty", ""), text("ascii", "x"),
					text("unicode", UNICODE), text("127", "x".repeat(127)), text("128", "é".repeat(64)),
					Stream.of(Sample.of("user", User.class, ADA),
							Sample.of("user_empty", User.class, User.getDefaultInstance()),
							Sample.of("count_minus_one", Count.class, Values.countOf(-1)),
							Sample.of("user_foreign", User.class, ADA).as("shop/User"),
							Sample.of("user_foreign_empty", User.class, User.getDefaultInstance()).as("shop/User"),
							Sample.of("cart_json", Cart.class, new Cart("a-1", 2, "Grüße")),
							Sample.of("any_user", Any.class, Values.of(ADA)),
							Sample.of("any_no_bytes", Any.class, Any.newBuilder().setTypeUrl("shop/Nothing").build()),
							Sample.of("any_of_any", Any.class, Values.of(Values.of(ADA)))))
			.flatMap((samples) -> samples);
	}

	private static Stream<Sample<?>> bool(String name, boolean value) {
		return Stream.of(Sample.of("bool_" + name, Boolean.class, value),
				Sample.of("packed_bool_" + name, BoolValue.class, BoolValue.of(value)));
	}

	private static Stream<Sample<?>> integer(String name, int value) {
		return Stream.of(Sample.of("int_" + name, Integer.class, value),
				Sample.of("packed_int_" + name, Int32Value.class, Int32Value.of(value)));
	}

	private static Stream<Sample<?>> longInteger(String name, long value) {
		return Stream.of(Sample.of("long_" + name, Long.class, value),
				Sample.of("packed_long_" + name, Int64Value.class, Int64Value.of(value)));
	}

	private static Stream<Sample<?>> floating(String name, float value) {
		return Stream.of(Sample.of("float_" + name, Float.class, value),
				Sample.of("packed_float_" + name, FloatValue.class, FloatValue.of(value)));
	}

	private static Stream<Sample<?>> doubled(String name, double value) {
		return Stream.of(Sample.of("double_" + name, Double.class, value),
				Sample.of("packed_double_" + name, DoubleValue.class, DoubleValue.of(value)));
	}

	private static Stream<Sample<?>> text(String name, String value) {
		return Stream.of(Sample.of("string_" + name, String.class, value),
				Sample.of("packed_string_" + name, StringValue.class, StringValue.of(value)));
	}

	// Samples whose type name is that of their mapping
	static Stream<Sample<?>> samplesUnderTheirOwnName() {
		return samples().filter((sample) -> sample.typename() == null);
	}

	private static Cluster cluster(FunctionSpec spec, FunctionHandler function) {
		return new Cluster(Dialect.V2, Recording.functions().register(spec, function).build());
	}

	private static FunctionSpec function() {
		return FunctionSpec.of(Cluster.FUNCTION);
	}

	private static ClusterRequest requestWith(Sample<?> sample) {
		return STATES.addTo(Cluster.request(Values.user("a")), sample.name());
	}

	@Test
	void everyRecordedValueIsASample() {
		List<String> names = samples().<String>map(Sample::name).toList();
		assertThat(STATES.states().keySet()).containsExactlyElementsOf(names);
		assertThat(MESSAGES.messages().keySet()).containsAll(names);
	}

	@Nested
	class States {

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.PythonSdkInteropTests#samples")
		void storedStateIsRead(Sample<?> sample) {
			List<Object> seen = new ArrayList<>();
			Cluster cluster = cluster(function().state(sample.spec()),
					(context, message) -> seen.add(sample.read(context)));
			assertThat(cluster.call(requestWith(sample))).isEqualTo(ClusterReply.NOTHING);
			assertThat(seen).isEqualTo(List.of(sample.value()));
		}

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.PythonSdkInteropTests#samples")
		void stateIsWrittenBackUnchanged(Sample<?> sample) {
			Cluster cluster = cluster(function().state(sample.spec()), (context, message) -> sample.rewrite(context));
			assertThat(cluster.call(requestWith(sample)).stateChanges())
				.containsExactly(new StateChange(sample.name(), STATES.state(sample.name())));
		}

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.PythonSdkInteropTests#samplesUnderTheirOwnName")
		void undeclaredStateIsReadAndWrittenBackUnchanged(Sample<?> sample) {
			List<Object> seen = new ArrayList<>();
			Cluster cluster = cluster(function(), (context, message) -> {
				seen.add(context.state(sample.name()).get().orElseThrow());
				seen.add(sample.read(context));
				sample.rewrite(context);
			});
			Any stored = STATES.state(sample.name());
			assertThat(cluster.call(requestWith(sample)).stateChanges())
				.containsExactly(new StateChange(sample.name(), stored));
			assertThat(seen).isEqualTo(List.of(stored, sample.value()));
		}

		@Test
		void sameStatesHaveTheSameBytes() {
			FunctionSpec spec = function();
			for (Sample<?> sample : samples().toList()) {
				spec = spec.state(sample.spec());
			}
			StatefulFunctions functions = Recording.functions()
				.register(spec, (context, message) -> samples().forEach((sample) -> sample.store(context)))
				.build();
			assertThat(STATES.replyOf(functions)).isEqualTo(STATES.reply());
		}

		@ParameterizedTest
		@ValueSource(strings = { "user", "user_foreign" })
		void bothNamesAreReadAndTheDeclaredOneIsWritten(String name) {
			User grown = ADA.toBuilder().setName("Ada Lovelace").build();
			FunctionHandler function = (context, message) -> {
				PersistedValue<User> user = context.state(name, User.class);
				assertThat(user.get()).contains(ADA);
				user.set(grown);
			};
			List<StatefulFunctions> ways = List.of(
					StatefulFunctions.builder()
						.protobuf(User.class, "shop/User")
						.register(function().state(name, User.class), function)
						.build(),
					StatefulFunctions.builder()
						.register(function().state(ValueSpec.of(name, User.class).typename("shop/User")), function)
						.build());
			assertThat(ways).allSatisfy((functions) -> assertThat(
					new Cluster(Dialect.V2, functions).call(STATES.addTo(Cluster.request(Values.user("a")), name))
						.stateChanges())
				.containsExactly(new StateChange(name, Values.of("shop/User", grown))));
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
		void emptyReplyIsAnEmptyResultInsteadOfAnEmptyBody() {
			// To a cluster both are the same (protocol.md §1)
			Recording nothing = recording("nothing");
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(function().state("user", User.class), (context, message) -> {
				})
				.build();
			assertThat(nothing.reply()).isEmpty();
			assertThat(nothing.replyOf(functions)).isEqualTo("a20600");
		}

	}

	@Nested
	class UnpackedStates {

		// The Python SDK also accepts a message that is not packed into an Any, and
		// can't read it again: its bytes may look like an Any

		private static final Recording UNPACKED = recording("unpacked-states");

		@ParameterizedTest
		@ValueSource(booleans = { true, false })
		void theyAreAnErrorThatNamesFunctionAndState(boolean declared) {
			FunctionSpec spec = declared ? function().state("user", User.class).state("count", Count.class)
					: function();
			Cluster users = cluster(spec, (context, message) -> context.state("user", User.class).get());
			assertThat(users.mistake(request())).isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'user' of function 'example/function'")
				.hasMessageContaining("of the type 'u-1'")
				.hasMessageContaining("expected 'type.googleapis.com/example.User'");
			Cluster counts = cluster(spec, (context, message) -> context.state("count", Count.class).get());
			assertThat(counts.mistake(request())).isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'count' of function 'example/function' can't be read")
				.hasMessageContaining("no google.protobuf.Any");
		}

		@Test
		void oneWithoutBytesIsAbsent() {
			Cluster cluster = cluster(function().state("empty", Count.class),
					(context, message) -> assertThat(context.state("empty", Count.class).get()).isEmpty());
			assertThat(cluster.call(Cluster.request(Values.user("a")).anyState("empty", UNPACKED.state("empty"))))
				.isEqualTo(ClusterReply.NOTHING);
		}

		private static ClusterRequest request() {
			ClusterRequest request = Cluster.request(Values.user("a"));
			UNPACKED.addTo(request, "user");
			return UNPACKED.addTo(request, "count");
		}

	}

	@Nested
	class Messages {

		@ParameterizedTest
		@MethodSource("dev.statefun.sdk.PythonSdkInteropTests#samples")
		void messageIsReceivedAndSentBackUnchanged(Sample<?> sample) {
			Any sent = MESSAGES.message(sample.name());
			List<Object> seen = new ArrayList<>();
			List<Object> expected = List.of(sample.value());
			if (sample.name().equals("any_user")) {
				// A message with the bytes of the sample "user", which its handler
				// receives
				expected = List.of(ADA);
			}
			Cluster cluster = new Cluster(Dialect.V2,
					sample.renamed().register(Cluster.FUNCTION, new Echo(seen)).build());
			assertThat(cluster.call(Cluster.request().messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, sent)).sent())
				.containsExactly(new Sent("example/caller/c-1", sent));
			assertThat(seen).isEqualTo(expected);
		}

		@Test
		void sameMessagesHaveTheSameBytes() {
			StatefulFunctions functions = StatefulFunctions.builder().register(function(), (context, message) -> {
				samples().forEach(
						(sample) -> context.send("example/target", sample.name(), MESSAGES.message(sample.name())));
				context.reply(Values.of("shop/User", ADA));
				context.reply(ADA);
				context.sendAfter(Duration.ofSeconds(90), "example/target", "later", Values.of("shop/User", ADA));
				context.sendAfter(Duration.ofMillis(1), "example/target", "later", ADA);
			}).build();
			assertThat(MESSAGES.replyOf(functions)).isEqualTo(MESSAGES.reply());
		}

		@Test
		void sameRecordsHaveTheSameBytes() {
			Recording egresses = recording("egresses");
			StatefulFunctions functions = StatefulFunctions.builder().register(function(), (context, message) -> {
				context.sendEgress("example/kafka", KafkaRecord.forTopic("users").key("Grüße").value(ADA).build());
				context.sendEgress("example/kafka", KafkaRecord.forTopic("users").value(ADA).build());
				context.sendEgress("example/kafka",
						KafkaRecord.forTopic("users").key("").value(User.getDefaultInstance()).build());
				context.sendEgress("example/kinesis",
						KinesisRecord.forStream("users").partitionKey("u-1").value(ADA).build());
				context.sendEgress("example/kinesis",
						KinesisRecord.forStream("users").partitionKey("u-1").explicitHashKey("42").value(ADA).build());
				context.sendEgress("example/custom", ADA);
				context.sendEgress("example/custom", Values.of("shop/User", ADA));
			}).build();
			assertThat(egresses.replyOf(functions)).isEqualTo(egresses.reply());
		}

	}

}
