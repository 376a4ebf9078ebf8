package dev.statefun.local.playground;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.statefun.sdk.http.Utf8Text;

/**
 * Reads records with {@code protobuf-java-util}. The only class here that needs it, as it
 * may be absent.
 */
final class PlaygroundRecordJson {

	private PlaygroundRecordJson() {
	}

	static PlaygroundRecord read(byte[] json) throws Exception {
		Struct.Builder record = Struct.newBuilder();
		JsonFormat.parser().merge(Utf8Text.decode(json), record);
		return new PlaygroundRecord(text(record, "topic"), text(record, "payload"));
	}

	private static String text(Struct.Builder record, String name) {
		Value value = record.getFieldsOrDefault(name, Value.getDefaultInstance());
		if (!value.hasStringValue()) {
			throw new IllegalArgumentException("'" + name + "' is missing, or no text");
		}
		return value.getStringValue();
	}

}
