package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.statefun.netty.RawClient.Response;
import dev.statefun.netty.TestServer.Setup;
import dev.statefun.sdk.FunctionType;
import dev.statefun.testing.ClusterRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BatchExecution}.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ExecutionTests {

	private static final Duration SOON = Duration.ofMillis(1);

	private final CountDownLatch entered = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	@BeforeAll
	static void watchLeaks() {
		Leaks.watch();
	}

	@AfterAll
	static void nothingHasLeaked() {
		assertThat(Leaks.find()).isEmpty();
	}

	private static byte[] post(String id) {
		return RawClient.post("/statefun", ClusterRequest.v3("test/slow", id).message(1).toByteArray());
	}

	// The first batch blocks
	private TestServer start(BatchExecution execution) {
		Setup setup = new Setup().handler((body, userAgent) -> {
			this.threads.add(Thread.currentThread());
			if (this.threads.size() == 1) {
				this.entered.countDown();
				awaitRelease();
			}
			return CompletableFuture.completedFuture(new byte[] { 1 });
		});
		return TestServer.start(setup, (builder) -> builder.execution(execution).eventLoops(1));
	}

	private void awaitRelease() {
		try {
			assertThat(this.release.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void functionThatBlocksOnTheEventLoopStallsOtherConnections() throws Exception {
		try (TestServer server = start(BatchExecution.eventLoop());
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe"));
			assertThat(this.entered.await(60, TimeUnit.SECONDS)).isTrue();
			second.send(post("ann"));
			assertThat(this.threads).hasSize(1);
			this.release.countDown();
			assertThat(first.read().status()).isEqualTo(200);
			assertThat(second.read().status()).isEqualTo(200);
			assertThat(this.threads).hasSize(2);
			assertThat(this.threads.get(1)).isSameAs(this.threads.get(0));
			assertThat(this.threads.get(0).getName()).startsWith("statefun-server");
		}
	}

	@Test
	void functionThatBlocksInThePoolStallsNothing() throws Exception {
		try (TestServer server = start(BatchExecution.pool(2))) {
			requireIndependentBatches(server);
			assertThat(this.threads).allMatch((thread) -> thread.getName().startsWith("statefun-batch-"));
		}
		Awaitility.await().atMost(TestServer.LONG).until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void functionThatBlocksOnAVirtualThreadStallsNothing() throws Exception {
		try (TestServer server = start(BatchExecution.virtualThreads())) {
			requireIndependentBatches(server);
			assertThat(this.threads)
				.allMatch((thread) -> thread.getClass().getName().equals("java.lang.VirtualThread"));
		}
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void oldJavaHasNoVirtualThreads() throws Exception {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(BatchExecution::virtualThreads)
			.withMessageContaining("no virtual threads");
	}

	@Test
	void functionsMayBlockByDefault() throws Exception {
		try (TestServer server = start(BatchExecution.handOff())) {
			requireIndependentBatches(server);
		}
	}

	@Test
	void functionThatProvesQuickRunsOnTheEventLoop() throws Exception {
		this.release.countDown();
		try (TestServer server = start(adaptive(System::nanoTime, BlockListener.NONE));
				RawClient client = server.connect()) {
			Awaitility.await().pollInterval(SOON).atMost(TestServer.LONG).until(() -> {
				assertThat(client.send(post("joe")).read().status()).isEqualTo(200);
				return isEventLoop(lastThread());
			});
			assertThat(this.threads).hasSizeGreaterThan(100);
			assertThat(this.threads.subList(0, 100)).noneMatch(ExecutionTests::isEventLoop);
		}
	}

	private static BatchExecution adaptive(LongSupplier nanoTime, BlockListener listener) {
		return new AdaptiveExecution(List.of(FunctionType.of("test", "slow")), BatchExecution.handOff(), listener,
				nanoTime);
	}

	private static boolean isEventLoop(Thread thread) {
		return thread.getName().startsWith("statefun-server");
	}

	@Test
	void quickFunctionThatBlocksStallsNoOtherLoopAndIsHandedOff(CapturedOutput output) throws Exception {
		AtomicLong now = new AtomicLong();
		List<String> blocks = new CopyOnWriteArrayList<>();
		BatchExecution execution = adaptive(now::get,
				(function, time, neighbors) -> blocks.add(function + " beside " + neighbors));
		Setup setup = new Setup().handler((body, userAgent) -> {
			this.threads.add(Thread.currentThread());
			if (new String(body, StandardCharsets.ISO_8859_1).contains("blocking")) {
				this.entered.countDown();
				awaitRelease();
			}
			return CompletableFuture.completedFuture(new byte[] { 1 });
		});
		try (TestServer server = TestServer.start(setup, (builder) -> builder.execution(execution).eventLoops(2));
				RawClient first = server.connect();
				RawClient second = server.connect();
				RawClient third = server.connect()) {
			Map<RawClient, Thread> loops = new HashMap<>();
			for (RawClient client : List.of(first, second, third)) {
				loops.put(client, loopOf(client));
			}
			// Connections go to the loops in turn
			assertThat(loops.get(first)).isSameAs(loops.get(third)).isNotSameAs(loops.get(second));
			first.send(post("blocking"));
			assertThat(this.entered.await(60, TimeUnit.SECONDS)).isTrue();
			now.addAndGet(TimeUnit.MILLISECONDS.toNanos(6));
			Awaitility.await().atMost(TestServer.LONG).until(() -> !blocks.isEmpty());
			third.send(post("bob"));
			assertThat(second.send(post("ann")).read().status()).isEqualTo(200);
			assertThat(isEventLoop(lastThread())).isFalse();
			this.release.countDown();
			assertThat(first.read().status()).isEqualTo(200);
			assertThat(third.read().status()).isEqualTo(200);
			assertThat(isEventLoop(lastThread())).isFalse();
			assertThat(blocks).containsExactly("test/slow beside 1");
			assertThat(output.getOut().lines().filter((line) -> line.contains("has occupied an event loop")))
				.hasSize(1);
			server.awaitNoRequests();
		}
	}

	// Runs quick batches until they run on the event loop
	private Thread loopOf(RawClient client) throws Exception {
		Awaitility.await().pollInterval(SOON).atMost(TestServer.LONG).until(() -> {
			assertThat(client.send(post("joe")).read().status()).isEqualTo(200);
			return isEventLoop(lastThread());
		});
		return lastThread();
	}

	private Thread lastThread() {
		return this.threads.get(this.threads.size() - 1);
	}

	private void requireIndependentBatches(TestServer server) throws Exception {
		try (RawClient first = server.connect(); RawClient second = server.connect()) {
			first.send(post("joe"));
			assertThat(this.entered.await(60, TimeUnit.SECONDS)).isTrue();
			assertThat(second.send(post("ann")).read().status()).isEqualTo(200);
			this.release.countDown();
			assertThat(first.read().status()).isEqualTo(200);
		}
	}

	@Test
	void poolIsBounded() throws Exception {
		try (TestServer server = start(BatchExecution.pool(1));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe"));
			assertThat(this.entered.await(60, TimeUnit.SECONDS)).isTrue();
			second.send(post("ann"));
			Awaitility.await().atMost(TestServer.LONG).until(() -> server.admission().requestsInFlight() == 2);
			assertThat(this.threads).hasSize(1);
			this.release.countDown();
			assertThat(first.read().status()).isEqualTo(200);
			assertThat(second.read().status()).isEqualTo(200);
			assertThat(this.threads.get(1)).isSameAs(this.threads.get(0));
		}
	}

	@Test
	void batchThatStillRunsIsInterrupted() throws Exception {
		try (TestServer server = start(BatchExecution.pool(2)); RawClient client = server.connect()) {
			client.send(post("joe"));
			assertThat(this.entered.await(60, TimeUnit.SECONDS)).isTrue();
			server.server().stop(Duration.ZERO);
			assertThat(client.isClosed()).isTrue();
			Awaitility.await().atMost(TestServer.LONG).until(() -> !this.threads.get(0).isAlive());
			server.awaitNoRequests();
		}
	}

	@Test
	void rejectedBatchIsAFailure() throws Exception {
		BatchExecution rejecting = (batch) -> {
			throw new RejectedExecutionException("full");
		};
		try (TestServer server = start(rejecting); RawClient client = server.connect()) {
			Response response = client.send(post("joe")).read();
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.text()).isEqualTo("The function failed; see the log of this service.");
			server.awaitNoRequests();
		}
	}

	@Test
	void poolHasThreads() {
		assertThatIllegalArgumentException().isThrownBy(() -> BatchExecution.pool(0))
			.withMessage("'size' is 0; expected at least 1");
	}

}
