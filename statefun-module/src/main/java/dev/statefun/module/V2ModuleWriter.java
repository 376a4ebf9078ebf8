package dev.statefun.module;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Writes the form of 2.x: one document with a version (protocol.md §7.1).
 */
final class V2ModuleWriter extends ModuleWriter {

	V2ModuleWriter(StatefulFunctions functions, ModuleSettings settings, SecretText secrets) {
		super(V2ModuleReader.RULES, functions, settings, secrets);
	}

	@Override
	String write() {
		if (settings().wildcards()) {
			throw new InvalidDeclarationException(
					"'statefun.module.wildcards' is true, but clusters of 2.x know no wildcards",
					"Remove it, or write the format 'v3'", null);
		}
		if (settings().failureMode() != null) {
			requireRuntime(ModuleRuntime.FRANSKING, "'statefun.module.failure-mode'");
		}
		Map<String, Object> spec = new LinkedHashMap<>();
		putAll(spec, "functions", "function", functions().stream().map(this::function).toList());
		putAll(spec, "ingresses", "ingress", ingresses());
		putAll(spec, "egresses", "egress", egresses());
		return YamlText.write(comments(),
				List.of(map("version", "2.0", "module", map("meta", map("type", "remote"), "spec", spec))));
	}

	private List<String> comments() {
		List<String> comments = comments(
				"Written by the application, from its functions and 'statefun.module', for StateFun 2.1 and 2.2.");
		boolean expires = functions().stream()
			.flatMap((function) -> function.states().stream())
			.anyMatch((state) -> state.expiration().mode() != Expiration.Mode.NEVER);
		if (expires) {
			comments.add("'expireMode' needs 2.2: a cluster of 2.1 gives all states of a function its largest "
					+ "'expireAfter', and lets every call renew it.");
		}
		if (!OKHTTP_OTHER.equals(okhttp().get("read"))) {
			comments.add("'readTimeout' needs 2.2: a cluster of 2.1 sends a batch again after 10 s, while it is "
					+ "still being handled.");
		}
		asyncSettings().forEach((name) -> comments
			.add("Left out, as clusters of 2.x can't use it: 'statefun.module.transport." + name + "'."));
		return comments;
	}

	private static void putAll(Map<String, Object> spec, String list, String key,
			List<Map<String, Object>> components) {
		if (!components.isEmpty()) {
			spec.put(list, components.stream().map((component) -> map(key, component)).toList());
		}
	}

	@Override
	Map<String, Object> component(String type, String id, Map<String, Object> spec) {
		return map("meta", map("type", type, "id", id), "spec", spec);
	}

	private Map<String, Object> function(FunctionDescriptor function) {
		Map<String, Duration> timeouts = okhttp();
		Map<String, Object> spec = map("endpoint", plainEndpoint());
		if (!function.states().isEmpty()) {
			spec.put("states", function.states().stream().map(V2ModuleWriter::state).toList());
		}
		spec.put("maxNumBatchRequests", settings().maxNumBatchRequests(function.type().toString()));
		spec.put("timeout", timeouts.get("call"));
		spec.put("connectTimeout", timeouts.get("connect"));
		spec.put("readTimeout", timeouts.get("read"));
		spec.put("writeTimeout", timeouts.get("write"));
		return map("meta", map("kind", "http", "type", function.type().toString()), "spec", spec);
	}

	private String plainEndpoint() {
		if (new EndpointUrl(settings().endpoint()).isTemplate()) {
			throw new InvalidDeclarationException(
					"The endpoint '" + settings().maskedEndpoint() + "' has the placeholder '" + EndpointUrl.NAME
							+ "', which clusters of 2.x take literally",
					"Give 'statefun.module.endpoint' without it, or write the format 'v3'", null);
		}
		return endpoint();
	}

	private static Map<String, Object> state(StateDescriptor state) {
		Map<String, Object> map = map("name", state.name());
		Expiration expiration = state.expiration();
		if (expiration.mode() != Expiration.Mode.NEVER) {
			map.put("expireAfter", expiration.timeToLive());
			map.put("expireMode", ExpireModes.write(expiration.mode()));
		}
		return map;
	}

	@Override
	InvalidDeclarationException invalid(String what, String typename) {
		return new InvalidDeclarationException(what + " '" + typename + "' is not valid",
				"Write it in the form '<namespace>/<name>', with both parts non-empty", null);
	}

}
