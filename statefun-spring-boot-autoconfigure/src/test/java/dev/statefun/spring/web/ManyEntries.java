package dev.statefun.spring.web;

import java.io.ByteArrayOutputStream;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/**
 * Creates requests that repeat one entry.
 */
final class ManyEntries {

	private ManyEntries() {
	}

	/**
	 * Return a request for the instance {@code 1} of a function.
	 * @param namespace namespace of the function's type
	 * @param name name of the function's type
	 * @param entry an entry of the batch with its tag, in hexadecimal digits
	 * @param count number of copies of the entry
	 * @return the body of the request
	 */
	static byte[] request(String namespace, String name, String entry, int count) {
		byte[] target = UnknownFieldSet.newBuilder()
			.addField(1, field(ByteString.copyFromUtf8(namespace)))
			.addField(2, field(ByteString.copyFromUtf8(name)))
			.addField(3, field(ByteString.copyFromUtf8("1")))
			.build()
			.toByteArray();
		byte[] one = ByteString.fromHex(entry).toByteArray();
		ByteArrayOutputStream batch = new ByteArrayOutputStream();
		batch.write(0x0a);
		batch.write(target.length);
		batch.writeBytes(target);
		for (int i = 0; i < count; i++) {
			batch.writeBytes(one);
		}
		return UnknownFieldSet.newBuilder()
			.addField(100, field(ByteString.copyFrom(batch.toByteArray())))
			.build()
			.toByteArray();
	}

	private static Field field(ByteString content) {
		return Field.newBuilder().addLengthDelimited(content).build();
	}

}
