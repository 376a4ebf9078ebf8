package dev.statefun.flink.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Several byte arrays in one, each after its length: the form of messages and records
 * between this process and the job.
 */
final class Parts {

	private Parts() {
	}

	static byte[] join(byte[]... parts) {
		int size = 0;
		for (byte[] part : parts) {
			size = Math.addExact(size, Integer.BYTES + part.length);
		}
		ByteBuffer joined = ByteBuffer.allocate(size);
		for (byte[] part : parts) {
			joined.putInt(part.length).put(part);
		}
		return joined.array();
	}

	/**
	 * Split into parts.
	 * @param joined the parts
	 * @return each part
	 * @throws IllegalArgumentException if the bytes are not whole parts
	 */
	static List<byte[]> split(byte[] joined) {
		List<byte[]> parts = new ArrayList<>();
		ByteBuffer in = ByteBuffer.wrap(joined);
		while (in.hasRemaining()) {
			int length = (in.remaining() >= Integer.BYTES) ? in.getInt() : -1;
			if (length < 0 || length > in.remaining()) {
				throw new IllegalArgumentException("Found part of a record at byte " + in.position());
			}
			byte[] part = new byte[length];
			in.get(part);
			parts.add(part);
		}
		return parts;
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static String text(byte[] part) {
		return new String(part, StandardCharsets.UTF_8);
	}

}
