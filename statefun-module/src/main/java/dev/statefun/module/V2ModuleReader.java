package dev.statefun.module;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.settings.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the form of 2.x: one document with a version (protocol.md §7.1).
 */
final class V2ModuleReader extends ModuleReader {

	private static final Set<String> META_AND_SPEC = Set.of("meta", "spec");

	private static final String KAFKA_INGRESS = "statefun.kafka.io/routable-protobuf-ingress";

	private static final String KAFKA_EGRESS = "statefun.kafka.io/generic-egress";

	private static final String KINESIS_INGRESS = "statefun.kinesis.io/routable-protobuf-ingress";

	private static final String KINESIS_EGRESS = "statefun.kinesis.io/generic-egress";

	// Includes the one that needs a router (protocol.md §7.1)
	private static final Set<String> TYPES = Set.of(KAFKA_INGRESS, KAFKA_EGRESS, KINESIS_INGRESS, KINESIS_EGRESS,
			"statefun.kafka.io/protobuf-ingress");

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	// The last '/' splits, whatever precedes it
	static final FormRules RULES = new FormRules(ModuleFormat.V2, KAFKA_INGRESS, KAFKA_EGRESS, KINESIS_INGRESS,
			KINESIS_EGRESS, "typeUrl", List.of("transactionTimeoutMillis"), true, Pattern.compile("(?s).+/[^/]+"),
			"'<namespace>/<name>'");

	private final String version;

	V2ModuleReader(ModuleContent content, Findings findings, String version) {
		super(RULES, content, findings, ModuleRuntime.APACHE_2_2);
		this.version = version;
	}

	void read(YamlPart document) {
		content().setStatesInFile();
		requireKeys(document, Set.of("version", "module"));
		YamlPart module = document.get("module");
		if (module == null) {
			findings().error(Kind.MISSING_KEY, document.place(), "no 'module'", "'module' with 'meta' and 'spec'",
					"Add 'module'");
			return;
		}
		requireKeys(module, META_AND_SPEC);
		String type = module.textAt("meta", "type");
		if (!"remote".equalsIgnoreCase(type)) {
			findings().error(Kind.INVALID_VALUE, module.place(),
					(type != null) ? "'type: " + type + "' in the module's 'meta'" : "no 'type' in the module's 'meta'",
					"'type: remote'", "Write 'meta: {type: remote}'");
		}
		YamlPart spec = module.get("spec");
		if (spec == null) {
			findings().error(Kind.MISSING_KEY, module.place(), "no 'spec'", "'spec' beside 'meta'", "Add 'spec'");
			return;
		}
		requireKeys(spec, Set.of("functions", "ingresses", "egresses", "routers"));
		components(spec, "functions", "function").forEach(this::function);
		components(spec, "ingresses", "ingress").forEach(this::ingressComponent);
		components(spec, "egresses", "egress").forEach(this::egressComponent);
	}

	private List<YamlPart> components(YamlPart spec, String list, String key) {
		List<YamlPart> components = spec.itemsAt(list)
			.stream()
			.map((item) -> component(item, key))
			.filter(YamlPart::isMap)
			.toList();
		YamlPart part = spec.get(list);
		if (part != null && !part.isList()) {
			findings().error(Kind.INVALID_VALUE, part.place(), "'" + list + "' as " + describe(part),
					"a list of items with the key '" + key + "'", "Write '- " + key + ":' before each of them");
		}
		return components;
	}

	// The documentation of the cluster itself shows 'meta' and 'spec' beside the key
	// with the same indentation, where no cluster finds them
	private YamlPart component(YamlPart item, String key) {
		YamlPart component = item.get(key);
		YamlPart named = item.named(key);
		if (component == null) {
			findings().error(Kind.MISSING_KEY, named.place(), "an item without the key '" + key + "'",
					"'" + key + "' with 'meta' and 'spec' in it", "Put 'meta' and 'spec' into '" + key + "'");
			return item;
		}
		if (component.isNull() && (item.get("meta") != null || item.get("spec") != null)) {
			findings().error(Kind.IGNORED_KEY, named.place(), "'meta' and 'spec' beside '" + key + "'",
					"them inside '" + key + "', as clusters look for them there",
					"Indent 'meta' and 'spec' by two more");
			return item;
		}
		requireKeys(named, Set.of(key));
		String name = component.textAt("meta", key.equals("function") ? "type" : "id");
		YamlPart part = component.named(key + ((name != null) ? " '" + name + "'" : ""));
		requireKeys(part, META_AND_SPEC);
		return part;
	}

	private @Nullable YamlPart meta(YamlPart component) {
		YamlPart meta = component.get("meta");
		YamlPart spec = component.get("spec");
		if (meta == null || spec == null) {
			// Keys beside the component have been reported already
			if (component.get("function") == null && component.get("ingress") == null
					&& component.get("egress") == null) {
				String missing = (meta != null) ? "spec" : "meta";
				findings().error(Kind.MISSING_KEY, component.place(), "no '" + missing + "'", "'meta' and 'spec'",
						"Add '" + missing + "'");
			}
			return null;
		}
		return meta;
	}

	private void function(YamlPart function) {
		// Checked wherever it is, as it is meant to be there
		YamlPart meta = meta(function);
		YamlPart spec = function.get("spec");
		if (meta == null || spec == null) {
			return;
		}
		requireKeys(meta, Set.of("kind", "type"));
		String kind = requireText(meta, "kind", "http");
		String type = requireText(meta, "type", "<namespace>/<name>");
		if (kind == null || type == null) {
			return;
		}
		if (!kind.equalsIgnoreCase("http")) {
			findings().error(Kind.INVALID_VALUE, function.place(), "'kind: " + kind + "'",
					"'kind: http', which is what this application serves", "Write 'kind: http'");
			return;
		}
		if (type.lastIndexOf('/') < 1 || type.endsWith("/") || type.contains("*")) {
			findings().error(Kind.INVALID_VALUE, function.place(), "'type: " + type + "'",
					"'<namespace>/<name>', as clusters of 2.x know no wildcards", "Write an entry for each function");
			return;
		}
		requireKeys(spec, Set.of("endpoint", "states", "maxNumBatchRequests", "timeout", "connectTimeout",
				"readTimeout", "writeTimeout"));
		String endpoint = requireText(spec, "endpoint", "http://cart:8080/statefun");
		Duration call = duration(spec, "timeout", Duration.ofMinutes(1));
		Map<String, Duration> others = new LinkedHashMap<>();
		for (String key : List.of("connectTimeout", "readTimeout", "writeTimeout")) {
			others.put(key, duration(spec, key, TIMEOUT));
		}
		requireWithinCall(spec, call, "timeout", others);
		if (endpoint != null && new EndpointUrl(endpoint).isTemplate()) {
			findings().error(Kind.INVALID_VALUE, spec.place(), "the placeholder '" + EndpointUrl.NAME + "'",
					"a complete URL, as clusters of 2.x know no placeholders", "Write the URL of the function");
			endpoint = null;
		}
		functions(new ModuleContent.Functions(function.place(), type,
				(endpoint != null) ? new EndpointUrl(endpoint) : null, states(spec), Transport.Type.OKHTTP, call,
				spec.textAt("maxNumBatchRequests")));
	}

	private Map<String, ModuleContent.State> states(YamlPart spec) {
		Map<String, ModuleContent.State> states = new LinkedHashMap<>();
		for (YamlPart item : spec.itemsAt("states")) {
			ModuleContent.State state = new ModuleContent.State(item.place(), null, ExpireModes.AFTER_INVOKE);
			String name = item.text();
			if (this.version.equals("1.0")) {
				if (name == null || !item.isText()) {
					findings().error(Kind.INVALID_VALUE, item.place(),
							"the state" + named(item) + " as " + describe(item) + " in version \"1.0\"",
							"nothing but names, as clusters ignore anything else there",
							"Set 'version: \"2.0\"' (2.1 and later)");
					continue;
				}
			}
			else if (name != null) {
				findings().error(Kind.INVALID_VALUE, item.place(),
						"the state '" + name + "' as a name alone in version \"2.0\"", "a map with 'name'",
						"Write '- name: " + name + "'");
			}
			else {
				requireKeys(item, Set.of("name", "expireAfter", "expireMode"));
				name = requireText(item, "name", "the name of a state");
				state = expiring(item);
			}
			if (name != null && states.put(name, state) != null) {
				findings().error(Kind.DUPLICATE, item.place(), "the state '" + name + "' twice", "it once",
						"Remove one of them");
			}
		}
		return states;
	}

	private static String named(YamlPart item) {
		String name = item.textAt("name");
		return (name != null) ? " '" + name + "'" : "";
	}

	private ModuleContent.State expiring(YamlPart item) {
		String mode = item.textAt("expireMode");
		if (mode != null && !mode.equals(ExpireModes.AFTER_INVOKE) && !mode.equals(ExpireModes.AFTER_WRITE)) {
			findings().error(Kind.INVALID_VALUE, item.place(), "'expireMode: " + mode + "'",
					"'after-invoke' or 'after-write'", "Correct it");
			mode = null;
		}
		Duration expireAfter = (item.get("expireAfter") != null) ? duration(item, "expireAfter", Duration.ofDays(1))
				: null;
		return new ModuleContent.State(item.place(), expireAfter, (mode != null) ? mode : ExpireModes.AFTER_INVOKE);
	}

	private void ingressComponent(YamlPart ingress) {
		YamlPart meta = meta(ingress);
		YamlPart spec = ingress.get("spec");
		if (meta == null || spec == null) {
			return;
		}
		String id = id(meta);
		switch (type(meta)) {
			case KAFKA_INGRESS -> kafkaIngress(spec, id);
			case KINESIS_INGRESS -> kinesisIngress(spec, id);
			default -> ingress(spec, id);
		}
	}

	private void egressComponent(YamlPart egress) {
		YamlPart meta = meta(egress);
		YamlPart spec = egress.get("spec");
		if (meta == null || spec == null) {
			return;
		}
		String id = id(meta);
		switch (type(meta)) {
			case KAFKA_EGRESS -> kafkaEgress(spec, id);
			case KINESIS_EGRESS -> kinesisEgress(spec, id);
			default -> egress(spec, id);
		}
	}

	private String type(YamlPart meta) {
		String type = meta.textAt("type");
		// A missing type has been reported already
		return (type != null) ? requireKind(meta, "type", type.toLowerCase(Locale.ROOT), TYPES) : "";
	}

	private String id(YamlPart meta) {
		requireKeys(meta, Set.of("type", "id"));
		requireText(meta, "type", "a kind of ingress or egress");
		String id = requireText(meta, "id", "<namespace>/<name>");
		return (id != null) ? id : "";
	}

}
