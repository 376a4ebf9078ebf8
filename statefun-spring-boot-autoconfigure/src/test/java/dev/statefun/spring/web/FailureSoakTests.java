package dev.statefun.spring.web;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A million requests, a third of them with a failing message, with every failure action.
 * Neither heap nor threads nor the log grow, and every failure is counted. Prints its
 * figures.
 */
@Tag("soak")
@SpringBootTest(
		properties = { "statefun.failure.dead-letter.egress=test/letters", "statefun.failure.dead-letter.topic=dead" })
@ExtendWith(OutputCaptureExtension.class)
class FailureSoakTests {

	private static final int CLIENTS = 4;

	private static final int WARM_UP = 100_000;

	private static final int REQUESTS = 1_000_000;

	private static final List<String> FUNCTIONS = List.of("test/retrying", "test/skipping", "test/burying");

	@Autowired
	private StatefunHttpHandler handler;

	@Autowired
	private MeterRegistry registry;

	@Test
	void neitherHeapNorThreadsNorLogGrow(CapturedOutput output) throws Exception {
		send(WARM_UP);
		double counted = failures();
		long heapBefore = usedHeap();
		int threadsBefore = Thread.activeCount();
		int logBefore = output.length();
		long begin = System.nanoTime();
		AtomicIntegerArray statuses = send(REQUESTS);
		double seconds = (System.nanoTime() - begin) / 1e9;
		long heapAfter = usedHeap();
		int threadsAfter = Thread.activeCount();
		int log = output.length() - logBefore;
		LogFactory.getLog(FailureSoakTests.class)
			.info(String.format(
					"%d requests in %.0f s: %d x 200, %d x 500; heap %d -> %d KiB, threads %d -> %d, " + "log %d KiB",
					REQUESTS, seconds, statuses.get(200), statuses.get(500), heapBefore >> 10, heapAfter >> 10,
					threadsBefore, threadsAfter, log >> 10));
		assertThat(statuses.get(200) + statuses.get(500)).isEqualTo(REQUESTS);
		assertThat(statuses.get(500)).isEqualTo(REQUESTS / 9);
		assertThat(failures() - counted).isEqualTo(REQUESTS / 3);
		assertThat(this.registry.get("statefun.failures").counters()).hasSize(9);
		assertThat(heapAfter - heapBefore).isLessThan(16 << 20);
		assertThat(threadsAfter).isLessThanOrEqualTo(threadsBefore + 2);
		// Nine kinds of lines per minute, each about 10 KiB with its stack trace
		assertThat(output.getAll().lines().filter((line) -> line.contains(" ERROR "))).hasSizeGreaterThanOrEqualTo(9);
		assertThat(log).isLessThan((int) (9 * 20_000 * (1 + seconds / 60)));
	}

	private double failures() {
		return this.registry.get("statefun.failures").counters().stream().mapToDouble(Counter::count).sum();
	}

	private AtomicIntegerArray send(int count) throws Exception {
		AtomicIntegerArray statuses = new AtomicIntegerArray(600);
		AtomicInteger next = new AtomicInteger();
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				all.add(clients.submit(() -> {
					for (int k = next.getAndIncrement(); k < count; k = next.getAndIncrement()) {
						statuses.incrementAndGet(post(request(k)));
					}
					return null;
				}));
			}
			for (Future<?> each : all) {
				each.get(20, TimeUnit.MINUTES);
			}
			return statuses;
		}
		finally {
			clients.shutdownNow();
			clients.awaitTermination(10, TimeUnit.SECONDS);
		}
	}

	// Every third request fails, alternating between functions and kinds of failures
	private static byte[] request(int number) {
		ClusterRequest request = ClusterRequest
			.of((number & 1) == 0, FUNCTIONS.get(number / 3 % FUNCTIONS.size()), "id" + number)
			.intState("total", number)
			.message(1);
		if (number % 3 == 2) {
			switch (number / 9 % 3) {
				case 0 -> request.message(-1);
				case 1 -> request.message("test/Unknown" + number, ByteString.EMPTY);
				default -> request.message("io.statefun.types/int", ByteString.copyFromUtf8("garbage " + number));
			}
		}
		return request.message(1).toByteArray();
	}

	private int post(byte[] body) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("POST", "/statefun");
		request.setContent(body);
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.handler.handleRequest(request, response);
		return response.getStatus();
	}

	private static long usedHeap() {
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return used;
	}

	abstract static class Adder {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			if (amount < 0) {
				throw new IllegalArgumentException("negative");
			}
			total.set(total.get().orElse(0) + amount);
		}

	}

	@StatefulFunction("test/retrying")
	static class Retrying extends Adder {

	}

	@StatefulFunction(type = "test/skipping", onFailure = OnFailure.SKIP)
	static class Skipping extends Adder {

	}

	@StatefulFunction(type = "test/burying", onFailure = OnFailure.DEAD_LETTER)
	static class Burying extends Adder {

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import({ Retrying.class, Skipping.class, Burying.class })
	static class Functions {

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
