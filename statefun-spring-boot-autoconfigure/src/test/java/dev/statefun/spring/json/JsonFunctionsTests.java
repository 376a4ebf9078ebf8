package dev.statefun.spring.json;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for functions whose messages are JSON.
 */
class JsonFunctionsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunJacksonAutoConfiguration.class));

	@Test
	void sealedParameterAcceptsAllPermittedTypes() {
		this.contextRunner.withBean(JsonMapper.class, JsonMapper::new)
			.withUserConfiguration(Cart.class)
			.run((context) -> {
				assertThat(context.getBean(StatefulFunctions.class).functions().get(0).handlers())
					.extracting(HandlerDescriptor::typename)
					.containsExactlyInAnyOrder("shop/Add", "shop/Remove", "shop/Empty");
				assertThat(call(context, "test/cart", "shop/Add", "{\"itemName\":\"tea\"}"))
					.containsExactly("test/log/1=shop/Add:{\"itemName\":\"tea\"}");
				assertThat(call(context, "test/cart", "shop/Empty", "{}")).containsExactly("test/log/1=shop/Empty:{}");
			});
	}

	@Test
	void permittedTypeWithoutAMappingStopsTheStartUp() {
		this.contextRunner.withBean(JsonMapper.class, JsonMapper::new)
			.withUserConfiguration(IncompleteUnion.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(Unmarked.class.getName());
			});
	}

	@Test
	void unsendableResultStopsTheStartUp() {
		this.contextRunner.withBean(JsonMapper.class, JsonMapper::new)
			.withUserConfiguration(UnmarkedResult.class)
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure())
					.hasStackTraceContaining("result of handler 'UnmarkedResult.on(int)': No mapping for type '"
							+ Unmarked.class.getName() + "'");
			});
	}

	@Test
	void qualifiedMapperTakesPrecedence() {
		this.contextRunner.withUserConfiguration(TwoMappers.class, Cart.class)
			.run((context) -> assertThat(call(context, "test/cart", "shop/Add", "{\"item_name\":\"tea\"}"))
				.containsExactly("test/log/1=shop/Add:{\"item_name\":\"tea\"}"));
	}

	@Test
	void severalMappersAreFineWithoutJsonMessages() {
		this.contextRunner.withBean("one", JsonMapper.class, JsonMapper::new)
			.withBean("two", JsonMapper.class, JsonMapper::new)
			.withUserConfiguration(WithoutJson.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void customCodecsAreTriedInOrder() {
		this.contextRunner.withBean(JsonMapper.class, JsonMapper::new)
			.withUserConfiguration(OwnCodecs.class, Cart.class)
			.run((context) -> assertThat(call(context, "test/cart", "own/Add", "tea"))
				.containsExactly("test/log/1=own/Add:first tea"));
	}

	@Test
	void codecOfAClassPrecedesFactoriesAndAnnotations() {
		this.contextRunner.withBean(JsonMapper.class, JsonMapper::new)
			.withUserConfiguration(OwnCodec.class, OwnCodecs.class, Cart.class)
			.run((context) -> assertThat(call(context, "test/cart", "own/Add", "tea"))
				.containsExactly("test/log/1=own/Add:tea"));
	}

	private static List<String> call(AssertableApplicationContext context, String function, String typename,
			String value) throws Exception {
		byte[] request = ClusterRequest.v3(function, "1")
			.message(typename, ByteString.copyFromUtf8(value))
			.toByteArray();
		byte[] reply = context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().get();
		return ClusterReply.v3(reply).messages();
	}

	sealed interface Command permits Change, Empty {

	}

	sealed interface Change extends Command permits Add, Remove {

	}

	@MessageType("shop/Add")
	record Add(String itemName) implements Change {

	}

	@MessageType("shop/Remove")
	record Remove(String itemName) implements Change {

	}

	@MessageType("shop/Empty")
	record Empty() implements Command {

	}

	@StatefulFunction("test/cart")
	static class Cart {

		@Handler
		void on(Command command, Context context) {
			context.send("test/log", context.self().id(), command);
		}

	}

	sealed interface Incomplete permits Unmarked {

	}

	record Unmarked() implements Incomplete {

	}

	@StatefulFunction("test/incomplete")
	static class IncompleteUnion {

		@Handler
		void on(Incomplete message) {
		}

	}

	@StatefulFunction("test/unmarked")
	static class UnmarkedResult {

		@Handler
		Unmarked on(int message) {
			return new Unmarked();
		}

	}

	@StatefulFunction("test/plain")
	static class WithoutJson {

		@Handler
		void on(int message) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoMappers {

		@Bean
		JsonMapper application() {
			return new JsonMapper();
		}

		@Bean
		@Qualifier("statefun")
		JsonMapper messages() {
			return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCodec {

		@Bean
		MessageCodec<Add> addCodec() {
			return MessageCodec.of(Add.class, "own/Add", (add) -> add.itemName().getBytes(StandardCharsets.UTF_8),
					(bytes) -> new Add(new String(bytes, StandardCharsets.UTF_8)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnCodecs {

		@Bean
		@Order(2)
		MessageCodecFactory second() {
			return new AddCodecs("second ");
		}

		@Bean
		@Order(1)
		MessageCodecFactory first() {
			return new AddCodecs("first ");
		}

	}

	/**
	 * Writes one type as text.
	 *
	 * @param prefix prefix of every text
	 */
	record AddCodecs(String prefix) implements MessageCodecFactory {

		@Override
		public @Nullable MessageCodec<?> codecFor(Type type) {
			return (type == Add.class) ? new AddCodec(this.prefix) : null;
		}

	}

	/**
	 * Writes one type as text.
	 *
	 * @param prefix prefix of every text
	 */
	record AddCodec(String prefix) implements MessageCodec<Add> {

		@Override
		public Class<Add> type() {
			return Add.class;
		}

		@Override
		public String typename() {
			return "own/Add";
		}

		@Override
		public boolean immutable() {
			return true;
		}

		@Override
		public Add decode(byte[] buffer, int offset, int length) {
			return new Add(new String(buffer, offset, length, StandardCharsets.UTF_8));
		}

		@Override
		public byte[] encode(Add value) {
			return (this.prefix + value.itemName()).getBytes(StandardCharsets.UTF_8);
		}

	}

}
