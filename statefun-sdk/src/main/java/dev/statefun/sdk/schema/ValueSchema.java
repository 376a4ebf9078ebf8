package dev.statefun.sdk.schema;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Describes what values look like on the wire and how they are read. Immutable. Names of
 * types are for people: only the structure decides whether values can be read.
 *
 * @since 0.1.0
 */
public sealed interface ValueSchema {

	/**
	 * A value without parts.
	 *
	 * @param kind its kind
	 * @param refused forms that are refused, of those that values of the kind could be
	 * read from
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
		 * Create a schema that refuses none of the forms it could be read from.
		 * @param kind its kind
		 */
		public Scalar(ScalarKind kind) {
			this(kind, Collections.emptySortedSet());
		}

	}

	/**
	 * A value of a type that has a form of its own, such as a date.
	 *
	 * @param type name of the type, and its format if there is one
	 * @param writtenAs kind of value that it is written as
	 */
	record Named(String type, ScalarKind writtenAs) implements ValueSchema {

	}

	/**
	 * One of several constants.
	 *
	 * @param constants the constants as they are written, and under which other texts
	 * each is read
	 * @param unknown what reading another text does
	 */
	record Enumeration(SortedMap<String, SortedSet<String>> constants, Unknown unknown) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param constants the constants, and under which other texts each is read
		 * @param unknown what reading another text does
		 */
		public Enumeration {
			constants = Collections.unmodifiableSortedMap(new TreeMap<>(constants));
		}

	}

	/**
	 * Any number of values in an order.
	 *
	 * @param element its elements
	 * @param distinct whether equal elements are dropped
	 */
	record Sequence(Content element, boolean distinct) implements ValueSchema {

	}

	/**
	 * Values by key.
	 *
	 * @param key what the keys look like
	 * @param value the values
	 */
	record Mapping(ValueSchema key, Content value) implements ValueSchema {

	}

	/**
	 * A value or none, where none is written as null.
	 *
	 * @param value the value
	 */
	record Maybe(ValueSchema value) implements ValueSchema {

	}

	/**
	 * A schema that stands in a table.
	 *
	 * @param name its name there
	 */
	record Reference(String name) implements ValueSchema {

	}

	/**
	 * An object with properties.
	 *
	 * @param properties its properties by name
	 * @param unknown what reading another property does
	 */
	record Structure(SortedMap<String, Property> properties, Unknown unknown) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param properties its properties by name
		 * @param unknown what reading another property does
		 */
		public Structure {
			properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
		}

	}

	/**
	 * One of several subtypes, told apart by a text.
	 *
	 * @param discriminator name of the property that has the text; empty if none has
	 * @param inclusion where the text stands
	 * @param subtypes the subtypes by that text
	 * @param unknown what reading another text does
	 */
	record Alternatives(String discriminator, String inclusion, SortedMap<String, ValueSchema> subtypes,
			Unknown unknown) implements ValueSchema {

		/**
		 * Create a schema.
		 * @param discriminator name of the property that has the text
		 * @param inclusion where the text stands
		 * @param subtypes the subtypes by that text
		 * @param unknown what reading another text does
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
	 * A value of which nothing is known.
	 *
	 * @param reason why, such as the class that reads and writes it
	 */
	record Opaque(String reason) implements ValueSchema {

	}

	/**
	 * What stands at one place: in a property, a list or a map.
	 *
	 * @param schema what the value looks like
	 * @param nullable whether null may be written there
	 * @param whenNull what reading null gives
	 */
	record Content(ValueSchema schema, boolean nullable, Missing whenNull) {

		/**
		 * Create the content of a place.
		 * @param schema what the value looks like
		 * @param nullable whether null may be written there
		 * @param whenNull what reading null gives
		 */
		public Content {
			Objects.requireNonNull(schema, "'schema' must not be null");
			Objects.requireNonNull(whenNull, "'whenNull' must not be null");
		}

	}

	/**
	 * A property of an object, which is found by its name.
	 *
	 * @param content what stands there
	 * @param aliases other names under which it is read
	 * @param written whether it is written
	 * @param omittable whether writing may leave it out
	 * @param read whether it is read
	 * @param whenAbsent what reading gives if it is left out
	 */
	record Property(Content content, SortedSet<String> aliases, boolean written, boolean omittable, boolean read,
			Missing whenAbsent) {

		/**
		 * Create a property.
		 * @param content what stands there
		 * @param aliases other names under which it is read
		 * @param written whether it is written
		 * @param omittable whether writing may leave it out
		 * @param read whether it is read
		 * @param whenAbsent what reading gives if it is left out
		 */
		public Property {
			Objects.requireNonNull(content, "'content' must not be null");
			Objects.requireNonNull(whenAbsent, "'whenAbsent' must not be null");
			aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
		}

	}

	/**
	 * A field of a protobuf message, which is found by its number.
	 *
	 * @param name name of the field
	 * @param type its type, as in a .proto file, or {@code message}, {@code group} or
	 * {@code enum}
	 * @param of the message or enum, if it is one
	 * @param label how often it may occur, and what its absence means
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
		 * @param label how often it may occur, and what its absence means
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
		 * How often a field may occur.
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
