package dev.statefun.spring.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.metrics.StatefunMetricsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.validation.StatefunValidationAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a batch of three messages whose second one fails: the replies to clusters of
 * both generations, and the dead letters.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailedMessagesTests {

	private static final String[] DEAD_LETTERS = { "statefun.failure.dead-letter.egress=test/letters",
			"statefun.failure.dead-letter.topic=dead" };

	private static final String RETRIED = "The function failed; see the log of this service.";

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class,
				StatefunJacksonAutoConfiguration.class, StatefunValidationAutoConfiguration.class,
				StatefunMetricsAutoConfiguration.class, JacksonAutoConfiguration.class,
				ValidationAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class)
		.withUserConfiguration(Orders.class, Skipping.class);

	/**
	 * The second message, and its description in dead letters and meters.
	 */
	enum Poison {

		THROWS("HANDLER", "handler", "java.lang.IllegalArgumentException", "test/Order",
				"{\"item\":\"poison\",\"quantity\":1}"),

		THROWS_LATER("HANDLER", "handler", "java.lang.IllegalArgumentException", "test/Order",
				"{\"item\":\"later\",\"quantity\":1}"),

		UNKNOWN_TYPE("UNKNOWN_TYPE", "unknown-type", "dev.statefun.sdk.failure.UnhandledMessageException",
				"test/Unknown", ""),

		UNDECODABLE("UNDECODABLE", "undecodable", "dev.statefun.sdk.failure.MessageDecodingException", "test/Order",
				"\0no JSON\n\""),

		INVALID("INVALID", "invalid", "dev.statefun.sdk.failure.InvalidMessageException", "test/Order",
				"{\"item\":\"secret\",\"quantity\":-98765}");

		private final String kind;

		private final String tag;

		private final String exception;

		private final String type;

		private final ByteString value;

		Poison(String kind, String tag, String exception, String type, String value) {
			this.kind = kind;
			this.tag = tag;
			this.exception = exception;
			this.type = type;
			this.value = ByteString.copyFromUtf8(value);
		}

	}

	@ParameterizedTest
	@ValueSource(strings = { "statefun.failure.policy=retry", "other=nothing said",
			"statefun.failure.exceptions.[java.lang.ArithmeticException]=skip" })
	void retryAppliesNothing(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> {
			int batches = 0;
			for (Poison poison : Poison.values()) {
				for (boolean v3 : List.of(false, true)) {
					assertThat(post(context, batch(v3, "test/orders", poison))).as("%s, %s", poison, v3)
						.hasStatus(500)
						.bodyText()
						.isEqualTo(RETRIED);
					batches++;
				}
				assertThat(count(context, "test/orders", poison, "retry")).isGreaterThanOrEqualTo(2);
			}
			assertThat(context.getBean(MeterRegistry.class).get("statefun.batch").tag("outcome", "retried").timer())
				.satisfies((timer) -> assertThat(timer.count()).isEqualTo(Poison.values().length * 2L));
			assertThat(batches).isEqualTo(10);
		});
	}

	@Test
	void skipAppliesTheOtherMessages() {
		this.contextRunner.withPropertyValues("statefun.failure.policy=skip").run((context) -> {
			for (Poison poison : Poison.values()) {
				for (boolean v3 : List.of(false, true)) {
					ClusterReply reply = reply(context, v3, batch(v3, "test/orders", poison));
					assertOnlyFirstAndThird(reply);
					assertThat(reply.egressValues("test/letters")).isEmpty();
				}
				assertThat(count(context, "test/orders", poison, "skip")).isGreaterThanOrEqualTo(2);
			}
			assertThat(context.getBean(MeterRegistry.class).get("statefun.batch").tag("outcome", "replied").timer())
				.satisfies((timer) -> assertThat(timer.count()).isEqualTo(Poison.values().length * 2L));
		});
	}

	@Test
	void deadLetterAppliesTheOtherMessagesAndSendsOneJsonLetter() {
		Instant before = Instant.now();
		this.contextRunner.withPropertyValues(DEAD_LETTERS)
			.withPropertyValues("statefun.failure.policy=dead-letter")
			.run((context) -> {
				for (Poison poison : Poison.values()) {
					for (boolean v3 : List.of(false, true)) {
						ClusterReply reply = reply(context, v3, batch(v3, "test/orders", poison));
						assertOnlyFirstAndThird(reply);
						UnknownFieldSet kafka = UnknownFieldSet
							.parseFrom(assertThatSingle(reply.egressValues("test/letters")));
						assertThat(text(kafka, 1)).as("key").isEqualTo("joe");
						assertThat(text(kafka, 3)).as("topic").isEqualTo("dead");
						JsonNode letter = JsonMapper.builder().build().readTree(bytes(kafka, 2).toByteArray());
						assertThat(letter.propertyNames()).containsExactly("target", "caller", "type", "value", "kind",
								"exception", "text", "time");
						assertThat(letter.path("target").toString())
							.isEqualTo("{\"namespace\":\"test\",\"name\":\"orders\",\"id\":\"joe\"}");
						assertThat(letter.path("caller").toString())
							.isEqualTo("{\"namespace\":\"test\",\"name\":\"other\",\"id\":\"ann\"}");
						assertThat(letter.path("type").asString()).isEqualTo(poison.type);
						assertThat(letter.path("value").binaryValue()).isEqualTo(poison.value.toByteArray());
						assertThat(letter.path("kind").asString()).isEqualTo(poison.kind);
						assertThat(letter.path("exception").asString()).isEqualTo(poison.exception);
						assertThat(letter.path("text").asString()).isNotEmpty();
						assertThat(Instant.parse(letter.path("time").asString())).isBetween(before,
								Instant.now().plus(Duration.ofMinutes(1)));
					}
					assertThat(count(context, "test/orders", poison, "dead-letter")).isGreaterThanOrEqualTo(2);
				}
			});
	}

	@Test
	void deadLetterCanBeAPlainProtobufMessage() {
		this.contextRunner
			.withPropertyValues("statefun.failure.policy=dead-letter", "statefun.failure.dead-letter.kind=plain",
					"statefun.failure.dead-letter.egress=test/letters", "statefun.failure.dead-letter.format=protobuf")
			.run((context) -> {
				for (boolean v3 : List.of(false, true)) {
					ClusterReply reply = reply(context, v3, batch(v3, "test/orders", Poison.UNDECODABLE));
					assertOnlyFirstAndThird(reply);
					assertThat(reply.egresses()).anyMatch(
							(egress) -> egress.startsWith("test/letters=type.googleapis.com/dev.statefun.DeadLetter:"));
					UnknownFieldSet letter = UnknownFieldSet
						.parseFrom(assertThatSingle(reply.egressValues("test/letters")));
					assertThat(text(letter, 3)).isEqualTo("test/Order");
					assertThat(bytes(letter, 4)).isEqualTo(Poison.UNDECODABLE.value);
					assertThat(letter.getField(5).getVarintList()).containsExactly(3L);
				}
			});
	}

	@Test
	void deadLetterCanBeAPlainJsonMessage() {
		this.contextRunner
			.withPropertyValues("statefun.failure.policy=dead-letter", "statefun.failure.dead-letter.kind=plain",
					"statefun.failure.dead-letter.egress=test/letters")
			.run((context) -> assertThat(reply(context, true, batch(true, "test/orders", Poison.THROWS)).egresses())
				.anyMatch((egress) -> egress.startsWith("test/letters=dev.statefun/DeadLetter:{\"target\":{")));
	}

	@Test
	void eachFunctionAndExceptionCanHaveItsOwnDecision() {
		this.contextRunner.withPropertyValues(DEAD_LETTERS)
			.withPropertyValues(
					"statefun.failure.exceptions.[dev.statefun.sdk.failure.MessageDecodingException]=dead-letter",
					"statefun.functions.[test/orders].failure.exceptions.[java.lang.RuntimeException]=skip",
					"statefun.functions.[test/orders].failure.exceptions.[dev.statefun.sdk.failure.InvalidMessageException]=retry",
					"statefun.functions.[test/orders].failure.dead-letter.egress=test/letters-of-orders")
			.run((context) -> {
				assertOnlyFirstAndThird(reply(context, true, batch(true, "test/orders", Poison.THROWS)));
				assertThat(post(context, batch(true, "test/orders", Poison.INVALID))).hasStatus(500);
				ClusterReply letter = reply(context, true, batch(true, "test/orders", Poison.UNDECODABLE));
				assertOnlyFirstAndThird(letter);
				assertThat(letter.egressValues("test/letters-of-orders")).hasSize(1);
				assertThat(reply(context, true, batch(true, "test/skipping", Poison.UNDECODABLE))
					.egressValues("test/letters")).hasSize(1);
			});
	}

	@Test
	void annotationAppliesToItsFunction() {
		this.contextRunner.run((context) -> {
			assertOnlyFirstAndThird(reply(context, true, batch(true, "test/skipping", Poison.THROWS)));
			assertThat(post(context, batch(true, "test/orders", Poison.THROWS))).hasStatus(500);
		});
	}

	@Test
	void customPolicyOverridesAllSettings() {
		this.contextRunner.withBean(FailurePolicy.class, () -> (failed) -> FailureAction.retry())
			.withPropertyValues("statefun.failure.policy=dead-letter")
			.run((context) -> assertThat(post(context, batch(true, "test/skipping", Poison.THROWS))).hasStatus(500));
	}

	@Test
	void textOfAnInvalidMessageShowsPropertiesButNoValues(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			assertThat(post(context, batch(true, "test/orders", Poison.INVALID))).hasStatus(500);
			assertThat(output)
				.contains("A '" + Order.class.getName() + "' is not valid: quantity must be greater than 0")
				.doesNotContain("secret")
				.doesNotContain("98765");
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "THROWS", "THROWS_LATER" })
	void everyDecisionIsLoggedOnce(Poison poison, CapturedOutput output) {
		for (String policy : List.of("retry", "skip", "dead-letter")) {
			int length = output.getAll().length();
			this.contextRunner.withPropertyValues(DEAD_LETTERS)
				.withPropertyValues("statefun.failure.policy=" + policy)
				.run((context) -> {
					for (int i = 0; i < 3; i++) {
						post(context, batch(true, "test/orders", poison));
					}
				});
			assertThat(output.getAll().substring(length)).containsOnlyOnce(" ERROR ")
				.contains("java.lang.IllegalArgumentException: no luck");
		}
		assertThat(output).containsOnlyOnce("Function 'test/orders' failed for id 'joe' on message 2 of 3")
			.containsOnlyOnce("Skipping a message of the type 'test/Order'")
			.containsOnlyOnce("Sending a dead letter to 'test/letters' about a message of the type 'test/Order'");
	}

	private static void assertOnlyFirstAndThird(ClusterReply reply) {
		assertThat(reply.states()).containsOnlyKeys("basket")
			.containsEntry("basket", "test/Basket:{\"items\":[\"kept\",\"first\",\"third\"]}");
		assertThat(reply.messages()).containsExactly("test/stock/first=test/Taken:{\"item\":\"first\"}",
				"test/stock/third=test/Taken:{\"item\":\"third\"}");
		assertThat(reply.egressValues("test/out")).hasSize(2);
	}

	private static byte[] assertThatSingle(List<byte[]> values) {
		assertThat(values).hasSize(1);
		return values.get(0);
	}

	private static byte[] batch(boolean v3, String function, Poison poison) {
		return ClusterRequest.of(v3, function, "joe")
			.state("basket", "test/Basket", ByteString.copyFromUtf8("{\"items\":[\"kept\"]}"))
			.state("other", "test/Basket", ByteString.copyFromUtf8("{\"items\":[\"kept\"]}"))
			.message("test/Order", ByteString.copyFromUtf8("{\"item\":\"first\",\"quantity\":1}"))
			.messageFrom("test/other", "ann", poison.type, poison.value)
			.message("test/Order", ByteString.copyFromUtf8("{\"item\":\"third\",\"quantity\":1}"))
			.toByteArray();
	}

	private static ClusterReply reply(WebApplicationContext context, boolean v3, byte[] batch) {
		MvcTestResult result = post(context, batch);
		assertThat(result).hasStatusOk();
		return ClusterReply.of(v3, result.getResponse().getContentAsByteArray());
	}

	private static MvcTestResult post(WebApplicationContext context, byte[] batch) {
		return MockMvcTester.from(context)
			.post()
			.uri("/statefun")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.content(batch)
			.exchange();
	}

	private static double count(WebApplicationContext context, String function, Poison poison, String action) {
		Counter counter = context.getBean(MeterRegistry.class)
			.find("statefun.failures")
			.tags("function", function, "kind", poison.tag, "action", action)
			.counter();
		return Objects.requireNonNull(counter).count();
	}

	private static String text(UnknownFieldSet message, int field) {
		return bytes(message, field).toStringUtf8();
	}

	private static ByteString bytes(UnknownFieldSet message, int field) {
		return message.getField(field).getLengthDelimitedList().get(0);
	}

	@MessageType("test/Order")
	record Order(String item, @Positive int quantity) {

	}

	@MessageType("test/Taken")
	record Taken(String item) {

	}

	@MessageType("test/Basket")
	record Basket(List<String> items) {

	}

	@StatefulFunction("test/orders")
	static class Orders {

		@Handler
		@Nullable CompletionStage<?> on(@Valid Order order, Context context, @Persisted("basket") PersistedValue<Basket> basket,
				@Persisted("other") PersistedValue<Basket> other) {
			// Never set, so it is absent
			other.get().orElseThrow().items().add(order.item());
			Basket changed = new Basket(new ArrayList<>(basket.get().orElseThrow().items()));
			changed.items().add(order.item());
			basket.set(changed);
			changed.items().add("changed after it was set");
			context.send("test/stock", order.item(), new Taken(order.item()));
			context.sendEgress("test/out", KafkaRecord.forTopic("out").jsonValue(Map.of("item", order.item())).build());
			return switch (order.item()) {
				case "poison" -> throw new IllegalArgumentException("no luck");
				case "later" -> CompletableFuture.failedFuture(new IllegalArgumentException("no luck"));
				default -> null;
			};
		}

	}

	@StatefulFunction(type = "test/skipping", onFailure = OnFailure.SKIP)
	static class Skipping extends Orders {

	}

}
