package dev.statefun.test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.BoundEgress;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.EgressRecord;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages, states and records, and formats them for people.
 */
final class Decoder {

	private static final int MAX_SHOWN_BYTES = 64;

	private static final List<Class<?>> PRIMITIVES = List.of(Boolean.class, Integer.class, Long.class, Float.class,
			Double.class, String.class);

	private final StatefulFunctions functions;

	private final Dialect dialect;

	Decoder(StatefulFunctions functions, Protocol protocol) {
		this.functions = functions;
		this.dialect = (protocol == Protocol.V2) ? Dialect.V2 : Dialect.V3;
		// Registers the mappings under their names
		PRIMITIVES.forEach(functions.mappings()::of);
	}

	<T> BoundEgress<T> bind(Egress<T> egress) {
		return FunctionLookup.bind(this.functions, egress);
	}

	Any encode(Object value) {
		if (value instanceof Any any) {
			return any;
		}
		if (value instanceof EgressRecord record) {
			return any(new String(record.typenameUtf8(this.dialect), StandardCharsets.UTF_8),
					record.encode(this.functions.json()));
		}
		return encode(this.functions.mappings().of(value.getClass()), value);
	}

	// A value of the declared type uses the state's own mapping: as a message, its
	// type may have another name, or none
	Any encodeState(FunctionType function, String name, Object value) {
		MessageMapping<?> declared = declared(function, name, value);
		return (declared != null) ? encode(declared, value) : encode(value);
	}

	boolean isEqualState(FunctionType function, String name, Any actual, Object expected) {
		MessageMapping<?> declared = declared(function, name, expected);
		return (declared != null) ? isEqual(declared, actual, expected) : isEqual(actual, expected);
	}

	private @Nullable MessageMapping<?> declared(FunctionType function, String name, Object value) {
		for (FunctionDescriptor known : this.functions.functions()) {
			for (StateDescriptor state : known.states()) {
				if (known.type().equals(function) && state.name().equals(name)) {
					MessageMapping<?> mapping = this.functions.mappings().of(state.valueType(), state.typename());
					return (!(value instanceof Any) && mapping.valueClass().isInstance(value)) ? mapping : null;
				}
			}
		}
		return null;
	}

	@SuppressWarnings("unchecked")
	private static <T> Any encode(MessageMapping<T> mapping, Object value) {
		try {
			return any(mapping.typename(), mapping.codec().encode((T) value));
		}
		catch (Exception ex) {
			throw new IllegalArgumentException("A value of type '" + value.getClass().getName() + "' can't be encoded",
					ex);
		}
	}

	private static Any any(String typename, byte[] value) {
		return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFrom(value)).build();
	}

	<T> Class<T> requireMapped(Class<T> type) {
		if (type != Any.class) {
			this.functions.mappings().of(type);
		}
		return type;
	}

	boolean isOf(Class<?> type, Any value) {
		return type == Any.class || this.functions.mappings().of(type).accepts(value.getTypeUrl());
	}

	<T> T decode(Any value, Class<T> type) {
		if (type == Any.class) {
			return type.cast(value);
		}
		try {
			return decode(this.functions.mappings().of(type), value);
		}
		catch (Exception ex) {
			throw new IllegalArgumentException(
					describe(value) + " can't be decoded as '" + type.getName() + "': " + ex.getMessage(), ex);
		}
	}

	private static <T> T decode(MessageMapping<T> mapping, Any value) throws Exception {
		byte[] bytes = value.getValue().toByteArray();
		return mapping.codec().decode(bytes, 0, bytes.length);
	}

	// Compared as Java values: equal JSON or protobuf maps can have their entries in
	// any order
	boolean isEqual(Any actual, Object expected) {
		if (expected instanceof KafkaRecord) {
			return isEqualRecord(actual, encode(expected));
		}
		if (expected instanceof Any || expected instanceof EgressRecord) {
			return actual.equals(encode(expected));
		}
		return isEqual(this.functions.mappings().of(expected.getClass()), actual, expected);
	}

	// Without the headers, for which there are assertions of their own
	private static boolean isEqualRecord(Any actual, Any expected) {
		return actual.getTypeUrl().equals(expected.getTypeUrl())
				&& Objects.equals(SentKafkaRecord.from(actual), SentKafkaRecord.from(expected));
	}

	private static boolean isEqual(MessageMapping<?> mapping, Any actual, Object expected) {
		if (!mapping.accepts(actual.getTypeUrl())) {
			return false;
		}
		if (actual.getValue().equals(encode(mapping, expected).getValue())) {
			return true;
		}
		try {
			return expected.equals(decode(mapping, actual));
		}
		catch (Exception ex) {
			// The failed assertion shows the bytes instead
			return false;
		}
	}

	String describe(Any value) {
		String typename = value.getTypeUrl();
		SentKafkaRecord kafka = SentKafkaRecord.from(value);
		if (kafka != null) {
			return kafka.toString();
		}
		SentKinesisRecord kinesis = SentKinesisRecord.from(value);
		if (kinesis != null) {
			return kinesis.toString();
		}
		String failure = GatewayCaller.failureIn(value);
		if (failure != null) {
			return "the message has failed (" + failure + ")";
		}
		for (MessageMapping<?> mapping : this.functions.mappings().accepting(typename)) {
			try {
				return typename + " " + show(decode(mapping, value), value.getValue());
			}
			catch (Exception ex) {
				// Another Java type may share the name; the bytes are shown instead
				continue;
			}
		}
		return (typename.isEmpty() ? "without a type" : typename) + " " + show(value.getValue());
	}

	private static String show(Object value, ByteString bytes) {
		if (value instanceof Message message) {
			return show(message);
		}
		if (value instanceof String text) {
			return "\"" + text + "\"";
		}
		String text = String.valueOf(value);
		String identity = value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value));
		return text.equals(identity) ? show(bytes) : text;
	}

	static String show(Message message) {
		return "{" + TextFormat.printer().emittingSingleLine(true).printToString(message) + "}";
	}

	static String show(ByteString bytes) {
		if (bytes.isValidUtf8()) {
			String text = bytes.toStringUtf8();
			if (text.codePoints().noneMatch((c) -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
				return "\"" + text + "\"";
			}
		}
		int shown = Math.min(bytes.size(), MAX_SHOWN_BYTES);
		return bytes.size() + " bytes " + HexFormat.of().formatHex(bytes.substring(0, shown).toByteArray())
				+ ((shown < bytes.size()) ? "…" : "");
	}

}
