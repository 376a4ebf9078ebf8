package dev.statefun.sdk.schema;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Describes the form of values on the wire and how they are read. Names of types are
 * informational: only the structure decides whether values can be read. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface ValueSchema {

	/**
	 * A value without parts.
	 *
	 * @param kind its kind
	 * @param refused forms that are refused, of those that the kind could be read from
	 */
	record Scalar(ScalarKind kind, SortedSet<Form> refused) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param kind its kind
		 * @param refused forms that are refused
		 */
		public Scalar {
			Objects.requireNonNull(kind, "'kind' must not be null");
			refused = Collections.unmodifiableSortedSet(new TreeSet<>(refused));
		}

		/**
		 * Create a schema that refuses no form.
		 * @param kind its kind
		 */
		public Scalar(ScalarKind kind) {
			this(kind, Collections.emptySortedSet());
		}

	}

	/**
	 * A value of a type with a form of its own, such as a date.
	 *
	 * @param type name of the type, and its format if there is one
	 * @param writtenAs kind of value that it is written as
	 */
	record Named(String type, ScalarKind writtenAs) implements ValueSchema {

	}

	/**
	 * One of several constants.
	 *
	 * @param constants the constants as written, with the other texts that are read as
	 * each of them
	 * @param unknown treatment of other texts
	 */
	record Enumeration(SortedMap<String, SortedSet<String>> constants, Unknown unknown) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param constants the constants, with the other texts that are read as each
		 * @param unknown treatment of other texts
		 */
		public Enumeration {
			constants = Collections.unmodifiableSortedMap(new TreeMap<>(constants));
		}

	}

	/**
	 * An ordered collection of values.
	 *
	 * @param element its elements
	 * @param distinct whether equal elements are dropped
	 */
	record Sequence(Content element, boolean distinct) implements ValueSchema {

	}

	/**
	 * A map of values by key.
	 *
	 * @param key schema of the keys
	 * @param value the values
	 */
	record Mapping(ValueSchema key, Content value) implements ValueSchema {

	}

	/**
	 * An optional value; none is written as null.
	 *
	 * @param value the value
	 */
	record Maybe(ValueSchema value) implements ValueSchema {

	}

	/**
	 * A reference to a schema by its name.
	 *
	 * @param name name of the schema
	 */
	record Reference(String name) implements ValueSchema {

	}

	/**
	 * An object with properties.
	 *
	 * @param properties its properties by name
	 * @param unknown treatment of other properties
	 */
	record Structure(SortedMap<String, Property> properties, Unknown unknown) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param properties its properties by name
		 * @param unknown treatment of other properties
		 */
		public Structure {
			properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
		}

	}

	/**
	 * One of several subtypes, distinguished by a text.
	 *
	 * @param discriminator name of the property with the text; empty if there is none
	 * @param inclusion where the text is written
	 * @param subtypes the subtypes by that text
	 * @param unknown treatment of other texts
	 */
	record Alternatives(String discriminator, String inclusion, SortedMap<String, ValueSchema> subtypes,
			Unknown unknown) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param discriminator name of the property that has the text
		 * @param inclusion where the text is written
		 * @param subtypes the subtypes by that text
		 * @param unknown treatment of other texts
		 */
		public Alternatives {
			subtypes = Collections.unmodifiableSortedMap(new TreeMap<>(subtypes));
		}

	}

	/**
	 * A protobuf message.
	 *
	 * @param name its full name
	 * @param fields its fields by number
	 */
	record ProtobufMessage(String name, SortedMap<Integer, ProtobufField> fields) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param name its full name
		 * @param fields its fields by number
		 */
		public ProtobufMessage {
			fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
		}

	}

	/**
	 * A protobuf enum.
	 *
	 * @param name its full name
	 * @param closed whether other numbers are set aside with the unknown fields
	 * @param constants its constants by number
	 */
	record ProtobufEnum(String name, boolean closed, SortedMap<Integer, String> constants) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param name its full name
		 * @param closed whether other numbers are set aside with the unknown fields
		 * @param constants its constants by number
		 */
		public ProtobufEnum {
			constants = Collections.unmodifiableSortedMap(new TreeMap<>(constants));
		}

	}

	/**
	 * A value whose form is not known.
	 *
	 * @param reason why, such as the class that reads and writes it
	 */
	record Opaque(String reason) implements ValueSchema {

	}

	/**
	 * Content of a property, a list or a map.
	 *
	 * @param schema schema of the value
	 * @param nullable whether null may be written
	 * @param whenNull result of reading null
	 */
	record Content(ValueSchema schema, boolean nullable, Missing whenNull) {

		/**
		 * Create a content.
		 * @param schema schema of the value
		 * @param nullable whether null may be written
		 * @param whenNull result of reading null
		 */
		public Content {
			Objects.requireNonNull(schema, "'schema' must not be null");
			Objects.requireNonNull(whenNull, "'whenNull' must not be null");
		}

	}

	/**
	 * A property of an object, identified by its name.
	 *
	 * @param content its content
	 * @param aliases other names under which it is read
	 * @param written whether it is written
	 * @param omittable whether it may be omitted when written
	 * @param read whether it is read
	 * @param whenAbsent result of reading if it is absent
	 */
	record Property(Content content, SortedSet<String> aliases, boolean written, boolean omittable, boolean read,
			Missing whenAbsent) {

		/**
		 * Create a property.
		 * @param content its content
		 * @param aliases other names under which it is read
		 * @param written whether it is written
		 * @param omittable whether it may be omitted when written
		 * @param read whether it is read
		 * @param whenAbsent result of reading if it is absent
		 */
		public Property {
			Objects.requireNonNull(content, "'content' must not be null");
			Objects.requireNonNull(whenAbsent, "'whenAbsent' must not be null");
			aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
		}

	}

	/**
	 * A field of a protobuf message, identified by its number.
	 *
	 * @param name name of the field
	 * @param type its type, as in a .proto file, or {@code message}, {@code group} or
	 * {@code enum}
	 * @param of the message or enum, if it is one
	 * @param label how often it may occur, and the meaning of its absence
	 * @param oneof name of the oneof that it belongs to, if any
	 * @param checked whether text that is not UTF-8 is refused
	 * @param packed whether repeated numbers are written together
	 */
	record ProtobufField(String name, String type, @Nullable Reference of, Label label, @Nullable String oneof,
			boolean checked, boolean packed) {

		/**
		 * Create a field.
		 * @param name name of the field
		 * @param type its type, as in a .proto file, or {@code message}, {@code group} or
		 * {@code enum}
		 * @param of the message or enum, if it is one
		 * @param label how often it may occur, and the meaning of its absence
		 * @param oneof name of the oneof that it belongs to, if any
		 * @param checked whether text that is not UTF-8 is refused
		 * @param packed whether repeated numbers are written together
		 */
		public ProtobufField {
			Objects.requireNonNull(name, "'name' must not be null");
			Objects.requireNonNull(type, "'type' must not be null");
			Objects.requireNonNull(label, "'label' must not be null");
		}

		/**
		 * Cardinality of a field.
		 */
		public enum Label {

			/** Once, where zero or empty is the same as absent. */
			IMPLICIT,

			/** Once or not at all. */
			OPTIONAL,

			/** Once; reading fails without it. */
			REQUIRED,

			/** Any number of times. */
			REPEATED,

			/** Once for each key. */
			MAP

		}

	}

}
