package dev.statefun.spring.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that concurrent requests of both dialects share no state. An earlier integration
 * kept one context for all of them, and one response in 27 was wrong. As from a cluster,
 * there is only one request at a time for the same function instance.
 */
class ConcurrencyTests {

	private static final int THREADS = 8;

	private static final int ADDRESSES = 100;

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class))
		.withUserConfiguration(Accumulator.class);

	@Test
	void everyAnswerIsCorrect() {
		assertEveryAnswerIsCorrect(4_000);
	}

	@Tag("soak")
	@Test
	void everyAnswerOfManyIsCorrect() {
		assertEveryAnswerIsCorrect(20_000);
	}

	private void assertEveryAnswerIsCorrect(int requests) {
		this.contextRunner.run((context) -> {
			StatefunHttpHandler endpoint = context.getBean(StatefunHttpHandler.class);
			ExecutorService threads = Executors.newFixedThreadPool(THREADS);
			try {
				List<Future<Integer>> right = new ArrayList<>();
				for (int i = 0; i < THREADS; i++) {
					int thread = i;
					right.add(threads.submit(() -> callMany(endpoint, thread, requests)));
				}
				int total = 0;
				for (Future<Integer> each : right) {
					total += each.get(120, TimeUnit.SECONDS);
				}
				assertThat(total).isEqualTo(THREADS * requests);
			}
			finally {
				threads.shutdownNow();
			}
		});
	}

	private static int callMany(StatefunHttpHandler endpoint, int thread, int requests) throws Exception {
		int right = 0;
		for (int i = 0; i < requests; i++) {
			int seed = thread * requests + i;
			boolean v3 = (seed & 1) == 0;
			String id = "id-" + thread + "-" + (i * 31 % ADDRESSES);
			byte[] request = ClusterRequest.of(v3, "test/accumulator", id)
				.intState("total", seed)
				.messageFrom("test/asker", "asker-" + seed, 1)
				.messageFrom("test/asker", "asker-" + (seed + 1), 2)
				.toByteArray();
			ClusterReply reply = ClusterReply.of(v3, call(endpoint, request));
			assertThat(reply.intStates()).isEqualTo(Map.of("total", seed + 3));
			assertThat(reply.messages()).containsExactly(expected(seed, id, seed + 1),
					expected(seed + 1, id, seed + 3));
			right++;
		}
		return right;
	}

	private static byte[] call(StatefunHttpHandler endpoint, byte[] body) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("POST", "/statefun");
		request.setContent(body);
		MockHttpServletResponse response = new MockHttpServletResponse();
		endpoint.handleRequest(request, response);
		assertThat(response.getStatus()).isEqualTo(200);
		return response.getContentAsByteArray();
	}

	private static String expected(int asker, String id, int total) {
		String text = id + " has " + total;
		return "test/asker/asker-" + asker + "=io.statefun.types/string:\n" + (char) text.length() + text;
	}

	@StatefulFunction("test/accumulator")
	static class Accumulator {

		@Handler
		String add(int amount, @Persisted("total") PersistedValue<Integer> total, Context context) {
			int sum = total.get().orElse(0) + amount;
			total.set(sum);
			return context.self().id() + " has " + sum;
		}

	}

}
