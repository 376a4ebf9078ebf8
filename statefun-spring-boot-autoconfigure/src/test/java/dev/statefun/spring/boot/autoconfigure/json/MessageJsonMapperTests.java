package dev.statefun.spring.boot.autoconfigure.json;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MessageJsonMapper}: JSON of an older release is read by a record with
 * an additional primitive component.
 */
@ExtendWith(OutputCaptureExtension.class)
class MessageJsonMapperTests {

	private static final String OLD = "{\"owner\":\"joe\"}";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class,
				StatefunJacksonAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(Carts.class);

	@ParameterizedTest
	@ValueSource(strings = { OLD, "{\"owner\":\"joe\",\"items\":null}" })
	void bootsMapperReadsAbsentPrimitivesOfMessagesAndStates(String json, CapturedOutput output) {
		this.contextRunner.run((context) -> {
			assertReads(context, json);
			assertThat(context.getBean(JsonMapper.class).isEnabled(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES))
				.isTrue();
		});
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void customizationsOfBootsMapperApplyToMessages() {
		this.contextRunner.withPropertyValues("spring.jackson.property-naming-strategy=UPPER_SNAKE_CASE")
			.withBean(JacksonModule.class,
					() -> new SimpleModule().addSerializer(int.class, ToStringSerializer.instance))
			.run((context) -> assertThat(call(context, "{\"OWNER\":\"joe\"}", "{\"OWNER\":\"ann\"}"))
				.succeedsWithin(Duration.ofSeconds(20))
				.satisfies((reply) -> assertThat(ClusterReply.v3(reply).messages()).containsExactly(
						"test/log/1=shop/Cart:{\"OWNER\":\"joe\",\"ITEMS\":\"0\"}",
						"test/log/1=shop/Cart:{\"OWNER\":\"ann\",\"ITEMS\":\"0\"}")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.jackson.deserialization.fail-on-null-for-primitives=true",
			"spring.jackson.deserialization.FAIL_ON_NULL_FOR_PRIMITIVES=true",
			"spring.jackson.deserialization.failOnNullForPrimitives=true" })
	void configuredPropertyIsRespected(String property, CapturedOutput output) {
		this.contextRunner.withPropertyValues(property).run(MessageJsonMapperTests::assertRefuses);
		assertThat(output).doesNotContain("WARN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.jackson.deserialization.fail-on-null-for-primitives=false",
			"spring.jackson.deserialization.fail-on-unknown-properties=true" })
	void otherPropertiesHaveNoEffect(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> assertReads(context, OLD));
	}

	@Test
	void customMapperIsUsedUnchangedWithAWarning(CapturedOutput output) {
		this.contextRunner.withBean("own", JsonMapper.class, JsonMapper::new)
			.run(MessageJsonMapperTests::assertRefuses);
		assertThat(output).containsOnlyOnce("WARN")
			.contains(
					"JsonMapper bean 'own' reads messages and states, and refuses JSON without a value for a primitive "
							+ "property: states and messages that were written before a class got such a property can't be "
							+ "read. Disable DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES in it, or give new properties "
							+ "types that can be null, such as Integer.");
	}

	@ParameterizedTest
	@ValueSource(classes = { PrimaryMapper.class, QualifiedMapper.class })
	void qualifiedMapperIsUsedUnchanged(Class<?> mappers, CapturedOutput output) {
		this.contextRunner.withUserConfiguration(mappers).run(MessageJsonMapperTests::assertRefuses);
		assertThat(output).containsOnlyOnce("WARN").contains("JsonMapper bean 'chosen' reads messages and states");
	}

	@Test
	void lenientCustomMapperCausesNoWarning(CapturedOutput output) {
		this.contextRunner
			.withBean("own", JsonMapper.class,
					() -> JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build())
			.run((context) -> assertReads(context, OLD));
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void withoutJsonMessagesTheMapperIsNeitherCreatedNorCausesAWarning(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunJacksonAutoConfiguration.class))
			.withUserConfiguration(Records.class, LazyMapper.class)
			.run((context) -> {
				assertThat(LazyMapper.created).isZero();
				byte[] request = ClusterRequest.v3("test/records", "1").message(1).toByteArray();
				assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture())
					.succeedsWithin(Duration.ofSeconds(20));
				assertThat(LazyMapper.created).isOne();
			});
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void bootsMapperIsRecognizedInAParent() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.run((parent) -> new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunJacksonAutoConfiguration.class))
				.withUserConfiguration(Carts.class)
				.withParent(parent)
				.run((context) -> assertReads(context, OLD)));
	}

	@Test
	@CompileWithForkedClassLoader
	void bootsMapperIsRecognizedAfterAheadOfTimeProcessing() {
		TestGenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(JacksonAutoConfiguration.class, StatefunJacksonAutoConfiguration.class,
					StatefunAutoConfiguration.class, Carts.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile(MessageJsonMapperTests::assertReads);
	}

	@SuppressWarnings("unchecked")
	private static void assertReads(Compiled compiled) {
		try (GenericApplicationContext processed = new GenericApplicationContext()) {
			processed.setClassLoader(Cart.class.getClassLoader());
			compiled.getInstance(ApplicationContextInitializer.class).initialize(processed);
			processed.refresh();
			assertReads(processed, OLD);
		}
	}

	private static void assertReads(BeanFactory context, String json) {
		assertThat(call(context, json, OLD)).succeedsWithin(Duration.ofSeconds(20))
			.satisfies((reply) -> assertThat(ClusterReply.v3(reply).messages()).containsExactly(
					"test/log/1=shop/Cart:{\"owner\":\"joe\",\"items\":0}",
					"test/log/1=shop/Cart:{\"owner\":\"joe\",\"items\":0}"));
	}

	private static void assertRefuses(BeanFactory context) {
		String complete = "{\"owner\":\"joe\",\"items\":1}";
		assertThat(call(context, complete, complete)).succeedsWithin(Duration.ofSeconds(20));
		assertThat(call(context, OLD, complete)).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("State 'cart' of function 'test/cart' can't be read");
		assertThat(call(context, complete, OLD)).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("bytes that are no message of the type 'shop/Cart'");
	}

	private static CompletableFuture<byte[]> call(BeanFactory context, String state, String message) {
		byte[] request = ClusterRequest.v3("test/cart", "1")
			.state("cart", "shop/Cart", ByteString.copyFromUtf8(state))
			.message("shop/Cart", ByteString.copyFromUtf8(message))
			.toByteArray();
		CompletionStage<byte[]> reply = context.getBean(RequestReplyHandler.class).handle(request);
		return reply.toCompletableFuture();
	}

	@MessageType("shop/Cart")
	record Cart(String owner, int items) {

	}

	@StatefulFunction("test/cart")
	static class Carts {

		@Handler
		void on(Cart message, @Persisted("cart") PersistedValue<Cart> state, Context context) {
			context.send("test/log", "1", state.get().orElseThrow());
			context.send("test/log", "1", message);
		}

	}

	@StatefulFunction("test/records")
	static class Records {

		@Handler
		void on(int message, Context context) {
			context.sendEgress("test/out", KafkaRecord.forTopic("t").jsonValue(new Cart("joe", message)).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyMapper {

		private static int created;

		@Bean
		@Lazy
		JsonMapper own() {
			created++;
			return new JsonMapper();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryMapper {

		@Bean
		@Primary
		JsonMapper chosen() {
			return new JsonMapper();
		}

		@Bean
		JsonMapper other() {
			return JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedMapper {

		@Bean
		@Qualifier("statefun")
		JsonMapper chosen() {
			return new JsonMapper();
		}

		@Bean
		@Primary
		JsonMapper other() {
			return JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
		}

	}

}
