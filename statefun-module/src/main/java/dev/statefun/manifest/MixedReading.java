package dev.statefun.manifest;

import java.util.Map;

import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Alternatives;
import dev.statefun.sdk.schema.ValueSchema.Content;
import dev.statefun.sdk.schema.ValueSchema.Mapping;
import dev.statefun.sdk.schema.ValueSchema.Property;
import dev.statefun.sdk.schema.ValueSchema.Structure;

/**
 * Determines whether JSON of one sort is read as another: objects as maps, for example.
 */
final class MixedReading {

	private final Map<String, ValueSchema> readers;

	private final Map<String, ValueSchema> writers;

	MixedReading(Map<String, ValueSchema> readers, Map<String, ValueSchema> writers) {
		this.readers = readers;
		this.writers = writers;
	}

	Reads of(ValueSchema reader, ValueSchema writer) {
		if (reader instanceof Mapping map && writer instanceof Structure structure) {
			return structure.properties()
				.values()
				.stream()
				.filter(Property::written)
				.map((property) -> reads(map.value(), property.content()))
				.reduce(Reads.ALL, Reads::worst);
		}
		if (reader instanceof Structure structure && writer instanceof Mapping map) {
			Reads worst = switch (structure.unknown()) {
				case REFUSED -> Reads.not("unknown properties are refused");
				case KEPT -> Reads.ALL;
				default -> Reads.lossy("keys that are no properties are not read");
			};
			for (Property property : structure.properties().values()) {
				worst = worst.worst(SchemaDifferences.absent(property))
					.worst(property.read() ? reads(property.content(), map.value()) : Reads.ALL);
			}
			return worst;
		}
		if (reader instanceof Structure structure && writer instanceof Alternatives alternatives
				&& alternatives.inclusion().endsWith("PROPERTY")) {
			Reads worst = (structure.unknown() == Unknown.REFUSED) ? Reads.not("unknown properties are refused")
					: Reads.lossy("the discriminator of subtypes is not read");
			for (ValueSchema subtype : alternatives.subtypes().values()) {
				worst = worst.worst(reads(place(structure), place(subtype)));
			}
			return worst;
		}
		if (reader instanceof Alternatives alternatives && writer instanceof Structure) {
			return (alternatives.unknown() == Unknown.REFUSED) ? Reads.not("its subtype is not named") : Reads.UNKNOWN;
		}
		return ScalarReading.of(reader, writer);
	}

	private Reads reads(Content reader, Content writer) {
		SchemaDifferences differences = new SchemaDifferences(this.writers, this.readers);
		differences.compare("", writer, reader);
		return differences.forward();
	}

	private static Content place(ValueSchema schema) {
		return new Content(schema, false, Missing.REFUSED);
	}

}
