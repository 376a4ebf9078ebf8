package dev.statefun.sdk;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.statefun.sdk.protocol.Dialect;

/**
 * Evidence of the dialect in the bytes of a request (protocol.md §2.1), read without a
 * schema.
 *
 * @param messages dialects for which there is evidence in the messages
 * @param states dialects for which there is evidence in the states
 * @param minimal whether no number in a state has more bytes than it needs, which
 * protobuf accepts and the SDK refuses if there are too many
 */
record DialectEvidence(Set<Dialect> messages, Set<Dialect> states, boolean minimal) {

	static DialectEvidence of(byte[] request) throws InvalidProtocolBufferException {
		Set<Dialect> messages = EnumSet.noneOf(Dialect.class);
		Set<Dialect> states = EnumSet.noneOf(Dialect.class);
		boolean minimal = true;
		for (ByteString bytes : UnknownFieldSet.parseFrom(request).getField(100).getLengthDelimitedList()) {
			UnknownFieldSet batch = UnknownFieldSet.parseFrom(bytes);
			for (ByteString invocation : batch.getField(3).getLengthDelimitedList()) {
				for (ByteString argument : nested(invocation)) {
					addMessage(UnknownFieldSet.parseFrom(argument), messages);
				}
			}
			for (ByteString state : batch.getField(2).getLengthDelimitedList()) {
				for (ByteString value : nested(state)) {
					minimal &= addState(value, states);
				}
			}
		}
		return new DialectEvidence(messages, states, minimal);
	}

	// Contents of field 2: the argument of an invocation, or the value of a state
	private static List<ByteString> nested(ByteString bytes) throws InvalidProtocolBufferException {
		return UnknownFieldSet.parseFrom(bytes).getField(2).getLengthDelimitedList();
	}

	private static void addMessage(UnknownFieldSet message, Set<Dialect> evidence) {
		if (!message.getField(2).getLengthDelimitedList().isEmpty()) {
			evidence.add(Dialect.V2);
		}
		if (!message.getField(2).getVarintList().isEmpty() || !message.getField(3).getLengthDelimitedList().isEmpty()) {
			evidence.add(Dialect.V3);
		}
	}

	// Bytes that are neither an Any nor a TypedValue are no evidence
	private static boolean addState(ByteString bytes, Set<Dialect> evidence) {
		UnknownFieldSet value;
		try {
			value = UnknownFieldSet.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			return true;
		}
		Field type = value.getField(1);
		Field second = value.getField(2);
		boolean v2 = !second.getLengthDelimitedList().isEmpty();
		boolean v3 = !second.getVarintList().isEmpty();
		List<ByteString> types = type.getLengthDelimitedList();
		boolean shaped = Set.of(1, 2, 3).containsAll(value.asMap().keySet()) && isBytes(type)
				&& isBytes(value.getField(3)) && isBytesOrVarint(second)
				&& second.getVarintList().stream().allMatch((number) -> number == 1)
				&& types.stream().allMatch(ByteString::isValidUtf8);
		if (shaped && v2 != v3 && !types.isEmpty() && hasOneSlash(types.get(types.size() - 1))) {
			evidence.add(v2 ? Dialect.V2 : Dialect.V3);
		}
		return value.getSerializedSize() == bytes.size();
	}

	private static boolean isBytes(Field field) {
		return field.getVarintList().isEmpty() && isBytesOrVarint(field);
	}

	private static boolean isBytesOrVarint(Field field) {
		return field.getFixed32List().isEmpty() && field.getFixed64List().isEmpty() && field.getGroupList().isEmpty();
	}

	private static boolean hasOneSlash(ByteString type) {
		return type.toStringUtf8().chars().filter((c) -> c == '/').count() == 1;
	}

	// The dialect in which the request must be read, or none if it must be refused
	Set<Dialect> expected() {
		Set<Dialect> telling = this.messages.isEmpty() ? this.states : this.messages;
		if (telling.size() > 1) {
			return Set.of();
		}
		return telling.isEmpty() ? Set.of(Dialect.V2) : telling;
	}

}
