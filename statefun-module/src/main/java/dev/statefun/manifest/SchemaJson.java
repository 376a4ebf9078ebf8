package dev.statefun.manifest;

import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.statefun.sdk.schema.Form;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Alternatives;
import dev.statefun.sdk.schema.ValueSchema.Content;
import dev.statefun.sdk.schema.ValueSchema.Enumeration;
import dev.statefun.sdk.schema.ValueSchema.Mapping;
import dev.statefun.sdk.schema.ValueSchema.Maybe;
import dev.statefun.sdk.schema.ValueSchema.Named;
import dev.statefun.sdk.schema.ValueSchema.Opaque;
import dev.statefun.sdk.schema.ValueSchema.Property;
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.schema.ValueSchema.Sequence;
import dev.statefun.sdk.schema.ValueSchema.Structure;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON form of schemas. A scalar is a text; everything else is an object with one member
 * that names its sort. Defaults are left out.
 */
final class SchemaJson {

	private SchemaJson() {
	}

	static JsonNode write(ValueSchema schema) {
		ObjectNode json = JsonMapper.shared().createObjectNode();
		if (schema instanceof Scalar scalar) {
			if (scalar.refused().isEmpty()) {
				return JsonMapper.shared().getNodeFactory().stringNode(text(scalar.kind()));
			}
			json.put("scalar", text(scalar.kind()));
			scalar.refused().forEach((form) -> array(json, "refuses").add(text(form)));
		}
		else if (schema instanceof Named named) {
			json.put("named", named.type()).put("writtenAs", text(named.writtenAs()));
		}
		else if (schema instanceof Enumeration enumeration) {
			ObjectNode constants = json.putObject("enum");
			enumeration.constants().forEach((constant, aliases) -> aliases.forEach(array(constants, constant)::add));
			json.put("unknown", text(enumeration.unknown()));
		}
		else if (schema instanceof Sequence sequence) {
			write(json.putObject(sequence.distinct() ? "set" : "list"), sequence.element());
		}
		else if (schema instanceof Mapping mapping) {
			write(json.putObject("map"), mapping.value());
			json.set("key", write(mapping.key()));
		}
		else if (schema instanceof Maybe maybe) {
			json.set("optional", write(maybe.value()));
		}
		else if (schema instanceof Reference reference) {
			json.put("ref", reference.name());
		}
		else if (schema instanceof Structure structure) {
			ObjectNode properties = json.putObject("object");
			structure.properties().forEach((name, property) -> write(properties.putObject(name), property));
			json.put("unknown", text(structure.unknown()));
		}
		else if (schema instanceof Alternatives alternatives) {
			ObjectNode subtypes = json.putObject("subtypes");
			alternatives.subtypes().forEach((id, subtype) -> subtypes.set(id, write(subtype)));
			json.put("by", alternatives.discriminator()).put("inclusion", alternatives.inclusion());
			json.put("unknown", text(alternatives.unknown()));
		}
		else if (schema instanceof ProtobufMessage message) {
			ObjectNode fields = json.put("message", message.name()).putObject("fields");
			message.fields().forEach((number, field) -> write(fields.putObject(number.toString()), field));
		}
		else if (schema instanceof ProtobufEnum type) {
			ObjectNode constants = json.put("protobufEnum", type.name())
				.put("closed", type.closed())
				.putObject("constants");
			type.constants().forEach((number, name) -> constants.put(number.toString(), name));
		}
		else if (schema instanceof Opaque opaque) {
			json.put("opaque", opaque.reason());
		}
		return json;
	}

	private static void write(ObjectNode json, Content content) {
		json.set("value", write(content.schema()));
		if (content.nullable()) {
			json.put("nullable", true);
		}
		json.put("null", text(content.whenNull()));
	}

	private static void write(ObjectNode json, Property property) {
		write(json, property.content());
		json.put("absent", text(property.whenAbsent()));
		if (!property.aliases().isEmpty()) {
			property.aliases().forEach(array(json, "aliases")::add);
		}
		if (!property.written()) {
			json.put("written", false);
		}
		if (property.omittable()) {
			json.put("omittable", true);
		}
		if (!property.read()) {
			json.put("read", false);
		}
	}

	private static void write(ObjectNode json, ProtobufField field) {
		json.put("name", field.name()).put("type", field.type()).put("label", text(field.label()));
		if (field.of() != null) {
			json.put("ref", field.of().name());
		}
		if (field.oneof() != null) {
			json.put("oneof", field.oneof());
		}
		if (field.checked()) {
			json.put("utf8", true);
		}
		if (field.packed()) {
			json.put("packed", true);
		}
	}

	private static ArrayNode array(ObjectNode json, String name) {
		return (json.get(name) instanceof ArrayNode array) ? array : json.putArray(name);
	}

	private static String text(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Read a schema.
	 * @param place place of the schema, for errors
	 * @param json the schema as JSON
	 * @return the schema
	 * @throws IllegalArgumentException if it is not a schema
	 */
	static ValueSchema read(String place, JsonNode json) {
		try {
			return read(json);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("The manifest of states has no schema at " + place, ex);
		}
	}

	private static ValueSchema read(JsonNode json) {
		if (json.isString()) {
			return new Scalar(constant(ScalarKind.class, json));
		}
		return switch (json.propertyNames().iterator().next()) {
			case "scalar" -> {
				SortedSet<Form> refused = new TreeSet<>();
				json.get("refuses").forEach((form) -> refused.add(constant(Form.class, form)));
				yield new Scalar(constant(ScalarKind.class, json.get("scalar")), refused);
			}
			case "named" ->
				new Named(json.get("named").stringValue(), constant(ScalarKind.class, json.get("writtenAs")));
			case "enum" -> {
				SortedMap<String, SortedSet<String>> constants = new TreeMap<>();
				json.get("enum").forEachEntry((name, aliases) -> constants.put(name, texts(aliases)));
				yield new Enumeration(constants, constant(Unknown.class, json.get("unknown")));
			}
			case "list" -> new Sequence(content(json.get("list")), false);
			case "set" -> new Sequence(content(json.get("set")), true);
			case "map" -> new Mapping(read(json.get("key")), content(json.get("map")));
			case "optional" -> new Maybe(read(json.get("optional")));
			case "ref" -> new Reference(json.get("ref").stringValue());
			case "object" -> {
				SortedMap<String, Property> properties = new TreeMap<>();
				json.get("object").forEachEntry((name, property) -> properties.put(name, property(property)));
				yield new Structure(properties, constant(Unknown.class, json.get("unknown")));
			}
			case "subtypes" -> {
				SortedMap<String, ValueSchema> subtypes = new TreeMap<>();
				json.get("subtypes").forEachEntry((id, subtype) -> subtypes.put(id, read(subtype)));
				yield new Alternatives(json.get("by").stringValue(), json.get("inclusion").stringValue(), subtypes,
						constant(Unknown.class, json.get("unknown")));
			}
			case "message" -> {
				SortedMap<Integer, ProtobufField> fields = new TreeMap<>();
				json.get("fields").forEachEntry((number, field) -> fields.put(Integer.valueOf(number), field(field)));
				yield new ProtobufMessage(json.get("message").stringValue(), fields);
			}
			case "protobufEnum" -> {
				SortedMap<Integer, String> constants = new TreeMap<>();
				json.get("constants")
					.forEachEntry((number, name) -> constants.put(Integer.valueOf(number), name.stringValue()));
				yield new ProtobufEnum(json.get("protobufEnum").stringValue(), json.get("closed").booleanValue(),
						constants);
			}
			case "opaque" -> new Opaque(json.get("opaque").stringValue());
			default -> throw new IllegalArgumentException("No schema has '" + json.propertyNames() + "'");
		};
	}

	private static Content content(JsonNode json) {
		return new Content(read(json.get("value")), json.path("nullable").asBoolean(false),
				constant(Missing.class, json.get("null")));
	}

	private static Property property(JsonNode json) {
		return new Property(content(json), texts(json.path("aliases")), json.path("written").asBoolean(true),
				json.path("omittable").asBoolean(false), json.path("read").asBoolean(true),
				constant(Missing.class, json.get("absent")));
	}

	private static ProtobufField field(JsonNode json) {
		return new ProtobufField(json.get("name").stringValue(), json.get("type").stringValue(),
				json.has("ref") ? new Reference(json.get("ref").stringValue()) : null,
				constant(Label.class, json.get("label")), json.has("oneof") ? json.get("oneof").stringValue() : null,
				json.path("utf8").asBoolean(false), json.path("packed").asBoolean(false));
	}

	private static SortedSet<String> texts(JsonNode json) {
		SortedSet<String> texts = new TreeSet<>();
		json.forEach((text) -> texts.add(text.stringValue()));
		return texts;
	}

	private static <E extends Enum<E>> E constant(Class<E> type, JsonNode json) {
		return Enum.valueOf(type, json.stringValue().toUpperCase(Locale.ROOT));
	}

}
