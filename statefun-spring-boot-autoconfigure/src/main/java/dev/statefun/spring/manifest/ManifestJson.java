package dev.statefun.spring.manifest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.statefun.sdk.Expiration;
import dev.statefun.spring.manifest.StateManifest.Function;
import dev.statefun.spring.manifest.StateManifest.State;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.util.Assert;

/**
 * The JSON form of manifests. Written with a mapper of its own: that of the application
 * would change the form with its settings.
 */
final class ManifestJson {

	private static final int VERSION = 1;

	private static final String AFTER_WRITE = "expireAfterWrite";

	private static final String AFTER_CALL = "expireAfterCall";

	private ManifestJson() {
	}

	static String write(StateManifest manifest) {
		ObjectNode root = JsonMapper.shared().createObjectNode();
		root.put("version", VERSION);
		ObjectNode functions = root.putObject("functions");
		manifest.functions().forEach((name, function) -> write(functions.putObject(name), function));
		DefaultIndenter lines = new DefaultIndenter("  ", "\n");
		return JsonMapper.shared()
			.writer()
			.with(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines))
			.writeValueAsString(root) + "\n";
	}

	private static void write(ObjectNode node, Function function) {
		function.messages().forEach(node.putArray("messages")::add);
		ObjectNode states = node.putObject("states");
		function.states().forEach((name, state) -> {
			ObjectNode json = states.putObject(name);
			json.put("type", state.type());
			putTime(json, AFTER_WRITE, state.timeToLive(Expiration.Mode.AFTER_WRITE));
			putTime(json, AFTER_CALL, state.timeToLive(Expiration.Mode.AFTER_CALL));
		});
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
		Assert.isTrue(version.isInt() && root.path("functions").isObject(),
				"A manifest of states has a 'version' and 'functions', which were not found");
		Assert.isTrue(version.intValue() == VERSION,
				() -> "The manifest of states has version " + version.intValue() + "; expected " + VERSION);
		SortedMap<String, Function> functions = new TreeMap<>();
		root.path("functions").forEachEntry((name, function) -> functions.put(name, readFunction(name, function)));
		return new StateManifest(functions);
	}

	private static Function readFunction(String function, JsonNode node) {
		List<String> messages = new ArrayList<>();
		node.path("messages").forEach((message) -> messages.add(text(function, "messages", message)));
		SortedMap<String, State> states = new TreeMap<>();
		node.path("states").forEachEntry((name, state) -> states.put(name, readState(function, name, state)));
		return new Function(messages, states);
	}

	private static State readState(String function, String name, JsonNode state) {
		String place = "states." + name;
		return new State(text(function, place + ".type", state.path("type")),
				state.has(AFTER_WRITE) ? Expiration.afterWrite(time(function, place, state.path(AFTER_WRITE)))
						: state.has(AFTER_CALL) ? Expiration.afterCall(time(function, place, state.path(AFTER_CALL)))
								: Expiration.never());
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
		Assert.isTrue(value.isString(),
				() -> "The manifest of states has no text at '" + place + "' of function '" + function + "'");
		return value.stringValue();
	}

}
