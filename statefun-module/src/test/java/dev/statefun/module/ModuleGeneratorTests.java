package dev.statefun.module;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Credentials;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.Kinesis;
import dev.statefun.module.settings.KinesisEgress;
import dev.statefun.module.settings.Region;
import dev.statefun.module.settings.Route;
import dev.statefun.module.settings.Transport;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ModuleGenerator}.
 */
class ModuleGeneratorTests {

	private static final String SECRET = "q7Rk2vXw-0123456789.abcdef~";

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final ModuleGenerator everything = new ModuleGenerator(Carts.functions(), Carts.everything());

	@Test
	void fileForClustersOf3MatchesTheExample() throws IOException {
		assertThat(this.everything.generate(ModuleFormat.V3)).isEqualTo(golden("everything-v3.yaml"));
	}

	@Test
	void fileForClustersOf2MatchesTheExample() throws IOException {
		assertThat(this.everything.generate(ModuleFormat.V2)).isEqualTo(golden("everything-v2.yaml"));
	}

	@ParameterizedTest
	@CsvSource({ "V2", "V3" })
	void statesOfARecordAreWrittenAsOthers(ModuleFormat format) throws IOException {
		assertThat(new ModuleGenerator(Carts.functionsWithRecord(), Carts.everything()).generate(format))
			.isEqualTo(this.everything.generate(format));
	}

	@Test
	void stateOfTimersIsWrittenForClustersOf2() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("shop/cart").state("total", long.class).timers(), (context, message) -> {
			})
			.build();
		ModuleGenerator generator = new ModuleGenerator(functions, Carts.everything());
		assertThat(generator.generate(ModuleFormat.V2)).contains("- name: total", "- name: statefun_timers");
		assertThat(generator.generate(ModuleFormat.V3)).doesNotContain("statefun_timers");
	}

	@Test
	void format3ParsesToComponents() throws IOException {
		List<Map<String, Object>> documents = parse(golden("everything-v3.yaml"));
		assertThat(documents).extracting((document) -> document.get("kind"))
			.containsExactly("io.statefun.endpoints.v2/http", "io.statefun.endpoints.v2/http",
					"io.statefun.kafka.v1/ingress", "io.statefun.kafka.v1/ingress", "io.statefun.kinesis.v1/ingress",
					"io.statefun.kafka.v1/egress", "io.statefun.kafka.v1/egress", "io.statefun.kafka.v1/egress",
					"io.statefun.kinesis.v1/egress");
		assertThat(spec(documents.get(0))).containsEntry("functions", "shop/cart")
			.containsEntry("urlPathTemplate", "http://cart:8080/statefun")
			.containsEntry("maxNumBatchRequests", 500)
			.containsEntry("transport", Map.of("type", "io.statefun.transports.v1/async", "call", "2min", "connect",
					"20s", "pool_ttl", "15s", "pool_size", 1024, "payload_max_bytes", 33554432));
		assertThat(spec(documents.get(2))).containsEntry("id", "shop/items")
			.containsEntry("address", "kafka:9092")
			.containsEntry("consumerGroupId", "cart")
			.containsEntry("startupPosition", Map.of("type", "earliest"))
			.containsEntry("autoOffsetResetPosition", "latest")
			.containsEntry("topics",
					List.of(Map.of("topic", "items", "valueType", "type.googleapis.com/shop.AddItem", "targets",
							List.of("shop/cart", "shop/stock"))))
			.containsEntry("properties", List.of(Map.of("fetch.min.bytes", "1"), Map.of("security.protocol", "SSL")));
		assertThat(spec(documents.get(3))).containsEntry("address", "other:9092")
			.containsEntry("startupPosition",
					Map.of("type", "specific-offsets", "offsets", List.of(Map.of("late/0", 91), Map.of("late/1", 11))));
		assertThat(spec(documents.get(4)))
			.containsEntry("startupPosition", Map.of("type", "date", "date", "2026-11-25 14:00:00.000 +0000"))
			.containsEntry("awsRegion", Map.of("type", "specific", "id", "eu-west-1"))
			.containsEntry("awsCredentials",
					Map.of("type", "profile", "profileName", "shop", "profilePath", "/etc/aws"));
		assertThat(spec(documents.get(5))).containsEntry("deliverySemantic",
				Map.of("type", "exactly-once", "transactionTimeout", "15min"));
		assertThat(spec(documents.get(7))).containsEntry("id", "ops/dead-letters")
			.containsEntry("deliverySemantic", Map.of("type", "at-least-once"));
		assertThat(spec(documents.get(8)))
			.containsEntry("awsRegion",
					Map.of("type", "custom-endpoint", "endpoint", "http://kinesis:4567", "id", "eu-central-1"))
			.containsEntry("awsCredentials", Map.of("type", "basic", "accessKeyId", "key", "secretAccessKey", "secret"))
			.containsEntry("maxOutstandingRecords", 500);
	}

	@Test
	@SuppressWarnings("unchecked")
	void format2ParsesToOneModule() throws IOException {
		List<Map<String, Object>> documents = parse(golden("everything-v2.yaml"));
		assertThat(documents).hasSize(1);
		assertThat(documents.get(0)).containsEntry("version", "2.0");
		Map<String, Object> module = (Map<String, Object>) value(documents.get(0), "module");
		assertThat(module).containsEntry("meta", Map.of("type", "remote"));
		Map<String, Object> spec = spec(module);
		assertThat((List<Map<String, Object>>) spec.get("functions")).hasSize(2)
			.first()
			.isEqualTo(Map.of("function",
					Map.of("meta", Map.of("kind", "http", "type", "shop/cart"), "spec",
							Map.of("endpoint", "http://cart:8080/statefun", "states",
									List.of(Map.of("name", "items", "expireAfter", "30d", "expireMode", "after-invoke"),
											Map.of("name", "last", "expireAfter", "90s", "expireMode", "after-write"),
											Map.of("name", "total")),
									"maxNumBatchRequests", 500, "timeout", "2min", "connectTimeout", "10s",
									"readTimeout", "1min", "writeTimeout", "10s"))));
		assertThat((List<Map<String, Map<String, Object>>>) spec.get("ingresses"))
			.extracting((item) -> value(item, "ingress").get("meta"))
			.containsExactly(Map.of("type", "statefun.kafka.io/routable-protobuf-ingress", "id", "shop/items"),
					Map.of("type", "statefun.kafka.io/routable-protobuf-ingress", "id", "shop/late"),
					Map.of("type", "statefun.kinesis.io/routable-protobuf-ingress", "id", "shop/clicks"));
		List<Map<String, Map<String, Object>>> egresses = (List<Map<String, Map<String, Object>>>) value(spec,
				"egresses");
		assertThat(egresses).extracting((item) -> value(item, "egress").get("meta"))
			.containsExactly(Map.of("type", "statefun.kafka.io/generic-egress", "id", "shop/receipts"),
					Map.of("type", "statefun.kafka.io/generic-egress", "id", "shop/notes"),
					Map.of("type", "statefun.kafka.io/generic-egress", "id", "ops/dead-letters"),
					Map.of("type", "statefun.kinesis.io/generic-egress", "id", "shop/shown"));
		assertThat(spec(value(egresses.get(0), "egress"))).containsEntry("deliverySemantic",
				Map.of("type", "exactly-once", "transactionTimeoutMillis", 900000));
	}

	@ParameterizedTest
	@CsvSource({ "V2", "V3" })
	void writtenFileHasNoFindings(ModuleFormat format) {
		ModuleVerifier verifier = ModuleVerifier.of(Carts.functions())
			.path("/statefun")
			.batchTimeLimit(BatchTimeLimit.of(null, null))
			.egress(EgressId.parse("ops/dead-letters"), "a test");
		assertThat(verifier.verify(this.everything.generate(format), format).findings()).isEmpty();
	}

	@Test
	void settingsThatAreNullAreTheDefaults() {
		Route items = new Route("items", "shop/AddItem", List.of("shop/cart"));
		ModuleSettings settings = ModuleSettings.of(Carts.ENDPOINT)
			.transport(Transport.okhttp())
			.kafka(new Kafka("kafka:9092",
					List.of(new KafkaIngress("shop/items", null, "cart", List.of(items), null, null, null, null, null)),
					List.of(new KafkaEgress("shop/receipts", null, null, null, null))))
			.kinesis(new Kinesis(new Region(null, null), new Credentials(null, null, null, null), List.of(),
					List.of(new KinesisEgress("shop/shown", null, null, null, null))));
		assertThat(new ModuleGenerator(Carts.functions("shop/cart"), settings).generate(ModuleFormat.V3)).endsWith("""
				  maxNumBatchRequests: 1000
				  transport:
				    type: io.statefun.transports.v1/okhttp
				    timeouts:
				      call: "2min"
				      connect: "10s"
				      read: "1min"
				      write: "10s"
				---
				kind: io.statefun.kafka.v1/ingress
				spec:
				  id: shop/items
				  address: kafka:9092
				  consumerGroupId: cart
				  startupPosition:
				    type: latest
				  autoOffsetResetPosition: latest
				  topics:
				    - topic: items
				      valueType: shop/AddItem
				      targets:
				        - shop/cart
				---
				kind: io.statefun.kafka.v1/egress
				spec:
				  id: shop/receipts
				  address: kafka:9092
				  deliverySemantic:
				    type: at-least-once
				---
				kind: io.statefun.kinesis.v1/egress
				spec:
				  id: shop/shown
				  awsRegion:
				    type: default
				  awsCredentials:
				    type: default
				  maxOutstandingRecords: 1000
				""");
	}

	@Test
	void emptySecretIsRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ModuleSettings(Carts.ENDPOINT, "", 0, false,
				Transport.async(), BatchTimeLimit.of(null, null), new Kafka(null, List.of(), List.of()),
				Carts.everything().kinesis(), List.of(), null, null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> ModuleVerifier.of(Carts.functions()).secret(""))
			.withMessage("'secret' must not be empty");
	}

	@Test
	void okhttpHasFourTimeouts() {
		String text = new ModuleGenerator(Carts.functions(), Carts.settings(Transport.okhttp()))
			.generate(ModuleFormat.V3);
		assertThat(text).contains("""
				  transport:
				    type: io.statefun.transports.v1/okhttp
				    timeouts:
				      call: "2min"
				      connect: "10s"
				      read: "1min"
				      write: "10s"
				""");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			# batch-timeout, call, read, written call, written read
			-,     -,   -,  2min,  1min
			8s,    -,   -,  1min,  13s
			5m,    -,   -,  610s,  305s
			0s,    -,   -,  1min,  10s
			-,     5m,  -,  5min,  5min
			-,     30s, -,  30s,   30s
			8s,    5m,  -,  5min,  13s
			50s,   1m,  -,  1min,  55s
			90s,   1m,  -,  1min,  1min
			0s,    5m,  -,  5min,  10s
			-,     -,   9s, 2min,  9s
			-,     5m,  9s, 5min,  9s
			""")
	void okhttpWaitsSlightlyLongerThanABatchMayTake(@Nullable String batchTimeout, @Nullable String call,
			@Nullable String read, String writtenCall, String writtenRead) {
		Transport transport = new Transport(Transport.Type.OKHTTP, duration(call), null, duration(read), null, 8,
				SECOND, 1024, null, null, null, null);
		ModuleGenerator generator = new ModuleGenerator(Carts.functions(),
				Carts.settings(transport, duration(batchTimeout)));
		assertThat(generator.generate(ModuleFormat.V3)).contains("""
				      call: "%s"
				      connect: "10s"
				      read: "%s"
				""".formatted(writtenCall, writtenRead));
		assertThat(generator.generate(ModuleFormat.V2)).contains("timeout: \"%s\"\n".formatted(writtenCall),
				"readTimeout: \"%s\"\n".formatted(writtenRead));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "-, -, 2min", "8s, -, 2min", "5m, -, 305s", "0s, -, 2min", "5m, 30s, 30s" })
	void asynchronousClientWaitsSlightlyLongerThanABatchMayTake(@Nullable String batchTimeout, @Nullable String call,
			String written) {
		Transport transport = new Transport(Transport.Type.ASYNC, duration(call), null, null, null, 8, SECOND, 1024,
				null, null, null, null);
		ModuleGenerator generator = new ModuleGenerator(Carts.functions(),
				Carts.settings(transport, duration(batchTimeout)));
		assertThat(generator.generate(ModuleFormat.V3)).contains("    call: \"" + written + "\"\n");
	}

	private static @Nullable Duration duration(@Nullable String text) {
		return (text != null) ? Duration.parse("PT" + text) : null;
	}

	@Test
	void commentSaysThatClustersOf21IgnoreTheReadTimeout() {
		String comment = "# 'readTimeout' needs 2.2: a cluster of 2.1 sends a batch again after 10 s, while it is "
				+ "still being handled.\n";
		Transport transport = Transport.okhttp();
		assertThat(new ModuleGenerator(Carts.functions(), Carts.settings(transport)).generate(ModuleFormat.V2))
			.contains(comment);
		assertThat(new ModuleGenerator(Carts.functions(), Carts.settings(transport, Duration.ZERO))
			.generate(ModuleFormat.V2)).doesNotContain(comment);
	}

	@Test
	void timeoutLongerThanTheCallIsRejected() {
		Transport transport = new Transport(Transport.Type.OKHTTP, SECOND.multipliedBy(5), SECOND,
				SECOND.multipliedBy(6), SECOND, 1, SECOND, 1024, null, null, null, null);
		ModuleGenerator generator = new ModuleGenerator(Carts.functions(), Carts.settings(transport));
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> generator.generate(ModuleFormat.V3))
			.withMessage("The timeout 'read' of the transport is 6s, longer than 'call' with 5s, which OkHttp refuses. "
					+ "Set 'statefun.module.transport.call' or 'read' so that 'call' is the longest.");
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> generator.generate(ModuleFormat.V2));
	}

	@Test
	void certificatesAreWrittenForTheAsynchronousClientOnly() {
		Transport transport = new Transport(Transport.Type.ASYNC, null, null, SECOND, null, 8, SECOND, 1024,
				"/certs/ca.pem", "/certs/client.pem", "/certs/client.key", "/certs/password");
		ModuleGenerator generator = new ModuleGenerator(Carts.functions(), Carts.settings(transport));
		assertThat(generator.generate(ModuleFormat.V3)).contains("""
				# 'trust_cacerts' and 'client_…' need 3.3: older clusters ignore them.
				# Left out, as this client can't use it: 'statefun.module.transport.read'.
				""").contains("""
				    pool_ttl: "1s"
				    pool_size: 8
				    payload_max_bytes: 1024
				    trust_cacerts: /certs/ca.pem
				    client_cert: /certs/client.pem
				    client_key: /certs/client.key
				    client_key_password: /certs/password
				""");
		assertThat(generator.generate(ModuleFormat.V2).lines().filter((line) -> line.startsWith("# Left out")))
			.containsExactly("# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.pool-size'.",
					"# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.pool-ttl'.",
					"# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.payload-max-bytes'.",
					"# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.trust-cacerts'.",
					"# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.client-cert'.",
					"# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.client-key'.",
					"# Left out, as clusters of 2.x can't use it: 'statefun.module.transport.client-key-password'.");
	}

	@Test
	void namespaceWithSlashIsRejectedForClustersOf3() {
		ModuleGenerator generator = new ModuleGenerator(Carts.functions("eu/shop/cart"),
				Carts.settings(Transport.async()));
		assertThat(generator.generate(ModuleFormat.V2)).contains("type: eu/shop/cart");
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> generator.generate(ModuleFormat.V3))
			.withMessage("Function 'eu/shop/cart' can't be named in a module.yaml of 3.x, where names have exactly one "
					+ "'/'. Give it a namespace without '/', or write the format 'v2' for clusters of 2.x alone.");
	}

	@Test
	void functionsAreSortedByName() {
		ModuleSettings settings = Carts.settings(Transport.async());
		assertThat(new ModuleGenerator(Carts.functions("b/x", "a/y", "a/x"), settings).generate(ModuleFormat.V3))
			.isEqualTo(new ModuleGenerator(Carts.functions("a/x", "b/x", "a/y"), settings).generate(ModuleFormat.V3));
	}

	@Test
	void deadLettersWithoutAddressAreMentionedInAComment() {
		ModuleSettings plain = Carts.settings(Transport.async());
		ModuleSettings settings = new ModuleSettings(plain.endpoint(), null, 0, false, plain.transport(),
				plain.batchTimeLimit(), plain.kafka(), plain.kinesis(), List.of(EgressId.parse("ops/dead-letters")),
				null, null, null);
		assertThat(new ModuleGenerator(Carts.functions(), settings).generate(ModuleFormat.V3))
			.contains("# Dead letters are sent to egress 'ops/dead-letters', which has to be declared as well: "
					+ "set 'statefun.module.kafka.address' for that.\n")
			.doesNotContain("kind: io.statefun.kafka.v1/egress");
	}

	@Test
	void typedEgressesThatAreNotDeclaredAreAdded() {
		ModuleSettings plain = Carts.settings(Transport.async());
		StatefulFunctions functions = StatefulFunctions.builder()
			.egress("orders", dev.statefun.sdk.egress.KafkaEgress.of("shop/orders", "orders"))
			.egress("refunds", dev.statefun.sdk.egress.KafkaEgress.of("shop/orders", "refunds"))
			.egress("receipts", dev.statefun.sdk.egress.KafkaEgress.of("shop/receipts", "receipts"))
			.egress("letters", dev.statefun.sdk.egress.KafkaEgress.of("ops/dead-letters", "letters"))
			.egress("audit", dev.statefun.sdk.egress.KinesisEgress.of("shop/audit", "audit"))
			.egress("clicks", dev.statefun.sdk.egress.KinesisEgress.of("shop/clicks", "clicks"))
			.build();
		KafkaEgress receipts = new KafkaEgress("shop/receipts", null, KafkaEgress.DeliverySemantic.NONE, null,
				Map.of());
		KinesisEgress clicks = new KinesisEgress("shop/clicks", null, null, 7, null);
		ModuleSettings settings = plain.kafka(new Kafka("kafka:9092", List.of(), List.of(receipts)))
			.kinesis(new Kinesis(new Region(null, null), new Credentials(null, null, null, null), List.of(),
					List.of(clicks)));
		for (ModuleFormat format : ModuleFormat.values()) {
			String text = new ModuleGenerator(functions, settings).generate(format);
			assertThat(text.lines().map(String::strip).filter((line) -> line.startsWith("id: ")))
				.containsExactlyInAnyOrder("id: shop/receipts", "id: ops/dead-letters", "id: shop/orders",
						"id: shop/clicks", "id: shop/audit");
			assertThat(ModuleVerifier.of(functions).verify(text, format).errors()).isEmpty();
		}
		assertThat(new ModuleGenerator(functions, plain).generate(ModuleFormat.V3))
			.contains("# Records are sent to egress 'shop/orders', which has to be declared as well: "
					+ "set 'statefun.module.kafka.address' for that.\n")
			.doesNotContain("kind: io.statefun.kafka.v1/egress");
	}

	@Test
	void typedEgressOfAnotherKindThanDeclaredIsRejected() {
		ModuleSettings settings = Carts.settings(Transport.async())
			.kafka(new Kafka("kafka:9092", List.of(), List.of(new KafkaEgress("shop/out", null, null, null, null))));
		StatefulFunctions functions = StatefulFunctions.builder()
			.egress("orders", dev.statefun.sdk.egress.KinesisEgress.of("shop/out", "orders"))
			.build();
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> new ModuleGenerator(functions, settings).generate(ModuleFormat.V3))
			.withMessage("Egress 'shop/out' is in 'statefun.module.kafka.egresses', but functions send records for "
					+ "Kinesis to it. Give the typed egress the id of an egress of its kind.");
	}

	@Test
	void egressWithoutAddressIsRejected() {
		ModuleSettings plain = Carts.settings(Transport.async());
		KafkaEgress egress = new KafkaEgress("shop/receipts", null, KafkaEgress.DeliverySemantic.NONE, null, Map.of());
		ModuleSettings settings = new ModuleSettings(plain.endpoint(), null, 0, false, plain.transport(),
				plain.batchTimeLimit(), new Kafka(null, List.of(), List.of(egress)), plain.kinesis(), List.of(), null,
				null, null);
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> new ModuleGenerator(Carts.functions(), settings).generate(ModuleFormat.V2))
			.withMessage("Egress 'shop/receipts' has no address of Kafka. "
					+ "Set 'statefun.module.kafka.address', or an 'address' of its own.");
	}

	@Test
	void secretsAreMasked() {
		assertThat(this.everything.masked().generate(ModuleFormat.V3)).contains("security.protocol: '******'")
			.contains("secretAccessKey: '******'")
			.contains("accessKeyId: '******'")
			.contains("profileName: shop")
			.contains("address: kafka:9092")
			.doesNotContain("secret\n")
			.doesNotContain("SSL");
	}

	@Test
	void secretInThePathIsWrittenButMaskedInTexts() {
		ModuleGenerator generator = new ModuleGenerator(Carts.functions(),
				withSecret("http://cart:8080/statefun/" + SECRET));
		for (ModuleFormat format : ModuleFormat.values()) {
			assertThat(generator.generate(format)).contains(": http://cart:8080/statefun/" + SECRET + "\n");
			assertThat(generator.masked().generate(format)).contains(": http://cart:8080/statefun/******\n")
				.doesNotContain(SECRET);
		}
	}

	@Test
	void failuresDoNotShowTheSecret() {
		ModuleSettings settings = withSecret("http://{function.name}:8080/statefun/" + SECRET);
		assertThat(settings.toString()).doesNotContain(SECRET);
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> new ModuleGenerator(Carts.functions(), settings).generate(ModuleFormat.V2))
			.withMessageStartingWith("The endpoint 'http://{function.name}:8080/statefun/******' has the placeholder");
	}

	private static ModuleSettings withSecret(String endpoint) {
		ModuleSettings plain = Carts.settings(Transport.async());
		return new ModuleSettings(endpoint, SECRET, 1000, false, plain.transport(), plain.batchTimeLimit(),
				plain.kafka(), plain.kinesis(), List.of(), null, null, null);
	}

	@ParameterizedTest
	@CsvSource({ "http://cart:8080,/statefun,http://cart:8080/statefun", "http://cart/,/app/fn,http://cart/app/fn",
			"https://cart/own,/statefun,https://cart/own",
			"http://{function.name}:8080,/statefun,http://{function.name}:8080/statefun",
			"http+unix:///run/cart.sock/statefun,/x,http+unix:///run/cart.sock/statefun" })
	void pathIsAddedToAUrlWithoutAPath(String base, String path, String expected) {
		assertThat(ModuleSettings.endpoint(base, path)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "cart:8080", "ftp://cart", "http://", "'http://a b'", "http://{function}:8080" })
	void invalidUrlIsRejected(String base) {
		assertThatIllegalArgumentException().isThrownBy(() -> ModuleSettings.endpoint(base, "/statefun"))
			.withMessage("'statefun.module.endpoint' is '" + base
					+ "', which is no URL. Give a URL with http or https and a host, such as 'http://cart:8080'.");
	}

	@ParameterizedTest
	@CsvSource({ "PT48H,2d", "PT36H,36h", "PT1M,1min", "PT90S,90s", "PT1.5S,1500ms", "PT0.001S,1ms" })
	void durationsAreWrittenInTheLargestUnit(Duration duration, String expected) {
		assertThat(YamlDurations.write(duration)).isEqualTo(expected);
		assertThat(YamlDurations.read(expected)).isEqualTo(duration);
	}

	@ParameterizedTest
	@CsvSource({ "5000,PT5S", "1 day,PT24H", "2 hours,PT2H", "3minutes,PT3M", "4secs,PT4S", "5 Millis,PT0.005S",
			"6µs,PT0.000006S", "7 nanos,PT0.000000007S" })
	void durationsAreReadAsFlinkReadsThem(String text, Duration expected) {
		assertThat(YamlDurations.read(text)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "PT5S", "5m", "-5s", "1.5s", "s", "999999999999999999d" })
	void invalidDurationsAreNotRead(String text) {
		assertThat(YamlDurations.read(text)).isNull();
	}

	private static <T> T value(Map<String, T> map, String key) {
		return Objects.requireNonNull(map.get(key), key);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> spec(Map<String, Object> component) {
		return (Map<String, Object>) value(component, "spec");
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> parse(String text) {
		List<Map<String, Object>> documents = new ArrayList<>();
		new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)
			.forEach((document) -> documents.add((Map<String, Object>) document));
		return documents;
	}

	private static String golden(String name) throws IOException {
		try (InputStream file = ModuleGeneratorTests.class.getResourceAsStream(name)) {
			assertThat(file).as(name).isNotNull();
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
