package dev.statefun.spring.module;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.execution.BatchTimeLimit;
import dev.statefun.spring.module.ModuleSettings.Credentials;
import dev.statefun.spring.module.ModuleSettings.DeliverySemantic;
import dev.statefun.spring.module.ModuleSettings.KafkaEgress;
import dev.statefun.spring.module.ModuleSettings.KafkaIngress;
import dev.statefun.spring.module.ModuleSettings.KinesisEgress;
import dev.statefun.spring.module.ModuleSettings.KinesisIngress;
import dev.statefun.spring.module.ModuleSettings.Region;
import dev.statefun.spring.module.ModuleSettings.Route;
import dev.statefun.spring.module.ModuleSettings.StartupPosition;
import dev.statefun.spring.module.ModuleSettings.Transport;
import dev.statefun.spring.module.ModuleSettings.TransportType;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Generates the cluster's module.yaml from the served functions. Every function has an
 * entry of its own unless wildcards are enabled, and every timeout is written out.
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ModuleGenerator {

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS Z", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	// Default timeouts of clusters (protocol.md §6.2, §6.3)
	private static final Duration ASYNC_CALL = Duration.ofMinutes(2);

	private static final Duration OKHTTP_CALL = Duration.ofMinutes(1);

	private static final Duration OKHTTP_OTHER = Duration.ofSeconds(10);

	private final StatefulFunctions functions;

	private final ModuleSettings settings;

	/**
	 * Create a generator.
	 * @param functions the functions that are served
	 * @param settings settings that functions do not have
	 */
	public ModuleGenerator(StatefulFunctions functions, ModuleSettings settings) {
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(settings, "'settings' must not be null");
		this.functions = functions;
		this.settings = settings;
	}

	/**
	 * Return a generator that masks everything that may be secret: the secret in the
	 * endpoint's path, the values of properties and the keys for AWS.
	 * @return a generator whose texts may be shown
	 */
	public ModuleGenerator masked() {
		return new ModuleGenerator(this.functions, this.settings.masked());
	}

	/**
	 * Write a module.yaml. Settings that clusters of that generation do not have are
	 * listed in comments.
	 * @param format form of the file
	 * @return the text, always the same for the same functions and settings ~ or if
	 * wildcards are asked for where there can be none => or if wildcards are enabled but
	 * not possible
	 * @throws InvalidDeclarationException if a cluster could not load it: a namespace
	 * with a {@code /} on 3.x, or a timeout of OkHttp that is longer than that of the
	 * call; or if wildcards are asked for where there can be none
	 */
	public String generate(ModuleFormat format) {
		Assert.notNull(format, "'format' must not be null");
		return (format == ModuleFormat.V2) ? new V2().write() : new V3().write();
	}

	private List<FunctionDescriptor> sorted() {
		return this.functions.functions()
			.stream()
			.sorted(Comparator.comparing((function) -> function.type().toString()))
			.toList();
	}

	private List<KafkaEgress> kafkaEgresses() {
		List<KafkaEgress> egresses = new ArrayList<>(this.settings.kafka().egresses());
		if (this.settings.kafka().address() != null) {
			undeclaredDeadLetters().forEach(
					(id) -> egresses.add(new KafkaEgress(id, null, DeliverySemantic.AT_LEAST_ONCE, null, Map.of())));
		}
		return egresses;
	}

	private Set<String> undeclaredDeadLetters() {
		Set<String> ids = new LinkedHashSet<>();
		this.settings.deadLetters().stream().map(EgressId::toString).sorted().forEach(ids::add);
		this.settings.kafka().egresses().forEach((egress) -> ids.remove(egress.id()));
		return ids;
	}

	private List<String> comments(String title) {
		List<String> comments = new ArrayList<>();
		comments.add(title);
		if (this.settings.kafka().address() == null) {
			undeclaredDeadLetters().forEach((id) -> comments.add("Dead letters are sent to egress '" + id
					+ "', which has to be declared as well: set 'statefun.module.kafka.address' for that."));
		}
		return comments;
	}

	// The cluster refuses a single timeout above that of the call (protocol.md §6.2)
	private Map<String, Duration> okhttp() {
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

	private Duration asyncCall() {
		return longest(ASYNC_CALL, this.settings.batchTimeLimit().forAsyncTransport().plus(BatchTimeLimit.MARGIN));
	}

	private static Duration longest(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	private Map<String, String> asyncSettings() {
		Transport transport = this.settings.transport();
		Map<String, String> settings = new LinkedHashMap<>();
		putChanged(settings, "pool-size", transport.poolSize(), Transport.POOL_SIZE);
		putChanged(settings, "pool-ttl", transport.poolTtl(), Transport.POOL_TTL);
		putChanged(settings, "payload-max-bytes", transport.payloadMaxBytes(), Transport.PAYLOAD_MAX_BYTES);
		putChanged(settings, "trust-cacerts", transport.trustCacerts(), null);
		putChanged(settings, "client-cert", transport.clientCert(), null);
		putChanged(settings, "client-key", transport.clientKey(), null);
		putChanged(settings, "client-key-password", transport.clientKeyPassword(), null);
		return settings;
	}

	private static void putChanged(Map<String, String> settings, String name, @Nullable Object value,
			@Nullable Object unchanged) {
		if (value != null && !value.equals(unchanged)) {
			settings.put(name, value.toString());
		}
	}

	private static <T> T orElse(@Nullable T value, T fallback) {
		return (value != null) ? value : fallback;
	}

	private static Map<String, Object> map(Object... keysAndValues) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			map.put((String) keysAndValues[i], keysAndValues[i + 1]);
		}
		return map;
	}

	// Clusters read a list of maps with one entry each
	private static void putProperties(Map<String, Object> spec, String key, Map<String, ?> properties) {
		if (!properties.isEmpty()) {
			List<Map<String, Object>> list = new ArrayList<>();
			new TreeMap<>(properties).forEach((name, value) -> list.add(map(name, value)));
			spec.put(key, list);
		}
	}

	private static String hyphenated(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Map<String, Object> position(StartupPosition position) {
		Map<String, Object> map = map("type", hyphenated(position.type()));
		Instant date = position.date();
		if (date != null) {
			map.put("date", DATE.format(date));
		}
		putProperties(map, "offsets", position.offsets());
		return map;
	}

	private static Map<String, Object> region(Region region) {
		if (region.id() == null) {
			return map("type", "default");
		}
		return (region.endpoint() != null)
				? map("type", "custom-endpoint", "endpoint", region.endpoint(), "id", region.id())
				: map("type", "specific", "id", region.id());
	}

	private static Map<String, Object> credentials(Credentials credentials) {
		if (credentials.accessKeyId() != null && credentials.secretAccessKey() != null) {
			return map("type", "basic", "accessKeyId", credentials.accessKeyId(), "secretAccessKey",
					credentials.secretAccessKey());
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

	/**
	 * Common parts of ingresses and egresses of both generations.
	 */
	private abstract class Writer {

		abstract String valueTypeKey();

		abstract Object transactionTimeout(Duration timeout);

		abstract String transactionTimeoutKey();

		abstract void requireTypename(String what, String typename);

		final Map<String, Object> kafka(KafkaIngress ingress) {
			Map<String, Object> spec = map("address", address("Ingress", ingress.id(), ingress.address()),
					"consumerGroupId", ingress.consumerGroupId());
			spec.put("startupPosition", position(ingress.startupPosition()));
			spec.put("autoOffsetResetPosition", hyphenated(ingress.autoOffsetReset()));
			spec.put("topics", routes("topic", ingress.topics()));
			putProperties(spec, "properties", ingress.properties());
			return spec;
		}

		final Map<String, Object> kafka(KafkaEgress egress) {
			Map<String, Object> semantic = map("type", hyphenated(egress.deliverySemantic()));
			Duration timeout = egress.transactionTimeout();
			if (timeout != null) {
				semantic.put(transactionTimeoutKey(), transactionTimeout(timeout));
			}
			Map<String, Object> spec = map("address", address("Egress", egress.id(), egress.address()),
					"deliverySemantic", semantic);
			putProperties(spec, "properties", egress.properties());
			return spec;
		}

		private String address(String what, String id, @Nullable String own) {
			String address = (own != null) ? own : ModuleGenerator.this.settings.kafka().address();
			if (address == null) {
				throw new InvalidDeclarationException(what + " '" + id + "' has no address of Kafka",
						"Set 'statefun.module.kafka.address', or an 'address' of its own", null);
			}
			return address;
		}

		final Map<String, Object> kinesis(KinesisIngress ingress) {
			Map<String, Object> spec = aws(ingress.region(), ingress.credentials());
			spec.put("startupPosition", position(ingress.startupPosition()));
			spec.put("streams", routes("stream", ingress.streams()));
			putProperties(spec, "clientConfigProperties", ingress.properties());
			return spec;
		}

		final Map<String, Object> kinesis(KinesisEgress egress) {
			Map<String, Object> spec = aws(egress.region(), egress.credentials());
			spec.put("maxOutstandingRecords", egress.maxOutstandingRecords());
			putProperties(spec, "clientConfigProperties", egress.properties());
			return spec;
		}

		private Map<String, Object> aws(@Nullable Region region, @Nullable Credentials credentials) {
			ModuleSettings.Kinesis all = ModuleGenerator.this.settings.kinesis();
			return map("awsRegion", region(orElse(region, all.region())), "awsCredentials",
					credentials(orElse(credentials, all.credentials())));
		}

		private List<Map<String, Object>> routes(String key, List<Route> routes) {
			List<Map<String, Object>> list = new ArrayList<>();
			for (Route route : routes) {
				route.targets().forEach((target) -> requireTypename("Target", target));
				list.add(map(key, route.name(), valueTypeKey(), route.valueType(), "targets", route.targets()));
			}
			return list;
		}

	}

	private final class V2 extends Writer {

		private String write() {
			if (ModuleGenerator.this.settings.wildcards()) {
				throw new InvalidDeclarationException(
						"'statefun.module.wildcards' is true, but clusters of 2.x know no wildcards",
						"Remove it, or write the format 'v3'", null);
			}
			List<String> comments = comments(
					"Written by the application, from its functions and 'statefun.module', for StateFun 2.1 and 2.2.");
			boolean expires = sorted().stream()
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
			asyncSettings().forEach((name, value) -> comments
				.add("Left out, as clusters of 2.x can't use it: 'statefun.module.transport." + name + "'."));
			Map<String, Object> spec = new LinkedHashMap<>();
			putAll(spec, "functions", "function", sorted().stream().map(this::function).toList());
			List<Map<String, Object>> ingresses = new ArrayList<>();
			ModuleSettings settings = ModuleGenerator.this.settings;
			settings.kafka()
				.ingresses()
				.forEach((ingress) -> ingresses
					.add(component("statefun.kafka.io/routable-protobuf-ingress", ingress.id(), kafka(ingress))));
			settings.kinesis()
				.ingresses()
				.forEach((ingress) -> ingresses
					.add(component("statefun.kinesis.io/routable-protobuf-ingress", ingress.id(), kinesis(ingress))));
			putAll(spec, "ingresses", "ingress", ingresses);
			List<Map<String, Object>> egresses = new ArrayList<>();
			kafkaEgresses().forEach((egress) -> egresses
				.add(component("statefun.kafka.io/generic-egress", egress.id(), kafka(egress))));
			settings.kinesis()
				.egresses()
				.forEach((egress) -> egresses
					.add(component("statefun.kinesis.io/generic-egress", egress.id(), kinesis(egress))));
			putAll(spec, "egresses", "egress", egresses);
			return YamlText.write(comments,
					List.of(map("version", "2.0", "module", map("meta", map("type", "remote"), "spec", spec))));
		}

		private static void putAll(Map<String, Object> spec, String list, String key,
				List<Map<String, Object>> components) {
			if (!components.isEmpty()) {
				spec.put(list, components.stream().map((component) -> map(key, component)).toList());
			}
		}

		private static Map<String, Object> component(String type, String id, Map<String, Object> spec) {
			return map("meta", map("type", type, "id", id), "spec", spec);
		}

		private Map<String, Object> function(FunctionDescriptor function) {
			Map<String, Duration> timeouts = okhttp();
			Map<String, Object> spec = map("endpoint", endpoint());
			if (!function.states().isEmpty()) {
				spec.put("states", function.states().stream().map(V2::state).toList());
			}
			spec.put("maxNumBatchRequests", ModuleGenerator.this.settings.maxNumBatchRequests());
			spec.put("timeout", timeouts.get("call"));
			spec.put("connectTimeout", timeouts.get("connect"));
			spec.put("readTimeout", timeouts.get("read"));
			spec.put("writeTimeout", timeouts.get("write"));
			return map("meta", map("kind", "http", "type", function.type().toString()), "spec", spec);
		}

		private String endpoint() {
			EndpointUrl url = new EndpointUrl(ModuleGenerator.this.settings.endpoint());
			if (url.isTemplate()) {
				throw new InvalidDeclarationException(
						"The endpoint '" + ModuleGenerator.this.settings.maskedEndpoint() + "' has the placeholder '"
								+ EndpointUrl.NAME + "', which clusters of 2.x take literally",
						"Give 'statefun.module.endpoint' without it, or write the format 'v3'", null);
			}
			return url.text();
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
		String valueTypeKey() {
			return "typeUrl";
		}

		@Override
		String transactionTimeoutKey() {
			return "transactionTimeoutMillis";
		}

		@Override
		Object transactionTimeout(Duration timeout) {
			return timeout.toMillis();
		}

		// The last '/' splits, whatever precedes it
		@Override
		void requireTypename(String what, String typename) {
			if (typename.lastIndexOf('/') < 1) {
				throw new InvalidDeclarationException(what + " '" + typename + "' is not valid",
						"Write it in the form '<namespace>/<name>', with both parts non-empty", null);
			}
		}

	}

	private final class V3 extends Writer {

		private String write() {
			Transport transport = ModuleGenerator.this.settings.transport();
			List<String> comments = comments(
					"Written by the application, from its functions and 'statefun.module', for StateFun 3.1 to 3.3.");
			boolean async = transport.type() == TransportType.ASYNC;
			if (async && (transport.trustCacerts() != null || transport.clientCert() != null)) {
				comments.add("'trust_cacerts' and 'client_…' need 3.3: older clusters ignore them.");
			}
			unusedSettings(async).forEach((name) -> comments
				.add("Left out, as this client can't use it: 'statefun.module.transport." + name + "'."));
			List<Map<String, ?>> documents = new ArrayList<>();
			patterns().forEach((functions) -> documents.add(endpoint(functions)));
			ModuleSettings settings = ModuleGenerator.this.settings;
			settings.kafka()
				.ingresses()
				.forEach((ingress) -> documents
					.add(component("io.statefun.kafka.v1/ingress", ingress.id(), kafka(ingress))));
			settings.kinesis()
				.ingresses()
				.forEach((ingress) -> documents
					.add(component("io.statefun.kinesis.v1/ingress", ingress.id(), kinesis(ingress))));
			kafkaEgresses().forEach(
					(egress) -> documents.add(component("io.statefun.kafka.v1/egress", egress.id(), kafka(egress))));
			settings.kinesis()
				.egresses()
				.forEach((egress) -> documents
					.add(component("io.statefun.kinesis.v1/egress", egress.id(), kinesis(egress))));
			return YamlText.write(comments, documents);
		}

		private List<String> unusedSettings(boolean async) {
			if (!async) {
				return List.copyOf(asyncSettings().keySet());
			}
			Transport transport = ModuleGenerator.this.settings.transport();
			Map<String, String> unused = new LinkedHashMap<>();
			putChanged(unused, "read", transport.read(), null);
			putChanged(unused, "write", transport.write(), null);
			return List.copyOf(unused.keySet());
		}

		private Map<String, Object> component(String kind, String id, Map<String, Object> spec) {
			requireTypename("Ingress or egress", id);
			Map<String, Object> complete = map("id", id);
			complete.putAll(spec);
			return map("kind", kind, "spec", complete);
		}

		private Set<String> patterns() {
			Set<String> patterns = new LinkedHashSet<>();
			for (FunctionDescriptor function : sorted()) {
				requireTypename("Function", function.type().toString());
				patterns.add(ModuleGenerator.this.settings.wildcards() ? wildcard(function.type().namespace())
						: function.type().toString());
			}
			return patterns;
		}

		// Its messages would all come to this application
		private String wildcard(String namespace) {
			ModuleSettings settings = ModuleGenerator.this.settings;
			if (new EndpointUrl(settings.endpoint()).isTemplate()) {
				throw split(namespace, "'" + settings.maskedEndpoint() + "' is another address for each of them",
						"give 'statefun.module.endpoint' without '" + EndpointUrl.NAME + "'");
			}
			settings.kafka().ingresses().forEach((ingress) -> requireServed(namespace, ingress.id(), ingress.topics()));
			settings.kinesis()
				.ingresses()
				.forEach((ingress) -> requireServed(namespace, ingress.id(), ingress.streams()));
			return namespace + "/*";
		}

		private void requireServed(String namespace, String ingress, List<Route> routes) {
			Set<String> served = sorted().stream()
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
			return new InvalidDeclarationException("Functions of the namespace '" + namespace
					+ "' can't be written as '" + namespace + "/*': " + reason,
					"Set 'statefun.module.wildcards' to false, or " + action, null);
		}

		private Map<String, Object> endpoint(String functions) {
			ModuleSettings settings = ModuleGenerator.this.settings;
			return map("kind", "io.statefun.endpoints.v2/http", "spec",
					map("functions", functions, "urlPathTemplate", settings.endpoint(), "maxNumBatchRequests",
							settings.maxNumBatchRequests(), "transport",
							(settings.transport().type() == TransportType.ASYNC) ? async()
									: map("type", "io.statefun.transports.v1/okhttp", "timeouts", okhttp())));
		}

		private Map<String, Object> async() {
			Transport transport = ModuleGenerator.this.settings.transport();
			Map<String, Object> map = map("type", "io.statefun.transports.v1/async", "call",
					orElse(transport.call(), asyncCall()), "connect",
					orElse(transport.connect(), Duration.ofSeconds(20)), "pool_ttl", transport.poolTtl(), "pool_size",
					transport.poolSize(), "payload_max_bytes", transport.payloadMaxBytes().toBytes());
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
		String valueTypeKey() {
			return "valueType";
		}

		@Override
		String transactionTimeoutKey() {
			return "transactionTimeout";
		}

		@Override
		Object transactionTimeout(Duration timeout) {
			return timeout;
		}

		// Exactly one '/' (protocol.md §7.3)
		@Override
		void requireTypename(String what, String typename) {
			int slash = typename.indexOf('/');
			if (slash < 1 || slash == typename.length() - 1 || slash != typename.lastIndexOf('/')) {
				throw new InvalidDeclarationException(
						what + " '" + typename + "' can't be named in a module.yaml of 3.x, where names have "
								+ "exactly one '/'",
						"Give it a namespace without '/', or write the format 'v2' for clusters of 2.x alone", null);
			}
		}

	}

}
