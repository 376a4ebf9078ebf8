package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.BytesValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Hints for the messages that JSON of protobuf messages and primitives is read and
 * written with. Those of the application have hints of their functions.
 */
final class GatewayHttpRuntimeHints implements RuntimeHintsRegistrar {

	private static final List<Message> MESSAGES = List.of(Any.getDefaultInstance(), BoolValue.getDefaultInstance(),
			BytesValue.getDefaultInstance(), DoubleValue.getDefaultInstance(), Duration.getDefaultInstance(),
			Empty.getDefaultInstance(), FieldMask.getDefaultInstance(), FloatValue.getDefaultInstance(),
			Int32Value.getDefaultInstance(), Int64Value.getDefaultInstance(), ListValue.getDefaultInstance(),
			StringValue.getDefaultInstance(), Struct.getDefaultInstance(), Timestamp.getDefaultInstance(),
			UInt32Value.getDefaultInstance(), UInt64Value.getDefaultInstance(), Value.getDefaultInstance());

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		for (Message message : MESSAGES) {
			hints.reflection()
				.registerType(message.getClass(), MemberCategory.INVOKE_PUBLIC_METHODS)
				.registerType(message.newBuilderForType().getClass(), MemberCategory.INVOKE_PUBLIC_METHODS);
		}
	}

}
