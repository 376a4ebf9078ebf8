package dev.statefun.docs;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.statefun.docs.Cart.Items;
import dev.statefun.docs.Cart.Show;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.client.GatewayThreads;
import dev.statefun.spring.gateway.function.GatewayFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

@TestPropertySource(properties = { "statefun.gateway.enabled=true", "statefun.gateway.name=shop" })
@WebMvcTest(CartPage.class)
class CartPageTests {

	@Autowired
	private MockMvcTester mvc;

	@MockitoBean
	private FunctionClient functions;

	@Test
	void itemsOfTheCartAreShown() {
		given(this.functions.request(CartPage.CART.id("4711"), new Show(), Items.class, CartPage.TIMEOUT))
			.willReturn(CompletableFuture.completedFuture(new Items(Map.of("tea", 2))));
		assertThat(this.mvc.get().uri("/carts/4711")).hasStatusOk()
			.bodyJson()
			.extractingPath("quantities.tea")
			.isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "TIMED_OUT, 504", "FAILED, 502", "UNAVAILABLE, 502" })
	void failureHasItsStatus(Reason reason, int status) {
		FailureKind kind = (reason == Reason.FAILED) ? FailureKind.HANDLER : null;
		given(this.functions.request(CartPage.CART.id("4711"), new Show(), Items.class, CartPage.TIMEOUT))
			.willReturn(CompletableFuture.failedFuture(new FunctionRequestException(reason, kind, "no reply", null)));
		assertThat(this.mvc.get().uri("/carts/4711")).hasStatus(status);
	}

	@Test
	void sliceHasNoGateway(@Autowired ApplicationContext context) {
		assertThat(context.getBeanNamesForType(GatewayFunction.class)).isEmpty();
		assertThat(context.getBeanNamesForType(GatewayRequests.class)).isEmpty();
		assertThat(context.getBeanNamesForType(GatewayThreads.class)).isEmpty();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@Import(CartPage.class)
	static class Application {

	}

}
