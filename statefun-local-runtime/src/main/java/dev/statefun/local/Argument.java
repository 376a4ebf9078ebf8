package dev.statefun.local;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.HeaderFields;

/**
 * Message arguments on the wire: a {@code TypedValue} on 3.x, an {@code Any} on 2.x
 * (protocol.md §1).
 */
final class Argument {

	private static final int TYPENAME = 0x0a;

	private Argument() {
	}

	static byte[] encode(Dialect dialect, Any message, Headers headers) {
		return encode(dialect, message.getTypeUrl(), message.getValue(), headers.toFields(HeaderFields.IN_MESSAGE));
	}

	private static byte[] encode(Dialect dialect, String typename, ByteString value, byte[] headers) {
		int size = typename.isEmpty() ? 0 : CodedOutputStream.computeStringSize(1, typename);
		if (dialect == Dialect.V3) {
			size += CodedOutputStream.computeBoolSize(2, true);
		}
		size += value.isEmpty() ? 0 : CodedOutputStream.computeBytesSize(3, value);
		byte[] bytes = new byte[Math.addExact(size, headers.length)];
		CodedOutputStream out = CodedOutputStream.newInstance(bytes);
		try {
			if (!typename.isEmpty()) {
				out.writeString(1, typename);
			}
			if (dialect == Dialect.V3) {
				out.writeBool(2, true);
			}
			if (!value.isEmpty()) {
				out.writeBytes((dialect == Dialect.V3) ? 3 : 2, value);
			}
			out.writeRawBytes(headers);
			out.checkNoSpaceLeft();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes;
	}

	static Any decode(Dialect dialect, byte[] argument) {
		Any.Builder any = Any.newBuilder();
		int valueTag = (dialect == Dialect.V3) ? 0x1a : 0x12;
		try {
			CodedInputStream in = CodedInputStream.newInstance(argument);
			for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
				if (tag == TYPENAME) {
					any.setTypeUrl(in.readStringRequireUtf8());
				}
				else if (tag == valueTag) {
					any.setValue(in.readBytes());
				}
				else {
					in.skipField(tag);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return any.build();
	}

}
