package dev.statefun.docs;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.statefun.docs.Cart.Items;
import dev.statefun.docs.Cart.Show;
import dev.statefun.sdk.Target;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CartPage {

	static final Target<Show> CART = Target.of("shop/cart", Show.class);

	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final FunctionClient functions;

	CartPage(FunctionClient functions) {
		this.functions = functions;
	}

	@GetMapping("/carts/{id}")
	CompletionStage<Items> show(@PathVariable String id) {
		return this.functions.request(CART.id(id), new Show(), Items.class, TIMEOUT);
	}

	@ExceptionHandler
	ProblemDetail failed(FunctionRequestException ex) {
		HttpStatus status = (ex.reason() != Reason.TIMED_OUT) ? HttpStatus.BAD_GATEWAY : HttpStatus.GATEWAY_TIMEOUT;
		return ProblemDetail.forStatus(status);
	}

}
