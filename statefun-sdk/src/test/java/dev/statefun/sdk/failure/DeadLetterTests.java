package dev.statefun.sdk.failure;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeadLetter}, read by protobuf with the published schema.
 */
class DeadLetterTests {

	private static final FunctionType FUNCTION = FunctionType.parse(Cluster.FUNCTION);

	private static final Instant TIME = Instant.parse("2026-11-22T10:15:30.000120Z");

	@Test
	void protobufFormIsThatOfTheSchema() throws Exception {
		Any message = Any.newBuilder().setTypeUrl("shop/Order").setValue(ByteString.copyFromUtf8("\0binary\n")).build();
		DeadLetter letter = letter(message, Cluster.CALLER, new IllegalArgumentException("no \"luck\""));
		assertThat(dev.statefun.deadletter.DeadLetter.parseFrom(letter.toProtobuf()))
			.isEqualTo(dev.statefun.deadletter.DeadLetter.newBuilder()
				.setTarget(address(Address.of(Cluster.FUNCTION, Cluster.ID)))
				.setCaller(address(Cluster.CALLER))
				.setType("shop/Order")
				.setValue(ByteString.copyFromUtf8("\0binary\n"))
				.setKind(dev.statefun.deadletter.DeadLetter.Kind.HANDLER)
				.setException("java.lang.IllegalArgumentException")
				.setText("no \"luck\"")
				.setTime(Timestamp.newBuilder().setSeconds(TIME.getEpochSecond()).setNanos(120_000))
				.build());
	}

	@Test
	void jsonFormIsTheJsonMappingOfTheSchema() {
		Any message = Any.newBuilder().setTypeUrl("shop/Order").setValue(ByteString.copyFromUtf8("?>?>")).build();
		DeadLetter letter = letter(message, Cluster.CALLER, new IllegalArgumentException("no \"luck\"\n\\ é"));
		assertThat(json(letter)).isEqualTo(
				"""
						{"target":{"namespace":"%s","name":"%s","id":"%s"},\
						"caller":{"namespace":"%s","name":"%s","id":"%s"},\
						"type":"shop/Order","value":"Pz4/Pg==","kind":"HANDLER","exception":"java.lang.IllegalArgumentException",\
						"text":"no \\"luck\\"\\u000a\\\\ é","time":"2026-11-22T10:15:30.000120Z"}"""
					.formatted(FUNCTION.namespace(), FUNCTION.name(), Cluster.ID, Cluster.CALLER.type().namespace(),
							Cluster.CALLER.type().name(), Cluster.CALLER.id()));
	}

	@Test
	void messageFromAnIngressHasNoCaller() throws Exception {
		DeadLetter letter = letter(Values.text("x"), null, new IllegalStateException());
		assertThat(dev.statefun.deadletter.DeadLetter.parseFrom(letter.toProtobuf()).hasCaller()).isFalse();
		assertThat(json(letter)).doesNotContain("caller").contains("\"text\":\"\"");
	}

	@ParameterizedTest
	@EnumSource
	void schemaHasEveryKind(FailureKind kind) throws Exception {
		Any message = Any.newBuilder().setTypeUrl("shop/Order").build();
		FailedInvocation failed = new FailedInvocation(Cluster.CALLER, Optional.empty(), message, kind,
				new IllegalStateException());
		DeadLetter letter = DeadLetter.of(failed, TIME);
		assertThat(dev.statefun.deadletter.DeadLetter.parseFrom(letter.toProtobuf()).getKind())
			.hasToString(kind.name());
		assertThat(json(letter)).contains("\"kind\":\"" + kind.name() + "\"");
	}

	@Test
	void textIsBoundedAndTheMessageIsNot() throws Exception {
		ByteString large = ByteString.copyFrom(new byte[3_000_000]);
		Any message = Any.newBuilder().setTypeUrl("shop/Order").setValue(large).build();
		for (String part : List.of("x", "é", "€", "😀")) {
			for (int shift = 0; shift < 4; shift++) {
				String text = "-".repeat(shift) + part.repeat(9000);
				DeadLetter letter = letter(message, null, new IllegalStateException(text));
				dev.statefun.deadletter.DeadLetter read = dev.statefun.deadletter.DeadLetter
					.parseFrom(letter.toProtobuf());
				assertThat(read.getValue()).isEqualTo(large);
				assertThat(read.getTextBytes().size()).isBetween((8 << 10) - 4, 8 << 10);
				assertThat(read.getText()).endsWith("…");
				assertThat(text).startsWith(read.getText().substring(0, read.getText().length() - 1));
			}
		}
		String longest = "x".repeat(8 << 10);
		assertThat(json(letter(Values.text("x"), null, new IllegalStateException(longest)))).contains(longest + '"');
	}

	@Test
	void unreadableTextIsReplaced() throws Exception {
		DeadLetter unreadable = letter(Values.text("x"), null, new UnreadableException());
		assertThat(dev.statefun.deadletter.DeadLetter.parseFrom(unreadable.toProtobuf()).getText())
			.isEqualTo("(the text of the exception can't be read: java.lang.UnsupportedOperationException)");
		DeadLetter unpaired = letter(Values.text("x"), null, new IllegalStateException("half \ud83d of a pair"));
		assertThat(dev.statefun.deadletter.DeadLetter.parseFrom(unpaired.toProtobuf()).getText())
			.isEqualTo("half ? of a pair");
		assertThat(json(unpaired)).contains("half ? of a pair");
	}

	private static String json(DeadLetter letter) {
		return new String(letter.toJson(), StandardCharsets.UTF_8);
	}

	private static dev.statefun.deadletter.DeadLetter.Address address(Address address) {
		return dev.statefun.deadletter.DeadLetter.Address.newBuilder()
			.setNamespace(address.type().namespace())
			.setName(address.type().name())
			.setId(address.id())
			.build();
	}

	// As a policy receives it
	private static DeadLetter letter(Any message, @Nullable Address caller, RuntimeException cause) {
		List<DeadLetter> letters = new ArrayList<>();
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of(Cluster.FUNCTION), (context, any) -> {
				throw cause;
			})
			.build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions).failurePolicy((failed) -> {
			letters.add(DeadLetter.of(failed, TIME));
			return FailureAction.skip();
		}).build();
		ClusterRequest request = Cluster.request();
		Cluster.replyOf(
				handler.handle(((caller != null) ? request.messageFrom(caller.type().toString(), caller.id(), message)
						: request.message(message))
					.toV3()
					.toByteArray()));
		return letters.get(0);
	}

	private static final class UnreadableException extends RuntimeException {

		@Override
		public String getMessage() {
			throw new UnsupportedOperationException("no text");
		}

	}

}
