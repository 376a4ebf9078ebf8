package dev.statefun.sdk.message;

/**
 * A Java type was used as a message or a state, and nobody knows how to map it to bytes.
 *
 * @since 0.1.0
 */
public final class UnmappedTypeException extends IllegalArgumentException {

	private final Class<?> type;

	UnmappedTypeException(Class<?> type) {
		super("No mapping for type '" + type.getName() + "'; expected a protobuf message, boolean, int, long, float, "
				+ "double, String, google.protobuf.Any"
				+ (type.isAnnotationPresent(MessageType.class)
						? ", or a MessageCodecFactory that takes the class (with the Spring Boot starter: a JsonMapper bean)"
						: ", a record or class marked @MessageType(\"<namespace>/<name>\"), "
								+ "or a MessageCodecFactory that takes the class"));
		this.type = type;
	}

	/**
	 * Return the type that nobody can map.
	 * @return the Java type
	 */
	public Class<?> type() {
		return this.type;
	}

}
