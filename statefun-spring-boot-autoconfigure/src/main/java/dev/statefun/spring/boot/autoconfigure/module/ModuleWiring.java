package dev.statefun.spring.boot.autoconfigure.module;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;
import dev.statefun.module.ModuleSettings;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Gateway;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.internal.ConfiguredSecret;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.ServerTls;
import dev.statefun.spring.failure.DeadLetterKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Internal: may change in any release. Collects the settings of module.yaml from all
 * properties that have some of them.
 */
public final class ModuleWiring {

	private static final String OWN_PORT = "statefun.server.port";

	/** Egress of the local runtime's own port. */
	public static final String PLAYGROUND = "io.statefun.playground/egress";

	private ModuleWiring() {
	}

	/**
	 * Return the settings of module.yaml.
	 * @param module settings of the module
	 * @param properties settings of the functions
	 * @param limit time limit of requests
	 * @param environment has the ports
	 * @param location location of the endpoint, if a server runs
	 * @param secret secret in the path, if there is one
	 * @param gateway gateway of the application, if there is one
	 * @return the settings
	 */
	public static ModuleSettings settings(StatefunModuleProperties module, StatefunProperties properties,
			BatchTimeLimit limit, Environment environment, @Nullable EndpointLocation location,
			@Nullable EndpointSecret secret, @Nullable Gateway gateway) {
		ModuleRuntimeCheck.check(module);
		String base = StringUtils.hasText(module.endpoint()) ? module.endpoint()
				: base(environment, location, "localhost");
		String path = path(properties, environment, location);
		return new ModuleSettings(ModuleSettings.endpoint(base, (secret != null) ? secret.behind(path) : path),
				(secret != null) ? secret.reveal() : null, module.maxNumBatchRequests(), module.wildcards(),
				module.transport().toSettings(), limit, module.kafka().toSettings(), module.kinesis().toSettings(),
				List.copyOf(deadLetters(properties).keySet()), module.runtime(), module.failureMode(), gateway);
	}

	/**
	 * Return the settings of module.yaml for a cluster on other machines.
	 * @param host name under which they reach this application, unless its URL has one
	 * @param module settings of the module
	 * @param properties settings of the functions
	 * @param limit time limit of requests
	 * @param environment has the ports
	 * @param location location of the endpoint, if a server runs
	 * @param secret secret in the path, if there is one
	 * @param gateway gateway of the application, if there is one
	 * @return the settings
	 */
	public static ModuleSettings settingsAt(String host, StatefunModuleProperties module, StatefunProperties properties,
			BatchTimeLimit limit, Environment environment, @Nullable EndpointLocation location,
			@Nullable EndpointSecret secret, @Nullable Gateway gateway) {
		ModuleSettings settings = settings(module, properties, limit, environment, location, secret, gateway);
		if (!settings.isLoopback()) {
			return settings;
		}
		String path = path(properties, environment, location);
		return settings.endpoint(ModuleSettings.endpoint(base(environment, location, host),
				(secret != null) ? secret.behind(path) : path));
	}

	private static String base(Environment environment, @Nullable EndpointLocation location, String host) {
		boolean ownPort = environment.containsProperty(OWN_PORT) || EndpointLocation.isAlone(location);
		boolean tls = ownPort ? ServerTls.ofEndpoint(environment) : ServerTls.ofApplication(environment);
		return (tls ? "https" : "http") + "://" + host + ":"
				+ (ownPort ? ownPort(environment) : applicationPort(environment));
	}

	private static int ownPort(Environment environment) {
		return port(environment, environment.containsProperty(OWN_PORT) ? OWN_PORT : "server.port",
				"local.statefun.port");
	}

	private static int applicationPort(Environment environment) {
		return port(environment, "server.port", "local.server.port");
	}

	// The port that the server has chosen is known only where a server runs
	private static int port(Environment environment, String property, String chosen) {
		int port = environment.getProperty(property, Integer.class, 8080);
		return (port > 0) ? port : environment.getProperty(chosen, Integer.class, 8080);
	}

	static ModuleVerifier verifier(StatefulFunctions functions, StatefunModuleProperties module,
			StatefunProperties properties, BatchTimeLimit limit, Environment environment,
			@Nullable EndpointLocation location, @Nullable EndpointSecret secret) {
		ModuleRuntimeCheck.check(module);
		ModuleVerifier verifier = ModuleVerifier.of(functions)
			.path(path(properties, environment, location))
			.batchTimeLimit(limit);
		if (module.runtime() != null) {
			verifier = verifier.runtime(module.runtime());
		}
		if (secret != null) {
			verifier = verifier.secret(secret.reveal());
		}
		if (environment.containsProperty(OWN_PORT) && !EndpointLocation.isAlone(location)) {
			verifier = verifier.ports(ownPort(environment), applicationPort(environment));
		}
		return verifier;
	}

	/**
	 * Return the secret in the path. Without a web server, the property has not been read
	 * yet.
	 * @param properties has the path
	 * @param environment has the secret
	 * @param restrictions restrictions that have been read, if any
	 * @return the secret, or {@code null} if there is none
	 */
	public static @Nullable EndpointSecret secret(StatefunProperties properties, Environment environment,
			@Nullable EndpointRestrictions restrictions) {
		if (restrictions != null) {
			return restrictions.secret();
		}
		String value = Binder.get(environment).bind("statefun.security.secret", String.class).orElse(null);
		return (value != null) ? ConfiguredSecret.of(value, properties.path()) : null;
	}

	private static String path(StatefunProperties properties, Environment environment,
			@Nullable EndpointLocation location) {
		return ((location != null) ? location : EndpointLocation.withoutServer(environment, properties.path())).path();
	}

	public static Map<EgressId, String> egresses(StatefunModuleProperties module, StatefunProperties properties,
			Environment environment) {
		Map<EgressId, String> egresses = new LinkedHashMap<>(deadLetters(properties));
		module.kafka()
			.egresses()
			.forEach((egress) -> egresses.putIfAbsent(EgressId.parse(egress.id()),
					"'statefun.module.kafka.egresses' has it, so a function"));
		module.kinesis()
			.egresses()
			.forEach((egress) -> egresses.putIfAbsent(EgressId.parse(egress.id()),
					"'statefun.module.kinesis.egresses' has it, so a function"));
		Binder.get(environment)
			.bind("statefun.local-runtime.egresses", Bindable.listOf(String.class))
			.orElse(List.of())
			.stream()
			.filter((id) -> !id.equals(PLAYGROUND))
			.forEach((id) -> egresses.putIfAbsent(EgressId.parse(id),
					"'statefun.local-runtime.egresses' has it, so a function"));
		return egresses;
	}

	/**
	 * Return the egresses that settings name, of any kind.
	 * @param properties the properties with those for dead letters
	 * @param module the settings of module.yaml, if there are any
	 * @return their ids
	 */
	public static Set<EgressId> named(StatefunProperties properties, @Nullable StatefunModuleProperties module) {
		Set<String> ids = new TreeSet<>();
		Stream
			.concat(Stream.of(properties.failure()),
					properties.functions().values().stream().map(StatefunProperties.Function::failure))
			.map((failure) -> failure.deadLetter().egress())
			.filter(StringUtils::hasText)
			.forEach(ids::add);
		if (module != null) {
			module.kafka().egresses().forEach((egress) -> ids.add(egress.id()));
			module.kinesis().egresses().forEach((egress) -> ids.add(egress.id()));
		}
		return ids.stream().map(EgressId::parse).collect(Collectors.toSet());
	}

	// Egresses of the kind 'plain' are those that the cluster defines by code
	private static Map<EgressId, String> deadLetters(StatefunProperties properties) {
		Map<EgressId, String> egresses = new LinkedHashMap<>();
		StatefunProperties.DeadLetter all = properties.failure().deadLetter();
		add(egresses, all, all.kind(), "'statefun.failure.dead-letter'");
		new TreeMap<>(properties.functions()).forEach((type, function) -> {
			StatefunProperties.DeadLetter own = function.failure().deadLetter();
			add(egresses, own, (own.kind() != null) ? own.kind() : all.kind(),
					"'statefun.functions.\"[" + type + "]\".failure.dead-letter'");
		});
		return egresses;
	}

	private static void add(Map<EgressId, String> egresses, StatefunProperties.DeadLetter deadLetter,
			@Nullable DeadLetterKind kind, String property) {
		String egress = deadLetter.egress();
		if (kind != DeadLetterKind.PLAIN && StringUtils.hasText(egress)) {
			egresses.putIfAbsent(EgressId.parse(egress), property);
		}
	}

}
