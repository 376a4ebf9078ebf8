package dev.statefun.flink.job;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import org.apache.flink.statefun.sdk.io.EgressIdentifier;

/**
 * Messages of StateFun 2.2.2.
 */
final class Release {

	private Release() {
	}

	static Object message(String typename, byte[] value, UnknownFieldSet headers) {
		return Any.newBuilder()
			.setTypeUrl(typename)
			.setValue(ByteString.copyFrom(value))
			.setUnknownFields(headers)
			.build();
	}

	static EgressIdentifier<Any> egress(String namespace, String name) {
		return new EgressIdentifier<>(namespace, name, Any.class);
	}

	static String typename(Object record) {
		return ((Any) record).getTypeUrl();
	}

	static byte[] value(Object record) {
		return ((Any) record).getValue().toByteArray();
	}

	static UnknownFieldSet headers(Object record) {
		return ((Any) record).getUnknownFields();
	}

}
