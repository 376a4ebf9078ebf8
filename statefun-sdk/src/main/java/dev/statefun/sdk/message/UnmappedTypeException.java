package dev.statefun.sdk.message;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;

/**
 * Thrown when a Java type without a mapping is used as a message or a state.
 *
 * @since 0.1.0
 */
public final class UnmappedTypeException extends InvalidDeclarationException {

	private final transient Type type;

	UnmappedTypeException(Type type) {
		super("No mapping for type '" + type.getTypeName() + "'", action(DeclaredTypes.classOf(type)), null);
		this.type = type;
	}

	private static String action(Class<?> type) {
		if (type.isAnnotationPresent(MessageType.class)) {
			return "Add a MessageCodecFactory that takes types with @MessageType; "
					+ "with the Spring Boot starter a JsonMapper bean is enough";
		}
		if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
			return "Put it into a record marked @MessageType(\"<namespace>/<name>\"); the Spring Boot starter also "
					+ "keeps it as a state that has a type name, @Persisted(type = \"<namespace>/<name>\")";
		}
		return "Mark it with @MessageType(\"<namespace>/<name>\"), add a MessageCodec that takes it, or use a "
				+ "protobuf message, boolean, int, long, float, double, String or google.protobuf.Any instead";
	}

	/**
	 * Return the type that has no mapping.
	 * @return the Java type
	 */
	public Type type() {
		return this.type;
	}

}
