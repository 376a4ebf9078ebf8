package dev.statefun.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.statefun.sdk.egress.EgressId;
import dev.statefun.spring.failure.DeadLetterKind;
import dev.statefun.spring.module.ModuleSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What a module.yaml needs to know, taken from all the properties that have some of it.
 */
final class ModuleWiring {

	private static final String PLAYGROUND = "io.statefun.playground/egress";

	private ModuleWiring() {
	}

	static ModuleSettings settings(StatefunModuleProperties module, StatefunProperties properties,
			Environment environment, @Nullable EndpointLocation location) {
		String base = StringUtils.hasText(module.endpoint()) ? module.endpoint()
				: "http://localhost:" + port(environment);
		return new ModuleSettings(ModuleSettings.endpoint(base, path(properties, environment, location)),
				module.maxNumBatchRequests(), module.transport(), module.kafka(), module.kinesis(),
				List.copyOf(deadLetters(properties).keySet()));
	}

	private static int port(Environment environment) {
		int port = environment.getProperty("server.port", Integer.class, 8080);
		return (port > 0) ? port : 8080;
	}

	// Without a web server, the path that there would be with one
	static String path(StatefunProperties properties, Environment environment, @Nullable EndpointLocation location) {
		if (location != null) {
			return location.path();
		}
		String servlet = environment.getProperty("spring.mvc.servlet.path", "");
		servlet = servlet.endsWith("/") ? servlet.substring(0, servlet.length() - 1) : servlet;
		return environment.getProperty("server.servlet.context-path", "") + servlet + properties.path();
	}

	static Map<EgressId, String> egresses(StatefunModuleProperties module, StatefunProperties properties,
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

	// Egresses of the kind 'plain' are those that the cluster has by code
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
