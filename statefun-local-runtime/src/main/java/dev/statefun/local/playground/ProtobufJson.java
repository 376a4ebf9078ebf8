package dev.statefun.local.playground;

import java.util.function.Function;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;

/**
 * Reads JSON with {@code protobuf-java-util}. The only class that needs it, as it may be
 * absent.
 */
final class ProtobufJson {

	static final String DEPENDENCY = "com.google.protobuf:protobuf-java-util";

	private ProtobufJson() {
	}

	static Object read(String json, Class<?> type) throws InvalidProtocolBufferException, ReflectiveOperationException {
		if (type == Boolean.class) {
			return read(json, BoolValue.newBuilder(), (builder) -> builder.build().getValue());
		}
		if (type == Integer.class) {
			return read(json, Int32Value.newBuilder(), (builder) -> builder.build().getValue());
		}
		if (type == Long.class) {
			return read(json, Int64Value.newBuilder(), (builder) -> builder.build().getValue());
		}
		if (type == Float.class) {
			return read(json, FloatValue.newBuilder(), (builder) -> builder.build().getValue());
		}
		if (type == Double.class) {
			return read(json, DoubleValue.newBuilder(), (builder) -> builder.build().getValue());
		}
		if (type == String.class) {
			return read(json, StringValue.newBuilder(), (builder) -> builder.build().getValue());
		}
		Message defaultInstance = (Message) type.getMethod("getDefaultInstance").invoke(null);
		return read(json, defaultInstance.newBuilderForType(), Message.Builder::build);
	}

	static Object read(String json, Descriptor type) throws InvalidProtocolBufferException {
		return read(json, DynamicMessage.newBuilder(type), DynamicMessage.Builder::build);
	}

	private static <B extends Message.Builder> Object read(String json, B builder, Function<B, Object> value)
			throws InvalidProtocolBufferException {
		JsonFormat.parser().merge(json, builder);
		requireNothingElse(json);
		return value.apply(builder);
	}

	// The parser stops at the end of a value, so a second message would be lost
	private static void requireNothingElse(String json) throws InvalidProtocolBufferException {
		ListValue.Builder values = ListValue.newBuilder();
		JsonFormat.parser().merge("[" + json + "]", values);
		if (values.getValuesCount() != 1) {
			throw new InvalidProtocolBufferException(values.getValuesCount() + " values; expected one");
		}
	}

	static PlaygroundRecord readRecord(byte[] json) throws Exception {
		Struct.Builder record = Struct.newBuilder();
		JsonFormat.parser().merge(Utf8Text.decode(json), record);
		return new PlaygroundRecord(text(record, "topic"), text(record, "payload"));
	}

	private static String text(Struct.Builder record, String name) {
		Value value = record.getFieldsOrDefault(name, Value.getDefaultInstance());
		if (!value.hasStringValue()) {
			throw new IllegalArgumentException("'" + name + "' is missing, or no text");
		}
		return value.getStringValue();
	}

}
