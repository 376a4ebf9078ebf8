package dev.statefun.spring.gateway.function;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.spring.gateway.GatewayRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a million requests without a reply leave nothing behind.
 */
class AbandonedRequestsSoakTests {

	private static final int ROUNDS = 100;

	private static final int REQUESTS = 10_000;

	@Test
	@Tag("soak")
	void millionRequestsWithoutAReplyLeaveNothing() {
		List<Long> heap = new ArrayList<>();
		try (GatewayHarness gateway = new GatewayHarness()) {
			for (int round = 0; round < ROUNDS; round++) {
				abandon(gateway);
				if (round % 20 == 19) {
					heap.add(usedHeap());
				}
			}
		}
		System.out.println("Heap after each 200,000 abandoned requests, in MB: "
				+ heap.stream().map((bytes) -> bytes >> 20).toList());
		assertThat(heap.get(heap.size() - 1)).isLessThan(heap.get(0) + (8 << 20));
	}

	private static void abandon(GatewayHarness gateway) {
		for (int i = 0; i < REQUESTS; i++) {
			GatewayRequest request = gateway.request("test/silent", "joe" + i % 100, "hello");
			gateway.deliver(request.instance(), request);
		}
		gateway.runtime.runUntilIdle();
		assertThat(gateway.callers).hasSize(REQUESTS);
		assertThat(gateway.runtime.pendingDelayedMessages()).isEqualTo(REQUESTS);
		gateway.runtime.advance(Duration.ofSeconds(15));
		assertThat(gateway.runtime.pendingDelayedMessages()).isZero();
		for (Address instance : gateway.callers) {
			assertThat(gateway.runtime.states(instance)).isEmpty();
		}
		// The runtime keeps its input since the last checkpoint
		gateway.runtime.checkpoint();
		gateway.callers.clear();
		gateway.received.clear();
		gateway.events.clear();
	}

	private static long usedHeap() {
		System.gc();
		Runtime runtime = Runtime.getRuntime();
		return runtime.totalMemory() - runtime.freeMemory();
	}

}
