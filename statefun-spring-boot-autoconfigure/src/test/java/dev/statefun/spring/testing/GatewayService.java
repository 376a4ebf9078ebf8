package dev.statefun.spring.testing;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.client.GatewayThreads;
import dev.statefun.spring.gateway.client.RequestObserver.ObservedRequest;
import dev.statefun.spring.testing.messages.GatewayMessages.Greeting;
import dev.statefun.spring.testing.messages.GatewayMessages.User;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A service with functions that can be reached over HTTP, and one that can't. Its gateway
 * is scripted.
 */
@EnableAutoConfiguration
@Configuration(proxyBeanMethods = false)
@Import(GatewayService.Functions.class)
public class GatewayService {

	@Bean
	ScriptedGateway scriptedGateway() {
		return new ScriptedGateway();
	}

	@Bean
	GatewayThreads gatewayThreads() {
		return GatewayThreads.platform();
	}

	@Bean
	GatewayRequests gatewayRequests(GatewayTransport transport, GatewayThreads threads) {
		return new GatewayRequests(transport, () -> {
		}, (target, kind) -> ObservedRequest.NONE, 2048, 100, threads);
	}

	/**
	 * The functions alone.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import({ Count.class, Picky.class, Secret.class, Deep.class })
	public static class Functions {

		@Bean
		MessageCodec<Pick> pickCodec() {
			return MessageCodec.of(Pick.class, "picky/Pick", (pick) -> pick.text().getBytes(StandardCharsets.UTF_8),
					(bytes) -> {
						throw new IllegalStateException("the password is 1234");
					});
		}

	}

	@StatefulFunction("example/count")
	static class Count {

		@Handler
		Greeting greet(User user) {
			return Greeting.newBuilder().setText("Hello " + user.getName()).build();
		}

		@Handler
		void order(Order order) {
		}

		@Handler
		void text(String text) {
		}

	}

	@StatefulFunction("picky/function")
	static class Picky {

		@Handler
		Pick pick(Pick pick) {
			return pick;
		}

	}

	@StatefulFunction("example/secret")
	static class Secret {

		@Handler
		void greet(User user) {
		}

	}

	@StatefulFunction("deep/name/space/function")
	static class Deep {

		@Handler
		CompletionStage<Optional<Order>> greet(User user) {
			return CompletableFuture.completedStage(Optional.empty());
		}

	}

	/**
	 * A message in JSON.
	 *
	 * @param item a text
	 * @param amount a number
	 * @param size a constant
	 * @param note a text that may be absent
	 */
	@MessageType("example/Order")
	public record Order(String item, int amount, Size size, String note) {

	}

	/**
	 * Constants.
	 */
	public enum Size {

		/** Small. */
		SMALL,

		/** Large. */
		LARGE

	}

	/**
	 * A message that can't be read.
	 *
	 * @param text a text
	 */
	public record Pick(String text) {

	}

}
