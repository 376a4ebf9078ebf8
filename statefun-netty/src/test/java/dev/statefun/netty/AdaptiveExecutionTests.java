package dev.statefun.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.sdk.FunctionType;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdaptiveExecution}, with a manual clock.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class AdaptiveExecutionTests {

	private static final String QUICK = "test/quick";

	private final AtomicLong now = new AtomicLong();

	private final List<String> blocks = new CopyOnWriteArrayList<>();

	private final EventLoop loop = new DefaultEventLoop();

	private boolean rejecting;

	private final BatchExecution pool = BatchExecution.pool(2);

	private final BatchExecution others = new BatchExecution() {

		@Override
		public void run(EndpointBatch batch) {
			if (AdaptiveExecutionTests.this.rejecting) {
				throw new RejectedExecutionException("full");
			}
			AdaptiveExecutionTests.this.pool.run(batch);
		}

		@Override
		public void close() {
			AdaptiveExecutionTests.this.pool.close();
		}

	};

	private final AdaptiveExecution execution = new AdaptiveExecution(
			List.of(FunctionType.of("test", "quick"), FunctionType.of("test", "second")), this.others,
			(function, time, neighbors) -> this.blocks
				.add(function + ", " + time.toMillis() + " ms, " + neighbors + " connections"),
			this.now::get);

	@AfterEach
	void close() {
		this.execution.close();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private void advance(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

	private TestBatch batch(String typename, Runnable content) {
		return new TestBatch(typename, this.loop, content);
	}

	// As for a request that has arrived
	private TestBatch start(String typename, Runnable content) throws Exception {
		TestBatch batch = batch(typename, content);
		this.loop.submit(() -> this.execution.run(batch)).get(60, TimeUnit.SECONDS);
		return batch;
	}

	private Thread run(String typename) throws Exception {
		return start(typename, () -> {
		}).thread().get(60, TimeUnit.SECONDS);
	}

	private Thread loopThread() throws Exception {
		return this.loop.submit(Thread::currentThread).get(60, TimeUnit.SECONDS);
	}

	private void runQuickBatches() throws Exception {
		for (int i = 0; i < FunctionPace.QUICK_BATCHES; i++) {
			assertThat(run(QUICK)).isNotSameAs(loopThread());
		}
		// The last one may still be counted
		Awaitility.await()
			.pollInterval(Duration.ofMillis(1))
			.atMost(TestServer.LONG)
			.until(() -> run(QUICK) == loopThread());
	}

	@Test
	void functionThatHasProvedQuickRunsOnTheLoop() throws Exception {
		runQuickBatches();
		assertThat(run("test/second")).isNotSameAs(loopThread());
	}

	@Test
	void unknownFunctionIsHandedOff() throws Exception {
		for (int i = 0; i < 2 * FunctionPace.QUICK_BATCHES; i++) {
			assertThat(run("test/unknown")).isNotSameAs(loopThread());
		}
	}

	@Test
	void functionThatIsSlowAgainAndAgainLeavesTheLoop() throws Exception {
		runQuickBatches();
		for (int i = 0; i < 4; i++) {
			assertThat(start(QUICK, () -> advance(Duration.ofMillis(1))).thread().get(60, TimeUnit.SECONDS))
				.isSameAs(loopThread());
		}
		runQuickBatches();
		assertThat(this.blocks).isEmpty();
	}

	@Test
	void batchWhoseWaitHasEndedElsewhereRunsOnItsLoop() throws Exception {
		runQuickBatches();
		TestBatch batch = batch(QUICK, () -> {
		});
		this.execution.run(batch);
		assertThat(batch.thread().get(60, TimeUnit.SECONDS)).isSameAs(loopThread());
	}

	@Test
	void batchThatBeginsAmidAnotherRunsAfterIt() throws Exception {
		runQuickBatches();
		TestBatch inner = batch(QUICK, () -> {
		});
		TestBatch outer = start(QUICK, () -> {
			this.execution.run(inner);
			assertThat(inner.thread()).isNotDone();
		});
		assertThat(outer.thread().get(60, TimeUnit.SECONDS)).isSameAs(loopThread());
		assertThat(inner.thread().get(60, TimeUnit.SECONDS)).isSameAs(loopThread());
	}

	@Test
	void batchThatIsRejectedLateRunsOnTheLoop() throws Exception {
		runQuickBatches();
		this.rejecting = true;
		TestBatch inner = batch(QUICK, () -> {
		});
		start(QUICK, () -> {
			this.execution.run(inner);
			advance(Duration.ofMillis(1));
		});
		assertThat(inner.thread().get(60, TimeUnit.SECONDS)).isSameAs(loopThread());
	}

	@Test
	void functionThatBlocksIsHandedOffFromThatMomentOn(CapturedOutput output) throws Exception {
		runQuickBatches();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		TestBatch blocking = batch(QUICK, () -> {
			entered.countDown();
			await(release);
		});
		this.loop.execute(() -> this.execution.run(blocking));
		await(entered);
		advance(Duration.ofMillis(6));
		Awaitility.await().atMost(TestServer.LONG).until(() -> !this.blocks.isEmpty());
		EventLoop other = new DefaultEventLoop();
		try {
			TestBatch next = new TestBatch(QUICK, other, () -> {
			});
			other.execute(() -> this.execution.run(next));
			assertThat(next.thread().get(60, TimeUnit.SECONDS).getName()).startsWith("statefun-batch-");
		}
		finally {
			other.shutdownGracefully(0, 0, TimeUnit.SECONDS);
			release.countDown();
		}
		assertThat(blocking.thread().get(60, TimeUnit.SECONDS)).isSameAs(loopThread());
		assertThat(this.blocks).containsExactly(QUICK + ", 6 ms, 3 connections");
		assertThat(output.getOut().lines().filter((line) -> line.contains("has occupied an event loop")))
			.singleElement()
			.asString()
			.contains("WARN", "Function 'test/quick' has occupied an event loop for 6 ms so far",
					"requests on 3 other connections wait", "for 10 s at least", "'statefun.server.execution=");
		for (int i = 0; i < 2 * FunctionPace.QUICK_BATCHES; i++) {
			assertThat(run(QUICK)).isNotSameAs(loopThread());
		}
		advance(Duration.ofSeconds(10));
		Awaitility.await()
			.pollInterval(Duration.ofMillis(1))
			.atMost(TestServer.LONG)
			.until(() -> run(QUICK) == loopThread());
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
