package dev.statefun.spring.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.awaitility.Awaitility.await;

/**
 * A service whose functions wait for a test: on a thread, or with a stage.
 */
@EnableAutoConfiguration
@Configuration(proxyBeanMethods = false)
@Import({ GatedService.Gates.class, GatedService.Blocking.class, GatedService.Staged.class, GatedService.Large.class,
		GatedService.LargeStaged.class, GatedService.Echo.class })
class GatedService {

	private static final Duration BOUND = Duration.ofSeconds(30);

	/**
	 * Blocks handlers until the test releases them, and records their ids.
	 */
	static class Gates {

		private final List<String> calls = new CopyOnWriteArrayList<>();

		private final Map<String, CompletableFuture<String>> gates = new ConcurrentHashMap<>();

		private volatile boolean open;

		CompletableFuture<String> gate(String id, int message) {
			CompletableFuture<String> gate = this.gates.computeIfAbsent(id + " " + message + " " + this.calls.size(),
					(key) -> new CompletableFuture<>());
			this.calls.add(id + " " + message);
			if (this.open) {
				gate.complete(id);
			}
			return gate;
		}

		/**
		 * Return the calls so far: id and message of each.
		 */
		List<String> calls() {
			return this.calls;
		}

		void openAll() {
			this.open = true;
			this.gates.values().forEach((gate) -> gate.complete("open"));
		}

		/**
		 * Begin again, for the next test.
		 */
		void close() {
			this.open = false;
			this.gates.clear();
			this.calls.clear();
		}

		void awaitCalls(int count) {
			await().atMost(BOUND).pollInterval(Duration.ofMillis(10)).until(() -> this.calls.size() == count);
		}

	}

	@StatefulFunction("test/blocking")
	static class Blocking {

		private final Gates gates;

		Blocking(Gates gates) {
			this.gates = gates;
		}

		@Handler
		int on(int message, Context context) throws Exception {
			this.gates.gate(context.self().id(), message).get(60, TimeUnit.SECONDS);
			return message;
		}

	}

	@StatefulFunction("test/staged")
	static class Staged {

		private final Gates gates;

		Staged(Gates gates) {
			this.gates = gates;
		}

		@Handler
		CompletionStage<Integer> on(int message, Context context) {
			return this.gates.gate(context.self().id(), message).thenApply((opened) -> message);
		}

	}

	@StatefulFunction("test/large")
	static class Large {

		private static final String TEXT = "x".repeat(10_000_000);

		private final Gates gates;

		Large(Gates gates) {
			this.gates = gates;
		}

		@Handler
		String on(int message, Context context) throws Exception {
			this.gates.gate(context.self().id(), message).get(60, TimeUnit.SECONDS);
			return TEXT;
		}

	}

	@StatefulFunction("test/large-staged")
	static class LargeStaged {

		private final Gates gates;

		LargeStaged(Gates gates) {
			this.gates = gates;
		}

		@Handler
		CompletionStage<String> on(int message, Context context) {
			return this.gates.gate(context.self().id(), message).thenApplyAsync((opened) -> Large.TEXT);
		}

	}

	@StatefulFunction("test/echo")
	static class Echo {

		@Handler
		int on(int message) {
			return message;
		}

	}

}
