package dev.statefun.endpoint.failure;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimitedLog} with several threads. {@link FailureLogTests} cover
 * the rest.
 */
class RateLimitedLogTests {

	@Test
	@Timeout(60)
	void threadThatReadsTheClockBeforeAnotherOneLogsAddsNoLine() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch logged = new CountDownLatch(1);
		AtomicInteger readings = new AtomicInteger();
		RateLimitedLog<String> log = new RateLimitedLog<>(() -> {
			if (readings.getAndIncrement() > 0) {
				return Instant.EPOCH.plusMillis(1);
			}
			reading.countDown();
			await(logged);
			return Instant.EPOCH;
		}, "others");
		AtomicInteger lines = new AtomicInteger();
		Thread slow = new Thread(() -> log.log("topic", (suppressed) -> lines.incrementAndGet()));
		slow.start();
		reading.await();
		log.log("topic", (suppressed) -> lines.incrementAndGet());
		logged.countDown();
		slow.join();
		assertThat(lines).hasValue(1);
	}

	// In vain if the other thread has to wait for this one
	private static void await(CountDownLatch latch) {
		try {
			latch.await(500, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
