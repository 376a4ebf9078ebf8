package dev.statefun.module;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.settings.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the form of 3.1 and later: one document for each component (protocol.md §7.3).
 */
final class V3ModuleReader extends ModuleReader {

	private static final String ENDPOINT_V1 = "io.statefun.endpoints.v1/http";

	static final String ENDPOINT = "io.statefun.endpoints.v2/http";

	private static final String KAFKA_INGRESS = "io.statefun.kafka.v1/ingress";

	private static final String KAFKA_EGRESS = "io.statefun.kafka.v1/egress";

	private static final String KINESIS_INGRESS = "io.statefun.kinesis.v1/ingress";

	private static final String KINESIS_EGRESS = "io.statefun.kinesis.v1/egress";

	private static final String PLAYGROUND_EGRESS = "io.statefun.playground.v1/egress";

	private static final Set<String> KINDS = Set.of(ENDPOINT_V1, ENDPOINT, KAFKA_INGRESS, KAFKA_EGRESS, KINESIS_INGRESS,
			KINESIS_EGRESS, PLAYGROUND_EGRESS);

	static final String ASYNC = "io.statefun.transports.v1/async";

	static final String OKHTTP = "io.statefun.transports.v1/okhttp";

	private static final Set<String> FRANSKING_ENDPOINT_KEYS = Set.of("failureMode");

	private static final Set<String> FAILURE_MODES = Set.of("FAIL", "DROP");

	private static final Set<String> TIMEOUTS = Set.of("call", "connect", "read", "write");

	static final FormRules RULES = new FormRules(ModuleFormat.V3, KAFKA_INGRESS, KAFKA_EGRESS, KINESIS_INGRESS,
			KINESIS_EGRESS, "valueType", List.of("transactionTimeout", "transactionTimeoutMillis"), false,
			Pattern.compile("[^/]+/[^/]+"),
			"'<namespace>/<name>' with exactly one '/', as clusters of 3.x refuse anything else");

	V3ModuleReader(ModuleContent content, Findings findings, @Nullable ModuleRuntime runtime) {
		super(RULES, content, findings, runtime);
	}

	void read(List<YamlPart> documents) {
		documents.forEach(this::component);
	}

	private void component(YamlPart document) {
		String kind = document.textAt("kind");
		if (kind == null) {
			findings().error(Kind.WRONG_FORMAT, document.place(), (document.get("version") != null)
					? "'version: " + document.textAt("version") + "' in a file of several documents" : "no 'kind'",
					"'kind' and 'spec' in each document",
					"Write one document for each component, each with its 'kind'");
			return;
		}
		kind = requireKind(document, "kind", kind, KINDS);
		YamlPart named = document.named(document.where() + " (" + kind + ")");
		YamlPart spec = named.get("spec");
		if (spec == null) {
			findings().error(Kind.MISSING_KEY, named.place(), "no 'spec'", "'spec' beside 'kind'", "Add 'spec'");
			return;
		}
		requireKeys(named, Set.of("kind", "spec"));
		switch (kind) {
			case ENDPOINT -> endpoint(spec, "transport");
			case ENDPOINT_V1 -> endpoint(spec, "timeouts");
			case KAFKA_INGRESS -> kafkaIngress(spec, id(spec));
			case KAFKA_EGRESS -> kafkaEgress(spec, id(spec));
			case KINESIS_INGRESS -> kinesisIngress(spec, id(spec));
			case KINESIS_EGRESS -> kinesisEgress(spec, id(spec));
			case PLAYGROUND_EGRESS -> egress(spec, "io.statefun.playground/egress");
			default -> {
				// A component that the cluster defines: if it is an egress, it has an
				// id
				String id = spec.textAt("id");
				if (kind.endsWith("/egress") && id != null) {
					egress(spec, id);
				}
			}
		}
	}

	private String id(YamlPart spec) {
		String id = requireText(spec, "id", "<namespace>/<name>");
		if (id != null) {
			requireTypename(spec, "id", id);
		}
		return (id != null) ? id : "";
	}

	private void requireTypename(YamlPart part, String key, String typename) {
		requireTypename(part, "'" + key + ": " + typename + "'", typename, "Rename it");
	}

	private void endpoint(YamlPart spec, String transportKey) {
		boolean v2 = transportKey.equals("transport");
		Set<String> known = Set.of("functions", "urlPathTemplate", "maxNumBatchRequests", transportKey);
		requireKeys(spec, known, v2 ? FRANSKING_ENDPOINT_KEYS : Set.of(), ModuleRuntime.FRANSKING);
		if (isFor(ModuleRuntime.FRANSKING)) {
			requireOneOf(spec, "failureMode", FAILURE_MODES);
		}
		String functions = requireText(spec, "functions", "<namespace>/<name>");
		String url = requireText(spec, "urlPathTemplate", "http://cart:8080/statefun");
		Timeouts timeouts = v2 ? transport(spec) : okhttp(spec);
		if (functions == null) {
			return;
		}
		YamlPart part = spec.named(spec.where() + ", functions '" + functions + "'");
		requireTypename(part, "functions", functions);
		String name = functions.substring(functions.lastIndexOf('/') + 1);
		if (functions.contains("*") && (!name.equals("*") || functions.indexOf('*') != functions.length() - 1)) {
			findings().error(Kind.INVALID_VALUE, part.place(), "'functions: " + functions + "'",
					"'<namespace>/<name>' or '<namespace>/*', as there are no other wildcards",
					"Write an endpoint for each function");
			return;
		}
		EndpointUrl endpoint = (url != null) ? new EndpointUrl(url) : null;
		if (endpoint != null && endpoint.isUnixSocket() && timeouts.transport() == Transport.Type.ASYNC) {
			findings().error(Kind.INVALID_VALUE, part.place(),
					"the URL '" + url + "' with the asynchronous transport, which can't reach it",
					"'type: " + OKHTTP + "'", "Set the type of the transport");
		}
		functions(new ModuleContent.Functions(part.place(), functions, endpoint, Map.of(), timeouts.transport(),
				timeouts.call(), spec.textAt("maxNumBatchRequests")));
	}

	private Timeouts transport(YamlPart spec) {
		YamlPart transport = spec.get("transport");
		String type = (transport != null) ? transport.textAt("type") : null;
		if (type == null) {
			// Not reported again if the key is misspelled as 'transports'
			if (transport != null || spec.get("transports") == null) {
				findings().warning(Kind.UNSPECIFIED_TRANSPORT, spec.place(),
						(transport != null) ? "'transport' without 'type'" : "no 'transport'",
						"'transport' with a 'type', as releases differ in what they use without",
						"Add 'transport' with 'type: " + ASYNC + "'");
			}
			return (transport != null) ? async(transport) : new Timeouts(Transport.Type.ASYNC, Duration.ofMinutes(2));
		}
		switch (type) {
			case ASYNC -> {
				return async(spec);
			}
			case OKHTTP -> {
				requireKeys(orSelf(spec), Set.of("type", "timeouts"));
				return okhttp(orSelf(spec));
			}
			default -> {
				findings().error(Kind.INVALID_VALUE, spec.place(), "'type: " + type + "' of the transport",
						"'" + ASYNC + "' or '" + OKHTTP + "'", "Correct the type");
				return new Timeouts(Transport.Type.ASYNC, Duration.ofMinutes(2));
			}
		}
	}

	private static YamlPart orSelf(YamlPart spec) {
		YamlPart transport = spec.get("transport");
		return (transport != null) ? transport : spec;
	}

	private Timeouts async(YamlPart spec) {
		YamlPart transport = orSelf(spec);
		requireKeys(transport, Set.of("type", "call", "connect", "pool_ttl", "pool_size", "payload_max_bytes",
				"trust_cacerts", "client_cert", "client_key", "client_key_password", "timeouts"));
		if ((transport.get("client_cert") == null) != (transport.get("client_key") == null)) {
			findings().error(Kind.MISSING_KEY, transport.place(), "only one of 'client_cert' and 'client_key'",
					"both or none", "Add the other one");
		}
		duration(transport, "connect", Duration.ofSeconds(20));
		duration(transport, "pool_ttl", Duration.ofSeconds(15));
		YamlPart timeouts = transport.get("timeouts");
		if (timeouts != null) {
			// Overrides the keys beside it, with defaults of its own (protocol.md
			// §6.3)
			requireKeys(timeouts, Set.of("call", "connect"));
			return new Timeouts(Transport.Type.ASYNC, duration(timeouts, "call", Duration.ofMinutes(1)));
		}
		return new Timeouts(Transport.Type.ASYNC, duration(transport, "call", Duration.ofMinutes(2)));
	}

	private Timeouts okhttp(YamlPart parent) {
		YamlPart timeouts = parent.get("timeouts");
		if (timeouts != null) {
			requireKeys(timeouts, TIMEOUTS);
		}
		Duration call = duration(timeouts, "call", Duration.ofMinutes(1));
		Map<String, Duration> others = new LinkedHashMap<>();
		for (String key : List.of("connect", "read", "write")) {
			others.put(key, duration(timeouts, key, Duration.ofSeconds(10)));
		}
		// Without the block nothing is compared
		if (timeouts != null) {
			requireWithinCall(timeouts, call, "call", others);
		}
		return new Timeouts(Transport.Type.OKHTTP, call);
	}

	/**
	 * Time that a cluster waits.
	 *
	 * @param transport transport of the call
	 * @param call timeout of the call, all attempts together
	 */
	private record Timeouts(Transport.Type transport, Duration call) {

	}

}
