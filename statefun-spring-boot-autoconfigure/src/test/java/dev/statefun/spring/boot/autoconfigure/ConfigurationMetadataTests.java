package dev.statefun.spring.boot.autoconfigure;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that properties, their metadata and their documentation agree.
 */
class ConfigurationMetadataTests {

	@Test
	void everyPropertyIsDescribedAndDocumentedWithItsDefault() throws Exception {
		String page = Files.readString(Path.of("../docs/reference/configuration.md"));
		List<JsonNode> properties = properties();
		assertThat(properties).extracting((property) -> property.path("name").asString())
			.containsExactlyInAnyOrder("statefun.enabled", "statefun.path", "statefun.protocol",
					"statefun.batch-timeout", "statefun.invocation-timeout", "statefun.max-in-flight",
					"statefun.max-in-flight-bytes", "statefun.queue-timeout", "statefun.max-request-size",
					"statefun.read-timeout", "statefun.min-read-rate", "statefun.max-reply-size",
					"statefun.redelivery.keep", "statefun.redelivery.keep-size", "statefun.failure.dead-letter.egress",
					"statefun.failure.dead-letter.format", "statefun.failure.dead-letter.kind",
					"statefun.failure.dead-letter.topic", "statefun.failure.exceptions", "statefun.failure.policy",
					"statefun.failure.retry.max-retries", "statefun.failure.retry.delay",
					"statefun.failure.retry.multiplier", "statefun.failure.retry.max-delay", "statefun.functions",
					"statefun.egresses", "statefun.local-runtime.enabled", "statefun.local-runtime.address",
					"statefun.local-runtime.ingress-port", "statefun.local-runtime.egress-port",
					"statefun.local-runtime.egress-wait", "statefun.local-runtime.egresses",
					"statefun.local-runtime.forbidden-profiles", "statefun.local-runtime.snapshot",
					"statefun.local-runtime.snapshot-interval", "statefun.local-runtime.max-request-size",
					"statefun.local-runtime.clock", "statefun.observations.batches",
					"statefun.observations.invocations", "statefun.observations.mdc", "statefun.observations.targets",
					"statefun.health.stuck-after", "statefun.client.gateway", "statefun.client.max-waiting",
					"statefun.client.timeout", "statefun.gateway.enabled", "statefun.gateway.functions",
					"statefun.gateway.http.enabled", "statefun.gateway.http.max-waiting", "statefun.gateway.http.path",
					"statefun.gateway.http.timeout", "statefun.client.kafka.request-topic",
					"statefun.gateway.kafka.address", "statefun.gateway.kafka.consumer-group-id",
					"statefun.gateway.kafka.create-topics", "statefun.gateway.kafka.partitions",
					"statefun.gateway.kafka.properties", "statefun.gateway.kafka.replicas",
					"statefun.gateway.kafka.reply-topic", "statefun.gateway.kafka.request-topic",
					"statefun.gateway.kafka.transaction-timeout", "statefun.gateway.keep",
					"statefun.gateway.max-reply-size", "statefun.gateway.max-request-size", "statefun.gateway.name",
					"statefun.gateway.replies", "statefun.gateway.reply-topics", "statefun.gateway.targets",
					"statefun.headers.enabled", "statefun.headers.propagate", "statefun.security.allowed-addresses",
					"statefun.security.csrf.enabled", "statefun.security.secret", "statefun.server.access-log.enabled",
					"statefun.server.address", "statefun.server.engine", "statefun.server.execution",
					"statefun.server.netty.event-loops", "statefun.server.netty.idle-timeout",
					"statefun.server.netty.max-connections", "statefun.server.netty.max-head-size",
					"statefun.server.netty.write-timeout", "statefun.server.pool-size", "statefun.server.port",
					"statefun.server.ssl.bundle", "statefun.server.ssl.client-auth", "statefun.module.endpoint",
					"statefun.module.format", "statefun.module.runtime", "statefun.module.failure-mode",
					"statefun.module.write-to", "statefun.module.write-descriptors-to", "statefun.module.verify",
					"statefun.module.max-num-batch-requests", "statefun.module.wildcards",
					"statefun.module.transport.type", "statefun.module.transport.call",
					"statefun.module.transport.connect", "statefun.module.transport.read",
					"statefun.module.transport.write", "statefun.module.transport.pool-size",
					"statefun.module.transport.pool-ttl", "statefun.module.transport.payload-max-bytes",
					"statefun.module.transport.trust-cacerts", "statefun.module.transport.client-cert",
					"statefun.module.transport.client-key", "statefun.module.transport.client-key-password",
					"statefun.module.kafka.address", "statefun.module.kafka.ingresses",
					"statefun.module.kafka.egresses", "statefun.module.kinesis.region.id",
					"statefun.module.kinesis.region.endpoint", "statefun.module.kinesis.credentials.access-key-id",
					"statefun.module.kinesis.credentials.secret-access-key",
					"statefun.module.kinesis.credentials.profile-name",
					"statefun.module.kinesis.credentials.profile-path", "statefun.module.kinesis.ingresses",
					"statefun.module.kinesis.egresses", "statefun.manifest.write-to", "statefun.manifest.verify",
					"statefun.deploy.write-to", "statefun.deploy.target", "statefun.deploy.name",
					"statefun.deploy.namespace", "statefun.deploy.image", "statefun.deploy.replicas",
					"statefun.deploy.runtime-image", "statefun.deploy.task-managers", "statefun.deploy.checkpoints",
					"statefun.deploy.kafka-address");
		for (JsonNode property : properties) {
			assertThat(property.path("description").asString()).isNotBlank().endsWith(".").doesNotStartWith("The ");
			JsonNode value = property.path("defaultValue");
			String text = value.isArray() ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
					: value.asString();
			assertThat(page).contains("| `" + property.path("name").asString() + "` | "
					+ (text.isEmpty() ? "none" : "`" + text + "`") + " |");
		}
	}

	private static List<JsonNode> properties() throws Exception {
		try (InputStream metadata = StatefunProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.builder()
				.build()
				.readTree(metadata)
				.path("properties")
				.valueStream()
				.filter((property) -> property.path("name").asString().startsWith("statefun."))
				.toList();
		}
	}

}
