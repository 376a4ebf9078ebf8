package dev.statefun.sdk.egress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.Values;
import dev.statefun.testwire.egress.KafkaProducerRecord;
import dev.statefun.testwire.egress.KinesisEgressRecord;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for records for the clusters' own egresses, as their sinks parse them
 * (protocol.md §1, §7.4).
 */
class EgressRecordTests {

	private static Any sent(Dialect dialect, Object record) {
		return sent(dialect, record, (value) -> ("{" + value + "}").getBytes(StandardCharsets.UTF_8));
	}

	private static Any sent(Dialect dialect, Object record, @Nullable JsonEncoder json) {
		StatefulFunctions.Builder functions = StatefulFunctions.builder()
			.register(FunctionSpec.of(Cluster.FUNCTION),
					(context, message) -> context.sendEgress("example/out", record));
		if (json != null) {
			functions.json(json);
		}
		ClusterReply reply = new Cluster(dialect, functions.build()).call(Values.user("a"));
		assertThat(reply.records()).extracting(Egress::egress).containsExactly("example/out");
		return reply.records().get(0).message();
	}

	private static KafkaProducerRecord kafka(EgressRecord record) throws Exception {
		return KafkaProducerRecord.parseFrom(sent(Dialect.V3, record).getValue());
	}

	private static KinesisEgressRecord kinesis(EgressRecord record) throws Exception {
		return KinesisEgressRecord.parseFrom(sent(Dialect.V3, record).getValue());
	}

	@Nested
	class Kafka {

		// Same as the encoding of the official SDK: see KnownBytesTests
		@Test
		void primitiveValueHasTheEncodingOfStateFun() throws Exception {
			assertThat(kafka(KafkaRecord.forTopic("t").primitiveValue(7).build()).getValueBytes())
				.isEqualTo(Values.integer(7).getValue());
			assertThat(kafka(KafkaRecord.forTopic("t").primitiveValue("a").build()).getValueBytes())
				.isEqualTo(Values.text("a").getValue());
			assertThat(kafka(KafkaRecord.forTopic("t").primitiveValue(0L).build()).getValueBytes()).isEmpty();
			assertThat(
					kinesis(KinesisRecord.forStream("s").partitionKey("p").primitiveValue(7).build()).getValueBytes())
				.isEqualTo(Values.integer(7).getValue());
		}

		@Test
		void otherValuesAreNoPrimitives() {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> KafkaRecord.forTopic("t").primitiveValue(new StringBuilder("a")))
				.withMessage("A 'java.lang.StringBuilder' is no primitive; "
						+ "expected Boolean, Integer, Long, Float, Double or String");
		}

		@Test
		void recordHasTheOldNameOn2x() {
			assertThat(sent(Dialect.V2, KafkaRecord.forTopic("t").utf8Value("v").build()).getTypeUrl())
				.isEqualTo("type.googleapis.com/org.apache.flink.statefun.flink.io.KafkaProducerRecord");
		}

		@Test
		void recordHasTheNewNameOn3x() {
			assertThat(sent(Dialect.V3, KafkaRecord.forTopic("t").utf8Value("v").build()).getTypeUrl())
				.isEqualTo("type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void bytesAreThoseOfTheGeneratedMessage(Dialect dialect) {
			KafkaRecord record = KafkaRecord.forTopic("grüße").key("clé").utf8Value("Привет 👋").build();
			assertThat(sent(dialect, record).getValue()).isEqualTo(KafkaProducerRecord.newBuilder()
				.setKey("clé")
				.setValueBytes(ByteString.copyFromUtf8("Привет 👋"))
				.setTopic("grüße")
				.build()
				.toByteString());
		}

		@Test
		void missingKeyIsOmitted() throws Exception {
			KafkaProducerRecord expected = KafkaProducerRecord.newBuilder()
				.setTopic("t")
				.setValueBytes(ByteString.copyFromUtf8("v"))
				.build();
			assertThat(kafka(KafkaRecord.forTopic("t").utf8Value("v").build())).isEqualTo(expected);
			assertThat(kafka(KafkaRecord.forTopic("t").key("").utf8Value("v").build())).isEqualTo(expected);
		}

		@Test
		void valueMayBeEmpty() throws Exception {
			assertThat(kafka(KafkaRecord.forTopic("t").value(new byte[0]).build()))
				.isEqualTo(KafkaProducerRecord.newBuilder().setTopic("t").build());
		}

		@Test
		void bytesAreCopied() throws Exception {
			byte[] value = { 0, -1, 127 };
			KafkaRecord record = KafkaRecord.forTopic("t").value(value).build();
			value[0] = 9;
			assertThat(kafka(record).getValueBytes().toByteArray()).containsExactly(0, -1, 127);
		}

		@Test
		void messageIsWrittenWithoutAnEnvelope() throws Exception {
			// Not as an Any, as consumers do not know StateFun
			assertThat(kafka(KafkaRecord.forTopic("t").value(Values.countOf(5)).build()).getValueBytes())
				.isEqualTo(Values.countOf(5).toByteString());
		}

		@Test
		void objectIsWrittenByTheJsonEncoder() throws Exception {
			assertThat(kafka(KafkaRecord.forTopic("t").jsonValue(12).build()).getValueBytes().toStringUtf8())
				.isEqualTo("{12}");
		}

		@Test
		void lastValueIsUsed() throws Exception {
			assertThat(kafka(KafkaRecord.forTopic("t").jsonValue(1).utf8Value("v").build()).getValueBytes())
				.isEqualTo(ByteString.copyFromUtf8("v"));
		}

		@Test
		void largeRecordIsNotTruncated() throws Exception {
			byte[] value = new byte[3_000_000];
			value[value.length - 1] = 1;
			assertThat(kafka(KafkaRecord.forTopic("t").key("k".repeat(70_000)).value(value).build()))
				.isEqualTo(KafkaProducerRecord.newBuilder()
					.setTopic("t")
					.setKey("k".repeat(70_000))
					.setValueBytes(ByteString.copyFrom(value))
					.build());
		}

		@Test
		void recordWithoutAValueIsRefused() {
			assertThatIllegalStateException().isThrownBy(() -> KafkaRecord.forTopic("t").key("k").build())
				.withMessageContaining("'t' has no value");
		}

		@Test
		@NullUnmarked
		void emptyTopicAndNullsAreRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> KafkaRecord.forTopic(""));
			assertThatNullPointerException().isThrownBy(() -> KafkaRecord.forTopic(null));
			KafkaRecord.Builder builder = KafkaRecord.forTopic("t");
			assertThatNullPointerException().isThrownBy(() -> builder.key(null));
			assertThatNullPointerException().isThrownBy(() -> builder.utf8Value(null));
			assertThatNullPointerException().isThrownBy(() -> builder.value((byte[]) null));
			assertThatNullPointerException().isThrownBy(() -> builder.value((Message) null));
			assertThatNullPointerException().isThrownBy(() -> builder.jsonValue(null));
		}

	}

	@Nested
	class Kinesis {

		@Test
		void recordHasTheOldNameOn2x() {
			assertThat(sent(Dialect.V2, minimal()).getTypeUrl())
				.isEqualTo("type.googleapis.com/org.apache.flink.statefun.flink.io.KinesisEgressRecord");
		}

		@Test
		void recordHasTheNewNameOn3x() {
			assertThat(sent(Dialect.V3, minimal()).getTypeUrl())
				.isEqualTo("type.googleapis.com/io.statefun.sdk.egress.KinesisEgressRecord");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void bytesAreThoseOfTheGeneratedMessage(Dialect dialect) {
			KinesisRecord record = KinesisRecord.forStream("strøm")
				.partitionKey("клучь")
				.explicitHashKey("h")
				.utf8Value("værdi")
				.build();
			assertThat(sent(dialect, record).getValue()).isEqualTo(KinesisEgressRecord.newBuilder()
				.setStream("strøm")
				.setPartitionKey("клучь")
				.setExplicitHashKey("h")
				.setValueBytes(ByteString.copyFromUtf8("værdi"))
				.build()
				.toByteString());
		}

		@Test
		void missingExplicitHashKeyIsOmitted() throws Exception {
			assertThat(kinesis(minimal())).isEqualTo(KinesisEgressRecord.newBuilder()
				.setStream("s")
				.setPartitionKey("p")
				.setValueBytes(ByteString.copyFromUtf8("v"))
				.build());
		}

		@Test
		void bytesMessagesAndObjectsAreValues() throws Exception {
			KinesisRecord.Builder builder = KinesisRecord.forStream("s").partitionKey("p");
			assertThat(kinesis(builder.value(new byte[] { 1 }).build()).getValueBytes().toByteArray())
				.containsExactly(1);
			assertThat(kinesis(builder.value(Values.countOf(5)).build()).getValueBytes())
				.isEqualTo(Values.countOf(5).toByteString());
			assertThat(kinesis(builder.jsonValue(12).build()).getValueBytes().toStringUtf8()).isEqualTo("{12}");
		}

		@Test
		void recordWithoutAValueIsRefused() {
			assertThatIllegalStateException().isThrownBy(() -> KinesisRecord.forStream("s").partitionKey("p").build())
				.withMessageContaining("'s' has no value");
		}

		@Test
		void recordWithoutAPartitionKeyIsRefused() {
			assertThatIllegalStateException().isThrownBy(() -> KinesisRecord.forStream("s").utf8Value("v").build())
				.withMessageContaining("'s' has no partition key");
			assertThatIllegalArgumentException().isThrownBy(() -> KinesisRecord.forStream("s").partitionKey(""));
		}

		@Test
		@NullUnmarked
		void emptyStreamAndNullsAreRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> KinesisRecord.forStream(""));
			assertThatNullPointerException().isThrownBy(() -> KinesisRecord.forStream(null));
			KinesisRecord.Builder builder = KinesisRecord.forStream("s");
			assertThatNullPointerException().isThrownBy(() -> builder.partitionKey(null));
			assertThatNullPointerException().isThrownBy(() -> builder.explicitHashKey(null));
		}

		private static KinesisRecord minimal() {
			return KinesisRecord.forStream("s").partitionKey("p").utf8Value("v").build();
		}

	}

	@Nested
	class RecordValues {

		@Test
		void jsonWithoutAnEncoderIsRefused() {
			Throwable mistake = Cluster
				.of(Dialect.V3,
						(context, message) -> context.sendEgress("example/out",
								KafkaRecord.forTopic("t").jsonValue(new StringBuilder()).build()))
				.mistake(Values.user("a"));
			assertThat(mistake).isInstanceOf(IllegalStateException.class)
				.hasMessageContaining(StringBuilder.class.getName())
				.hasMessageContaining("StatefulFunctions.Builder.json");
		}

		@Test
		void objectThatCannotBeEncodedFailsTheInvocation() {
			StatefulFunctions functions = StatefulFunctions.builder().json((value) -> {
				throw new IOException("no bean");
			})
				.register(FunctionSpec.of(Cluster.FUNCTION),
						(context, message) -> context.sendEgress("example/out",
								KafkaRecord.forTopic("t").jsonValue(1).build()))
				.build();
			assertThat(new Cluster(Dialect.V3, functions).mistake(Values.user("a")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("can't be written as JSON")
				.hasRootCauseMessage("no bean");
		}

		@Test
		void protobufMessageHasNoJsonForm() {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> KafkaRecord.forTopic("t").jsonValue(Values.countOf(1)))
				.withMessageContaining("JsonFormat");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> KinesisRecord.forStream("s").jsonValue(Values.countOf(1)));
		}

		@Test
		void textThatIsNoUnicodeIsRefused() {
			assertThatIllegalArgumentException().isThrownBy(() -> KafkaRecord.forTopic("t").utf8Value("\udc00"));
			assertThat(Cluster
				.of(Dialect.V3,
						(context, message) -> context.sendEgress("a/b",
								KafkaRecord.forTopic("t").key("\ud800x").utf8Value("v").build()))
				.mistake(Values.user("a"))).isInstanceOf(IllegalArgumentException.class);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void otherEgressesAcceptAnyMessage(Dialect dialect) {
			assertThat(sent(dialect, Values.countOf(5))).isEqualTo(Values.count(5));
			assertThat(sent(dialect, "x")).isEqualTo(Values.text("x"));
			assertThat(sent(dialect, Values.of("custom/type", Values.countOf(5))))
				.isEqualTo(Values.of("custom/type", Values.countOf(5)));
		}

	}

	@Nested
	class Ids {

		@Test
		void idIsSplitAtItsLastSlash() {
			assertThat(EgressId.parse("a/b/c")).isEqualTo(EgressId.of("a/b", "c")).hasToString("a/b/c");
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "/", "a", "/a", "a/" })
		void idNeedsTwoPartsThatAreNotEmpty(String typename) {
			assertThatIllegalArgumentException().isThrownBy(() -> EgressId.parse(typename))
				.withMessageContaining("'<namespace>/<name>'");
		}

	}

}
