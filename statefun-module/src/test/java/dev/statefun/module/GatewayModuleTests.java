package dev.statefun.module;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.GatewayKafka;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the gateway's part of module.yaml.
 */
class GatewayModuleTests {

	private static final String FUNCTION = "statefun.gateway/shop";

	@Test
	void gatewayHasIngressEgressAndAnEntryOfItsOwn() {
		String text = generator(settings(ModuleRuntime.APACHE_3_3, kafka(null))).generate(ModuleFormat.V3);
		assertThat(text).contains("""
				  functions: statefun.gateway/shop
				  urlPathTemplate: http://cart:8080/statefun
				  maxNumBatchRequests: 24
				""", """
				  functions: shop/cart
				  urlPathTemplate: http://cart:8080/statefun
				  maxNumBatchRequests: 1000
				""", """
				kind: io.statefun.kafka.v1/ingress
				spec:
				  id: statefun.gateway/shop-requests
				  address: kafka:9092
				  consumerGroupId: shop-gateway
				  startupPosition:
				    type: group-offsets
				  autoOffsetResetPosition: earliest
				  topics:
				    - topic: requests
				      valueType: type.googleapis.com/dev.statefun.gateway.Request
				      targets:
				        - statefun.gateway/shop
				  properties:
				    - flink.partition-discovery.interval-millis: '30000'
				    - sasl.jaas.config: secret
				""", """
				kind: io.statefun.kafka.v1/egress
				spec:
				  id: statefun.gateway/shop-replies
				  address: kafka:9092
				  deliverySemantic:
				    type: at-least-once
				  properties:
				    - acks: all
				    - max.request.size: '2000000'
				    - sasl.jaas.config: secret
				""");
	}

	@Test
	void formOf2HasTheSame() {
		String text = generator(settings(ModuleRuntime.APACHE_2_2, kafka(null))).generate(ModuleFormat.V2);
		assertThat(text).contains("type: statefun.kafka.io/routable-protobuf-ingress",
				"typeUrl: type.googleapis.com/dev.statefun.gateway.Request", "type: statefun.kafka.io/generic-egress",
				"flink.partition-discovery.interval-millis", "maxNumBatchRequests: 24");
	}

	@ParameterizedTest
	@EnumSource(names = { "KZMLABS", "FRANSKING" })
	void newerFlinkHasAnotherNameForPartitionDiscovery(ModuleRuntime runtime) {
		assertThat(generator(settings(runtime, kafka(null))).generate(ModuleFormat.V3))
			.contains("- partition.discovery.interval.ms: '30000'")
			.doesNotContain("flink.partition-discovery");
	}

	@ParameterizedTest
	@EnumSource
	void verifierAgrees(ModuleRuntime runtime) {
		ModuleSettings settings = settings(runtime, kafka(null));
		String text = generator(settings).generate(runtime.format());
		assertThat(verifier().runtime(runtime).verify(text).findings()).isEmpty();
	}

	@Test
	void committedRepliesAreWrittenExactlyOnce() {
		GatewayKafka kafka = kafka(Duration.ofMinutes(10));
		assertThat(generator(settings(ModuleRuntime.APACHE_3_3, kafka)).generate(ModuleFormat.V3)).contains("""
				  deliverySemantic:
				    type: exactly-once
				    transactionTimeout: "10min"
				""");
		assertThat(generator(settings(ModuleRuntime.APACHE_2_2, kafka)).generate(ModuleFormat.V2))
			.contains("type: exactly-once", "transactionTimeoutMillis: 600000");
	}

	@Test
	void committedRepliesAreRefusedWhereTheyCanNotBeWritten() {
		ModuleGenerator generator = generator(settings(ModuleRuntime.KZMLABS, kafka(Duration.ofMinutes(10))));
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> generator.generate(ModuleFormat.V3))
			.withMessageContaining("Found 'statefun.gateway.replies' with 'committed' for the runtime 'kzmlabs'");
	}

	@Test
	void secretsAreReferencesAndOtherPropertiesAreNot() {
		ModuleTemplate template = generator(settings(ModuleRuntime.APACHE_3_3, kafka(null)))
			.generateTemplate(ModuleFormat.V3);
		assertThat(template.references()).containsExactly("GATEWAY_KAFKA_SASL_JAAS_CONFIG");
		assertThat(template.text()).doesNotContain("secret").contains("max.request.size: '2000000'");
		assertThat(generator(settings(ModuleRuntime.APACHE_3_3, kafka(null))).masked().generate(ModuleFormat.V3))
			.doesNotContain("secret")
			.contains("flink.partition-discovery.interval-millis: '30000'");
	}

	@Test
	void wildcardsLeaveTheGatewayAlone() {
		ModuleSettings plain = settings(ModuleRuntime.APACHE_3_3, kafka(null));
		ModuleSettings wildcards = new ModuleSettings(plain.endpoint(), null, 1000, true, plain.transport(),
				plain.batchTimeLimit(), plain.kafka(), plain.kinesis(), List.of(), null, null, plain.gateway());
		String text = generator(wildcards).generate(ModuleFormat.V3);
		assertThat(text).contains("functions: shop/*", "functions: statefun.gateway/shop\n")
			.doesNotContain("statefun.gateway/*");
		assertThat(verifier().verify(text).findings()).isEmpty();
	}

	@Test
	void smallerLimitOfAllFunctionsHoldsForTheGatewayToo() {
		ModuleSettings plain = settings(ModuleRuntime.APACHE_3_3, kafka(null));
		ModuleSettings small = new ModuleSettings(plain.endpoint(), null, 5, false, plain.transport(),
				plain.batchTimeLimit(), plain.kafka(), plain.kinesis(), List.of(), null, null, plain.gateway());
		assertThat(generator(small).generate(ModuleFormat.V3)).contains("maxNumBatchRequests: 5")
			.doesNotContain("maxNumBatchRequests: 24");
	}

	@Test
	void withoutAddressACommentTellsWhatIsMissing() {
		String text = generator(settings(ModuleRuntime.APACHE_3_3, null)).generate(ModuleFormat.V3);
		assertThat(text).contains("set 'statefun.gateway.kafka.address' for that").doesNotContain("v1/ingress");
	}

	@Test
	void ownEgressOfTheSameIdIsKept() {
		ModuleSettings settings = settings(ModuleRuntime.APACHE_3_3, kafka(null)).kafka(new Kafka("own:9092", List.of(),
				List.of(new KafkaEgress("statefun.gateway/shop-replies", null, null, null, null))));
		assertThat(generator(settings).generate(ModuleFormat.V3)).containsOnlyOnce("id: statefun.gateway/shop-replies")
			.contains("address: own:9092");
	}

	@Test
	void missingPartsAndLargeBatchesAreReported() {
		String text = generator(settings(ModuleRuntime.APACHE_3_3, kafka(null))).generate(ModuleFormat.V3);
		assertThat(verifier().verify(text.replace("maxNumBatchRequests: 24", "maxNumBatchRequests: 1000")).errors())
			.extracting(ModuleFinding::kind)
			.containsExactly(Kind.LARGE_BATCH);
		assertThat(verifier().verify(text.replace("  maxNumBatchRequests: 24\n", "")).errors())
			.extracting(ModuleFinding::found)
			.containsExactly("no 'maxNumBatchRequests', which is 1000 then");
		assertThat(verifier().verify(text.replace("gateway.Request", "gateway.Other")).errors())
			.extracting(ModuleFinding::kind)
			.contains(Kind.MISSING_INGRESS);
		assertThat(verifier().verify(text.replace("shop-replies", "other-replies")).errors())
			.extracting(ModuleFinding::kind)
			.containsExactly(Kind.MISSING_EGRESS);
	}

	private static ModuleGenerator generator(ModuleSettings settings) {
		return new ModuleGenerator(Carts.functions("shop/cart", "shop/stock", FUNCTION), settings);
	}

	private static ModuleVerifier verifier() {
		return ModuleVerifier.of(Carts.functions("shop/cart", "shop/stock", FUNCTION)).gateway(gateway(null));
	}

	private static ModuleSettings settings(ModuleRuntime runtime, @Nullable GatewayKafka kafka) {
		return ModuleSettings.of(Carts.ENDPOINT).runtime(runtime).gateway(gateway(kafka));
	}

	private static Gateway gateway(@Nullable GatewayKafka kafka) {
		return new Gateway(FUNCTION, "statefun.gateway/shop-requests", "statefun.gateway/shop-replies",
				"type.googleapis.com/dev.statefun.gateway.Request", 24, kafka);
	}

	private static GatewayKafka kafka(@Nullable Duration transactionTimeout) {
		return new GatewayKafka("kafka:9092", Map.of("sasl.jaas.config", "secret"), "requests", "shop-gateway",
				2_000_000, transactionTimeout);
	}

}
