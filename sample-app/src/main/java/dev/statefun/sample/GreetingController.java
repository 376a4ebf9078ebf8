package dev.statefun.sample;

import java.util.concurrent.CompletionStage;

import dev.statefun.sample.messages.Greeting;
import dev.statefun.sample.messages.User;
import dev.statefun.spring.client.FunctionClient;

import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("dev")
class GreetingController {

	private final FunctionClient functions;

	GreetingController(FunctionClient functions) {
		this.functions = functions;
	}

	@PostMapping("/greetings/{name}")
	CompletionStage<String> greet(@PathVariable String name) {
		User user = User.newBuilder().setName(name).build();
		return this.functions.to("example/count", name).request(user, Greeting.class).thenApply(Greeting::getText);
	}

}
