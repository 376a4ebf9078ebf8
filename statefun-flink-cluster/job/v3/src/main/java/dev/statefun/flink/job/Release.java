package dev.statefun.flink.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import org.apache.flink.statefun.sdk.io.EgressIdentifier;
import org.apache.flink.statefun.sdk.reqreply.generated.TypedValue;

/**
 * Messages of StateFun 3.3.0.
 */
final class Release {

	private Release() {
	}

	static Object message(String typename, byte[] value, UnknownFieldSet headers) {
		return TypedValue.newBuilder()
			.setTypename(typename)
			.setHasValue(true)
			.setValue(ByteString.copyFrom(value))
			.setUnknownFields(headers)
			.build();
	}

	static EgressIdentifier<TypedValue> egress(String namespace, String name) {
		return new EgressIdentifier<>(namespace, name, TypedValue.class);
	}

	static String typename(Object record) {
		return ((TypedValue) record).getTypename();
	}

	static byte[] value(Object record) {
		return ((TypedValue) record).getValue().toByteArray();
	}

	static UnknownFieldSet headers(Object record) {
		return ((TypedValue) record).getUnknownFields();
	}

}
