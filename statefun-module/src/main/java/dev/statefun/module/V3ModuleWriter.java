package dev.statefun.module;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.statefun.module.settings.FailureMode;
import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.Route;
import dev.statefun.module.settings.Transport;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Writes the form of 3.1 and later: one document for each component (protocol.md §7.3).
 */
final class V3ModuleWriter extends ModuleWriter {

	V3ModuleWriter(StatefulFunctions functions, ModuleSettings settings, SecretText secrets) {
		super(V3ModuleReader.RULES, functions, settings, secrets);
	}

	@Override
	String write() {
		List<Map<String, ?>> documents = new ArrayList<>();
		patterns().forEach((functions) -> documents.add(endpoint(functions)));
		documents.addAll(ingresses());
		documents.addAll(egresses());
		return YamlText.write(comments(), documents);
	}

	private List<String> comments() {
		Transport transport = settings().transport();
		ModuleRuntime runtime = settings().runtimeFor(ModuleFormat.V3);
		List<String> comments = comments("Written by the application, from its functions and 'statefun.module', for "
				+ ((runtime != ModuleRuntime.APACHE_3_3) ? "the runtime " + runtime : "StateFun 3.1 to 3.3") + ".");
		if (isAsync() && (transport.trustCacerts() != null || transport.clientCert() != null)) {
			comments.add("'trust_cacerts' and 'client_…' need 3.3: older clusters ignore them.");
		}
		unusedSettings().forEach((name) -> comments
			.add("Left out, as this client can't use it: 'statefun.module.transport." + name + "'."));
		return comments;
	}

	private boolean isAsync() {
		return settings().transport().type() == Transport.Type.ASYNC;
	}

	private List<String> unusedSettings() {
		if (!isAsync()) {
			return asyncSettings();
		}
		List<String> unused = new ArrayList<>();
		addChanged(unused, "read", settings().transport().read(), null);
		addChanged(unused, "write", settings().transport().write(), null);
		return unused;
	}

	@Override
	Map<String, Object> component(String kind, String id, Map<String, Object> spec) {
		requireTypename("Ingress or egress", id);
		Map<String, Object> complete = map("id", id);
		complete.putAll(spec);
		return map("kind", kind, "spec", complete);
	}

	private Set<String> patterns() {
		Set<String> patterns = new LinkedHashSet<>();
		for (FunctionDescriptor function : functions()) {
			requireTypename("Function", function.type().toString());
			String type = function.type().toString();
			patterns.add((settings().wildcards() && !isGateway(type)) ? wildcard(function.type().namespace()) : type);
		}
		return patterns;
	}

	private boolean isGateway(String function) {
		Gateway gateway = settings().gateway();
		return gateway != null && gateway.function().equals(function);
	}

	// Its messages would all come to this application
	private String wildcard(String namespace) {
		if (new EndpointUrl(settings().endpoint()).isTemplate()) {
			throw split(namespace, "'" + settings().maskedEndpoint() + "' is another address for each of them",
					"give 'statefun.module.endpoint' without '" + EndpointUrl.NAME + "'");
		}
		settings().kafka().ingresses().forEach((ingress) -> requireServed(namespace, ingress.id(), ingress.topics()));
		settings().kinesis()
			.ingresses()
			.forEach((ingress) -> requireServed(namespace, ingress.id(), ingress.streams()));
		return namespace + "/*";
	}

	private void requireServed(String namespace, String ingress, List<Route> routes) {
		Set<String> served = functions().stream()
			.map((function) -> function.type().toString())
			.collect(Collectors.toSet());
		routes.stream()
			.flatMap((route) -> route.targets().stream())
			.filter((target) -> target.startsWith(namespace + "/") && !served.contains(target))
			.findFirst()
			.ifPresent((target) -> {
				throw split(namespace, "target '" + target + "' of ingress '" + ingress + "' is not served here",
						"correct the target");
			});
	}

	private static InvalidDeclarationException split(String namespace, String reason, String action) {
		return new InvalidDeclarationException(
				"Functions of the namespace '" + namespace + "' can't be written as '" + namespace + "/*': " + reason,
				"Set 'statefun.module.wildcards' to false, or " + action, null);
	}

	private Map<String, Object> endpoint(String functions) {
		Map<String, Object> spec = map("functions", functions, "urlPathTemplate", endpoint(), "maxNumBatchRequests",
				settings().maxNumBatchRequests(functions));
		FailureMode failureMode = settings().failureMode();
		if (failureMode != null) {
			requireRuntime(ModuleRuntime.FRANSKING, "'statefun.module.failure-mode'");
			spec.put("failureMode", failureMode.name());
		}
		spec.put("transport", isAsync() ? async() : map("type", V3ModuleReader.OKHTTP, "timeouts", okhttp()));
		return map("kind", V3ModuleReader.ENDPOINT, "spec", spec);
	}

	private Map<String, Object> async() {
		Transport transport = settings().transport();
		Map<String, Object> map = map("type", V3ModuleReader.ASYNC, "call", asyncCall(), "connect",
				orElse(transport.connect(), Duration.ofSeconds(20)), "pool_ttl", transport.poolTtl(), "pool_size",
				transport.poolSize(), "payload_max_bytes", transport.payloadMaxBytes());
		putText(map, "trust_cacerts", transport.trustCacerts());
		putText(map, "client_cert", transport.clientCert());
		putText(map, "client_key", transport.clientKey());
		putText(map, "client_key_password", transport.clientKeyPassword());
		return map;
	}

	private static void putText(Map<String, Object> map, String key, @Nullable String text) {
		if (text != null) {
			map.put(key, text);
		}
	}

	@Override
	InvalidDeclarationException invalid(String what, String typename) {
		return new InvalidDeclarationException(
				what + " '" + typename + "' can't be named in a module.yaml of 3.x, where names have "
						+ "exactly one '/'",
				"Give it a namespace without '/', or write the format 'v2' for clusters of 2.x alone", null);
	}

}
