package dev.statefun.flinktests;

import java.time.Instant;
import java.util.Base64;
import java.util.function.Function;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A dead letter, read without the classes that wrote it.
 *
 * @param target {@code <namespace>/<name>/<id>} of the function instance
 * @param caller address of the sender in the same form, or empty
 * @param type type of the message
 * @param value bytes of the message
 * @param kind kind of the failure
 * @param exception class of the exception
 * @param text text of the exception
 * @param time time of the failure
 */
record DeadLetterRecord(String target, String caller, String type, ByteString value, String kind, String exception,
		String text, Instant time) {

	private static final String[] KINDS = { "", "HANDLER", "UNKNOWN_TYPE", "UNDECODABLE", "INVALID",
			"UNREADABLE_STATE" };

	private static final JsonMapper JSON = JsonMapper.shared();

	static DeadLetterRecord parseJson(ByteString bytes) {
		JsonNode json = JSON.readTree(bytes.toByteArray());
		Function<String, String> text = (name) -> json.required(name).asString();
		return new DeadLetterRecord(address(json.path("target")), address(json.path("caller")), text.apply("type"),
				ByteString.copyFrom(Base64.getDecoder().decode(text.apply("value"))), text.apply("kind"),
				text.apply("exception"), text.apply("text"), Instant.parse(text.apply("time")));
	}

	private static String address(JsonNode json) {
		return json.isMissingNode() ? "" : json.required("namespace").asString() + "/"
				+ json.required("name").asString() + "/" + json.required("id").asString();
	}

	static DeadLetterRecord parseProtobuf(ByteString bytes) {
		UnknownFieldSet fields = fields(bytes);
		UnknownFieldSet time = fields(bytes(fields, 8));
		return new DeadLetterRecord(address(fields, 1), address(fields, 2), bytes(fields, 3).toStringUtf8(),
				bytes(fields, 4), KINDS[(int) number(fields, 5)], bytes(fields, 6).toStringUtf8(),
				bytes(fields, 7).toStringUtf8(), Instant.ofEpochSecond(number(time, 1), number(time, 2)));
	}

	private static String address(UnknownFieldSet letter, int number) {
		if (!letter.hasField(number)) {
			return "";
		}
		UnknownFieldSet fields = fields(bytes(letter, number));
		return bytes(fields, 1).toStringUtf8() + "/" + bytes(fields, 2).toStringUtf8() + "/"
				+ bytes(fields, 3).toStringUtf8();
	}

	private static UnknownFieldSet fields(ByteString bytes) {
		try {
			return UnknownFieldSet.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException("Not a dead letter: " + bytes, ex);
		}
	}

	private static ByteString bytes(UnknownFieldSet fields, int number) {
		return fields.getField(number)
			.getLengthDelimitedList()
			.stream()
			.reduce((first, second) -> second)
			.orElse(ByteString.EMPTY);
	}

	private static long number(UnknownFieldSet fields, int number) {
		return fields.getField(number).getVarintList().stream().reduce(0L, (first, second) -> second);
	}

}
