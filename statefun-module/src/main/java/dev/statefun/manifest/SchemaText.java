package dev.statefun.manifest;

import java.util.Locale;

import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Alternatives;
import dev.statefun.sdk.schema.ValueSchema.Content;
import dev.statefun.sdk.schema.ValueSchema.Enumeration;
import dev.statefun.sdk.schema.ValueSchema.Mapping;
import dev.statefun.sdk.schema.ValueSchema.Maybe;
import dev.statefun.sdk.schema.ValueSchema.Named;
import dev.statefun.sdk.schema.ValueSchema.Opaque;
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.schema.ValueSchema.Sequence;
import dev.statefun.sdk.schema.ValueSchema.Structure;

/**
 * Describes schemas in words.
 */
final class SchemaText {

	private SchemaText() {
	}

	static String describe(Content content) {
		boolean says = content.nullable() && !(content.schema() instanceof Maybe);
		return describe(content.schema()) + (says ? " or null" : "");
	}

	static String describe(ValueSchema schema) {
		if (schema instanceof Scalar scalar) {
			return describe(scalar.kind());
		}
		if (schema instanceof Named named) {
			return named.type();
		}
		if (schema instanceof Enumeration enumeration) {
			return "one of " + enumeration.constants().keySet();
		}
		if (schema instanceof Sequence sequence) {
			return (sequence.distinct() ? "set of " : "list of ") + describe(sequence.element().schema());
		}
		if (schema instanceof Mapping mapping) {
			return "map of " + describe(mapping.value().schema());
		}
		if (schema instanceof Maybe maybe) {
			return "optional " + describe(maybe.value());
		}
		if (schema instanceof Reference reference) {
			return reference.name();
		}
		if (schema instanceof Structure) {
			return "object";
		}
		if (schema instanceof Alternatives alternatives) {
			return "one of the kinds " + alternatives.subtypes().keySet();
		}
		if (schema instanceof ProtobufMessage message) {
			return message.name();
		}
		if (schema instanceof ProtobufEnum type) {
			return type.name();
		}
		return "not known (" + ((Opaque) schema).reason() + ")";
	}

	static String describe(ScalarKind kind) {
		return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	static String describe(int number, ProtobufField field) {
		String label = switch (field.label()) {
			case IMPLICIT -> "";
			case OPTIONAL -> (field.oneof() != null || field.of() != null) ? "" : "optional ";
			case REQUIRED -> "required ";
			case REPEATED -> "repeated ";
			case MAP -> "map as repeated ";
		};
		return label + ((field.of() != null) ? field.of().name() : field.type()) + " " + field.name() + " = " + number
				+ ((field.oneof() != null) ? " in oneof " + field.oneof() : "");
	}

}
