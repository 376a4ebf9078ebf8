package dev.statefun.local.playground;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Converts requests to the ingress into messages: the content type is the name of the
 * message type, verbatim (protocol.md §10).
 */
final class IngressMessages {

	private static final String PREFIX = "application/vnd.";

	private static final String JSON = "+json";

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

	IngressMessages(StatefulFunctions functions, DescribedMessages described) {
		this.functions = functions;
		this.described = described;
	}

	// Called before the body is read
	MessageType type(@Nullable List<String> contentTypes) throws RefusedRequestException {
		if (contentTypes == null || contentTypes.isEmpty()) {
			throw new RefusedRequestException(400, "The request has no content type. Name the message's: " + EXAMPLE);
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
		throw new RefusedRequestException(400,
				"The content type '" + found + "' names no message type. Send " + EXAMPLE);
	}

	// The server returns each byte of a header as one character
	private static String typename(String contentType) throws RefusedRequestException {
		String typename = contentType.substring(PREFIX.length());
		try {
			typename = Utf8Text.decode(typename.getBytes(StandardCharsets.ISO_8859_1));
		}
		catch (CharacterCodingException ex) {
			throw new RefusedRequestException(400, "The content type '" + contentType + "' is not UTF-8");
		}
		if (typename.isEmpty()) {
			throw new RefusedRequestException(400,
					"The content type '" + contentType + "' names no message type. Send " + EXAMPLE);
		}
		return typename;
	}

	Any message(FunctionType function, MessageType type, byte[] body) throws RefusedRequestException {
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
			throw new RefusedRequestException(400,
					"Function '" + function + "' takes messages of the type '" + plain
							+ "', but it is not known how to read their JSON, as there is no descriptor of that type; "
							+ "send the message's own bytes without '+json'");
		}
		return message(plain,
				((Message) read(plain, body, (json) -> ProtobufJson.read(json, descriptor))).toByteArray());
	}

	// A message without a handler would block its instance for good. A function that
	// is not in this list is served elsewhere and may accept any message
	private void requireHandler(FunctionType function, String typename, List<HandlerDescriptor> handlers)
			throws RefusedRequestException {
		if (!handlers.isEmpty() && handlers.stream().noneMatch((handler) -> takes(handler, typename))) {
			throw new RefusedRequestException(400,
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
			throws RefusedRequestException {
		int parameters = typename.indexOf(';');
		if (parameters < 0 || handlers.stream().anyMatch((known) -> known.typename().equals(typename))) {
			return typename;
		}
		String plain = typename.substring(0, parameters).stripTrailing();
		if (plain.isEmpty() || !UTF_8_PARAMETER.matcher(typename.substring(parameters)).matches()) {
			throw new RefusedRequestException(400, "The content type '" + PREFIX + typename
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
		return PRIMITIVES.stream()
			.<MessageMapping<?>>map((type) -> this.functions.mappings().of(type))
			.filter((mapping) -> mapping.typename().equals(typename))
			.findFirst()
			.orElse(null);
	}

	private static byte[] json(MessageMapping<?> mapping, byte[] body) throws RefusedRequestException {
		Class<?> type = mapping.valueClass();
		if (!Message.class.isAssignableFrom(type) && !PRIMITIVES.contains(type)) {
			requireReadable(mapping, body);
			return body;
		}
		return encode(mapping, read(mapping.typename(), body, (json) -> ProtobufJson.read(json, type)));
	}

	private static Object read(String typename, byte[] body, JsonReader reader) throws RefusedRequestException {
		String json = text(body);
		try {
			return reader.read(json);
		}
		catch (LinkageError ex) {
			throw new RefusedRequestException(501,
					"JSON for the message type '" + typename + "' can't be read without '" + ProtobufJson.DEPENDENCY
							+ "'; add that dependency, or send the message's own bytes without '+json'");
		}
		catch (Exception ex) {
			throw new RefusedRequestException(400, "The body of " + body.length + " bytes is not JSON of the type '"
					+ typename + "': " + CauseChain.messageOf(ex));
		}
	}

	private static void requireReadable(MessageMapping<?> mapping, byte[] body) throws RefusedRequestException {
		try {
			mapping.codec().decode(body, 0, body.length);
		}
		catch (Exception ex) {
			throw new RefusedRequestException(400,
					"The body of " + body.length + " bytes can't be read as a message of the type '"
							+ mapping.typename() + "': " + CauseChain.messageOf(ex));
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> byte[] encode(MessageMapping<T> mapping, Object value) throws RefusedRequestException {
		try {
			return mapping.codec().encode((T) value);
		}
		catch (Exception ex) {
			throw new RefusedRequestException(400, "The body can't be encoded as a message of the type '"
					+ mapping.typename() + "': " + CauseChain.messageOf(ex));
		}
	}

	private static String text(byte[] body) throws RefusedRequestException {
		try {
			return Utf8Text.decode(body);
		}
		catch (CharacterCodingException ex) {
			throw new RefusedRequestException(400,
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
	record MessageType(String typename, boolean text) {

	}

}
