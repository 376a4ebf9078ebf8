package dev.statefun.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.statefun.local.Reply.Target;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the reading of arbitrary replies with protobuf's own classes. Without a fuzzer
 * this replays earlier findings; see CONTRIBUTING.md for how to look for more.
 */
class ReplyFuzzTests {

	@FuzzTest(maxDuration = "10m")
	@Timeout(20)
	void repliesAreReadAsProtobufReadsThemOrRefused(byte[] bytes) throws IOException {
		for (Dialect dialect : Dialect.values()) {
			Message message = parse(dialect, bytes);
			if (message == null) {
				assertThat(isRead(dialect, bytes)).isFalse();
			}
			else if (!message.getUnknownFields().hasField(101)) {
				// Written by protobuf again, as it merges duplicate fields
				Reply reply = ReplyReader.read(dialect, message.toByteArray());
				assertThat(effects(reply)).isEqualTo(effects(message));
			}
		}
	}

	private static boolean isRead(Dialect dialect, byte[] bytes) {
		try {
			ReplyReader.read(dialect, bytes);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static @Nullable Message parse(Dialect dialect, byte[] bytes) {
		try {
			return (dialect == Dialect.V2) ? dev.statefun.testwire.v2.FromFunction.parseFrom(bytes)
					: dev.statefun.testwire.v3.FromFunction.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			return null;
		}
	}

	private static List<Object> effects(Reply reply) {
		List<Object> effects = new ArrayList<>();
		reply.mutations()
			.forEach((mutation) -> effects.add(List.of(mutation.kind(), mutation.name(), mutation.typename(),
					ByteString.copyFrom(mutation.value()))));
		reply.messages().forEach((sent) -> effects.add(List.of(sent.target(), ByteString.copyFrom(sent.argument()))));
		reply.delayed()
			.forEach((delayed) -> effects.add(List.of(delayed.delayMillis(), delayed.target(),
					ByteString.copyFrom(delayed.argument()), delayed.cancellation(), delayed.token())));
		reply.egresses()
			.forEach((egress) -> effects
				.add(List.of(egress.namespace(), egress.name(), ByteString.copyFrom(egress.argument()))));
		if (reply.missing() != null) {
			effects.add(reply.missing()
				.stream()
				.map((spec) -> List.of(spec.name(), spec.typename(), spec.expiration(), spec.millis()))
				.toList());
		}
		return effects;
	}

	private static List<Object> effects(Message message) {
		return (message instanceof dev.statefun.testwire.v2.FromFunction reply) ? effects(reply)
				: effects((dev.statefun.testwire.v3.FromFunction) message);
	}

	private static List<Object> effects(dev.statefun.testwire.v2.FromFunction reply) {
		var result = reply.getInvocationResult();
		List<Object> effects = new ArrayList<>();
		result.getStateMutationsList()
			.forEach((mutation) -> effects
				.add(List.of(mutation.getMutationTypeValue(), mutation.getStateName(), "", mutation.getStateValue())));
		result.getOutgoingMessagesList()
			.forEach((sent) -> effects.add(List.of(target(sent.getTarget()), sent.getArgument().toByteString())));
		result.getDelayedInvocationsList()
			.forEach((delayed) -> effects.add(List.of(delayed.getDelayInMs(), target(delayed.getTarget()),
					delayed.getArgument().toByteString(), false, "")));
		result.getOutgoingEgressesList()
			.forEach((egress) -> effects.add(
					List.of(egress.getEgressNamespace(), egress.getEgressType(), egress.getArgument().toByteString())));
		return effects;
	}

	private static Target target(dev.statefun.testwire.v2.Address address) {
		return new Target(address.getNamespace(), address.getType(), address.getId());
	}

	private static List<Object> effects(dev.statefun.testwire.v3.FromFunction reply) {
		var result = reply.getInvocationResult();
		List<Object> effects = new ArrayList<>();
		result.getStateMutationsList()
			.forEach((mutation) -> effects.add(List.of(mutation.getMutationTypeValue(), mutation.getStateName(),
					mutation.getStateValue().getTypename(), mutation.getStateValue().getValue())));
		result.getOutgoingMessagesList()
			.forEach((sent) -> effects.add(List.of(target(sent.getTarget()), sent.getArgument().toByteString())));
		result.getDelayedInvocationsList()
			.forEach((delayed) -> effects
				.add(List.of(delayed.getDelayInMs(), target(delayed.getTarget()), delayed.getArgument().toByteString(),
						delayed.getIsCancellationRequest(), delayed.getCancellationToken())));
		result.getOutgoingEgressesList()
			.forEach((egress) -> effects.add(
					List.of(egress.getEgressNamespace(), egress.getEgressType(), egress.getArgument().toByteString())));
		if (reply.hasIncompleteInvocationContext()) {
			effects.add(reply.getIncompleteInvocationContext()
				.getMissingValuesList()
				.stream()
				.map((spec) -> List.of(spec.getStateName(), spec.getTypeTypename(),
						spec.getExpirationSpec().getModeValue(), spec.getExpirationSpec().getExpireAfterMillis()))
				.toList());
		}
		return effects;
	}

	private static Target target(dev.statefun.testwire.v3.Address address) {
		return new Target(address.getNamespace(), address.getType(), address.getId());
	}

}
