package dev.statefun.spring.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster's requests with and without 300 slow senders, in interleaved pairs of runs,
 * on each server. The slowest requests take at most twice as long, all are answered 200,
 * and the senders use only a few threads. Prints its figures; {@code soak.seconds}
 * shortens the runs.
 */
@Tag("soak")
class StarvationSoakTests {

	private static final Log logger = LogFactory.getLog(StarvationSoakTests.class);

	private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("soak.seconds", 60));

	private static final int PAIRS = 5;

	private static final int CLIENTS = 4;

	/** Keeps the load equal in both runs, and the machine below saturation. */
	private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

	@ParameterizedTest
	@EnumSource
	void slowSendersDoNotSlowDownTheCluster(EndpointServer server) throws Exception {
		List<Double> ratios = new ArrayList<>();
		int mostThreads = 0;
		try (SlowBodyService service = SlowBodyService.startOptimized(server, "--statefun.max-request-size=64MB")) {
			run(service, TIME.dividedBy(2));
			for (int pair = 0; pair < PAIRS; pair++) {
				SlowSenders.Form form = SlowSenders.Form.values()[pair % SlowSenders.Form.values().length];
				Run without = run(service, TIME);
				Run with;
				try (SlowSenders senders = new SlowSenders(service.port(), 300, form, Duration.ofSeconds(1))) {
					with = run(service, TIME);
					logger.info(form + ": " + senders.answers());
				}
				ratios.add((double) with.p99Nanos / without.p99Nanos);
				mostThreads = Math.max(mostThreads, with.busyThreads - without.busyThreads);
				logger.info(String.format("p99 %.2f ms without senders, %.2f ms with 300; threads in use %d and %d",
						without.p99Nanos / 1e6, with.p99Nanos / 1e6, without.busyThreads, with.busyThreads));
			}
		}
		double median = ratios.stream().sorted().toList().get(PAIRS / 2);
		logger.info(String.format("%s: ratios of p99 %s, median %.2f; at most %d threads more", server, ratios, median,
				mostThreads));
		assertThat(median).isLessThanOrEqualTo(2);
		assertThat(mostThreads).isLessThanOrEqualTo(4);
	}

	private static Run run(SlowBodyService service, Duration time) throws Exception {
		long end = System.nanoTime() + time.toNanos();
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<long[]>> all = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				byte[] request = ClusterClient.request("id-" + i);
				all.add(clients.submit(() -> nanosOf(service.port(), request, end)));
			}
			int busy = 0;
			while (System.nanoTime() < end) {
				busy = Math.max(busy, service.busyThreads());
				TimeUnit.MILLISECONDS.sleep(500);
			}
			long[] nanos = {};
			for (Future<long[]> each : all) {
				long[] some = each.get(60, TimeUnit.SECONDS);
				int length = nanos.length;
				nanos = Arrays.copyOf(nanos, length + some.length);
				System.arraycopy(some, 0, nanos, length, some.length);
			}
			Arrays.sort(nanos);
			return new Run(nanos[(int) (nanos.length * 0.99)], busy);
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static long[] nanosOf(int port, byte[] request, long end) throws Exception {
		List<Long> nanos = new ArrayList<>();
		TreeMap<Integer, Integer> statuses = new TreeMap<>();
		try (ClusterClient client = new ClusterClient(port)) {
			while (System.nanoTime() < end) {
				long begin = System.nanoTime();
				statuses.merge(client.send(request), 1, Integer::sum);
				long took = System.nanoTime() - begin;
				nanos.add(took);
				TimeUnit.NANOSECONDS.sleep(PACE_NANOS - took);
			}
		}
		assertThat(statuses).containsOnlyKeys(200);
		return nanos.stream().mapToLong(Long::longValue).toArray();
	}

	/**
	 * Figures of a run.
	 *
	 * @param p99Nanos time within which 99 of 100 requests were answered
	 * @param busyThreads most threads of the server in use at a time
	 */
	private record Run(long p99Nanos, int busyThreads) {

	}

}
