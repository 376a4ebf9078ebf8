package dev.statefun.spring.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that 30 slow senders do not block the requests of a cluster on a server with 10
 * threads and a heap of 128 MB, or on Netty with the same heap.
 */
@Timeout(120)
class StarvationIT {

	private static final int SENDERS = 30;

	private static final int REQUESTS = 1_000;

	private static final int CLIENTS = 4;

	private static final long BOUND_MILLIS = 2_000;

	@Test
	void slowSendersDoNotStarveTheCluster() throws Exception {
		try (SlowBodyService service = SlowBodyService.start(EndpointServer.TOMCAT,
				"--statefun.max-request-size=64MB")) {
			assertClusterIsServed(service);
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void slowSendersDoNotStarveTheClusterOnVirtualThreads() throws Exception {
		try (SlowBodyService service = SlowBodyService.start(EndpointServer.TOMCAT, "--statefun.max-request-size=64MB",
				"--spring.threads.virtual.enabled=true")) {
			assertClusterIsServed(service);
		}
	}

	@Test
	@Tag("soak")
	void slowSendersDoNotStarveTheClusterOnNetty() throws Exception {
		try (SlowBodyService service = SlowBodyService.start(EndpointServer.NETTY,
				"--statefun.max-request-size=64MB")) {
			assertClusterIsServed(service);
		}
	}

	// One form after the other, so that one process is enough
	private static void assertClusterIsServed(SlowBodyService service) throws Exception {
		for (SlowSenders.Form form : SlowSenders.Form.values()) {
			try (SlowSenders senders = new SlowSenders(service.port(), SENDERS, form, Duration.ofMillis(200))) {
				assertThat(statuses(service, REQUESTS / SlowSenders.Form.values().length)).as("beside %s", form)
					.containsOnly(200);
				if (form != SlowSenders.Form.TOO_LARGE) {
					assertThat(senders.open()).isEqualTo(SENDERS);
				}
				assertThat(service.bytesInFlight()).as("room for %s", form).isLessThan((SENDERS + 1) * 8192);
				await().atMost(Duration.ofSeconds(10)).until(() -> service.busyThreads() == 0);
			}
		}
		assertThat(service.isAlive()).isTrue();
		// One of ours in a minute; Tomcat logs a connection twice that it loses while it
		// reports an error
		assertThat(service.log()).as(() -> String.join("\n", service.log()))
			.filteredOn((line) -> line.contains(" ERROR "))
			.hasSizeLessThan(5);
	}

	private static List<Integer> statuses(SlowBodyService service, int requests) throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<List<Integer>>> all = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				byte[] request = ClusterClient.request("id-" + i);
				all.add(clients.submit(() -> {
					List<Integer> statuses = new ArrayList<>();
					try (ClusterClient client = new ClusterClient(service.port())) {
						for (int sent = 0; sent < requests / CLIENTS; sent++) {
							long begin = System.nanoTime();
							statuses.add(client.send(request));
							assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
								.isLessThan(BOUND_MILLIS);
						}
					}
					return statuses;
				}));
			}
			List<Integer> statuses = new ArrayList<>();
			for (Future<List<Integer>> each : all) {
				statuses.addAll(each.get(60, TimeUnit.SECONDS));
			}
			return statuses;
		}
		finally {
			clients.shutdownNow();
		}
	}

}
