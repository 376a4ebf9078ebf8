package dev.statefun.spring.web;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.statefun.local.Effects;
import dev.statefun.local.EgressKind;
import dev.statefun.local.HttpFunctionEndpoint;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.RequestFailedException;
import dev.statefun.local.Transport;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service that is killed under load and restarted while the local runtime calls it over
 * HTTP. Every message is applied once, in the state of its function and in that of the
 * function that it is forwarded to. Prints its figures.
 */
@Tag("soak")
class KillSoakTests {

	private static final int RUNS = 20;

	private static final int KILLS = 5;

	/** Each is handled twice: by the relay, and by the sum that it is forwarded to. */
	private static final int SENT = 17_500;

	private static final int RELAYS = 350;

	private static final int SUMS = 25;

	/** On a busy machine, where a start takes 40 s, a retry may wait 65 s. */
	private static final Duration WITHOUT_PROGRESS = Duration.ofSeconds(100);

	@TempDir
	private Path directory;

	private final Counters counters = new Counters();

	@RepeatedTest(RUNS)
	void everyMessageIsAppliedOnce(RepetitionInfo repetition) throws Exception {
		int port = freePort();
		Process service = start(port);
		long begin = System.nanoTime();
		HttpFunctionEndpoint endpoint = HttpFunctionEndpoint.of(URI.create("http://127.0.0.1:" + port + "/statefun"),
				Transport.ASYNC);
		try (LocalRuntime runtime = LocalRuntime.builder()
			.function(FunctionSpec.of("kill/relay").state("count", int.class), endpoint)
			.function(FunctionSpec.of("kill/sum").state("count", int.class), endpoint)
			.egress(EgressId.parse("kill/out"), EgressKind.KAFKA)
			.keptEgressRecords(0)
			.restartDelay(Duration.ofSeconds(1))
			.listener(this.counters)
			.start()) {
			for (int i = 0; i < SENT; i++) {
				runtime.send(Address.of("kill/relay", "id-" + i % RELAYS), i);
			}
			for (int kill = 1; kill <= KILLS; kill++) {
				awaitHandled(runtime, (long) 2 * SENT * kill / (KILLS + 1));
				service.destroyForcibly().waitFor();
				service = start(port);
			}
			awaitHandled(runtime, 2L * SENT);
			assertThat(states(runtime, "kill/relay", RELAYS)).allMatch((count) -> count == SENT / RELAYS);
			assertThat(states(runtime, "kill/sum", SUMS)).allMatch((count) -> count == SENT / SUMS);
			assertThat(this.counters.records).hasValue(SENT);
		}
		finally {
			service.destroyForcibly();
		}
		// A job fails if several starts on a busy machine take the two minutes of a
		// request
		System.out.printf("Run %d: %d messages, %d kills, %d failed requests, %d job failures, %.1f s%n",
				repetition.getCurrentRepetition(), this.counters.handled.get(), KILLS, this.counters.failures.get(),
				this.counters.jobFailures.get(), (System.nanoTime() - begin) / 1e9);
	}

	private void awaitHandled(LocalRuntime runtime, long expected) throws InterruptedException {
		long last = -1;
		long progress = System.nanoTime();
		while (this.counters.handled.get() < expected) {
			if (this.counters.handled.get() != last) {
				last = this.counters.handled.get();
				progress = System.nanoTime();
			}
			assertThat(Duration.ofNanos(System.nanoTime() - progress)).as(() -> stuck(runtime))
				.isLessThan(WITHOUT_PROGRESS);
			Thread.sleep(5);
		}
	}

	// Diagnosis of a stalled run
	private String stuck(LocalRuntime runtime) {
		Map<String, Integer> incomplete = new TreeMap<>();
		for (int i = 0; i < RELAYS; i++) {
			int count = runtime.state(Address.of("kill/relay", "id-" + i), "count", Integer.class).orElse(0);
			if (count != SENT / RELAYS) {
				incomplete.put("kill/relay/id-" + i, count);
			}
		}
		String threads = Stream.of(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true))
			.map(ThreadInfo::toString)
			.collect(Collectors.joining());
		return "handled " + this.counters.handled + "; instances with messages that wait: " + incomplete
				+ "; last failures: " + this.counters.lastFailures + "\n" + threads;
	}

	private static List<Integer> states(LocalRuntime runtime, String function, int instances) {
		List<Integer> counts = new ArrayList<>();
		for (int i = 0; i < instances; i++) {
			counts.add(runtime.state(Address.of(function, "id-" + i), "count", Integer.class).orElse(0));
		}
		return counts;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private Process start(int port) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dspring.devtools.restart.enabled=false", "-cp",
						System.getProperty("java.class.path"), KilledService.class.getName(), "--server.port=" + port,
						"--server.address=127.0.0.1"));
		File log = this.directory.resolve("service.log").toFile();
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log))
			.start();
	}

	/**
	 * Counts the events of the runtime without retaining them.
	 */
	private static final class Counters implements LocalRuntimeListener {

		private final AtomicLong handled = new AtomicLong();

		private final AtomicLong records = new AtomicLong();

		private final AtomicLong failures = new AtomicLong();

		private final AtomicLong jobFailures = new AtomicLong();

		private volatile String lastFailures = "none";

		@Override
		public void replied(Effects effects) {
			this.handled.addAndGet(effects.invocations().size());
			this.records.addAndGet(effects.egress().size());
		}

		@Override
		public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
			this.failures.incrementAndGet();
			this.lastFailures = self + ": " + failure;
		}

		@Override
		public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
			this.jobFailures.incrementAndGet();
			this.lastFailures = self + ": " + failure;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Relay.class, Sum.class })
	public static class KilledService {

		public static void main(String[] args) {
			SpringApplication.run(KilledService.class, args);
		}

	}

	@StatefulFunction("kill/relay")
	static class Relay {

		@Handler
		void pass(int message, @Persisted("count") PersistedValue<Integer> count, Context context) {
			count.set(count.get().orElse(0) + 1);
			context.send("kill/sum", "id-" + message % SUMS, message);
		}

	}

	@StatefulFunction("kill/sum")
	static class Sum {

		@Handler
		void add(int message, @Persisted("count") PersistedValue<Integer> count, Context context) {
			count.set(count.get().orElse(0) + 1);
			context.sendEgress("kill/out",
					KafkaRecord.forTopic("out").key(context.self().id()).utf8Value("" + message).build());
		}

	}

}
