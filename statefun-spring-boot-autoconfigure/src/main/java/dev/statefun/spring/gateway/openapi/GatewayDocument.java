package dev.statefun.spring.gateway.openapi;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.gateway.web.AllowedFunctions;
import dev.statefun.spring.gateway.web.ProblemType;
import dev.statefun.spring.json.JsonMessageCodecs;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.util.UriUtils;

/**
 * Description of the functions that can be reached over HTTP, as an OpenAPI 3.1 document.
 *
 * @since 0.1.0
 */
public final class GatewayDocument {

	private static final JsonMapper JSON = new JsonMapper();

	private static final String ANY_TYPE = "*/*";

	private static final String PROBLEM = "application/problem+json";

	/** Content whose bytes are not described; generators ignore one without schema. */
	private static final Map<String, Object> BYTES = Map.of("schema", ordered("type", "string", "format", "binary"));

	/** Content of any form, which is JSON if the request is. */
	private static final Map<String, Object> ANYTHING = Map.of("schema", Map.of());

	private static final String REPLY = "Reply of the function";

	private final StatefulFunctions functions;

	private final AllowedFunctions allowed;

	private final ComponentSchemas components = new ComponentSchemas();

	private final ProtobufValueSchemas protobuf = new ProtobufValueSchemas(this.components);

	private final boolean protobufJson;

	private GatewayDocument(StatefulFunctions functions, AllowedFunctions allowed, boolean protobufJson) {
		this.functions = functions;
		this.allowed = allowed;
		this.protobufJson = protobufJson;
	}

	/**
	 * Write the document.
	 * @param title its title
	 * @param path path of the gateway on the server
	 * @param functions the functions of this application
	 * @param allowed the functions that can be reached
	 * @param protobufJson whether JSON of protobuf messages and primitives can be read
	 * and written
	 * @return the document as JSON
	 */
	public static byte[] write(String title, String path, StatefulFunctions functions, AllowedFunctions allowed,
			boolean protobufJson) {
		return JSON.writeValueAsBytes(new GatewayDocument(functions, allowed, protobufJson).document(title, path));
	}

	private Map<String, Object> document(String title, String path) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("openapi", "3.1.1");
		document.put("info", ordered("title", title, "version", "1"));
		document.put("servers", List.of(Map.of("url", relative(path))));
		document.put("paths", paths());
		document.put("components", ordered("schemas", schemas(), "parameters", parameters(), "responses", responses()));
		return document;
	}

	// Relative to the document's own URL, which a proxy may have changed
	private static String relative(String path) {
		return ".." + path.substring(path.lastIndexOf('/'));
	}

	private Map<String, Object> paths() {
		Map<String, Object> paths = new TreeMap<>();
		Set<FunctionType> known = this.functions.functions()
			.stream()
			.map(FunctionDescriptor::type)
			.collect(Collectors.toSet());
		this.functions.functions()
			.stream()
			.filter((function) -> this.allowed.contain(function.type())
					&& AllowedFunctions.isReachable(function.type()))
			.forEach((function) -> paths.put(pathOf(function.type()),
					Map.of("post", call(function.type(), requests(function), replies(function)))));
		// Served elsewhere, so their messages are not known
		this.allowed.named()
			.stream()
			.filter((type) -> !known.contains(type))
			.sorted(Comparator.comparing(FunctionType::toString))
			.forEach((type) -> paths.put(pathOf(type), Map.of("post", call(type, Map.of(ANY_TYPE, BYTES), Map.of()))));
		paths.put("/-/requests/{request}", Map.of("get", poll()));
		return paths;
	}

	private static String pathOf(FunctionType type) {
		return "/" + Arrays.stream(type.toString().split("/", -1))
			.map((segment) -> UriUtils.encode(segment, StandardCharsets.UTF_8))
			.collect(Collectors.joining("/")) + "/{id}";
	}

	private Map<String, Object> call(FunctionType type, Map<String, Object> requests, Map<String, Object> replies) {
		Map<String, Object> operation = new LinkedHashMap<>();
		operation.put("tags", List.of(type.namespace()));
		operation.put("operationId", type.toString());
		operation.put("summary", "Send a message to " + type + " and return its reply");
		operation.put("parameters", List.of(reference("parameters", "id"), reference("parameters", "prefer"),
				reference("parameters", "idempotencyKey")));
		operation.put("requestBody", ordered("required", true, "content", requests));
		Map<String, Object> responses = operationResponses(ProblemType.values());
		if (!replies.isEmpty()) {
			responses.put("200", ordered("description", REPLY, "content", replies));
		}
		operation.put("responses", responses);
		return operation;
	}

	private Map<String, Object> poll() {
		Map<String, Object> operation = new LinkedHashMap<>();
		operation.put("operationId", "reply");
		operation.put("summary", "Return the reply to a former request");
		operation.put("parameters", List.of(reference("parameters", "request"), reference("parameters", "prefer")));
		operation.put("responses",
				operationResponses(ProblemType.NOT_FOUND, ProblemType.FAILED, ProblemType.REPLY_TOO_LARGE,
						ProblemType.BUSY, ProblemType.REFUSED, ProblemType.UNAVAILABLE, ProblemType.TIMED_OUT));
		return operation;
	}

	private static Map<String, Object> operationResponses(ProblemType... problems) {
		Map<String, Object> responses = new LinkedHashMap<>();
		responses.put("200", reference("responses", "reply"));
		responses.put("202", reference("responses", "accepted"));
		for (ProblemType problem : problems) {
			responses.put(String.valueOf(problem.status()), reference("responses", "problem" + problem.status()));
		}
		return responses;
	}

	private Map<String, Object> requests(FunctionDescriptor function) {
		Map<String, Object> contents = new LinkedHashMap<>();
		for (HandlerDescriptor handler : function.handlers()) {
			if (handler.messageType() == Any.class) {
				contents.put(ANY_TYPE, BYTES);
			}
			else {
				MessageMapping<?> mapping = this.functions.mappings().of(handler.messageType());
				add(contents, handler.typename(), mapping, request(mapping));
			}
		}
		return objectsFirst(contents);
	}

	// Empty if no handler declares the type of its replies
	private Map<String, Object> replies(FunctionDescriptor function) {
		Map<String, Object> contents = new LinkedHashMap<>();
		boolean others = false;
		for (HandlerDescriptor handler : function.handlers()) {
			others |= handler.replyTypes().isEmpty();
			for (Type type : handler.replyTypes()) {
				if (type == Any.class) {
					others = true;
				}
				else {
					MessageMapping<?> mapping = this.functions.mappings().of(type);
					add(contents, mapping.typename(), mapping, reply(mapping));
				}
			}
		}
		if (others && !contents.isEmpty()) {
			contents.put(ANY_TYPE, ANYTHING);
		}
		return objectsFirst(contents);
	}

	// Generators take the first content of several
	private static Map<String, Object> objectsFirst(Map<String, Object> contents) {
		Map<String, Object> sorted = new LinkedHashMap<>();
		contents.forEach((type, content) -> {
			if (content instanceof Map<?, ?> media && media.get("schema") instanceof Map<?, ?> schema
					&& schema.containsKey("$ref")) {
				sorted.put(type, content);
			}
		});
		contents.forEach(sorted::putIfAbsent);
		return sorted;
	}

	private static void add(Map<String, Object> contents, String typename, MessageMapping<?> mapping,
			@Nullable Map<String, Object> schema) {
		contents.put(HttpMessages.PREFIX + typename + ((schema != null) ? HttpMessages.JSON : ""),
				(schema != null) ? Map.of("schema", schema) : BYTES);
		if (mapping.valueClass() == String.class) {
			contents.put("text/plain", Map.of("schema", Map.of("type", "string")));
		}
	}

	// Null for a type that has no JSON
	private @Nullable Map<String, Object> request(MessageMapping<?> mapping) {
		if (JsonMessageCodecs.isJson(mapping.codec())) {
			return JsonValueSchemas.read(mapping.codec(), this.components);
		}
		return (mapping.valueClass() == Long.class && this.protobufJson) ? Map.of("type", List.of("string", "integer"))
				: protobufJson(mapping);
	}

	// Null for a type that has no JSON
	private @Nullable Map<String, Object> reply(MessageMapping<?> mapping) {
		return JsonMessageCodecs.isJson(mapping.codec()) ? JsonValueSchemas.written(mapping.codec(), this.components)
				: protobufJson(mapping);
	}

	// Of a protobuf message or a primitive, as it is written
	private @Nullable Map<String, Object> protobufJson(MessageMapping<?> mapping) {
		Class<?> valueClass = mapping.valueClass();
		if (!this.protobufJson) {
			return null;
		}
		if (Message.class.isAssignableFrom(valueClass)) {
			return this.protobuf.of(descriptor(valueClass));
		}
		if (valueClass == Long.class) {
			return Map.of("type", "string");
		}
		boolean primitive = valueClass == String.class || valueClass == Boolean.class
				|| Number.class.isAssignableFrom(valueClass);
		return primitive ? JsonValueSchemas.read(mapping.codec(), this.components) : null;
	}

	private static Descriptor descriptor(Class<?> message) {
		try {
			return ((Message) message.getMethod("getDefaultInstance").invoke(null)).getDescriptorForType();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("'" + message.getName() + "' has a codec of protobuf messages", ex);
		}
	}

	private Map<String, Object> schemas() {
		Map<String, Object> problem = ordered("type", "object", "required",
				List.of("type", "title", "status", "detail"), "properties",
				ordered("type", ordered("type", "string", "format", "uri", "enum", problemUris()), "title",
						Map.of("type", "string"), "status", Map.of("type", "integer"), "detail",
						Map.of("type", "string"), "kind", Map.of("type", "string"), "accepts",
						ordered("type", "array", "items", Map.of("type", "string"))));
		this.components.refer("GatewayProblem", ProblemType.class, () -> problem);
		return new LinkedHashMap<>(this.components.all());
	}

	private static List<String> problemUris() {
		return Arrays.stream(ProblemType.values()).map(ProblemType::uri).toList();
	}

	private static Map<String, Object> parameters() {
		Map<String, Object> id = parameter("id", "path", "Id of the function instance",
				ordered("type", "string", "minLength", 1));
		id.put("required", true);
		Map<String, Object> request = parameter("request", "path", "Id of the request, from the header 'Location'",
				ordered("type", "string", "pattern", "^[0-9a-f]{32}$"));
		request.put("required", true);
		Map<String, Object> prefer = parameter("Prefer", "header",
				"How long to wait for the reply, as 'wait=<seconds>', or 'respond-async' not to wait",
				Map.of("type", "string"));
		Map<String, Object> key = parameter("Idempotency-Key", "header",
				"Of the requests with the same key, only the first is handled",
				ordered("type", "string", "minLength", 1, "maxLength", 256));
		return ordered("id", id, "request", request, "prefer", prefer, "idempotencyKey", key);
	}

	private static Map<String, Object> parameter(String name, String in, String description,
			Map<String, Object> schema) {
		return ordered("name", name, "in", in, "description", description, "schema", schema);
	}

	private Map<String, Object> responses() {
		Map<String, Object> responses = new LinkedHashMap<>();
		responses.put("reply", ordered("description", REPLY, "content", Map.of(ANY_TYPE, ANYTHING)));
		responses.put("accepted", ordered("description", "There is no reply yet", "headers", ordered("Location",
				header("Where the reply can be requested"), "Retry-After", header("Seconds until the next request"))));
		Map<String, Object> problem = this.components.refer("GatewayProblem", ProblemType.class, Map::of);
		Map<Integer, Set<String>> titles = new TreeMap<>();
		for (ProblemType type : ProblemType.values()) {
			titles.computeIfAbsent(type.status(), (status) -> new LinkedHashSet<>()).add(type.title());
		}
		titles.forEach((status, each) -> responses.put("problem" + status, ordered("description",
				String.join("; ", each), "content", Map.of(PROBLEM, Map.of("schema", problem)))));
		return responses;
	}

	private static Map<String, Object> header(String description) {
		return ordered("description", description, "schema", Map.of("type", "string"));
	}

	private static Map<String, Object> reference(String kind, String name) {
		return Map.of("$ref", "#/components/" + kind + "/" + name);
	}

	private static Map<String, Object> ordered(Object... namesAndValues) {
		Map<String, Object> ordered = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			ordered.put((String) namesAndValues[i], namesAndValues[i + 1]);
		}
		return ordered;
	}

}
