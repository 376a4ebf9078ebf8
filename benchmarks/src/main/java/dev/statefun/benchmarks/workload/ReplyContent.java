package dev.statefun.benchmarks.workload;

import java.util.HexFormat;
import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;

/**
 * Content of a reply, for comparing equivalent replies with different bytes: each kind of
 * effect in its order (protocol.md §3.4).
 *
 * @param states new values of states
 * @param messages messages to functions
 * @param delayed delayed messages
 * @param egresses messages to egresses
 */
public record ReplyContent(List<String> states, List<String> messages, List<String> delayed, List<String> egresses) {

	/**
	 * Decode a reply.
	 * @param reply the body
	 * @return its content
	 */
	public static ReplyContent of(byte[] reply) {
		UnknownFieldSet outer = parse(ByteString.copyFrom(reply));
		if (!outer.hasField(100)) {
			throw new IllegalArgumentException("Not the result of a batch: " + HexFormat.of().formatHex(reply));
		}
		UnknownFieldSet result = nested(outer, 100);
		return new ReplyContent(entries(result, 1, ReplyContent::state), entries(result, 2, ReplyContent::message),
				entries(result, 3, ReplyContent::delayed), entries(result, 4, ReplyContent::egress));
	}

	/**
	 * Require two replies to be equivalent.
	 * @param expected a reply
	 * @param actual another reply
	 */
	public static void requireSame(byte[] expected, byte[] actual) {
		ReplyContent one = of(expected);
		ReplyContent other = of(actual);
		if (!one.equals(other)) {
			throw new IllegalStateException("The replies differ:\n" + one + "\n" + other);
		}
	}

	private static List<String> entries(UnknownFieldSet result, int number, Entry entry) {
		return result.getField(number)
			.getLengthDelimitedList()
			.stream()
			.map((bytes) -> entry.describe(parse(bytes)))
			.toList();
	}

	private static String state(UnknownFieldSet entry) {
		return number(entry, 1) + " " + text(entry, 2) + "=" + value(entry, 3);
	}

	private static String message(UnknownFieldSet entry) {
		return address(entry, 1) + " " + value(entry, 2);
	}

	private static String delayed(UnknownFieldSet entry) {
		return number(entry, 1) + " " + address(entry, 2) + " " + value(entry, 3) + " " + number(entry, 10) + " "
				+ text(entry, 11);
	}

	private static String egress(UnknownFieldSet entry) {
		return text(entry, 1) + "/" + text(entry, 2) + " " + value(entry, 3);
	}

	private static String address(UnknownFieldSet entry, int number) {
		UnknownFieldSet address = nested(entry, number);
		return text(address, 1) + "/" + text(address, 2) + "/" + text(address, 3);
	}

	private static String value(UnknownFieldSet entry, int number) {
		UnknownFieldSet value = nested(entry, number);
		return text(value, 1) + ":" + number(value, 2) + ":" + HexFormat.of().formatHex(bytes(value, 3).toByteArray());
	}

	private static UnknownFieldSet nested(UnknownFieldSet message, int number) {
		return parse(bytes(message, number));
	}

	private static String text(UnknownFieldSet message, int number) {
		return bytes(message, number).toStringUtf8();
	}

	private static ByteString bytes(UnknownFieldSet message, int number) {
		return ByteString.copyFrom(message.getField(number).getLengthDelimitedList());
	}

	private static long number(UnknownFieldSet message, int number) {
		List<Long> values = message.getField(number).getVarintList();
		return values.isEmpty() ? 0 : values.get(values.size() - 1);
	}

	private static UnknownFieldSet parse(ByteString bytes) {
		try {
			return UnknownFieldSet.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException("Not a reply: " + bytes, ex);
		}
	}

	/**
	 * Describes one entry.
	 */
	@FunctionalInterface
	private interface Entry {

		String describe(UnknownFieldSet entry);

	}

}
