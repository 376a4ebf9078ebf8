package dev.statefun.manifest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.statefun.manifest.StateManifest.Function;
import dev.statefun.manifest.StateManifest.Message;
import dev.statefun.manifest.StateManifest.State;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON form of manifests. Written with a mapper of its own: settings of the application's
 * mapper would change the form.
 */
final class ManifestJson {

	private static final int VERSION = 2;

	private static final String SCHEMA = "schema";

	private static final String AFTER_WRITE = "expireAfterWrite";

	private static final String AFTER_CALL = "expireAfterCall";

	private ManifestJson() {
	}

	static String write(StateManifest manifest) {
		ObjectNode root = JsonMapper.shared().createObjectNode();
		root.put("version", VERSION);
		ObjectNode functions = root.putObject("functions");
		manifest.functions().forEach((name, function) -> write(functions.putObject(name), function));
		ObjectNode schemas = root.putObject("schemas");
		manifest.schemas().forEach((name, schema) -> schemas.set(name, SchemaJson.write(schema)));
		DefaultIndenter lines = new DefaultIndenter("  ", "\n");
		return JsonMapper.shared()
			.writer()
			.with(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines))
			.writeValueAsString(root) + "\n";
	}

	private static void write(ObjectNode node, Function function) {
		ObjectNode messages = node.putObject("messages");
		function.messages().forEach((type, message) -> putSchema(messages.putObject(type), message.schema()));
		ObjectNode states = node.putObject("states");
		function.states().forEach((name, state) -> {
			ObjectNode json = states.putObject(name);
			json.put("type", state.type());
			putTime(json, AFTER_WRITE, state.timeToLive(Expiration.Mode.AFTER_WRITE));
			putTime(json, AFTER_CALL, state.timeToLive(Expiration.Mode.AFTER_CALL));
			putSchema(json, state.schema());
		});
	}

	private static void putSchema(ObjectNode json, @Nullable ValueSchema schema) {
		if (schema != null) {
			json.set(SCHEMA, SchemaJson.write(schema));
		}
	}

	private static void putTime(ObjectNode json, String key, @Nullable Duration time) {
		if (time != null) {
			json.put(key, time.toString());
		}
	}

	static StateManifest read(String json) {
		JsonNode root;
		try {
			root = JsonMapper.shared().readTree(json);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("A manifest of states can't be parsed: " + ex.getOriginalMessage(), ex);
		}
		JsonNode version = root.path("version");
		if (!version.isInt() || !root.path("functions").isObject()) {
			throw new IllegalArgumentException(
					"A manifest of states has a 'version' and 'functions', which were not found");
		}
		// Version 1 has no schemas
		if (version.intValue() < 1 || version.intValue() > VERSION) {
			throw new IllegalArgumentException(
					"The manifest of states has version " + version.intValue() + "; expected 1 to " + VERSION);
		}
		SortedMap<String, Function> functions = new TreeMap<>();
		root.path("functions").forEachEntry((name, function) -> functions.put(name, readFunction(name, function)));
		SortedMap<String, ValueSchema> schemas = new TreeMap<>();
		root.path("schemas").forEachEntry((name, schema) -> schemas.put(name, SchemaJson.read(name, schema)));
		return new StateManifest(functions, schemas);
	}

	private static Function readFunction(String function, JsonNode node) {
		SortedMap<String, Message> messages = new TreeMap<>();
		if (node.path("messages").isArray()) {
			node.path("messages")
				.forEach((message) -> messages.put(text(function, "messages", message), new Message(null)));
		}
		else {
			node.path("messages")
				.forEachEntry((type, message) -> messages.put(type, new Message(schema(function, type, message))));
		}
		SortedMap<String, State> states = new TreeMap<>();
		node.path("states").forEachEntry((name, state) -> states.put(name, readState(function, name, state)));
		return new Function(messages, states);
	}

	private static State readState(String function, String name, JsonNode state) {
		String place = "states." + name;
		return new State(text(function, place + ".type", state.path("type")),
				state.has(AFTER_WRITE) ? Expiration.afterWrite(time(function, place, state.path(AFTER_WRITE)))
						: state.has(AFTER_CALL) ? Expiration.afterCall(time(function, place, state.path(AFTER_CALL)))
								: Expiration.never(),
				schema(function, name, state));
	}

	private static @Nullable ValueSchema schema(String function, String name, JsonNode node) {
		return node.has(SCHEMA) ? SchemaJson.read("'" + name + "' of function '" + function + "'", node.get(SCHEMA))
				: null;
	}

	private static Duration time(String function, String place, JsonNode value) {
		String text = text(function, place, value);
		try {
			return Duration.parse(text);
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("The manifest of states has '" + text + "' at '" + place
					+ "' of function '" + function + "'; expected an ISO-8601 duration", ex);
		}
	}

	private static String text(String function, String place, JsonNode value) {
		if (!value.isString()) {
			throw new IllegalArgumentException(
					"The manifest of states has no text at '" + place + "' of function '" + function + "'");
		}
		return value.stringValue();
	}

}
