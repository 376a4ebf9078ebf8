package dev.statefun.sdk.registry;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Header;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

/**
 * Parameter of a handler that receives a header of the message, or all headers.
 */
final class HeaderParameter {

	private static final MethodHandle READ = handle(HeaderParameter.class, "read", Object.class, Context.class);

	private static final MethodHandle ALL = handle(Context.class, "headers", Headers.class);

	private final String handler;

	private final String key;

	private final Class<?> valueType;

	private final boolean optional;

	private final boolean required;

	private HeaderParameter(String handler, String key, Class<?> valueType, boolean optional, boolean required) {
		this.handler = handler;
		this.key = key;
		this.valueType = valueType;
		this.optional = optional;
		this.required = required;
	}

	private static MethodHandle handle(Class<?> type, String name, Class<?> result, Class<?>... parameters) {
		try {
			return MethodHandles.lookup().findVirtual(type, name, MethodType.methodType(result, parameters));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static boolean isHeader(HandlerParameter parameter) {
		return parameter.type() == Headers.class || parameter.annotation(Header.class) != null;
	}

	/**
	 * Return how a parameter is read.
	 * @param parameter the parameter
	 * @param function the function
	 * @param handler description of the handler
	 * @return a method handle from the context to the value
	 */
	static MethodHandle reader(HandlerParameter parameter, FunctionSource function, String handler) {
		Header header = parameter.annotation(Header.class);
		if (header == null) {
			return ALL;
		}
		try {
			return READ.bindTo(of(parameter, header, function, handler));
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(function.origin(), "handler '" + handler + "'", ex);
		}
	}

	private static HeaderParameter of(HandlerParameter parameter, Header header, FunctionSource function,
			String handler) {
		String key = Headers.requireKey(function.resolve(header.value()));
		Type type = parameter.genericType();
		boolean optional = parameter.type() == Optional.class;
		Type value = (optional && type instanceof ParameterizedType optionalType)
				? optionalType.getActualTypeArguments()[0] : type;
		if (value != String.class && value != byte[].class && value != ByteString.class) {
			throw new InvalidDeclarationException(
					"header '" + key + "' is a parameter of the type '" + type.getTypeName() + "'",
					"Declare it as String, byte[] or ByteString, or as an Optional of one of them", null);
		}
		return new HeaderParameter(handler, key, (Class<?>) value, optional, isRequired(parameter, header));
	}

	/**
	 * Return the header without which a message is not valid.
	 * @param parameter the parameter
	 * @param function the function
	 * @return the key of the header, or empty if the parameter requires none
	 */
	static Optional<String> requiredKey(HandlerParameter parameter, FunctionSource function) {
		Header header = parameter.annotation(Header.class);
		return (header != null && isRequired(parameter, header)) ? Optional.of(function.resolve(header.value()))
				: Optional.empty();
	}

	private static boolean isRequired(HandlerParameter parameter, Header header) {
		return header.required() && parameter.type() != Optional.class && !isNullable(parameter);
	}

	private static boolean isNullable(HandlerParameter parameter) {
		return Stream
			.concat(parameter.annotations().stream(),
					Arrays.stream(parameter.declaration().getAnnotatedType().getAnnotations()))
			.map(Annotation::annotationType)
			.anyMatch((annotation) -> annotation.getSimpleName().equals("Nullable"));
	}

	private @Nullable Object read(Context context) {
		Optional<?> value = context.headers().bytes(this.key).map((bytes) -> valueOf(bytes, context));
		if (this.required && value.isEmpty()) {
			throw new InvalidMessageException("Function '" + context.self().type()
					+ "' got a message without the header '" + this.key + "', which handler '" + this.handler
					+ "' requires; send it, or make the parameter an Optional", null);
		}
		return this.optional ? value : value.orElse(null);
	}

	private Object valueOf(ByteString bytes, Context context) {
		if (this.valueType == ByteString.class) {
			return bytes;
		}
		if (this.valueType == byte[].class) {
			return bytes.toByteArray();
		}
		if (!bytes.isValidUtf8()) {
			throw new InvalidMessageException("Function '" + context.self().type() + "' got a message whose header '"
					+ this.key + "' has " + bytes.size() + " bytes that are not UTF-8, where handler '" + this.handler
					+ "' takes a text; send UTF-8, or make the parameter a byte[]", null);
		}
		return bytes.toStringUtf8();
	}

}
