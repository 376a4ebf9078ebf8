package dev.statefun.sdk;

import java.io.IOException;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Repairs bytes that are almost a request. A fuzzer that inserts a byte does not adjust
 * the lengths before it, so that most of its inputs are refused immediately. Here a
 * length that is too large is shortened, unreadable bytes end their message, and lengths
 * are written anew.
 */
final class MendedRequest {

	private MendedRequest() {
	}

	static byte[] of(byte[] bytes) {
		try {
			return mend(Part.REQUEST, ByteString.copyFrom(bytes)).toByteArray();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static ByteString mend(Part part, ByteString bytes) throws IOException {
		ByteString.Output mended = ByteString.newOutput();
		CodedOutputStream out = CodedOutputStream.newInstance(mended);
		CodedInputStream in = bytes.newCodedInput();
		try {
			while (in.getTotalBytesRead() < bytes.size()) {
				mendField(part, in, bytes.size(), out);
			}
		}
		catch (InvalidProtocolBufferException ex) {
			// The field was not written; the fields before it may suffice
			assertThat(in.getTotalBytesRead()).isLessThanOrEqualTo(bytes.size());
		}
		out.flush();
		return mended.toByteString();
	}

	private static void mendField(Part part, CodedInputStream in, int size, CodedOutputStream out) throws IOException {
		int tag = in.readTag();
		int field = WireFormat.getTagFieldNumber(tag);
		switch (WireFormat.getTagWireType(tag)) {
			case WireFormat.WIRETYPE_VARINT -> out.writeUInt64(field, in.readRawVarint64());
			case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64(field, in.readRawLittleEndian64());
			case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32(field, in.readRawLittleEndian32());
			case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
				int announced = in.readRawVarint32();
				int left = size - in.getTotalBytesRead();
				byte[] content = in.readRawBytes((announced >= 0) ? Math.min(announced, left) : left);
				Part nested = part.nested(field);
				ByteString value = ByteString.copyFrom(content);
				out.writeBytes(field, (nested != Part.LEAF) ? mend(nested, value) : value);
			}
			default -> throw new InvalidProtocolBufferException("a group");
		}
	}

	/**
	 * Bytes of a field, and of its nested fields.
	 */
	private enum Part {

		REQUEST, BATCH, STATE, INVOCATION, FIELDS, LEAF;

		Part nested(int field) {
			return switch (this) {
				case REQUEST -> (field == 100) ? BATCH : LEAF;
				case BATCH -> switch (field) {
					case 1 -> FIELDS;
					case 2 -> STATE;
					case 3 -> INVOCATION;
					default -> LEAF;
				};
				case STATE -> (field == 2) ? FIELDS : LEAF;
				case INVOCATION -> (field == 1 || field == 2) ? FIELDS : LEAF;
				case FIELDS, LEAF -> LEAF;
			};
		}

	}

}
