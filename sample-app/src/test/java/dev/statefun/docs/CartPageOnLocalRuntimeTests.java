package dev.statefun.docs;

import java.util.concurrent.CompletableFuture;

import dev.statefun.docs.Cart.AddItem;
import dev.statefun.docs.Cart.PriceService;
import dev.statefun.spring.client.FunctionClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

@TestPropertySource(properties = { "statefun.gateway.name=shop", "statefun.egresses.receipts.type=kafka",
		"statefun.egresses.receipts.id=shop/receipts", "statefun.egresses.receipts.topic=receipts" })
@SpringBootTest(properties = { "statefun.gateway.enabled=true", "statefun.local-runtime.enabled=true",
		"statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0" })
@AutoConfigureMockMvc
class CartPageOnLocalRuntimeTests {

	@Test
	void itemsOfTheCartAreShown(@Autowired FunctionClient client, @Autowired MockMvcTester mvc) {
		client.to("shop/cart", "4711").send(new AddItem("tea", 2)).toCompletableFuture().join();
		assertThat(mvc.get().uri("/carts/4711")).hasStatusOk().bodyJson().extractingPath("quantities.tea").isEqualTo(2);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Cart.class, CartPage.class })
	static class Application {

		@Bean
		PriceService prices() {
			return (quantities) -> CompletableFuture.completedFuture(42L);
		}

	}

}
