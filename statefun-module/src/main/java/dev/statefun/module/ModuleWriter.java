package dev.statefun.module;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Credentials;
import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.GatewayKafka;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.module.settings.KafkaEgress.DeliverySemantic;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.KafkaIngress.InvalidRecordHandling;
import dev.statefun.module.settings.KafkaIngress.OffsetReset;
import dev.statefun.module.settings.KinesisEgress;
import dev.statefun.module.settings.KinesisIngress;
import dev.statefun.module.settings.Region;
import dev.statefun.module.settings.Route;
import dev.statefun.module.settings.StartupPosition;
import dev.statefun.module.settings.Transport;
import dev.statefun.sdk.egress.EgressDestination;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts that components of all forms have in common.
 */
abstract class ModuleWriter {

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS Z", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	// Default timeouts of clusters (protocol.md §6.2, §6.3)
	private static final Duration ASYNC_CALL = Duration.ofMinutes(2);

	private static final Duration OKHTTP_CALL = Duration.ofMinutes(1);

	static final Duration OKHTTP_OTHER = Duration.ofSeconds(10);

	/** Without it, the cluster does not see partitions that are added later. */
	private static final String PARTITION_DISCOVERY_MILLIS = "30000";

	/** Default of Kafka's producer. */
	private static final int PRODUCER_REQUEST_SIZE = 1024 * 1024;

	private final FormRules rules;

	private final ModuleSettings settings;

	private final List<FunctionDescriptor> functions;

	private final Collection<EgressDestination> typed;

	private final SecretText secrets;

	ModuleWriter(FormRules rules, StatefulFunctions functions, ModuleSettings settings, SecretText secrets) {
		this.rules = rules;
		this.settings = settings;
		this.functions = functions.functions()
			.stream()
			.sorted(Comparator.comparing((function) -> function.type().toString()))
			.toList();
		this.typed = functions.egresses().values();
		this.secrets = secrets;
	}

	abstract String write();

	abstract Map<String, Object> component(String kind, String id, Map<String, Object> spec);

	abstract InvalidDeclarationException invalid(String what, String typename);

	final ModuleSettings settings() {
		return this.settings;
	}

	// In the order of their names
	final List<FunctionDescriptor> functions() {
		return this.functions;
	}

	final String endpoint() {
		String secret = this.settings.secret();
		if (secret == null || !this.settings.endpoint().contains(secret)) {
			return this.settings.endpoint();
		}
		Object shown = this.secrets.write(secret, SecretText.ENDPOINT);
		return this.settings.endpoint()
			.replace(secret, (shown instanceof SecretText.Reference reference) ? reference.text() : shown.toString());
	}

	final void requireTypename(String what, String typename) {
		if (!this.rules.typename().matcher(typename).matches()) {
			throw invalid(what, typename);
		}
	}

	final List<Map<String, Object>> ingresses() {
		List<Map<String, Object>> ingresses = new ArrayList<>();
		this.settings.kafka()
			.ingresses()
			.forEach((ingress) -> ingresses.add(component(this.rules.kafkaIngress(), ingress.id(), kafka(ingress))));
		this.settings.kinesis()
			.ingresses()
			.forEach(
					(ingress) -> ingresses.add(component(this.rules.kinesisIngress(), ingress.id(), kinesis(ingress))));
		gatewayIngress().ifPresent(ingresses::add);
		return ingresses;
	}

	final List<Map<String, Object>> egresses() {
		List<Map<String, Object>> egresses = new ArrayList<>();
		kafkaEgresses()
			.forEach((egress) -> egresses.add(component(this.rules.kafkaEgress(), egress.id(), kafka(egress))));
		kinesisEgresses()
			.forEach((egress) -> egresses.add(component(this.rules.kinesisEgress(), egress.id(), kinesis(egress))));
		gatewayEgress().ifPresent(egresses::add);
		return egresses;
	}

	private Optional<Map<String, Object>> gatewayIngress() {
		Gateway gateway = this.settings.gateway();
		GatewayKafka kafka = (gateway != null) ? gateway.kafka() : null;
		if (gateway == null || kafka == null
				|| this.settings.kafka().ingresses().stream().anyMatch((own) -> own.id().equals(gateway.ingress()))) {
			return Optional.empty();
		}
		KafkaIngress ingress = new KafkaIngress(gateway.ingress(), kafka.address(), kafka.consumerGroupId(),
				List.of(new Route(kafka.requestTopic(), gateway.valueType(), List.of(gateway.function()))),
				new StartupPosition(StartupPosition.Type.GROUP_OFFSETS, null, null), OffsetReset.EARLIEST, null, null,
				null);
		Map<String, Object> spec = kafka(ingress);
		putProperties(spec, kafka, Map.of(runtime().partitionDiscovery(), PARTITION_DISCOVERY_MILLIS));
		return Optional.of(component(this.rules.kafkaIngress(), ingress.id(), spec));
	}

	private Optional<Map<String, Object>> gatewayEgress() {
		Gateway gateway = this.settings.gateway();
		GatewayKafka kafka = (gateway != null) ? gateway.kafka() : null;
		if (gateway == null || kafka == null
				|| this.settings.kafka().egresses().stream().anyMatch((own) -> own.id().equals(gateway.egress()))) {
			return Optional.empty();
		}
		Duration timeout = kafka.transactionTimeout();
		if (timeout != null && runtime() == ModuleRuntime.KZMLABS) {
			throw new InvalidDeclarationException(
					"Found 'statefun.gateway.replies' with 'committed' for the runtime 'kzmlabs', where an egress with "
							+ "'exactly-once' can't start; expected 'fast'",
					"Set 'statefun.gateway.replies' to 'fast', or use another runtime", null);
		}
		KafkaEgress egress = new KafkaEgress(gateway.egress(), kafka.address(),
				(timeout != null) ? DeliverySemantic.EXACTLY_ONCE : DeliverySemantic.AT_LEAST_ONCE, timeout, null);
		Map<String, Object> spec = kafka(egress);
		// A reply that the producer refuses would fail the job again and again
		putProperties(spec, kafka,
				Map.of("max.request.size", String.valueOf(Math.max(PRODUCER_REQUEST_SIZE, kafka.maxReplySize())),
						// The Kafka client of 2.x waits for one broker only, unless it is
						// told
						"acks", "all"));
		return Optional.of(component(this.rules.kafkaEgress(), egress.id(), spec));
	}

	// One reference for each secret, as ingress and egress have the same
	private void putProperties(Map<String, Object> spec, GatewayKafka kafka, Map<String, String> own) {
		Map<String, Object> shown = new TreeMap<>(own);
		kafka.properties()
			.forEach((name, value) -> shown.put(name,
					own.containsKey(name) ? value : this.secrets.write(value, "gateway kafka", name)));
		putList(spec, "properties", shown);
	}

	private List<KafkaEgress> kafkaEgresses() {
		List<KafkaEgress> egresses = new ArrayList<>(this.settings.kafka().egresses());
		if (this.settings.kafka().address() != null) {
			undeclaredDeadLetters().forEach((id) -> egresses.add(new KafkaEgress(id, null, null, null, null)));
			undeclaredRecords().forEach((id) -> egresses.add(new KafkaEgress(id, null, null, null, null)));
		}
		return egresses;
	}

	private List<KinesisEgress> kinesisEgresses() {
		List<KinesisEgress> egresses = new ArrayList<>(this.settings.kinesis().egresses());
		Set<String> ids = typed(EgressDestination.Kind.KINESIS);
		this.settings.kafka().egresses().forEach((egress) -> requireNot(egress.id(), "kafka", ids, "Kinesis"));
		egresses.forEach((egress) -> ids.remove(egress.id()));
		ids.forEach((id) -> egresses.add(new KinesisEgress(id, null, null, null, null)));
		return egresses;
	}

	private Set<String> typed(EgressDestination.Kind kind) {
		return this.typed.stream()
			.filter((destination) -> destination.kind() == kind)
			.map((destination) -> destination.id().toString())
			.collect(Collectors.toCollection(TreeSet::new));
	}

	// A sink fails the job at a record of another kind (protocol.md §7.4)
	private static void requireNot(String id, String kind, Set<String> typed, String kindOfRecords) {
		if (typed.contains(id)) {
			throw new InvalidDeclarationException("Egress '" + id + "' is in 'statefun.module." + kind
					+ ".egresses', but functions send records for " + kindOfRecords + " to it",
					"Give the typed egress the id of an egress of its kind", null);
		}
	}

	private Set<String> undeclaredRecords() {
		Set<String> ids = typed(EgressDestination.Kind.KAFKA);
		this.settings.kinesis().egresses().forEach((egress) -> requireNot(egress.id(), "kinesis", ids, "Kafka"));
		ids.removeAll(undeclaredDeadLetters());
		this.settings.kafka().egresses().forEach((egress) -> ids.remove(egress.id()));
		return ids;
	}

	private Set<String> undeclaredDeadLetters() {
		Set<String> ids = new LinkedHashSet<>();
		this.settings.deadLetters().stream().map(EgressId::toString).sorted().forEach(ids::add);
		this.settings.kafka().egresses().forEach((egress) -> ids.remove(egress.id()));
		return ids;
	}

	final List<String> comments(String title) {
		List<String> comments = new ArrayList<>();
		comments.add(title);
		if (this.settings.kafka().address() == null) {
			undeclaredDeadLetters().forEach((id) -> comments.add("Dead letters are sent to egress '" + id
					+ "', which has to be declared as well: set 'statefun.module.kafka.address' for that."));
			undeclaredRecords().forEach((id) -> comments.add("Records are sent to egress '" + id
					+ "', which has to be declared as well: set 'statefun.module.kafka.address' for that."));
		}
		Gateway gateway = this.settings.gateway();
		if (gateway != null && gateway.kafka() == null) {
			comments.add("The gateway reads from ingress '" + gateway.ingress() + "' and sends to egress '"
					+ gateway.egress()
					+ "', which have to be declared as well: set 'statefun.gateway.kafka.address' for that.");
		}
		return comments;
	}

	// The cluster refuses a single timeout above that of the call (protocol.md §6.2)
	final Map<String, Duration> okhttp() {
		Transport transport = this.settings.transport();
		Duration call = orElse(transport.call(), longest(OKHTTP_CALL, okhttpRead().multipliedBy(2)));
		Map<String, Duration> timeouts = new LinkedHashMap<>();
		timeouts.put("call", call);
		timeouts.put("connect", orElse(transport.connect(), OKHTTP_OTHER));
		timeouts.put("read", orElse(transport.read(), (okhttpRead().compareTo(call) < 0) ? okhttpRead() : call));
		timeouts.put("write", orElse(transport.write(), OKHTTP_OTHER));
		timeouts.forEach((name, timeout) -> {
			if (timeout.compareTo(call) > 0) {
				throw new InvalidDeclarationException(
						"The timeout '" + name + "' of the transport is " + YamlDurations.write(timeout)
								+ ", longer than 'call' with " + YamlDurations.write(call) + ", which OkHttp refuses",
						"Set 'statefun.module.transport.call' or '" + name + "' so that 'call' is the longest", null);
			}
		});
		return timeouts;
	}

	// Not shorter than a batch, so that none is sent again while it is handled
	private Duration okhttpRead() {
		Duration limit = this.settings.batchTimeLimit().forOkHttpTransport();
		return limit.isZero() ? OKHTTP_OTHER : limit.plus(BatchTimeLimit.MARGIN);
	}

	final Duration asyncCall() {
		return orElse(this.settings.transport().call(),
				longest(ASYNC_CALL, this.settings.batchTimeLimit().forAsyncTransport().plus(BatchTimeLimit.MARGIN)));
	}

	private static Duration longest(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	// The settings that differ from the defaults, and that only the asynchronous client
	// has
	final List<String> asyncSettings() {
		Transport transport = this.settings.transport();
		Transport defaults = Transport.async();
		List<String> changed = new ArrayList<>();
		addChanged(changed, "pool-size", transport.poolSize(), defaults.poolSize());
		addChanged(changed, "pool-ttl", transport.poolTtl(), defaults.poolTtl());
		addChanged(changed, "payload-max-bytes", transport.payloadMaxBytes(), defaults.payloadMaxBytes());
		addChanged(changed, "trust-cacerts", transport.trustCacerts(), null);
		addChanged(changed, "client-cert", transport.clientCert(), null);
		addChanged(changed, "client-key", transport.clientKey(), null);
		addChanged(changed, "client-key-password", transport.clientKeyPassword(), null);
		return changed;
	}

	static void addChanged(List<String> changed, String name, @Nullable Object value, @Nullable Object unchanged) {
		if (!Objects.equals(value, unchanged)) {
			changed.add(name);
		}
	}

	static <T> T orElse(@Nullable T value, T fallback) {
		return (value != null) ? value : fallback;
	}

	static Map<String, Object> map(Object... keysAndValues) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			map.put((String) keysAndValues[i], keysAndValues[i + 1]);
		}
		return map;
	}

	// Clusters read a list of maps with one entry each
	private static void putList(Map<String, Object> spec, String key, @Nullable Map<String, ?> entries) {
		if (entries != null && !entries.isEmpty()) {
			List<Map<String, Object>> list = new ArrayList<>();
			new TreeMap<>(entries).forEach((name, value) -> list.add(map(name, value)));
			spec.put(key, list);
		}
	}

	private void putProperties(Map<String, Object> spec, String key, String owner,
			@Nullable Map<String, String> properties) {
		Map<String, Object> shown = new TreeMap<>((properties != null) ? properties : Map.of());
		shown.replaceAll((name, value) -> this.secrets.write((String) value, owner, name));
		putList(spec, key, shown);
	}

	private static String ingress(String id) {
		return "ingress " + id;
	}

	private static String egress(String id) {
		return "egress " + id;
	}

	static String hyphenated(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Map<String, Object> position(@Nullable StartupPosition position) {
		StartupPosition.Type type = (position != null) ? position.type() : null;
		Map<String, Object> map = map("type", hyphenated(orElse(type, StartupPosition.Type.LATEST)));
		if (position != null) {
			Instant date = position.date();
			if (date != null) {
				map.put("date", DATE.format(date));
			}
			putList(map, "offsets", position.offsets());
		}
		return map;
	}

	private Map<String, Object> kafka(KafkaIngress ingress) {
		Map<String, Object> spec = map("address", address("Ingress", ingress.id(), ingress.address()),
				"consumerGroupId", ingress.consumerGroupId());
		spec.put("startupPosition", position(ingress.startupPosition()));
		spec.put("autoOffsetResetPosition", hyphenated(orElse(ingress.autoOffsetReset(), OffsetReset.LATEST)));
		spec.put("topics", routes("topic", ingress.topics()));
		putOwnKeys(spec, ingress);
		putProperties(spec, "properties", ingress(ingress.id()), ingress.properties());
		return spec;
	}

	private void putOwnKeys(Map<String, Object> spec, KafkaIngress ingress) {
		Boolean headers = ingress.forwardHeaders();
		if (headers != null) {
			requireRuntime(ModuleRuntime.KZMLABS, "'forward-headers' of ingress '" + ingress.id() + "'");
			spec.put("forwardHeaders", headers);
		}
		InvalidRecordHandling handling = ingress.invalidRecordHandling();
		if (handling != null) {
			requireRuntime(ModuleRuntime.KZMLABS, "'invalid-record-handling' of ingress '" + ingress.id() + "'");
			spec.put("invalidRecordHandling", map("type", hyphenated(handling)));
		}
	}

	/**
	 * Refuse a setting that only one runtime has.
	 * @param only the runtime
	 * @param setting the setting
	 */
	final void requireRuntime(ModuleRuntime only, String setting) {
		if (runtime() != only) {
			throw new InvalidDeclarationException(
					"Found " + setting + " for the runtime '" + runtime() + "'; expected '" + only
							+ "', which alone has it",
					"Set 'statefun.module.runtime' to '" + only + "', or remove the setting", null);
		}
	}

	private ModuleRuntime runtime() {
		return this.settings.runtimeFor(this.rules.format());
	}

	private Map<String, Object> kafka(KafkaEgress egress) {
		if (egress.deliverySemantic() == DeliverySemantic.EXACTLY_ONCE && runtime() == ModuleRuntime.KZMLABS) {
			throw new InvalidDeclarationException(
					"Found 'exactly-once' of egress '" + egress.id()
							+ "' for the runtime 'kzmlabs', where such an egress can't start; expected another "
							+ "delivery semantic",
					"Set 'delivery-semantic' to 'at-least-once' and remove 'transaction-timeout'", null);
		}
		Map<String, Object> semantic = map("type",
				hyphenated(orElse(egress.deliverySemantic(), DeliverySemantic.AT_LEAST_ONCE)));
		Duration timeout = egress.transactionTimeout();
		if (timeout != null) {
			String key = this.rules.transactionTimeouts().get(0);
			semantic.put(key, key.endsWith("Millis") ? timeout.toMillis() : timeout);
		}
		Map<String, Object> spec = map("address", address("Egress", egress.id(), egress.address()), "deliverySemantic",
				semantic);
		putProperties(spec, "properties", egress(egress.id()), egress.properties());
		return spec;
	}

	private String address(String what, String id, @Nullable String own) {
		String address = (own != null) ? own : this.settings.kafka().address();
		if (address == null) {
			throw new InvalidDeclarationException(what + " '" + id + "' has no address of Kafka",
					"Set 'statefun.module.kafka.address', or an 'address' of its own", null);
		}
		return address;
	}

	private Map<String, Object> kinesis(KinesisIngress ingress) {
		Map<String, Object> spec = aws(ingress(ingress.id()), ingress.region(), ingress.credentials());
		spec.put("startupPosition", position(ingress.startupPosition()));
		spec.put("streams", routes("stream", ingress.streams()));
		putProperties(spec, "clientConfigProperties", ingress(ingress.id()), ingress.properties());
		return spec;
	}

	private Map<String, Object> kinesis(KinesisEgress egress) {
		Map<String, Object> spec = aws(egress(egress.id()), egress.region(), egress.credentials());
		spec.put("maxOutstandingRecords", orElse(egress.maxOutstandingRecords(), 1000));
		putProperties(spec, "clientConfigProperties", egress(egress.id()), egress.properties());
		return spec;
	}

	private Map<String, Object> aws(String owner, @Nullable Region region, @Nullable Credentials credentials) {
		return map("awsRegion", region(orElse(region, this.settings.kinesis().region())), "awsCredentials",
				(credentials != null) ? credentials(owner, credentials)
						: credentials("kinesis", this.settings.kinesis().credentials()));
	}

	private static Map<String, Object> region(Region region) {
		if (region.id() == null) {
			return map("type", "default");
		}
		return (region.endpoint() != null)
				? map("type", "custom-endpoint", "endpoint", region.endpoint(), "id", region.id())
				: map("type", "specific", "id", region.id());
	}

	private Map<String, Object> credentials(String owner, Credentials credentials) {
		if (credentials.accessKeyId() != null && credentials.secretAccessKey() != null) {
			return map("type", "basic", "accessKeyId",
					this.secrets.write(credentials.accessKeyId(), owner, "access key id"), "secretAccessKey",
					this.secrets.write(credentials.secretAccessKey(), owner, "secret access key"));
		}
		if (credentials.profileName() == null) {
			return map("type", "default");
		}
		Map<String, Object> profile = map("type", "profile", "profileName", credentials.profileName());
		if (credentials.profilePath() != null) {
			profile.put("profilePath", credentials.profilePath());
		}
		return profile;
	}

	private List<Map<String, Object>> routes(String key, List<Route> routes) {
		List<Map<String, Object>> list = new ArrayList<>();
		for (Route route : routes) {
			route.targets().forEach((target) -> requireTypename("Target", target));
			list.add(map(key, route.name(), this.rules.valueType(), route.valueType(), "targets", route.targets()));
		}
		return list;
	}

}
