package dev.statefun.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import org.jspecify.annotations.Nullable;

/**
 * Finds the differences between two protobuf messages. Fields are matched by number, and
 * unknown ones are kept and written again.
 */
final class ProtobufDifferences {

	private final Map<String, ValueSchema> before;

	private final Map<String, ValueSchema> after;

	private final Set<List<String>> seen = new HashSet<>();

	private final List<Difference> found = new ArrayList<>();

	ProtobufDifferences(Map<String, ValueSchema> before, Map<String, ValueSchema> after) {
		this.before = before;
		this.after = after;
	}

	List<Difference> between(String path, ProtobufMessage before, ProtobufMessage after) {
		messages(path, before, after);
		return List.copyOf(this.found);
	}

	private void messages(String path, ProtobufMessage before, ProtobufMessage after) {
		if (!this.seen.add(List.of(before.name(), after.name()))) {
			return;
		}
		before.fields().forEach((number, field) -> {
			ProtobufField now = after.fields().get(number);
			if (now != null) {
				field(join(path, now.name()), number, field, now, before, after);
			}
			else {
				add(Kind.FIELD_REMOVED, join(path, field.name()), SchemaText.describe(number, field), "nothing",
						unknown(), absent(field));
			}
		});
		after.fields().forEach((number, field) -> {
			if (!before.fields().containsKey(number)) {
				add(Kind.FIELD_ADDED, join(path, field.name()), "nothing", SchemaText.describe(number, field),
						absent(field).worst(together(field, number, before, after)), unknown());
			}
		});
	}

	private static Reads unknown() {
		return Reads.all("unknown fields are kept");
	}

	private static Reads absent(ProtobufField reader) {
		return (reader.label() == Label.REQUIRED) ? Reads.not("it is required") : Reads.ALL;
	}

	private void field(String path, int number, ProtobufField before, ProtobufField after, ProtobufMessage old,
			ProtobufMessage now) {
		Reads forward = reads(after, this.after, before).worst(together(after, number, old, now));
		Reads back = reads(before, this.before, after).worst(together(before, number, now, old));
		boolean same = before.type().equals(after.type()) && before.label() == after.label()
				&& String.valueOf(before.oneof()).equals(String.valueOf(after.oneof()))
				&& before.checked() == after.checked();
		if (!same || !forward.isReadable() || !back.isReadable()) {
			add(Kind.FIELD_RETYPED, path, SchemaText.describe(number, before), SchemaText.describe(number, after),
					forward, back);
		}
		else if (!before.name().equals(after.name())) {
			Reads byNumber = Reads.all("fields are found by their numbers");
			add(Kind.FIELD_RENAMED, path, before.name(), after.name(), byNumber, byNumber);
		}
		if (before.of() != null && after.of() != null) {
			ValueSchema one = this.before.get(before.of().name());
			ValueSchema other = this.after.get(after.of().name());
			if (one instanceof ProtobufMessage message && other instanceof ProtobufMessage other2) {
				messages(path, message, other2);
			}
			else if (one instanceof ProtobufEnum type && other instanceof ProtobufEnum otherType) {
				constants(path, before, type, after, otherType);
			}
		}
	}

	private static Reads reads(ProtobufField reader, Map<String, ValueSchema> readers, ProtobufField writer) {
		Reads type = ProtobufReading.type(reader, enumeration(reader, readers), writer);
		return type.worst(ProtobufReading.label(reader, writer));
	}

	private static @Nullable ProtobufEnum enumeration(ProtobufField field, Map<String, ValueSchema> definitions) {
		return (field.of() != null && definitions.get(field.of().name()) instanceof ProtobufEnum type) ? type : null;
	}

	// Of a oneof, the last written field is read
	private static Reads together(ProtobufField reader, int number, ProtobufMessage writer, ProtobufMessage readers) {
		if (reader.oneof() == null) {
			return Reads.ALL;
		}
		ProtobufField written = writer.fields().get(number);
		boolean together = readers.fields()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey() != number && reader.oneof().equals(entry.getValue().oneof()))
			.map((entry) -> writer.fields().get(entry.getKey()))
			.anyMatch((other) -> other != null && written != null
					&& (other.oneof() == null || !other.oneof().equals(written.oneof())));
		return together ? Reads.lossy("of several that were written, only the last one is read") : Reads.ALL;
	}

	private void constants(String path, ProtobufField before, ProtobufEnum old, ProtobufField after, ProtobufEnum now) {
		old.constants().forEach((number, name) -> {
			if (!now.constants().containsKey(number)) {
				add(Kind.CONSTANT_REMOVED, path, name + " = " + number, "nothing", constant(after, now), Reads.ALL);
			}
			else if (!now.constants().get(number).equals(name)) {
				Reads byNumber = Reads.all("constants are found by their numbers");
				add(Kind.FIELD_RENAMED, path, name, now.constants().get(number), byNumber, byNumber);
			}
		});
		now.constants().forEach((number, name) -> {
			if (!old.constants().containsKey(number)) {
				add(Kind.CONSTANT_ADDED, path, "nothing", name + " = " + number, Reads.ALL, constant(before, old));
			}
		});
		if (old.closed() != now.closed()) {
			add(Kind.READING_CHANGED, path, old.closed() ? "closed" : "open", now.closed() ? "closed" : "open",
					now.closed() ? constant(after, now) : Reads.ALL, old.closed() ? constant(before, old) : Reads.ALL);
		}
	}

	private static Reads constant(ProtobufField field, ProtobufEnum reader) {
		return reader.closed()
				? Reads.lossy("unknown constants are read as "
						+ ((field.label() == Label.REPEATED) ? "nothing" : "the default"))
				: Reads.all("unknown constants are kept as numbers");
	}

	private static String join(String path, String name) {
		return path.isEmpty() ? name : path + "." + name;
	}

	private void add(Kind kind, String path, String before, String after, Reads forward, Reads back) {
		this.found.add(new Difference(kind, path, before, after, forward, back));
	}

}
