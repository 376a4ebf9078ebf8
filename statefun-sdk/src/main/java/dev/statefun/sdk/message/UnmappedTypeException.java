package dev.statefun.sdk.message;

/**
 * A Java type was used as a message or a state, and nobody knows how to map it to bytes.
 *
 * @since 0.1.0
 */
public final class UnmappedTypeException extends InvalidDeclarationException {

	private final Class<?> type;

	UnmappedTypeException(Class<?> type) {
		super("No mapping for type '" + type.getName() + "'", action(type), null);
		this.type = type;
	}

	private static String action(Class<?> type) {
		if (type.isAnnotationPresent(MessageType.class)) {
			return "Add a MessageCodecFactory that takes types with @MessageType; "
					+ "with the Spring Boot starter a JsonMapper bean is enough";
		}
		return "Mark it with @MessageType(\"<namespace>/<name>\"), add a MessageCodecFactory that takes it, or use a "
				+ "protobuf message, boolean, int, long, float, double, String or google.protobuf.Any instead";
	}

	/**
	 * Return the type that nobody can map.
	 * @return the Java type
	 */
	public Class<?> type() {
		return this.type;
	}

}
