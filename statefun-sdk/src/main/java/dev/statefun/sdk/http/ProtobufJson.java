package dev.statefun.sdk.http;

import java.util.function.Function;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.StringValue;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;

/**
 * Reads and writes JSON with {@code protobuf-java-util}. The only class that needs it, as
 * it may be absent.
 */
final class ProtobufJson {

	private final JsonFormat.Parser parser;

	private final JsonFormat.Printer printer;

	/**
	 * Create a reader and writer.
	 * @param types types of the messages in fields of the type {@code Any}
	 */
	ProtobufJson(TypeRegistry types) {
		this.parser = JsonFormat.parser().usingTypeRegistry(types);
		this.printer = JsonFormat.printer().usingTypeRegistry(types).omittingInsignificantWhitespace();
	}

	Object read(String json, Class<?> type) throws InvalidProtocolBufferException, ReflectiveOperationException {
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

	Object read(String json, Descriptor type) throws InvalidProtocolBufferException {
		return read(json, DynamicMessage.newBuilder(type), DynamicMessage.Builder::build);
	}

	private <B extends Message.Builder> Object read(String json, B builder, Function<B, Object> value)
			throws InvalidProtocolBufferException {
		StrictJson.require(json);
		this.parser.merge(json, builder);
		return value.apply(builder);
	}

	String write(MessageOrBuilder message) throws InvalidProtocolBufferException {
		return this.printer.print(message);
	}

	String writePrimitive(Object value) throws InvalidProtocolBufferException {
		if (value instanceof Boolean it) {
			return write(BoolValue.of(it));
		}
		if (value instanceof Integer it) {
			return write(Int32Value.of(it));
		}
		if (value instanceof Long it) {
			return write(Int64Value.of(it));
		}
		if (value instanceof Float it) {
			return write(FloatValue.of(it));
		}
		if (value instanceof Double it) {
			return write(DoubleValue.of(it));
		}
		return write(StringValue.of((String) value));
	}

}
