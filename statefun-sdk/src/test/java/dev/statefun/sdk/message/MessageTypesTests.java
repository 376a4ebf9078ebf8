package dev.statefun.sdk.message;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.UnhandledMessageException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.InvalidFunctionException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.BoolWrapper;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.DoubleWrapper;
import dev.statefun.testwire.example.FloatWrapper;
import dev.statefun.testwire.example.IntWrapper;
import dev.statefun.testwire.example.LongWrapper;
import dev.statefun.testwire.example.StringWrapper;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for the mapping of Java types to messages and states (protocol.md §8).
 */
class MessageTypesTests {

	private static final MessageMappings BUILT_IN = StatefulFunctions.builder().build().mappings();

	private static <T> String encoded(Class<T> type, T value) throws Exception {
		return HexFormat.of().formatHex(BUILT_IN.of(type).codec().encode(value));
	}

	private static <T> T decoded(Class<T> type, String hex) throws Exception {
		byte[] bytes = HexFormat.of().parseHex(hex);
		// Within other bytes, as in a request
		byte[] buffer = new byte[bytes.length + 7];
		Arrays.fill(buffer, (byte) 0x0a);
		System.arraycopy(bytes, 0, buffer, 3, bytes.length);
		return BUILT_IN.of(type).codec().decode(buffer, 3, bytes.length);
	}

	private static <T> void assertSame(T value, Message wrapper, Class<T> type) throws Exception {
		String hex = HexFormat.of().formatHex(wrapper.toByteArray());
		assertThat(encoded(type, value)).isEqualTo(hex);
		assertThat(decoded(type, hex)).isEqualTo(value);
	}

	private static MessageCodecFactory factory(UpperCase codec) {
		return (type) -> (type == Word.class) ? codec : null;
	}

	@Test
	void createdMappingsAreFoundByTheirTypename() {
		MessageMappings mappings = StatefulFunctions.builder().build().mappings();
		assertThat(mappings.accepting("io.statefun.types/int")).isEmpty();
		MessageMapping<Integer> wrapper = mappings.of(Integer.class);
		MessageMapping<Integer> primitive = mappings.of(int.class);
		mappings.of(String.class);
		assertThat(mappings.accepting("io.statefun.types/int")).containsExactly(primitive, wrapper);
	}

	@Nested
	class Primitives {

		@Test
		void zeroHasNoBytes() throws Exception {
			assertThat(encoded(Boolean.class, false)).isEmpty();
			assertThat(encoded(Integer.class, 0)).isEmpty();
			assertThat(encoded(Long.class, 0L)).isEmpty();
			assertThat(encoded(Float.class, 0.0f)).isEmpty();
			assertThat(encoded(Double.class, 0.0)).isEmpty();
			assertThat(encoded(String.class, "")).isEmpty();
		}

		@Test
		void emptyBytesAreZero() throws Exception {
			assertThat(decoded(Boolean.class, "")).isFalse();
			assertThat(decoded(Integer.class, "")).isZero();
			assertThat(decoded(Long.class, "")).isZero();
			assertThat(decoded(Float.class, "")).isEqualTo(0.0f);
			assertThat(decoded(Double.class, "")).isEqualTo(0.0);
			assertThat(decoded(String.class, "")).isEmpty();
		}

		@Test
		void otherValuesAreATagAndTheirContent() throws Exception {
			assertThat(encoded(Boolean.class, true)).isEqualTo("0801");
			assertThat(encoded(Integer.class, 1)).isEqualTo("0d01000000");
			assertThat(encoded(Integer.class, -2)).isEqualTo("0dfeffffff");
			assertThat(encoded(Long.class, 1L)).isEqualTo("090100000000000000");
			assertThat(encoded(Long.class, Long.MIN_VALUE)).isEqualTo("090000000000000080");
			assertThat(encoded(Float.class, 1.0f)).isEqualTo("0d0000803f");
			assertThat(encoded(Double.class, 1.0)).isEqualTo("09000000000000f03f");
			assertThat(encoded(String.class, "hé")).isEqualTo("0a0368c3a9");
		}

		@Test
		void signOfAZeroIsKept() throws Exception {
			assertThat(encoded(Float.class, -0.0f)).isEqualTo("0d00000080");
			assertThat(encoded(Double.class, -0.0)).isEqualTo("090000000000000080");
			assertThat(decoded(Float.class, "0d00000080")).isEqualTo(-0.0f);
		}

		@Test
		void bytesAreThoseOfTheWrapperMessages() throws Exception {
			assertSame(true, BoolWrapper.newBuilder().setValue(true).build(), Boolean.class);
			for (int value : new int[] { 1, -1, 127, 128, 0x12345678, Integer.MIN_VALUE, Integer.MAX_VALUE }) {
				assertSame(value, IntWrapper.newBuilder().setValue(value).build(), Integer.class);
			}
			for (long value : new long[] { 1, -1, 0x123456789abcdef0L, Long.MIN_VALUE, Long.MAX_VALUE }) {
				assertSame(value, LongWrapper.newBuilder().setValue(value).build(), Long.class);
			}
			for (float value : new float[] { 1.5f, -0.0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY }) {
				assertSame(value, FloatWrapper.newBuilder().setValue(value).build(), Float.class);
			}
			for (double value : new double[] { 1.5, -0.0, Double.NaN, Double.MIN_VALUE, Double.NEGATIVE_INFINITY }) {
				assertSame(value, DoubleWrapper.newBuilder().setValue(value).build(), Double.class);
			}
			for (String value : List.of("x", "Grüße 👋", "\u0000", "\uffff", "x".repeat(127), "x".repeat(128),
					"é".repeat(64), "x".repeat(20_000), "👋".repeat(600_000))) {
				assertSame(value, StringWrapper.newBuilder().setValue(value).build(), String.class);
			}
		}

		@ParameterizedTest
		@ValueSource(strings = { "08", "0800", "0802", "080100", "0801ff", "0a01", "1001", "0d01000000", "00" })
		void booleanIsOneOrEmpty(String hex) {
			assertRefused(Boolean.class, hex);
		}

		@ParameterizedTest
		@ValueSource(strings = { "0d", "0d010000", "0d0100000000", "0801", "0901000000", "00", "1d01000000" })
		void intIsATagAndFourBytes(String hex) {
			assertRefused(Integer.class, hex);
			assertRefused(Float.class, hex);
		}

		@ParameterizedTest
		@ValueSource(strings = { "09", "0901000000000000", "09010000000000000000", "0d01000000", "0801",
				"0d0100000000000000", "110100000000000000" })
		void longIsATagAndEightBytes(String hex) {
			assertRefused(Long.class, hex);
			assertRefused(Double.class, hex);
		}

		@ParameterizedTest
		@ValueSource(strings = { "0a", "0a0261", "0a006100", "6161", "1201", "0aff", "0affffffffff01",
				"0a8080808080808001", "0a01ff", "0a02c080", "0a03eda080", "0a04f4908080", "0a02c361", "0a016162" })
		void stringIsATagALengthAndThatManyBytesOfUtf8(String hex) {
			assertRefused(String.class, hex);
		}

		@Test
		void stringThatIsNoUnicodeIsRefused() {
			for (String text : List.of("\ud800", "a\udc00", "\udc00\ud800", "\ud83d")) {
				assertThatIllegalArgumentException().isThrownBy(() -> encoded(String.class, text));
			}
		}

		@Test
		void primitiveClassesAndTheirWrappersAreTheSameType() {
			assertThat(BUILT_IN.of(int.class).typename()).isEqualTo(BUILT_IN.of(Integer.class).typename())
				.isEqualTo("io.statefun.types/int");
			assertThat(BUILT_IN.of(boolean.class).typename()).isEqualTo("io.statefun.types/bool");
			assertThat(BUILT_IN.of(long.class).typename()).isEqualTo("io.statefun.types/long");
			assertThat(BUILT_IN.of(float.class).typename()).isEqualTo("io.statefun.types/float");
			assertThat(BUILT_IN.of(double.class).typename()).isEqualTo("io.statefun.types/double");
			assertThat(BUILT_IN.of(String.class).typename()).isEqualTo("io.statefun.types/string");
		}

		@ParameterizedTest
		@ValueSource(
				classes = { byte.class, Short.class, char.class, void.class, byte[].class, Object.class, List.class })
		void otherTypesHaveNoMapping(Class<?> type) {
			assertThatExceptionOfType(UnmappedTypeException.class).isThrownBy(() -> BUILT_IN.of(type))
				.withMessageContaining("No mapping for type '" + type.getTypeName() + "'")
				.withMessageContaining("@MessageType")
				.satisfies((ex) -> assertThat(ex.type()).isEqualTo(type));
		}

		private static void assertRefused(Class<?> type, String hex) {
			assertThatExceptionOfType(Exception.class).as("%s as %s", hex, type).isThrownBy(() -> decoded(type, hex));
		}

	}

	@Nested
	class ZeroStates {

		private static final FunctionSpec SPEC = FunctionSpec.of(Cluster.FUNCTION)
			.state("int", Integer.class)
			.state("text", String.class);

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void zeroValuesArePresentAndNotAbsent(Dialect dialect) {
			// On 2.x they have bytes: the Any carries their type
			List<Object> seen = new ArrayList<>();
			Cluster.of(dialect, SPEC, (context, message) -> {
				seen.add(context.state("int", Integer.class).get());
				seen.add(context.state("text", String.class).get());
			}).call(Cluster.request(Values.user("a")).state("int", Values.integer(0)).state("text", Values.text("")));
			assertThat(seen).containsExactly(Optional.of(0), Optional.of(""));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void zeroValuesAreWritten(Dialect dialect) {
			assertThat(Cluster.of(dialect, SPEC, (context, message) -> {
				context.state("int", Integer.class).set(0);
				context.state("text", String.class).set("");
			}).call(Cluster.request(Values.user("a")).absentState("int").absentState("text")).stateChanges())
				.containsExactly(new StateChange("int", Values.integer(0)), new StateChange("text", Values.text("")));
		}

		@Test
		void absentStatesOf3xAreAbsent() {
			assertThat(Cluster
				.of(Dialect.V3, SPEC,
						(context, message) -> assertThat(context.state("int", Integer.class).get()).isEmpty())
				.call(Cluster.request(Values.user("a")).absentState("int").absentState("text")))
				.isEqualTo(ClusterReply.NOTHING);
		}

	}

	@Nested
	class Protobuf {

		@ParameterizedTest
		@ValueSource(strings = { "type.googleapis.com/example.User", "com.googleapis/example.User", "/example.User",
				"a/b/c/example.User", "example.User" })
		void messageIsFoundByTheNameAfterTheLastSlash(String typename) {
			// Deployed configurations of 2.x use all kinds of prefixes, or none
			// (protocol.md §7.4)
			for (Dialect dialect : Dialect.values()) {
				List<Object> seen = new ArrayList<>();
				User user = User.newBuilder().setName("Ada").build();
				Cluster.of(dialect, new Users(seen)).call(Values.of(typename, user));
				assertThat(seen).containsExactly(user);
			}
		}

		@ParameterizedTest
		@ValueSource(strings = { "type.googleapis.com/User", "type.googleapis.com/other.User", "example.User/", "",
				"type.googleapis.com/example.Users", "type.googleapis.com/xexample.User" })
		void otherNamesAreNotAccepted(String typename) {
			assertThat(Cluster.of(Dialect.V2, new Users(new ArrayList<>()))
				.mistake(Values.of(typename, User.newBuilder().setName("Ada").build())))
				.isInstanceOf(UnhandledMessageException.class);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void messageIsSentUnderThePrefixOfGoogle(Dialect dialect) {
			assertThat(Cluster.of(dialect, (context, message) -> context.send("a/b", "1", Values.countOf(2)))
				.call(Values.user("a"))
				.sent()).containsExactly(new Sent("a/b/1", Values.count(2)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void anotherNameIsUsedForSendingReceivingAndState(Dialect dialect) {
			List<Object> seen = new ArrayList<>();
			StatefulFunctions functions = StatefulFunctions.builder()
				.protobuf(User.class, "shop/User")
				.register(Cluster.FUNCTION, new KeepingUser(seen))
				.build();
			User user = User.newBuilder().setName("Ada").build();
			Any renamed = Values.of("shop/User", user);
			assertThat(new Cluster(dialect, functions).call(
					Cluster.request().absentState("user").messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, renamed)))
				.isEqualTo(new ClusterReply(List.of(new StateChange("user", renamed)),
						List.of(new Sent("example/caller/c-1", renamed)), List.of(), List.of(), List.of()));
			assertThat(seen).containsExactly(user);
		}

		@Test
		void stateOfAPythonFunctionIsReadUnderAnotherName() {
			List<Object> seen = new ArrayList<>();
			StatefulFunctions functions = StatefulFunctions.builder()
				.protobuf(User.class, "shop/User")
				.register(Cluster.FUNCTION, new Object() {

					@Handler
					void user(User user, @Persisted("user") PersistedValue<User> stored) {
						seen.add(stored.get().orElseThrow());
					}

				})
				.build();
			new Cluster(Dialect.V2, functions).call(Cluster.request(Values.user("b")).state("user", Values.user("a")));
			assertThat(seen).extracting((user) -> ((User) user).getName()).containsExactly("a");
		}

		@Test
		void nameWithoutASlashIsRefusedAtStartUp() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder()
				.protobuf(User.class, "User")
				.register(Cluster.FUNCTION, new Users(new ArrayList<>()));
			assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
				.withMessageContaining("Give it a name of the form '<namespace>/<name>'");
		}

		@Test
		void twoMessagesWithTheSameNameAfterTheSlashAreRefusedAtStartUp() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder()
				.protobuf(User.class, "a/Same")
				.protobuf(Count.class, "b/Same")
				.register(Cluster.FUNCTION, new Object() {

					@Handler
					void user(User user) {
					}

					@Handler
					void count(Count count) {
					}

				});
			assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
				.withMessageContaining("both take messages of the type '*/Same'");
		}

		@Test
		void wholeNamePrecedesTheNameAfterTheSlash() {
			List<Object> seen = new ArrayList<>();
			StatefulFunctions functions = StatefulFunctions.builder()
				.codecs(factory(new UpperCase("shop/example.User", true)))
				.register(Cluster.FUNCTION, new Object() {

					@Handler
					void user(User user) {
						seen.add(user);
					}

					@Handler
					void word(Word word) {
						seen.add(word);
					}

				})
				.build();
			Cluster cluster = new Cluster(Dialect.V3, functions);
			cluster.call(Values.of("shop/example.User", ByteString.copyFromUtf8("x")));
			cluster.call(Values.of("other/example.User", User.getDefaultInstance()));
			assertThat(seen).containsExactly(new Word("X"), User.getDefaultInstance());
		}

		@Test
		void otherMessageClassesAreRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> BUILT_IN.of(DynamicMessage.class))
				.withMessageContaining("is no generated protobuf message");
			assertThatIllegalArgumentException().isThrownBy(() -> BUILT_IN.of(Message.class));
		}

	}

	@Nested
	class AnyStates {

		private static final FunctionSpec SPEC = FunctionSpec.of(Cluster.FUNCTION).state("raw", Any.class);

		@Test
		void anyIsNotWrappedTwiceOn2x() {
			// Same bytes as in the Python SDK, so that states can be taken over
			assertThat(Cluster.of(Dialect.V2, SPEC, (context, message) -> {
				assertThat(context.state("raw").get()).contains(Values.text("old"));
				context.state("raw").set(message);
			}).call(Cluster.request(Values.user("a")).state("raw", Values.text("old"))).stateChanges())
				.containsExactly(new StateChange("raw", Values.user("a")));
		}

		@Test
		void anyHasItsOwnTypeOn3x() {
			assertThat(Cluster.of(Dialect.V3, SPEC, (context, message) -> {
				assertThat(context.state("raw").get()).contains(Values.text("old"));
				context.state("raw").set(message);
			}).call(Cluster.request(Values.user("a")).anyState("raw", Values.text("old"))).stateChanges())
				.containsExactly(
						new StateChange("raw", Values.of("type.googleapis.com/google.protobuf.Any", Values.user("a"))));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void bytesAreTheSameInBothDialects(Dialect dialect) {
			AtomicReference<Object> seen = new AtomicReference<>();
			Cluster.of(dialect, SPEC, (context, message) -> seen.set(context.state("raw", Any.class).get()))
				.call(Cluster.request(Values.user("a")).anyState("raw", Values.count(0)));
			assertThat(seen).hasValue(Optional.of(Values.count(0)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void anyWithoutATypeIsRefused(Dialect dialect) {
			// On 2.x an empty one would be read back as absent
			assertThat(
					Cluster.of(dialect, SPEC, (context, message) -> context.state("raw").set(Any.getDefaultInstance()))
						.mistake(Cluster.request(Values.user("a")).absentState("raw")))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("without a type URL");
		}

	}

	@Nested
	class TypedAndRawViews {

		private static final FunctionSpec SPEC = FunctionSpec.of(Cluster.FUNCTION).state("count", Count.class);

		@Test
		void typedStateIsStoredAsASerializedAnyOn2x() {
			Cluster cluster = Cluster.of(Dialect.V2, SPEC, (context, message) -> {
				assertThat(context.state("count", Count.class).get()).contains(Values.countOf(1));
				context.state("count", Count.class).set(Values.countOf(2));
			});
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.count(1))).stateChanges())
				.containsExactly(new StateChange("count", Values.count(2)));
		}

		@Test
		void everyPrefixIsReadAndThatOfGoogleIsWrittenOn2x() {
			Cluster cluster = Cluster.of(Dialect.V2, SPEC, (context, message) -> {
				assertThat(context.state("count", Count.class).get()).contains(Values.countOf(1));
				context.state("count", Count.class).set(Values.countOf(2));
			});
			assertThat(cluster
				.call(Cluster.request(Values.user("a"))
					.state("count", Values.of("com.googleapis/example.Count", Values.countOf(1))))
				.stateChanges()).containsExactly(new StateChange("count", Values.count(2)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void typedStateHasARawView(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, SPEC,
					(context, message) -> assertThat(context.state("count").get()).contains(Values.count(1)));
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", Values.count(1))))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void bothViewsAgreeOverTheBatch(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, SPEC, (context, message) -> {
				PersistedValue<Count> typed = context.state("count", Count.class);
				PersistedValue<Any> raw = context.state("count");
				assertThat(typed.get()).isEmpty();
				assertThat(raw.get()).isEmpty();
				typed.set(Values.countOf(1));
				assertThat(raw.get()).contains(Values.count(1));
				raw.set(Values.count(2));
				assertThat(typed.get()).contains(Values.countOf(2));
				assertThat(raw.get()).contains(Values.count(2));
				typed.remove();
				assertThat(raw.get()).isEmpty();
				raw.set(Values.count(3));
				raw.remove();
				assertThat(typed.get()).isEmpty();
				raw.set(Values.count(4));
			});
			assertThat(cluster.call(Cluster.request(Values.user("a")).absentState("count")).stateChanges())
				.containsExactly(new StateChange("count", Values.count(4)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void rawViewRefusesValuesOfAnotherType(Dialect dialect) {
			assertThat(Cluster.of(dialect, SPEC, (context, message) -> context.state("count").set(message))
				.mistake(Cluster.request(Values.user("a")).absentState("count")))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("'type.googleapis.com/example.User'")
				.hasMessageContaining("expected 'type.googleapis.com/example.Count'");
		}

		@Test
		void bothViewsOfAnUndeclaredStateAgree() {
			for (boolean rawFirst : new boolean[] { true, false }) {
				List<Object> seen = new ArrayList<>();
				Cluster cluster = Cluster.of(Dialect.V2, (context, message) -> {
					if (rawFirst) {
						seen.add(context.state("count").get());
					}
					seen.add(context.state("count", Count.class).get());
					seen.add(context.state("count").get());
				});
				cluster.call(Cluster.request(Values.user("a")).state("count", Values.count(1)));
				assertThat(seen).contains(Optional.of(Values.count(1)), Optional.of(Values.countOf(1)));
			}
		}

		@Test
		void stateIsWrittenUnderItsDeclaredTypename() {
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
				.state(ValueSpec.of("count", Count.class).typename("shop/Count"));
			Any old = Values.of("shop/Count", Values.countOf(1));
			for (Dialect dialect : Dialect.values()) {
				Cluster cluster = Cluster.of(dialect, spec, (context, message) -> {
					PersistedValue<Count> count = context.state("count", Count.class);
					count.set(Values.countOf(count.get().orElseThrow().getValue() + 1));
				});
				assertThat(cluster.call(Cluster.request(Values.user("a")).state("count", old)).stateChanges())
					.containsExactly(new StateChange("count", Values.of("shop/Count", Values.countOf(2))));
			}
		}

	}

	@Nested
	class SeveralNames {

		private final List<Object> seen = new ArrayList<>();

		private final StatefulFunctions functions = StatefulFunctions.builder()
			.protobuf(User.class, "shop/User", "shop/OldUser", "crm/Person")
			.register(Cluster.FUNCTION, new Users(this.seen))
			.build();

		@ParameterizedTest
		@ValueSource(strings = { "shop/User", "shop/OldUser", "crm/Person", "any.prefix/Person",
				"type.googleapis.com/example.User" })
		void allNamesAreRead(String typename) {
			Any message = Values.user("a").toBuilder().setTypeUrl(typename).build();
			new Cluster(Dialect.V3, this.functions).call(message);
			assertThat(this.seen).extracting((user) -> ((User) user).getName()).containsExactly("a");
		}

		@Test
		void allNamesAreDescribed() {
			assertThat(this.functions.functions().get(0).handlers())
				.extracting(FunctionDescriptor.HandlerDescriptor::typename)
				.containsExactly("shop/User", "crm/Person", "shop/OldUser");
			assertThat(this.functions.mappings().of(User.class).typenames()).containsExactly("shop/User", "crm/Person",
					"shop/OldUser");
		}

		@Test
		void firstNameIsWrittenUnlessAMessageIsPackedUnderAnother() {
			FunctionHandler handler = (context, message) -> {
				context.send("a/b", "1", User.newBuilder().setName("a").build());
				context.send("a/b", "1", context.pack(User.newBuilder().setName("a").build(), "shop/OldUser"));
			};
			Cluster cluster = new Cluster(Dialect.V3,
					StatefulFunctions.builder()
						.protobuf(User.class, "shop/User", "shop/OldUser")
						.register(FunctionSpec.of(Cluster.FUNCTION), handler)
						.build());
			assertThat(cluster.call(Values.text("go")).sent()).extracting((sent) -> sent.message().getTypeUrl())
				.containsExactly("shop/User", "shop/OldUser");
		}

		@Test
		void otherNamesCannotBePacked() {
			Cluster cluster = Cluster.of(Dialect.V3,
					(context, message) -> context.pack(User.newBuilder().setName("a").build(), "shop/User"));
			assertThat(cluster.mistake(Values.text("go"))).isInstanceOf(IllegalArgumentException.class)
				.hasMessage("A '" + User.class.getName() + "' can't be packed as 'shop/User'; it has the message types "
						+ "[type.googleapis.com/example.User]");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void stateKeepsTheTypenameOfItsDeclaration(Dialect dialect) {
			FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION)
				.state(ValueSpec.of("user", User.class).typename("shop/OldUser"));
			Cluster cluster = new Cluster(dialect,
					StatefulFunctions.builder()
						.protobuf(User.class, "shop/User", "shop/OldUser")
						.register(spec,
								(context, message) -> context.state("user", User.class)
									.set(User.newBuilder().setName("b").build()))
						.build());
			Any old = Values.user("a").toBuilder().setTypeUrl("shop/OldUser").build();
			assertThat(cluster.call(Cluster.request(Values.text("go")).state("user", old)).stateChanges())
				.extracting((state) -> Objects.requireNonNull(state.value()).getTypeUrl())
				.containsExactly("shop/OldUser");
		}

		@Test
		void secondCallForAClassIsRefused() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder().protobuf(User.class, "shop/User");
			assertThatIllegalArgumentException().isThrownBy(() -> builder.protobuf(User.class, "shop/OldUser"))
				.withMessage("Protobuf message '" + User.class.getName()
						+ "' is given the names [shop/User] and [shop/OldUser]. Give all its names in one call, the one "
						+ "to write first.");
		}

		@Test
		void oneNameForTwoClassesIsRefused() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder()
				.protobuf(User.class, "shop/User", "shop/Same")
				.protobuf(Count.class, "shop/Count", "shop/Same")
				.register(FunctionSpec.of("example/a").state("user", User.class), (context, message) -> {
				})
				.register(FunctionSpec.of("example/b").state("count", Count.class), (context, message) -> {
				});
			assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(builder::build)
				.withMessageEndingWith("state 'count': Message type 'shop/Same' is the name of '" + User.class.getName()
						+ "' and of '" + Count.class.getName() + "'. Give each type a name of its own.");
		}

	}

	@Nested
	class CodecsOfTwoFunctions {

		private final MessageCodec<LocalDate> dates = MessageCodec.of(LocalDate.class, "shop/Date",
				(date) -> date.toString().getBytes(StandardCharsets.UTF_8),
				(bytes) -> LocalDate.parse(new String(bytes, StandardCharsets.UTF_8)));

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void messagesAndStatesHaveTheirBytes(Dialect dialect) {
			StatefulFunctions functions = StatefulFunctions.builder()
				.codec(this.dates)
				.register(Cluster.FUNCTION, new Object() {

					@Handler
					LocalDate on(LocalDate date, @Persisted("last") PersistedValue<LocalDate> last) {
						LocalDate reply = last.get().orElseThrow();
						last.set(date);
						return reply;
					}

				})
				.build();
			ClusterReply reply = new Cluster(dialect, functions).call(Cluster.request()
				.state("last", date("2026-11-27"))
				.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, date("2026-11-28")));
			assertThat(reply.sent()).extracting(ClusterReply.Sent::message).containsExactly(date("2026-11-27"));
			assertThat(reply.stateChanges()).containsExactly(new ClusterReply.StateChange("last", date("2026-11-28")));
		}

		@Test
		@NullUnmarked
		void nullIsNoValue() {
			MessageCodec<String> broken = MessageCodec.of(String.class, "shop/Text", (text) -> null, (bytes) -> null);
			assertThatNullPointerException().isThrownBy(() -> broken.encode("a"))
				.withMessage("The encoder of 'shop/Text' has returned null");
			assertThatNullPointerException().isThrownBy(() -> broken.decode(new byte[0], 0, 0))
				.withMessage("The decoder of 'shop/Text' has returned null");
		}

		@Test
		void secondCodecForAClassIsRefused() {
			StatefulFunctions.Builder builder = StatefulFunctions.builder().codec(this.dates);
			assertThatIllegalArgumentException().isThrownBy(() -> builder.codec(this.dates))
				.withMessageStartingWith("There are two codecs for 'java.time.LocalDate'");
		}

		private static Any date(String text) {
			return Any.newBuilder().setTypeUrl("shop/Date").setValue(ByteString.copyFromUtf8(text)).build();
		}

	}

	@Nested
	class CustomCodecs {

		@Test
		void factoriesAreCalledInOrderBeforeTheBuiltInTypes() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.codecs((type) -> null)
				.codecs(factory(new UpperCase("first/word", true)))
				.codecs(factory(new UpperCase("second/word", true)))
				.build();
			MessageMapping<Word> mapping = functions.mappings().of(Word.class);
			assertThat(mapping.typename()).isEqualTo("first/word");
			assertThat(functions.mappings().of(String.class).typename()).isEqualTo("io.statefun.types/string");
		}

		@Test
		void factoryIsCalledOnceForEachType() {
			List<Type> asked = new ArrayList<>();
			StatefulFunctions functions = StatefulFunctions.builder().codecs((type) -> {
				asked.add(type);
				return null;
			}).build();
			functions.mappings().of(String.class);
			functions.mappings().of(String.class);
			assertThat(asked).containsExactly(String.class);
		}

		@ParameterizedTest
		@ValueSource(strings = { "word", "/word", "my/", "" })
		void typeNameNeedsTheFormOfTypeNames(String typename) {
			StatefulFunctions functions = StatefulFunctions.builder()
				.codecs(factory(new UpperCase(typename, true)))
				.build();
			assertThatIllegalArgumentException().isThrownBy(() -> functions.mappings().of(Word.class))
				.withMessageContaining("Give it a name of the form '<namespace>/<name>'");
		}

		@Test
		void errorForAnAnnotatedClassWithoutAFactoryNamesTheFactory() {
			assertThatExceptionOfType(UnmappedTypeException.class).isThrownBy(() -> BUILT_IN.of(Marked.class))
				.withMessageContaining("with the Spring Boot starter a JsonMapper bean is enough");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void mutableStateIsDecodedByEveryGetAndEncodedBySet(Dialect dialect) {
			UpperCase codec = new UpperCase("my/word", false);
			Cluster cluster = words(dialect, codec, (context, message) -> {
				PersistedValue<Word> state = context.state("word", Word.class);
				Word first = state.get().orElseThrow();
				Word second = state.get().orElseThrow();
				assertThat(second).isNotSameAs(first).isEqualTo(first);
				first.text = "changed in place";
				assertThat(state.get()).contains(new Word("OLD"));
				Word word = new Word("new");
				state.set(word);
				word.text = "changed after set";
				assertThat(state.get()).contains(new Word("NEW"));
				assertThat(codec.decoded).isEqualTo(4);
				assertThat(codec.encoded).isEqualTo(1);
			});
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("word", word("old"))).stateChanges())
				.containsExactly(new StateChange("word", word("new")));
			assertThat(codec.encoded).isEqualTo(1);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void immutableStateIsDecodedOnceForTheBatchAndEncodedWhenItIsWritten(Dialect dialect) {
			UpperCase codec = new UpperCase("my/word", true);
			List<Object> seen = new ArrayList<>();
			Cluster cluster = words(dialect, codec, (context, message) -> {
				PersistedValue<Word> state = context.state("word", Word.class);
				seen.add(state.get().orElseThrow());
				seen.add(state.get().orElseThrow());
				if (seen.size() == 4) {
					state.set(new Word("b"));
					state.set(new Word("c"));
				}
			});
			assertThat(
					cluster.call(Cluster.request(Values.user("a")).message(Values.user("b")).state("word", word("old")))
						.stateChanges())
				.containsExactly(new StateChange("word", word("c")));
			assertThat(seen).hasSize(4).allSatisfy((word) -> assertThat(word).isSameAs(seen.get(0)));
			assertThat(codec.decoded).isEqualTo(1);
			assertThat(codec.encoded).isEqualTo(2);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void stateRecordAndReplyShareOneEncoding(Dialect dialect) {
			UpperCase codec = UpperCase.encodingOnce();
			Cluster cluster = words(dialect, codec, (context, message) -> {
				Word word = new Word("new");
				context.state("word", Word.class).set(word);
				context.sendEgress(EgressId.parse("example/words"), word);
				context.reply(word);
			});
			ClusterReply reply = cluster.call(Cluster.request()
				.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
				.state("word", word("old")));
			assertThat(reply.stateChanges()).containsExactly(new StateChange("word", word("new")));
			assertThat(reply.records()).containsExactly(new Egress("example/words", word("new")));
			assertThat(reply.sent()).containsExactly(new Sent(Cluster.CALLER.toString(), word("new")));
			assertThat(codec.encoded).isEqualTo(1);
		}

		@Test
		void onlyTheSameObjectIsEncodedOnce() {
			UpperCase codec = UpperCase.encodingOnce();
			Cluster cluster = words(Dialect.V3, codec, (context, message) -> {
				context.state("word", Word.class).set(new Word("new"));
				context.reply(new Word("new"));
				context.reply(new Word("other"));
			});
			ClusterReply reply = cluster.call(Cluster.request()
				.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
				.state("word", word("old")));
			assertThat(reply.stateChanges()).containsExactly(new StateChange("word", word("new")));
			assertThat(reply.sent()).extracting(Sent::message).containsExactly(word("new"), word("other"));
			assertThat(codec.encoded).isEqualTo(3);
		}

		@Test
		void mutableValueIsEncodedWhenItIsSent() {
			UpperCase codec = new UpperCase("my/word", false);
			Cluster cluster = words(Dialect.V3, codec, (context, message) -> {
				Word word = new Word("new");
				context.state("word", Word.class).set(word);
				word.text = "changed";
				context.reply(word);
			});
			ClusterReply reply = cluster.call(Cluster.request()
				.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
				.state("word", word("old")));
			assertThat(reply.stateChanges()).containsExactly(new StateChange("word", word("new")));
			assertThat(reply.sent()).extracting(Sent::message).containsExactly(word("changed"));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void changeOfAMutableValueIsNotReported(Dialect dialect) {
			Cluster cluster = words(dialect, new UpperCase("my/word", false),
					(context, message) -> context.state("word", Word.class).get().orElseThrow().text = "changed");
			assertThat(cluster.call(Cluster.request(Values.user("a")).state("word", word("old"))))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@ParameterizedTest
		@ValueSource(booleans = { true, false })
		void valueThatCannotBeEncodedFailsTheBatch(boolean immutable) {
			Cluster cluster = words(Dialect.V3, new UpperCase("my/word", immutable),
					(context, message) -> context.state("word", Word.class).set(new Word("fail")));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("word")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("State 'word' of function 'example/function' can't be written")
				.hasRootCauseMessage("fail");
		}

		@Test
		void messageThatCannotBeEncodedFailsTheInvocation() {
			Cluster cluster = words(Dialect.V3, new UpperCase("my/word", true),
					(context, message) -> context.send("a/b", "1", new Word("fail")));
			assertThat(cluster.mistake(Cluster.request(Values.user("a")).absentState("word")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("can't send a '" + Word.class.getName() + "'")
				.hasRootCauseMessage("fail");
		}

		@Test
		void prefixOfACustomTypeIsSignificant() {
			StatefulFunctions functions = StatefulFunctions.builder()
				.codecs(factory(new UpperCase("my/word", true)))
				.register(Cluster.FUNCTION, new Object() {

					@Handler
					void on(Word word) {
					}

				})
				.build();
			Cluster cluster = new Cluster(Dialect.V3, functions);
			assertThat(cluster.call(word("x"))).isEqualTo(ClusterReply.NOTHING);
			assertThat(cluster.mistake(Values.of("other/word", ByteString.copyFromUtf8("x"))))
				.isInstanceOf(UnhandledMessageException.class);
		}

		private static Any word(String text) {
			return Values.of("my/word", ByteString.copyFromUtf8(text));
		}

		private static Cluster words(Dialect dialect, UpperCase codec, FunctionHandler function) {
			return new Cluster(dialect,
					StatefulFunctions.builder()
						.codecs(factory(codec))
						.register(FunctionSpec.of(Cluster.FUNCTION).state("word", Word.class), function)
						.build());
		}

	}

	/**
	 * A class with mutable values.
	 */
	static final class Word {

		private String text;

		Word(String text) {
			this.text = text;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Word word && word.text.equals(this.text);
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/**
	 * Decodes words in upper case, to distinguish decoded words from those that were set.
	 */
	static final class UpperCase implements MessageCodec<Word> {

		private final String typename;

		private final boolean immutable;

		private final boolean encodesOnce;

		private int decoded;

		private int encoded;

		UpperCase(String typename, boolean immutable) {
			this(typename, immutable, false);
		}

		private UpperCase(String typename, boolean immutable, boolean encodesOnce) {
			this.typename = typename;
			this.immutable = immutable;
			this.encodesOnce = encodesOnce;
		}

		// As JSON of a record, which need not contain all of it
		static UpperCase encodingOnce() {
			return new UpperCase("my/word", false, true);
		}

		@Override
		public Class<Word> type() {
			return Word.class;
		}

		@Override
		public String typename() {
			return this.typename;
		}

		@Override
		public boolean immutable() {
			return this.immutable;
		}

		@Override
		public boolean encodesOnce() {
			return this.encodesOnce;
		}

		@Override
		public Word decode(byte[] buffer, int offset, int length) {
			this.decoded++;
			return new Word(new String(buffer, offset, length, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT));
		}

		@Override
		public byte[] encode(Word value) throws Exception {
			if (value.text.equals("fail")) {
				throw new Exception("fail");
			}
			this.encoded++;
			return value.text.getBytes(StandardCharsets.UTF_8);
		}

	}

	/**
	 * A class with a type name but without a codec.
	 */
	@MessageType("my/marked")
	record Marked() {

	}

	/**
	 * Keeps the users that it receives.
	 *
	 * @param seen the users
	 */
	record Users(List<Object> seen) {

		@Handler
		void on(User user) {
			this.seen.add(user);
		}

	}

	/**
	 * Keeps the users that it receives, and sends them back.
	 *
	 * @param seen the users
	 */
	record KeepingUser(List<Object> seen) {

		@Handler
		User on(User user, @Persisted("user") PersistedValue<User> state) {
			this.seen.add(user);
			state.set(user);
			return user;
		}

	}

}
