package dev.statefun.spring.json;

import java.lang.reflect.Type;
import java.util.Set;

import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.function.SingletonSupplier;

/**
 * JSON codec for the values of one Java type. Jackson inspects the type at the first
 * value, not while the application starts.
 */
final class JsonCodec implements MessageCodec<Object> {

	private final Type type;

	private final String typename;

	private final Set<String> aliases;

	private final Type namedType;

	private final JsonMapper mapper;

	private final SingletonSupplier<Boolean> unchanging;

	private final SingletonSupplier<ObjectReader> reader;

	private final SingletonSupplier<ObjectWriter> writer;

	/**
	 * Create a codec.
	 * @param type the Java type
	 * @param typename name of its message type
	 * @param aliases further names that can be read
	 * @param namedType type with the names, of which the Java type may be a subtype
	 * @param mapper reads and writes the JSON
	 */
	JsonCodec(Type type, String typename, Set<String> aliases, Type namedType, JsonMapper mapper) {
		Class<?> valueClass = DeclaredTypes.classOf(type);
		this.type = type;
		this.typename = typename;
		this.aliases = aliases;
		this.namedType = namedType;
		this.mapper = mapper;
		this.unchanging = SingletonSupplier.of(() -> ImmutableTypes.include(valueClass));
		this.reader = SingletonSupplier.of(() -> mapper.readerFor(mappedType()));
		this.writer = SingletonSupplier.of(() -> mapper.writerFor(mappedType()));
	}

	// The type with the names: a subtype alone would not be written with its
	// discriminator
	private JavaType mappedType() {
		return this.mapper.constructType(this.namedType);
	}

	@Override
	public Type type() {
		return this.type;
	}

	@Override
	public String typename() {
		return this.typename;
	}

	@Override
	public Set<String> aliases() {
		return this.aliases;
	}

	@Override
	public Type namedType() {
		return this.namedType;
	}

	// Even a record can hold a mutable list, and JSON need not hold all of a value:
	// the value that is read must not depend on where batches end
	@Override
	public boolean immutable() {
		return false;
	}

	@Override
	public boolean encodesOnce() {
		return this.unchanging.obtain();
	}

	@Override
	public ValueSchema schema(SchemaDefinitions definitions) {
		return JsonSchemas.describe(this.mapper, mappedType(), definitions);
	}

	@Override
	public Object decode(byte[] buffer, int offset, int length) {
		Object value = this.reader.obtain().readValue(buffer, offset, length);
		if (value == null) {
			throw new IllegalArgumentException("JSON null is no value of the type '" + this.type.getTypeName() + "'");
		}
		return DeclaredTypes.classOf(this.type).cast(value);
	}

	@Override
	public byte[] encode(Object value) {
		return this.writer.obtain().writeValueAsBytes(value);
	}

}
