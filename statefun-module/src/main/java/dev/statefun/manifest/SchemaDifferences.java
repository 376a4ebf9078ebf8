package dev.statefun.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Alternatives;
import dev.statefun.sdk.schema.ValueSchema.Content;
import dev.statefun.sdk.schema.ValueSchema.Enumeration;
import dev.statefun.sdk.schema.ValueSchema.Mapping;
import dev.statefun.sdk.schema.ValueSchema.Maybe;
import dev.statefun.sdk.schema.ValueSchema.Property;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.schema.ValueSchema.Sequence;
import dev.statefun.sdk.schema.ValueSchema.Structure;
import org.jspecify.annotations.Nullable;

/**
 * Finds the differences between two schemas, and how each side reads the other's values.
 */
final class SchemaDifferences {

	private final Map<String, ValueSchema> before;

	private final Map<String, ValueSchema> after;

	private final Set<List<ValueSchema>> seen = new HashSet<>();

	private final List<Difference> found = new ArrayList<>();

	SchemaDifferences(Map<String, ValueSchema> before, Map<String, ValueSchema> after) {
		this.before = before;
		this.after = after;
	}

	/**
	 * Return the worst verdict of the differences.
	 * @return whether the new release reads what the old one has written
	 */
	Reads forward() {
		return this.found.stream().map(Difference::forward).reduce(Reads.ALL, Reads::worst);
	}

	List<Difference> between(ValueSchema before, ValueSchema after) {
		compare("", new Content(before, false, Missing.REFUSED), new Content(after, false, Missing.REFUSED));
		return List.copyOf(this.found);
	}

	void compare(String path, Content before, Content after) {
		Reads forward = Reads.ALL;
		Reads back = Reads.ALL;
		boolean changed = before.nullable() != after.nullable()
				|| before.schema() instanceof Maybe != after.schema() instanceof Maybe;
		if (changed || before.whenNull() != after.whenNull()) {
			forward = nulls(after, before);
			back = nulls(before, after);
			// How null would be read does not matter if it is never written
			changed |= !forward.isReadable() || !back.isReadable();
		}
		ValueSchema from = present(before.schema());
		ValueSchema to = present(after.schema());
		ValueSchema old = resolve(this.before, from);
		ValueSchema now = resolve(this.after, to);
		if (!inside(path, from, to, old, now)) {
			forward = forward.worst(new MixedReading(this.after, this.before).of(now, old));
			back = back.worst(new MixedReading(this.before, this.after).of(old, now));
			changed = true;
		}
		if (changed) {
			boolean opaque = forward.verdict() == null || back.verdict() == null;
			add(opaque ? Kind.OPAQUE : Kind.FIELD_RETYPED, path, SchemaText.describe(before),
					SchemaText.describe(after), forward, back);
		}
	}

	// Return whether both are of one sort, so that their parts were compared
	private boolean inside(String path, ValueSchema from, ValueSchema to, ValueSchema old, ValueSchema now) {
		if ((from instanceof Reference || to instanceof Reference) && !this.seen.add(List.of(from, to))) {
			return true;
		}
		if (old instanceof Structure one && now instanceof Structure other) {
			structures(path, one, other);
			return true;
		}
		if (old instanceof Sequence one && now instanceof Sequence other) {
			if (one.distinct() != other.distinct()) {
				Reads fewer = Reads.lossy("equal elements are dropped");
				add(Kind.FIELD_RETYPED, path, SchemaText.describe(one), SchemaText.describe(other),
						other.distinct() ? fewer : Reads.ALL, one.distinct() ? fewer : Reads.ALL);
			}
			compare(path + "[]", one.element(), other.element());
			return true;
		}
		if (old instanceof Mapping one && now instanceof Mapping other) {
			compare(path + "{key}", new Content(one.key(), false, Missing.REFUSED),
					new Content(other.key(), false, Missing.REFUSED));
			compare(path + "{}", one.value(), other.value());
			return true;
		}
		if (old instanceof Enumeration one && now instanceof Enumeration other) {
			constants(path, one, other);
			return true;
		}
		if (old instanceof Alternatives one && now instanceof Alternatives other
				&& one.discriminator().equals(other.discriminator()) && one.inclusion().equals(other.inclusion())) {
			subtypes(path, one, other);
			return true;
		}
		if (old instanceof ProtobufMessage one && now instanceof ProtobufMessage other) {
			this.found.addAll(new ProtobufDifferences(this.before, this.after).between(path, one, other));
			return true;
		}
		return old.equals(now)
				|| (old instanceof Scalar one && now instanceof Scalar other && one.kind() == other.kind());
	}

	private void structures(String path, Structure before, Structure after) {
		SortedMap<String, Property> removed = new TreeMap<>(before.properties());
		SortedMap<String, Property> added = new TreeMap<>(after.properties());
		removed.keySet().removeAll(after.properties().keySet());
		added.keySet().removeAll(before.properties().keySet());
		before.properties().forEach((name, property) -> {
			Property now = after.properties().get(name);
			if (now != null) {
				property(join(path, name), property, before, now, after);
			}
		});
		new TreeMap<>(removed).forEach((name, property) -> {
			Map.Entry<String, Property> renamed = renamed(name, property, added);
			if (renamed != null) {
				Property now = renamed.getValue();
				add(Kind.FIELD_RENAMED, join(path, name), name, renamed.getKey(),
						reads(now.aliases().contains(name), property, now, after),
						reads(property.aliases().contains(renamed.getKey()), now, property, before));
				compare(join(path, renamed.getKey()), property.content(), now.content());
				removed.remove(name);
				added.remove(renamed.getKey());
			}
		});
		removed.forEach((name, property) -> add(Kind.FIELD_REMOVED, join(path, name),
				SchemaText.describe(property.content()), "nothing", unread(property, after), absent(property)));
		added.forEach((name, property) -> add(Kind.FIELD_ADDED, join(path, name), "nothing",
				SchemaText.describe(property.content()), absent(property), unread(property, before)));
	}

	private static Map.@Nullable Entry<String, Property> renamed(String name, Property property,
			SortedMap<String, Property> added) {
		for (Map.Entry<String, Property> candidate : added.entrySet()) {
			if (candidate.getValue().aliases().contains(name) || property.aliases().contains(candidate.getKey())) {
				return candidate;
			}
		}
		return null;
	}

	private static Reads reads(boolean named, Property writer, Property reader, Structure readers) {
		return named ? omitted(writer, reader) : unread(writer, readers).worst(absent(reader));
	}

	private void property(String path, Property before, Structure befores, Property after, Structure afters) {
		Reads forward = direction(before, after, afters);
		Reads back = direction(after, before, befores);
		boolean changed = before.read() != after.read() || before.written() != after.written()
				|| before.omittable() != after.omittable() || before.whenAbsent() != after.whenAbsent();
		if (changed && !(forward.isReadable() && back.isReadable())) {
			add(Kind.READING_CHANGED, path, describe(before), describe(after), forward, back);
		}
		compare(path, before.content(), after.content());
	}

	private static Reads direction(Property writer, Property reader, Structure readers) {
		if (!writer.written()) {
			return absent(reader);
		}
		return reader.read() ? omitted(writer, reader) : unread(writer, readers);
	}

	private static String describe(Property property) {
		return (property.written() ? (property.omittable() ? "left out at times" : "written") : "not written") + " and "
				+ (property.read() ? "read" : "not read");
	}

	private static Reads omitted(Property writer, Property reader) {
		return writer.omittable() ? absent(reader) : Reads.ALL;
	}

	static Reads absent(Property reader) {
		return (reader.read() && reader.whenAbsent() == Missing.REFUSED) ? Reads.not("it is required") : Reads.ALL;
	}

	static Reads unread(Property writer, Structure readers) {
		if (!writer.written()) {
			return Reads.ALL;
		}
		return switch (readers.unknown()) {
			case REFUSED -> Reads.not("unknown properties are refused");
			case KEPT -> Reads.all("unknown properties are kept");
			default ->
				writer.read() ? Reads.lossy("it is not read, and gone once the value is written again") : Reads.ALL;
		};
	}

	private static Reads nulls(Content reader, Content writer) {
		if (!writer.nullable()) {
			return Reads.ALL;
		}
		return switch (reader.whenNull()) {
			case NULL -> Reads.ALL;
			case EMPTY -> (reader.schema() instanceof Maybe) ? Reads.ALL : Reads.lossy("null is read as empty");
			case ZERO -> Reads.lossy("null is read as zero");
			case KEPT -> Reads.lossy("null is left out");
			case REFUSED -> Reads.not("null is refused");
		};
	}

	private void constants(String path, Enumeration before, Enumeration after) {
		SortedSet<String> removed = new TreeSet<>(before.constants().keySet());
		SortedSet<String> added = new TreeSet<>(after.constants().keySet());
		removed.removeAll(after.constants().keySet());
		added.removeAll(before.constants().keySet());
		removed.forEach((constant) -> add(Kind.CONSTANT_REMOVED, path, "'" + constant + "'", "nothing",
				constant(constant, after), Reads.ALL));
		added.forEach((constant) -> add(Kind.CONSTANT_ADDED, path, "nothing", "'" + constant + "'", Reads.ALL,
				constant(constant, before)));
	}

	private static Reads constant(String written, Enumeration reader) {
		boolean alias = reader.constants().values().stream().anyMatch((aliases) -> aliases.contains(written));
		return alias ? Reads.all("it is read as another one's alias") : unknown(reader.unknown());
	}

	private static Reads unknown(Unknown unknown) {
		return switch (unknown) {
			case REFUSED -> Reads.not("unknown ones are refused");
			case IGNORED -> Reads.lossy("unknown ones are read as null");
			case REPLACED -> Reads.lossy("another one stands for unknown ones");
			case KEPT -> Reads.ALL;
		};
	}

	private void subtypes(String path, Alternatives before, Alternatives after) {
		before.subtypes().forEach((id, subtype) -> {
			ValueSchema now = after.subtypes().get(id);
			if (now != null) {
				compare(path + "(" + id + ")", new Content(subtype, false, Missing.REFUSED),
						new Content(now, false, Missing.REFUSED));
			}
			else {
				add(Kind.SUBTYPE_REMOVED, path, "'" + id + "'", "nothing", unknown(after.unknown()), Reads.ALL);
			}
		});
		after.subtypes().forEach((id, subtype) -> {
			if (!before.subtypes().containsKey(id)) {
				add(Kind.SUBTYPE_ADDED, path, "nothing", "'" + id + "'", Reads.ALL, unknown(before.unknown()));
			}
		});
	}

	private static ValueSchema present(ValueSchema schema) {
		return (schema instanceof Maybe maybe) ? present(maybe.value()) : schema;
	}

	private static ValueSchema resolve(Map<String, ValueSchema> definitions, ValueSchema schema) {
		if (schema instanceof Reference reference) {
			ValueSchema defined = definitions.get(reference.name());
			return (defined != null) ? defined : new ValueSchema.Opaque("no definition of " + reference.name());
		}
		return schema;
	}

	private static String join(String path, String name) {
		return path.isEmpty() ? name : path + "." + name;
	}

	private void add(Kind kind, String path, String before, String after, Reads forward, Reads back) {
		this.found.add(new Difference(kind, path, before, after, forward, back));
	}

}
