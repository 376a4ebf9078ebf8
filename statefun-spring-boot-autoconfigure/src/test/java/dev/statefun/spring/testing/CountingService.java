package dev.statefun.spring.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterRequest;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A service with functions, and with more than functions.
 */
@EnableAutoConfiguration
@Configuration(proxyBeanMethods = false)
@Import({ CountingService.Counter.class, CountingService.Later.class, CountingService.Pages.class })
public class CountingService {

	/**
	 * Return a request that the service answers at once.
	 * @return the bytes
	 */
	public static byte[] request() {
		return ClusterRequest.v3("test/counter", "joe").intState("total", 40).message(2).toByteArray();
	}

	/**
	 * Return a request whose reply is pending at first.
	 * @return the bytes
	 */
	public static byte[] pendingRequest() {
		return ClusterRequest.v3("test/later", "joe").messageFrom("test/counter", "ann", 1).toByteArray();
	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@StatefulFunction("test/later")
	static class Later {

		@Handler
		CompletionStage<Integer> on(int message) {
			return CompletableFuture.supplyAsync(() -> message + 1,
					CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		}

	}

	@RestController
	static class Pages {

		@GetMapping("/page")
		String page() {
			return "page";
		}

		@PostMapping("/form")
		String form() {
			return "sent";
		}

	}

}
