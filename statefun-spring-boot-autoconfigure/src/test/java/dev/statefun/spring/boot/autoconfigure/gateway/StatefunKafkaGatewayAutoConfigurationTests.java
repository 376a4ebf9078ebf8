package dev.statefun.spring.boot.autoconfigure.gateway;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.function.GatewaySettings;
import dev.statefun.spring.gateway.kafka.GatewayHealthIndicator;
import dev.statefun.spring.gateway.kafka.GatewayTopics;
import dev.statefun.spring.gateway.kafka.KafkaConnection;
import dev.statefun.spring.gateway.kafka.KafkaGatewayTransport;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaAdmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link StatefunKafkaGatewayAutoConfiguration}. There is no broker.
 */
class StatefunKafkaGatewayAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, StatefunAutoConfiguration.class,
				StatefunModuleAutoConfiguration.class, StatefunGatewayAutoConfiguration.class,
				StatefunLocalGatewayAutoConfiguration.class, StatefunKafkaGatewayAutoConfiguration.class))
		.withUserConfiguration(Functions.class)
		.withPropertyValues("spring.kafka.bootstrap-servers=127.0.0.1:1", "spring.kafka.admin.operation-timeout=1s",
				"spring.kafka.admin.properties.default.api.timeout.ms=200",
				"spring.kafka.admin.properties.request.timeout.ms=100");

	private final ApplicationContextRunner gatewayRunner = this.contextRunner
		.withPropertyValues("spring.application.name=shop", "statefun.gateway.enabled=true");

	@Test
	void thereIsNoTransportWithoutAGateway() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(GatewayTransport.class)
			.doesNotHaveBean(NewTopic.class)
			.doesNotHaveBean(GatewayHealthIndicator.class));
	}

	@Test
	void gatewayHasTopicsAndAClient() {
		this.gatewayRunner.withPropertyValues("statefun.gateway.reply-topics=web-replies").run((context) -> {
			assertThat(context).hasSingleBean(FunctionClient.class);
			KafkaGatewayTransport transport = context.getBean(KafkaGatewayTransport.class);
			assertThat(transport.topics()).isEqualTo(new GatewayTopics("statefun-gateway-shop-requests",
					"statefun-gateway-shop-replies", Set.of("web-replies"), 900 * 1024, 900 * 1024));
			assertThat(transport.isRunning()).isTrue();
			assertThat(transport.isReady()).isFalse();
			assertThat(context.getBean(GatewaySettings.class).replyTopics())
				.containsExactlyInAnyOrder("statefun-gateway-shop-replies", "web-replies");
			assertThat(context.getBeansOfType(NewTopic.class).values()).extracting(NewTopic::name)
				.containsExactlyInAnyOrder("statefun-gateway-shop-requests", "statefun-gateway-shop-replies");
			assertThat(context.getBeansOfType(NewTopic.class).values()).extracting(NewTopic::numPartitions)
				.containsOnly(-1);
			assertThat(context.getBean(GatewayHealthIndicator.class).health().getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void clientOfAnotherGatewayHasItsOwnReplyTopic() {
		this.contextRunner
			.withPropertyValues("spring.application.name=web", "statefun.client.gateway=shop",
					"statefun.gateway.kafka.partitions=3", "statefun.gateway.kafka.replicas=2",
					"statefun.gateway.max-reply-size=2MB")
			.run((context) -> {
				KafkaGatewayTransport transport = context.getBean(KafkaGatewayTransport.class);
				assertThat(transport.topics().requests()).isEqualTo("statefun-gateway-shop-requests");
				NewTopic topic = context.getBean(NewTopic.class);
				assertThat(topic.name()).isEqualTo("statefun-gateway-web-replies")
					.isEqualTo(transport.topics().replies());
				assertThat(topic.numPartitions()).isEqualTo(3);
				assertThat(topic.replicationFactor()).isEqualTo((short) 2);
				assertThat(topic.configs()).containsEntry("max.message.bytes", String.valueOf((2048 + 4) * 1024));
			});
	}

	@Test
	void topicsHaveTheNamesOfProperties() {
		this.gatewayRunner
			.withPropertyValues("statefun.gateway.kafka.request-topic=in", "statefun.gateway.kafka.reply-topic=out")
			.run((context) -> assertThat(context.getBeansOfType(NewTopic.class).values()).extracting(NewTopic::name)
				.containsExactlyInAnyOrder("in", "out"));
		this.contextRunner
			.withPropertyValues("statefun.client.gateway=shop", "statefun.client.kafka.request-topic=in",
					"statefun.gateway.kafka.reply-topic=out")
			.run((context) -> assertThat(context.getBean(KafkaGatewayTransport.class).topics())
				.extracting(GatewayTopics::requests, GatewayTopics::replies)
				.containsExactly("in", "out"));
	}

	@Test
	void invalidNamesOfTopicsStopTheStartUp() {
		this.contextRunner.withPropertyValues("statefun.client.gateway=shop")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("there is no 'spring.application.name'"));
		this.gatewayRunner.withPropertyValues("statefun.gateway.kafka.request-topic=two words")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'two words' is not the name of a topic of Kafka"));
		this.gatewayRunner
			.withPropertyValues("statefun.gateway.kafka.request-topic=one", "statefun.gateway.kafka.reply-topic=one")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("can't be both that of the gateway's requests and that of"));
	}

	@Test
	void topicsAreNotCreatedIfThatIsSwitchedOff() {
		this.gatewayRunner.withPropertyValues("statefun.gateway.kafka.create-topics=false")
			.run((context) -> assertThat(context).hasSingleBean(KafkaGatewayTransport.class)
				.doesNotHaveBean(NewTopic.class));
	}

	@Test
	void localRuntimeComesFirst() {
		this.gatewayRunner.withPropertyValues("statefun.local-runtime.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(GatewayTransport.class)
				.doesNotHaveBean(KafkaGatewayTransport.class)
				.doesNotHaveBean(NewTopic.class));
	}

	@Test
	void transportOfTheUserComesFirst() {
		this.gatewayRunner.withBean(GatewayTransport.class, () -> {
			GatewayTransport transport = mock(GatewayTransport.class);
			BDDMockito.given(transport.replyDestination())
				.willReturn(new dev.statefun.spring.gateway.ReplyDestination("topic", "client"));
			return transport;
		})
			.run((context) -> assertThat(context).doesNotHaveBean(KafkaGatewayTransport.class)
				.doesNotHaveBean(NewTopic.class));
	}

	@Test
	void withoutSpringKafkaTheGatewayIsInModuleYamlAllTheSame() {
		this.gatewayRunner.withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka"))
			.withPropertyValues("statefun.gateway.kafka.address=kafka:9092")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(GatewayTransport.class);
				assertThat(context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3))
					.contains("id: statefun.gateway/shop-requests");
			});
	}

	@Test
	void moduleHasWhatTheClusterNeeds() {
		this.gatewayRunner
			.withPropertyValues("statefun.gateway.kafka.address=kafka:9092", "statefun.gateway.replies=committed",
					"statefun.gateway.kafka.properties.security.protocol=SSL",
					"spring.kafka.properties.sasl.jaas.config=mine", "statefun.gateway.max-reply-size=1200KB")
			.run((context) -> {
				ModuleVerifier verifier = context.getBean(ModuleVerifier.class);
				for (ModuleFormat format : ModuleFormat.values()) {
					String text = context.getBean(ModuleGenerator.class).generate(format);
					assertThat(text).contains("statefun.gateway/shop-requests", "statefun.gateway/shop-replies",
							"topic: statefun-gateway-shop-requests", "consumerGroupId: statefun-gateway-shop",
							"security.protocol: SSL", "type: exactly-once", "max.request.size: '" + 1204 * 1024 + "'")
						.doesNotContain("mine", "127.0.0.1:1");
					assertThat(verifier.verify(text).errors()).isEmpty();
				}
			});
	}

	@Test
	void batchesAreSmallerWhereTheTransportTakesLess() {
		this.gatewayRunner
			.withPropertyValues("statefun.gateway.kafka.address=kafka:9092",
					"statefun.module.transport.payload-max-bytes=20MB")
			.run((context) -> assertThat(context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3))
				.contains("maxNumBatchRequests: 20"));
	}

	@Test
	void moduleMayHaveLargerBatchesThanTheWrittenOneIfRequestsAreSmall() {
		this.gatewayRunner
			.withPropertyValues("statefun.gateway.kafka.address=kafka:9092", "statefun.gateway.max-request-size=10KB",
					"statefun.gateway.max-reply-size=10KB")
			.run((context) -> {
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				ModuleVerifier verifier = context.getBean(ModuleVerifier.class);
				assertThat(verifier.verify(text.replace("maxNumBatchRequests: 1000", "maxNumBatchRequests: 2000"))
					.errors()).isEmpty();
				assertThat(verifier.verify(text.replace("maxNumBatchRequests: 1000", "maxNumBatchRequests: 4000"))
					.errors()).isNotEmpty();
			});
	}

	@Test
	void limitOfTheTransportThatIsTooSmallIsNamed() {
		this.gatewayRunner
			.withPropertyValues("statefun.gateway.kafka.address=kafka:9092",
					"statefun.module.transport.payload-max-bytes=10MB")
			.run((context) -> assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> context.getBean(ModuleGenerator.class))
				.havingRootCause()
				.withMessageStartingWith("'statefun.module.transport.payload-max-bytes' is 10485760 bytes"));
	}

	@Test
	void connectsAsSpringBootDoes() {
		SslBundle bundle = mock(SslBundle.class);
		KafkaConnectionDetails details = new KafkaConnectionDetails() {

			@Override
			public List<String> getBootstrapServers() {
				return List.of("broker:9092");
			}

			@Override
			public SslBundle getSslBundle() {
				return bundle;
			}

			@Override
			public String getSecurityProtocol() {
				return "SSL";
			}

		};
		KafkaProperties properties = new KafkaProperties();
		properties.getProperties().put("sasl.mechanism", "PLAIN");
		properties.getProperties().put("interceptor.classes", "none.Such");
		KafkaConnection connection = KafkaConnections.of(properties, details);
		assertThat(List.of(connection.producer(), connection.consumer(), connection.admin()))
			.allSatisfy((client) -> assertThat(client)
				.containsAllEntriesOf(Map.of("bootstrap.servers", List.of("broker:9092"), "security.protocol", "SSL",
						"sasl.mechanism", "PLAIN", SslBundle.class.getName(), bundle))
				.containsOnlyKeys("bootstrap.servers", "security.protocol", "sasl.mechanism",
						"ssl.engine.factory.class", SslBundle.class.getName()));
	}

	@Test
	void startsWithoutAnAdminClient() {
		this.gatewayRunner.withPropertyValues("spring.kafka.admin.auto-create=false")
			.run((context) -> assertThat(context).hasSingleBean(KafkaAdmin.class)
				.hasSingleBean(KafkaGatewayTransport.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		StatefulFunctionsCustomizer cart() {
			return (functions) -> functions.register(FunctionSpec.of("shop/cart"), (context, message) -> {
			});
		}

	}

}
