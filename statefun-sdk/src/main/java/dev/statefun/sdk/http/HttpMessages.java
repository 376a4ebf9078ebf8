package dev.statefun.sdk.http;

import java.lang.invoke.MethodType;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.http.UnreadableRequestException.Fault;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Converts HTTP requests into messages, and messages
 * into JSON: the content type is the name of the message type, verbatim (protocol.md
 * §10).
 * <p>
 * Thread-safe.
 */
public final class HttpMessages {

	/** Library that reads and writes JSON of protobuf messages. */
	public static final String JSON_LIBRARY = "com.google.protobuf:protobuf-java-util";

	/** Begin of the content type of a message; the name of its type follows. */
	public static final String PREFIX = "application/vnd.";

	/** End of the content type of a message as JSON. */
	public static final String JSON = "+json";

	// How a descriptor names the handler for all other messages
	private static final String FALLBACK = "*";

	private static final Pattern UTF_8_PARAMETER = Pattern.compile("\\s*;\\s*charset=(utf-8|\"utf-8\")\\s*",
			Pattern.CASE_INSENSITIVE);

	private static final List<Class<?>> PRIMITIVES = List.of(Boolean.class, Integer.class, Long.class, Float.class,
			Double.class, String.class);

	private static final String EXAMPLE = "'Content-Type: application/vnd.<namespace>/<type>', "
			+ "followed by '+json' if the body is the message as JSON, " + "or 'Content-Type: text/plain' for a text";

	private final StatefulFunctions functions;

	private final DescribedMessages described;

	/** Types of the messages in fields of the type {@code Any}. */
	private final TypeRegistry types;

	/**
	 * Create a converter.
	 * @param functions the functions, whose message types determine how JSON is read
	 * @param described further protobuf messages
	 */
	public HttpMessages(StatefulFunctions functions, DescribedMessages described) {
		this.functions = functions;
		this.described = described;
		this.types = DescribedMessages.besideThoseOf(functions).types(described);
	}

	/**
	 * Return whether JSON of protobuf messages and primitives can be read and written.
	 * @return whether the library for it is there
	 */
	public static boolean hasJsonLibrary() {
		try {
			return !new ProtobufJson(TypeRegistry.getEmptyTypeRegistry()).writePrimitive("").isEmpty();
		}
		catch (InvalidProtocolBufferException | LinkageError ex) {
			return false;
		}
	}

	/**
	 * Read the content type. Called before the body is read.
	 * @param contentTypes values of the header, each byte as one character
	 * @return the type
	 * @throws UnreadableRequestException if it names no message type
	 */
	public MessageType type(@Nullable List<String> contentTypes) throws UnreadableRequestException {
		if (contentTypes == null || contentTypes.isEmpty()) {
			throw new UnreadableRequestException(Fault.CONTENT_TYPE,
					"The request has no content type. Name the message's: " + EXAMPLE);
		}
		for (String contentType : contentTypes) {
			if (contentType.startsWith(PREFIX)) {
				return new MessageType(typename(contentType), false);
			}
		}
		String found = contentTypes.get(0);
		if (found.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("text/plain")) {
			return new MessageType(this.functions.mappings().of(String.class).typename(), true);
		}
		throw new UnreadableRequestException(Fault.CONTENT_TYPE,
				"The content type '" + found + "' names no message type. Send " + EXAMPLE);
	}

	// The server returns each byte of a header as one character
	private static String typename(String contentType) throws UnreadableRequestException {
		String typename = contentType.substring(PREFIX.length());
		try {
			typename = Utf8Text.decode(typename.getBytes(StandardCharsets.ISO_8859_1));
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableRequestException(Fault.CONTENT_TYPE,
					"The content type '" + contentType + "' is not UTF-8");
		}
		if (typename.isEmpty()) {
			throw new UnreadableRequestException(Fault.CONTENT_TYPE,
					"The content type '" + contentType + "' names no message type. Send " + EXAMPLE);
		}
		return typename;
	}

	/**
	 * Convert a body into a message.
	 * @param function type of the function that gets it
	 * @param type content type of the body
	 * @param body the body
	 * @return the message
	 * @throws UnreadableRequestException if the function does not take such messages, or
	 * the body can't be read
	 */
	public Any message(FunctionType function, MessageType type, byte[] body) throws UnreadableRequestException {
		List<HandlerDescriptor> handlers = handlers(function);
		if (type.text()) {
			requireHandler(function, type.typename(), handlers);
			return message(type.typename(), encode(this.functions.mappings().of(String.class), text(body)));
		}
		String typename = withoutParameters(type.typename(), handlers);
		if (!typename.endsWith(JSON) || handlers.stream().anyMatch((known) -> known.typename().equals(typename))) {
			requireHandler(function, typename, handlers);
			return message(typename, body);
		}
		String plain = typename.substring(0, typename.length() - JSON.length());
		requireHandler(function, plain, handlers);
		MessageMapping<?> mapping = mapping(plain, handlers);
		if (mapping != null) {
			return message(plain, json(mapping, body));
		}
		Descriptor descriptor = this.described.of(plain);
		if (descriptor == null) {
			throw new UnreadableRequestException(Fault.CONTENT_TYPE,
					"Function '" + function + "' takes messages of the type '" + plain
							+ "', but it is not known how to read their JSON, as there is no descriptor of that type; "
							+ "send the message's own bytes without '+json'");
		}
		return message(plain,
				((Message) read(plain, body, (json) -> protobufJson().read(json, descriptor))).toByteArray());
	}

	/**
	 * Return the names of the message types that a function takes.
	 * @param function type of the function
	 * @return the names, with {@code *} for any; empty for a function that is served
	 * elsewhere
	 */
	public List<String> typenames(FunctionType function) {
		return handlers(function).stream().map(HandlerDescriptor::typename).toList();
	}

	/**
	 * Convert a message into JSON.
	 * @param message the message
	 * @return the JSON, or {@code null} if it is no protobuf message and no primitive of
	 * a known type, or can't be read
	 */
	public @Nullable String json(Any message) {
		try {
			Object value = value(message);
			if (value == null) {
				return null;
			}
			return (value instanceof Message known) ? protobufJson().write(known)
					: protobufJson().writePrimitive(value);
		}
		catch (Exception | LinkageError ex) {
			return null;
		}
	}

	/**
	 * Convert a value of a mapped type, such as a state, into JSON or text.
	 * @param mapping its mapping
	 * @param value its bytes
	 * @return the JSON of a protobuf message, number or boolean, the text itself of a
	 * text, or {@code null} if it is of another type or can't be read
	 */
	public @Nullable String textOf(MessageMapping<?> mapping, byte[] value) {
		try {
			Object decoded = (isProtobuf(mapping) || isPrimitive(mapping))
					? mapping.codec().decode(value, 0, value.length) : null;
			if (decoded == null || decoded instanceof String) {
				return (String) decoded;
			}
			return (decoded instanceof Message known) ? protobufJson().write(known)
					: protobufJson().writePrimitive(decoded);
		}
		catch (Exception | LinkageError ex) {
			return null;
		}
	}

	/**
	 * Convert text into a value of a mapped type, such as a state.
	 * @param mapping its mapping
	 * @param text the JSON, or the text itself for a type of texts
	 * @return the value
	 * @throws UnreadableRequestException if the text can't be read
	 */
	public Any valueOf(MessageMapping<?> mapping, byte[] text) throws UnreadableRequestException {
		return message(mapping.typename(),
				(boxed(mapping.valueClass()) == String.class) ? encode(mapping, text(text)) : json(mapping, text));
	}

	private static boolean isProtobuf(MessageMapping<?> mapping) {
		return Message.class.isAssignableFrom(mapping.valueClass());
	}

	private static boolean isPrimitive(MessageMapping<?> mapping) {
		return PRIMITIVES.contains(boxed(mapping.valueClass()));
	}

	private static Class<?> boxed(Class<?> type) {
		return MethodType.methodType(type).wrap().returnType();
	}

	/**
	 * Return the text of a message.
	 * @param message the message
	 * @return the text, or {@code null} if it is no text
	 */
	public @Nullable String text(Any message) {
		MessageMapping<String> mapping = this.functions.mappings().of(String.class);
		if (!mapping.accepts(message.getTypeUrl())) {
			return null;
		}
		byte[] bytes = message.getValue().toByteArray();
		try {
			return mapping.codec().decode(bytes, 0, bytes.length);
		}
		catch (Exception ex) {
			return null;
		}
	}

	private @Nullable Object value(Any message) throws Exception {
		byte[] bytes = message.getValue().toByteArray();
		MessageMapping<?> primitive = primitive(message.getTypeUrl());
		if (primitive != null) {
			return primitive.codec().decode(bytes, 0, bytes.length);
		}
		for (MessageMapping<?> mapping : this.functions.mappings().accepting(message.getTypeUrl())) {
			if (Message.class.isAssignableFrom(mapping.valueClass())) {
				return mapping.codec().decode(bytes, 0, bytes.length);
			}
		}
		Descriptor descriptor = this.described.of(message.getTypeUrl());
		return (descriptor != null) ? DynamicMessage.parseFrom(descriptor, bytes) : null;
	}

	// A message without a handler would block its instance for good. A function that
	// is not in this list is served elsewhere and may accept any message
	private void requireHandler(FunctionType function, String typename, List<HandlerDescriptor> handlers)
			throws UnreadableRequestException {
		if (!handlers.isEmpty() && handlers.stream().noneMatch((handler) -> takes(handler, typename))) {
			throw new UnreadableRequestException(Fault.CONTENT_TYPE,
					"Function '" + function + "' has no handler for messages of the type '" + typename + "'; it takes "
							+ handlers.stream().map(HandlerDescriptor::typename).toList());
		}
	}

	private boolean takes(HandlerDescriptor handler, String typename) {
		return handler.typename().equals(FALLBACK) || handler.typename().equals(typename)
				|| this.functions.mappings().of(handler.messageType()).accepts(typename);
	}

	// The name may contain any character, even ';', but most names with one come from
	// clients that append a charset
	private static String withoutParameters(String typename, List<HandlerDescriptor> handlers)
			throws UnreadableRequestException {
		int parameters = typename.indexOf(';');
		if (parameters < 0 || handlers.stream().anyMatch((known) -> known.typename().equals(typename))) {
			return typename;
		}
		String plain = typename.substring(0, parameters).stripTrailing();
		if (plain.isEmpty() || !UTF_8_PARAMETER.matcher(typename.substring(parameters)).matches()) {
			throw new UnreadableRequestException(Fault.CONTENT_TYPE, "The content type '" + PREFIX + typename
					+ "' has parameters, or a ';' in a type that no handler declares; send it without parameters: '"
					+ PREFIX + plain + "'");
		}
		return plain;
	}

	private static Any message(String typename, byte[] value) {
		return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFrom(value)).build();
	}

	private List<HandlerDescriptor> handlers(FunctionType function) {
		return this.functions.functions()
			.stream()
			.filter((known) -> known.type().equals(function))
			.findFirst()
			.map(FunctionDescriptor::handlers)
			.orElse(List.of());
	}

	private @Nullable MessageMapping<?> mapping(String typename, List<HandlerDescriptor> handlers) {
		MessageMapping<?> underAnyPrefix = null;
		for (HandlerDescriptor handler : handlers) {
			if (!handler.typename().equals(FALLBACK)) {
				MessageMapping<?> mapping = this.functions.mappings().of(handler.messageType());
				if (handler.typename().equals(typename)) {
					return mapping;
				}
				underAnyPrefix = mapping.accepts(typename) ? mapping : underAnyPrefix;
			}
		}
		if (underAnyPrefix != null) {
			return underAnyPrefix;
		}
		return primitive(typename);
	}

	private @Nullable MessageMapping<?> primitive(String typename) {
		return PRIMITIVES.stream()
			.<MessageMapping<?>>map((type) -> this.functions.mappings().of(type))
			.filter((mapping) -> mapping.typename().equals(typename))
			.findFirst()
			.orElse(null);
	}

	private byte[] json(MessageMapping<?> mapping, byte[] body) throws UnreadableRequestException {
		Class<?> type = boxed(mapping.valueClass());
		if (!Message.class.isAssignableFrom(type) && !PRIMITIVES.contains(type)) {
			requireReadable(mapping, body);
			return body;
		}
		return encode(mapping, read(mapping.typename(), body, (json) -> protobufJson().read(json, type)));
	}

	// Fails with a LinkageError if the library is missing
	private ProtobufJson protobufJson() {
		return new ProtobufJson(this.types);
	}

	private static Object read(String typename, byte[] body, JsonReader reader) throws UnreadableRequestException {
		String json = text(body);
		try {
			return reader.read(json);
		}
		catch (LinkageError ex) {
			throw new UnreadableRequestException(Fault.NO_LIBRARY,
					"JSON for the message type '" + typename + "' can't be read without '" + JSON_LIBRARY
							+ "'; add that dependency, or send the message's own bytes without '+json'");
		}
		catch (Exception ex) {
			throw new UnreadableRequestException(Fault.BODY,
					"The body of " + body.length + " bytes is not JSON of the type '" + typename + "'",
					CauseChain.messageOf(ex));
		}
	}

	private static void requireReadable(MessageMapping<?> mapping, byte[] body) throws UnreadableRequestException {
		try {
			mapping.codec().decode(body, 0, body.length);
		}
		catch (Exception ex) {
			throw new UnreadableRequestException(Fault.BODY, "The body of " + body.length
					+ " bytes can't be read as a message of the type '" + mapping.typename() + "'",
					CauseChain.messageOf(ex));
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> byte[] encode(MessageMapping<T> mapping, Object value) throws UnreadableRequestException {
		try {
			return mapping.codec().encode((T) value);
		}
		catch (Exception ex) {
			throw new UnreadableRequestException(Fault.BODY,
					"The body can't be encoded as a message of the type '" + mapping.typename() + "'",
					CauseChain.messageOf(ex));
		}
	}

	private static String text(byte[] body) throws UnreadableRequestException {
		try {
			return Utf8Text.decode(body);
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableRequestException(Fault.BODY,
					"The body of " + body.length + " bytes is not UTF-8 text; send it in UTF-8");
		}
	}

	@FunctionalInterface
	private interface JsonReader {

		Object read(String json) throws Exception;

	}

	/**
	 * Content of the content type header.
	 *
	 * @param typename name of the message type
	 * @param text whether the body is a plain text
	 */
	public record MessageType(String typename, boolean text) {

		/**
		 * Return whether the body was JSON.
		 * @param message the message that it was converted into
		 * @return whether it was
		 */
		public boolean isJsonOf(Any message) {
			return !this.text && this.typename.startsWith(message.getTypeUrl() + JSON);
		}

	}

}
