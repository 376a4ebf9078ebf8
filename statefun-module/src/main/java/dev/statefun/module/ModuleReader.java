package dev.statefun.module;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import dev.statefun.module.ModuleFinding.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts that components of all forms have in common, and reports what a cluster
 * would ignore or refuse. The keys are those of protocol.md §7.1 and §7.3.
 */
abstract class ModuleReader {

	private static final Set<String> KAFKA_INGRESS_KEYS = Set.of("id", "address", "consumerGroupId", "topics",
			"autoOffsetResetPosition", "startupPosition", "properties");

	private static final Set<String> KAFKA_EGRESS_KEYS = Set.of("id", "address", "deliverySemantic", "properties");

	private static final Set<String> KINESIS_INGRESS_KEYS = Set.of("id", "awsRegion", "awsCredentials",
			"startupPosition", "streams", "clientConfigProperties");

	private static final Set<String> KINESIS_EGRESS_KEYS = Set.of("id", "awsRegion", "awsCredentials",
			"maxOutstandingRecords", "clientConfigProperties");

	private static final Set<String> POSITION_KEYS = Set.of("type", "date", "offsets");

	private static final Set<String> REGION_KEYS = Set.of("type", "id", "endpoint");

	private static final Set<String> CREDENTIALS_KEYS = Set.of("type", "accessKeyId", "secretAccessKey", "profileName",
			"profilePath");

	// At an ingress and at each of its topics
	private static final Set<String> KZMLABS_INGRESS_KEYS = Set.of("forwardHeaders", "invalidRecordHandling");

	private static final Set<String> INVALID_RECORDS = Set.of("skip", "fail");

	private final FormRules rules;

	private final ModuleContent content;

	private final Findings findings;

	private final @Nullable ModuleRuntime runtime;

	ModuleReader(FormRules rules, ModuleContent content, Findings findings, @Nullable ModuleRuntime runtime) {
		this.rules = rules;
		this.content = content;
		this.findings = findings;
		this.runtime = runtime;
	}

	final ModuleContent content() {
		return this.content;
	}

	final Findings findings() {
		return this.findings;
	}

	/**
	 * Report the keys of a map that are ignored.
	 * @param part the map
	 * @param known the keys that are read
	 */
	final void requireKeys(YamlPart part, Set<String> known) {
		requireKeys(part, known, (key, value) -> ignored(value, key, known));
	}

	/**
	 * Report the keys of a map that are ignored, or that only another runtime reads.
	 * @param part the map
	 * @param known the keys that all runtimes read
	 * @param own the keys that one of them reads as well
	 * @param owner that runtime
	 */
	final void requireKeys(YamlPart part, Set<String> known, Set<String> own, ModuleRuntime owner) {
		Set<String> all = new HashSet<>(known);
		if (isFor(owner)) {
			all.addAll(own);
		}
		requireKeys(part, all, (key, value) -> {
			if (own.contains(key)) {
				foreign(value, key, owner);
			}
			else {
				ignored(value, key, all);
			}
		});
	}

	final boolean isFor(ModuleRuntime runtime) {
		return this.runtime == runtime;
	}

	private void foreign(YamlPart part, String key, ModuleRuntime owner) {
		String found = "the key '" + key + "', which only the runtime '" + owner + "' reads";
		String action = "Set 'statefun.module.runtime' to '" + owner + "' if that is the cluster's, or remove the key";
		if (this.runtime != null) {
			this.findings.error(Kind.IGNORED_KEY, part.place(), found, "keys of the runtime '" + this.runtime + "'",
					action);
		}
		else {
			this.findings.warning(Kind.IGNORED_KEY, part.place(), found,
					"keys that every runtime reads, as 'statefun.module.runtime' is not set", action);
		}
	}

	/**
	 * Report a value that is not one of several.
	 * @param part map that may have the value
	 * @param key its key
	 * @param values the valid values
	 */
	final void requireOneOf(YamlPart part, String key, Set<String> values) {
		YamlPart value = part.get(key);
		if (value != null && !values.contains(String.valueOf(value.text()))) {
			this.findings.error(Kind.INVALID_VALUE, value.place(), "'" + key + ": " + value.text() + "'",
					"one of " + new TreeSet<>(values), "Correct '" + key + "'");
		}
	}

	private void requireKeys(YamlPart part, Set<String> known, BiConsumer<String, YamlPart> unknown) {
		if (!part.isMap()) {
			this.findings.error(Kind.INVALID_VALUE, part.place(), describe(part), "a map of keys and values",
					"Write its keys below it, indented");
			return;
		}
		part.repeatedKeys()
			.forEach((key) -> this.findings.error(Kind.DUPLICATE, part.place(), "the key '" + key + "' twice",
					"it once, as only the last of them counts", "Remove one of them"));
		part.entries().forEach((key, value) -> {
			if (!known.contains(key)) {
				unknown.accept(key, value);
			}
		});
	}

	private void ignored(YamlPart part, String key, Set<String> known) {
		String meant = known.stream().filter((other) -> isMeant(key, other)).findFirst().orElse(null);
		if (meant != null) {
			this.findings.error(Kind.IGNORED_KEY, part.place(), "the key '" + key + "', which clusters ignore",
					"'" + meant + "'", "Write '" + meant + "'");
		}
		else {
			this.findings.warning(Kind.IGNORED_KEY, part.place(), "the key '" + key + "', which clusters ignore",
					"one of " + new TreeSet<>(known), "Remove it, or correct its name or place");
		}
	}

	// Different case, another separator, or a missing or additional 's' at the end
	private static boolean isMeant(String key, String known) {
		String one = letters(key);
		String other = letters(known);
		return one.equals(other) || one.equals(other + "s") || other.equals(one + "s");
	}

	private static String letters(String key) {
		return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	/**
	 * Report an invalid kind, and return the one that is probably meant.
	 * @param part part with the kind
	 * @param key its key
	 * @param kind the kind
	 * @param known kinds of clusters themselves; there may be others
	 * @return the kind
	 */
	final String requireKind(YamlPart part, String key, String kind, Set<String> known) {
		if (known.contains(kind)) {
			return kind;
		}
		String meant = known.stream().filter((other) -> isMeant(kind, other)).findFirst().orElse(null);
		String found = "'" + key + ": " + kind + "'";
		if (meant != null) {
			this.findings.error(Kind.INVALID_VALUE, part.place(), found + ", which no cluster knows", "'" + meant + "'",
					"Write '" + key + ": " + meant + "'");
			return meant;
		}
		requireTypename(part, found, kind, "Correct the " + key);
		return kind;
	}

	final void requireTypename(YamlPart part, String found, String name, String action) {
		if (!this.rules.typename().matcher(name).matches()) {
			this.findings.error(Kind.INVALID_VALUE, part.place(), found, this.rules.typenameForm(), action);
		}
	}

	static String describe(YamlPart part) {
		if (part.isNull()) {
			return "nothing";
		}
		String text = part.text();
		return (text != null) ? "'" + text + "'" : part.isList() ? "a list" : "a map";
	}

	final @Nullable String requireText(YamlPart part, String key, String example) {
		YamlPart value = part.get(key);
		String text = (value != null) ? value.text() : null;
		if (value == null || text == null || text.isBlank()) {
			this.findings.error(Kind.MISSING_KEY, part.place(), "no '" + key + "'", "'" + key + ": " + example + "'",
					"Add '" + key + "'");
			return null;
		}
		return text;
	}

	/**
	 * Read a duration.
	 * @param part map that may have it
	 * @param key its key
	 * @param fallback default of the cluster
	 * @return the duration, which is the fallback if it can't be read
	 */
	final Duration duration(@Nullable YamlPart part, String key, Duration fallback) {
		YamlPart value = (part != null) ? part.get(key) : null;
		if (value == null) {
			return fallback;
		}
		String text = value.text();
		Duration duration = (text != null) ? YamlDurations.read(text) : null;
		if (duration == null) {
			this.findings.error(Kind.INVALID_VALUE, value.place(), "'" + key + ": " + describe(value) + "'",
					"a whole number and one of the units ms, s, min, h and d",
					"Write it like '" + key + ": \"" + YamlDurations.write(fallback) + "\"'");
			return fallback;
		}
		if (this.rules.quotedDurations() && !value.isText()) {
			this.findings.error(Kind.INVALID_VALUE, value.place(), "'" + key + ": " + text + "', which is a number",
					"a text, as clusters of 2.x refuse anything else",
					"Write '" + key + ": \"" + YamlDurations.write(duration) + "\"'");
		}
		if (duration.isZero()) {
			this.findings.error(Kind.INVALID_VALUE, value.place(), "'" + key + ": " + text + "'",
					"a positive time, as clusters refuse none", "Give a time of at least one millisecond");
			return fallback;
		}
		return duration;
	}

	/**
	 * Report timeouts of OkHttp that are longer than the call, which clusters refuse.
	 * @param part part with the timeouts
	 * @param call timeout of the call
	 * @param callKey its key
	 * @param timeouts the others by key
	 */
	final void requireWithinCall(YamlPart part, Duration call, String callKey, Map<String, Duration> timeouts) {
		timeouts.forEach((key, timeout) -> {
			if (timeout.compareTo(call) > 0) {
				this.findings.error(Kind.INVALID_VALUE, part.place(),
						"'" + key + "' with " + YamlDurations.write(timeout) + ", longer than '" + callKey + "' with "
								+ YamlDurations.write(call),
						"'" + callKey + "' to be the longest, as OkHttp refuses anything else",
						"Make '" + key + "' shorter, or '" + callKey + "' longer");
			}
		});
	}

	final void functions(ModuleContent.Functions functions) {
		requireUrl(functions.place(), functions.url());
		this.content.functions()
			.stream()
			.filter((other) -> other.pattern().equals(functions.pattern()))
			.findFirst()
			.ifPresent((first) -> this.findings.error(Kind.DUPLICATE, functions.place(),
					"'" + functions.pattern() + "', which stands at " + first.place() + " already",
					"it once, as clusters refuse two of one name", "Remove one of the two"));
		this.content.functions().add(functions);
	}

	private void requireUrl(String place, @Nullable EndpointUrl url) {
		if (url == null) {
			return;
		}
		if (url.uri() == null) {
			this.findings.error(Kind.INVALID_VALUE, place, "the URL '" + url.text() + "'",
					"a URL with http, https, http+unix or https+unix, with no placeholder but '" + EndpointUrl.NAME
							+ "' (3.x)",
					"Correct it");
		}
		else if (url.isLoopback() && this.content.functions().stream().noneMatch((other) -> url.equals(other.url()))) {
			this.findings.warning(Kind.LOOPBACK, place, "the URL '" + url.text() + "'",
					"a host that the cluster can reach, as this is its own machine",
					"Give the name of the service in the cluster's network");
		}
	}

	final void kafkaIngress(YamlPart spec, String id) {
		requireKeys(spec, KAFKA_INGRESS_KEYS, KZMLABS_INGRESS_KEYS, ModuleRuntime.KZMLABS);
		invalidRecords(spec);
		ingress(spec, id);
		requireText(spec, "address", "kafka:9092");
		requireText(spec, "consumerGroupId", "a name");
		routes(spec, "topics", "topic");
		spec.itemsAt("topics").forEach(this::invalidRecords);
		position(spec);
		properties(spec, "properties");
	}

	private void invalidRecords(YamlPart part) {
		YamlPart handling = part.get("invalidRecordHandling");
		if (handling != null && isFor(ModuleRuntime.KZMLABS)) {
			requireKeys(handling, Set.of("type", "logLevel"));
			requireOneOf(handling, "type", INVALID_RECORDS);
		}
	}

	final void kafkaEgress(YamlPart spec, String id) {
		requireKeys(spec, KAFKA_EGRESS_KEYS);
		egress(spec, id);
		requireText(spec, "address", "kafka:9092");
		YamlPart semantic = spec.get("deliverySemantic");
		if (semantic != null) {
			List<String> timeouts = this.rules.transactionTimeouts();
			Set<String> known = new TreeSet<>(timeouts);
			known.add("type");
			requireKeys(semantic, known);
			String type = requireText(semantic, "type", "exactly-once");
			if ("exactly-once".equals(type) && timeouts.stream().allMatch((key) -> semantic.get(key) == null)) {
				String key = timeouts.get(0);
				this.findings.error(Kind.MISSING_KEY, semantic.place(), "'exactly-once' without '" + key + "'",
						"a time, as clusters have no default", "Add '" + key + "'");
			}
			if ("exactly-once".equals(type) && isFor(ModuleRuntime.KZMLABS)) {
				this.findings.error(Kind.INVALID_VALUE, semantic.place(),
						"'type: exactly-once' for the runtime 'kzmlabs', where such an egress can't start",
						"'type: at-least-once' or 'type: none'", "Write 'type: at-least-once'");
			}
		}
		properties(spec, "properties");
	}

	final void kinesisIngress(YamlPart spec, String id) {
		requireKeys(spec, KINESIS_INGRESS_KEYS);
		ingress(spec, id);
		aws(spec);
		routes(spec, "streams", "stream");
		position(spec);
	}

	final void kinesisEgress(YamlPart spec, String id) {
		requireKeys(spec, KINESIS_EGRESS_KEYS);
		egress(spec, id);
		aws(spec);
	}

	final void ingress(YamlPart part, String id) {
		requireOnce("ingress", part, id, this.content.ingresses());
	}

	final void egress(YamlPart part, String id) {
		requireOnce("egress", part, id, this.content.egresses());
	}

	private void requireOnce(String what, YamlPart part, String id, Map<String, String> places) {
		String first = places.putIfAbsent(id, part.place());
		if (first != null) {
			this.findings.error(Kind.DUPLICATE, part.place(),
					what + " '" + id + "', which stands at " + first + " already",
					"it once, as clusters refuse two of one id", "Remove one of the two, or give it another id");
		}
	}

	private void routes(YamlPart spec, String listKey, String nameKey) {
		String typeKey = this.rules.valueType();
		if (spec.itemsAt(listKey).isEmpty()) {
			this.findings.error(Kind.MISSING_KEY, spec.place(), "no '" + listKey + "'",
					"a list with '" + nameKey + "', '" + typeKey + "' and 'targets'", "Add '" + listKey + "'");
		}
		for (YamlPart route : spec.itemsAt(listKey)) {
			requireKeys(route, Set.of(nameKey, typeKey, "targets"),
					nameKey.equals("topic") ? KZMLABS_INGRESS_KEYS : Set.of(), ModuleRuntime.KZMLABS);
			requireText(route, nameKey, "a name");
			String name = requireText(route, typeKey, "type.googleapis.com/shop.AddItem");
			YamlPart part = route.get(typeKey);
			ModuleContent.ValueType values = (part != null && name != null)
					? new ModuleContent.ValueType(part.place(), typeKey, name) : null;
			List<YamlPart> targets = route.itemsAt("targets");
			if (targets.isEmpty()) {
				this.findings.error(Kind.MISSING_KEY, route.place(), "no 'targets'", "a list of function types",
						"Add 'targets'");
			}
			for (YamlPart target : targets) {
				String function = target.text();
				this.content.targets()
					.add(new ModuleContent.Target(target.place(), (function != null) ? function : describe(target),
							values));
			}
		}
	}

	private void position(YamlPart spec) {
		YamlPart position = spec.get("startupPosition");
		if (position != null) {
			requireKeys(position, POSITION_KEYS);
			requireText(position, "type", "latest");
			properties(position, "offsets");
		}
	}

	private void aws(YamlPart spec) {
		YamlPart region = spec.get("awsRegion");
		if (region != null) {
			requireKeys(region, REGION_KEYS);
		}
		YamlPart credentials = spec.get("awsCredentials");
		if (credentials != null) {
			requireKeys(credentials, CREDENTIALS_KEYS);
		}
		properties(spec, "clientConfigProperties");
	}

	// Clusters use the first entry of each item, and refuse a map
	private void properties(YamlPart spec, String key) {
		YamlPart properties = spec.get(key);
		if (properties == null) {
			return;
		}
		if (!properties.isList()) {
			this.findings.error(Kind.INVALID_VALUE, properties.place(), "'" + key + "' as " + describe(properties),
					"a list with one entry for each", "Write a '-' before each of them");
		}
		List<YamlPart> wrong = new ArrayList<>(properties.items());
		wrong.removeIf((item) -> item.entries().size() == 1);
		wrong.forEach((item) -> this.findings.error(Kind.INVALID_VALUE, item.place(),
				"an item of '" + key + "' with " + item.entries().size() + " entries",
				"one entry in each item, as clusters ignore all but the first", "Write a '-' before each of them"));
	}

}
