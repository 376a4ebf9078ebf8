package dev.statefun.docs;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.statefun.docs.Cart.PriceService;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunEgressAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the functions shown in the documentation start.
 */
class CartTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, StatefunJacksonAutoConfiguration.class,
				StatefunAutoConfiguration.class, StatefunEgressAutoConfiguration.class))
		.withBean(PriceService.class, () -> (quantities) -> CompletableFuture.completedFuture(42L))
		.withPropertyValues("statefun.egresses.receipts.type=kafka", "statefun.egresses.receipts.id=shop/receipts",
				"statefun.egresses.receipts.topic=receipts")
		.withUserConfiguration(Cart.class, ByCode.class, Orders.class, Sessions.class, Sessions.TimersByCode.class,
				Sessions.Polls.class);

	@Test
	void functionsOfTheDocumentationAreServed() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(RequestReplyHandler.class);
			assertThat(context.getBean(StatefulFunctions.class).functions()).hasSize(8);
		});
	}

	@Test
	void stateAndMessagesAreJson() {
		this.contextRunner.run((context) -> {
			StatefulFunctions functions = context.getBean(StatefulFunctions.class);
			byte[] json = functions.mappings().of(Cart.Items.class).codec().encode(new Cart.Items(Map.of("tea", 2)));
			assertThat(json).asString(StandardCharsets.UTF_8).isEqualTo("{\"quantities\":{\"tea\":2}}");
		});
	}

}
