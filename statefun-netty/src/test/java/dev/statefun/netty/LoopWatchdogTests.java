package dev.statefun.netty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.statefun.netty.LoopWatchdog.WatchedLoop;
import dev.statefun.sdk.FunctionType;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoopWatchdog}.
 */
@Timeout(120)
class LoopWatchdogTests {

	private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long NO_CHECK = Long.MAX_VALUE;

	// Only keys here, without threads
	private final EventLoop first = new DefaultEventLoop();

	private final EventLoop second = new DefaultEventLoop();

	private final List<LoopBatch> reports = new CopyOnWriteArrayList<>();

	private final AtomicReference<Thread> thread = new AtomicReference<>();

	private final FakeProbe probe = new FakeProbe();

	/** Checked by the test, instead of a thread. */
	private final LoopWatchdog manual = new LoopWatchdog((batch, now) -> this.reports.add(batch), () -> 0, this.probe,
			(watch) -> new Thread(() -> {
			}));

	private final LoopWatchdog real = new LoopWatchdog((batch, now) -> {
		this.reports.add(batch);
		throw new IllegalStateException("reported");
	}, System::nanoTime, this.probe, (watch) -> {
		Thread created = new Thread(watch, LoopWatchdog.THREAD);
		this.thread.set(created);
		return created;
	});

	@AfterEach
	void close() {
		this.real.close();
		this.first.shutdownGracefully(0, 0, TimeUnit.SECONDS);
		this.second.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private static LoopBatch begin(LoopWatchdog watchdog, EventLoop loop, long now) {
		LoopBatch batch = new LoopBatch(new TestBatch("test/quick", loop, () -> {
		}), new FunctionPace(FunctionType.of("test", "quick")), Thread.currentThread(), now);
		watchdog.begin(watchdog.watched(loop), batch);
		return batch;
	}

	@Test
	void batchIsReportedOnceAfterFiveMilliseconds() {
		LoopBatch batch = begin(this.manual, this.first, 0);
		assertThat(this.manual.check(2 * MILLISECOND)).isEqualTo(5 * MILLISECOND);
		assertThat(this.manual.check(5 * MILLISECOND - 1)).isEqualTo(5 * MILLISECOND);
		assertThat(this.reports).isEmpty();
		assertThat(this.manual.check(5 * MILLISECOND)).isEqualTo(10 * MILLISECOND);
		assertThat(this.reports).containsExactly(batch);
		assertThat(this.manual.check(10 * MILLISECOND)).isEqualTo(15 * MILLISECOND);
		assertThat(this.manual.check(1000 * MILLISECOND)).isEqualTo(1005 * MILLISECOND);
		assertThat(this.reports).hasSize(1);
	}

	@Test
	void eachLoopIsWatched() {
		LoopBatch one = begin(this.manual, this.first, 0);
		LoopBatch two = begin(this.manual, this.second, 3 * MILLISECOND);
		assertThat(this.manual.watched(this.first)).isSameAs(this.manual.watched(this.first))
			.isNotSameAs(this.manual.watched(this.second));
		assertThat(this.manual.check(5 * MILLISECOND)).isEqualTo(8 * MILLISECOND);
		assertThat(this.reports).containsExactly(one);
		this.manual.check(8 * MILLISECOND);
		assertThat(this.reports).containsExactly(one, two);
	}

	@Test
	void batchThatHasEndedIsNotReported() {
		begin(this.manual, this.first, 0);
		WatchedLoop loop = this.manual.watched(this.first);
		assertThat(loop.isBusy()).isTrue();
		loop.end();
		assertThat(loop.isBusy()).isFalse();
		this.manual.check(9 * MILLISECOND);
		LoopBatch next = begin(this.manual, this.first, 9 * MILLISECOND);
		this.manual.check(10 * MILLISECOND);
		assertThat(this.reports).isEmpty();
		this.manual.check(14 * MILLISECOND);
		assertThat(this.reports).containsExactly(next);
	}

	@Test
	void batchThatWaitsForAProcessorIsNotReported() {
		this.probe.waits = false;
		LoopBatch batch = begin(this.manual, this.first, 0);
		assertThat(this.manual.check(6 * MILLISECOND)).isEqualTo(11 * MILLISECOND);
		this.probe.processorNanos += MILLISECOND;
		this.manual.check(11 * MILLISECOND);
		assertThat(this.reports).isEmpty();
		this.probe.waits = true;
		this.manual.check(16 * MILLISECOND);
		assertThat(this.reports).as("now it waits for something else").containsExactly(batch);
	}

	@Test
	void batchThatComputesIsReported() {
		this.probe.waits = false;
		LoopBatch batch = begin(this.manual, this.first, 0);
		this.manual.check(6 * MILLISECOND);
		this.probe.processorNanos += 4 * MILLISECOND;
		this.manual.check(11 * MILLISECOND);
		assertThat(this.reports).containsExactly(batch);
	}

	@Test
	void noCheckIsNeededSomeTimeAfterTheLastBatch() {
		begin(this.manual, this.first, 0);
		this.manual.check(2 * MILLISECOND);
		this.manual.watched(this.first).end();
		assertThat(this.manual.check(101 * MILLISECOND)).isEqualTo(106 * MILLISECOND);
		assertThat(this.manual.check(102 * MILLISECOND)).isEqualTo(NO_CHECK);
		// One that has begun and ended since the last check
		begin(this.manual, this.first, 200 * MILLISECOND);
		this.manual.watched(this.first).end();
		assertThat(this.manual.check(201 * MILLISECOND)).isEqualTo(206 * MILLISECOND);
		begin(this.manual, this.first, 202 * MILLISECOND);
		assertThat(this.manual.check(900 * MILLISECOND)).isEqualTo(905 * MILLISECOND);
	}

	@Test
	void threadSleepsWhileNothingRunsAndWakesForTheNextBatch() {
		for (int i = 1; i <= 3; i++) {
			LoopBatch batch = begin(this.real, this.first, System.nanoTime());
			int reported = i;
			Awaitility.await().atMost(TestServer.LONG).until(() -> this.reports.size() == reported);
			assertThat(this.reports.get(i - 1)).isSameAs(batch);
			this.real.watched(this.first).end();
			Thread watching = this.thread.get();
			assertThat(watching.isDaemon()).isTrue();
			// Checks wait for a limited time
			Awaitility.await().atMost(TestServer.LONG).until(() -> watching.getState() == Thread.State.WAITING);
		}
		this.real.close();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !this.thread.get().isAlive());
	}

	/**
	 * Says what the test wants.
	 */
	private static final class FakeProbe implements ThreadProbe {

		private volatile boolean waits = true;

		private volatile long processorNanos;

		@Override
		public boolean waits(Thread thread) {
			return this.waits;
		}

		@Override
		public long processorNanos(Thread thread) {
			return this.processorNanos;
		}

	}

}
