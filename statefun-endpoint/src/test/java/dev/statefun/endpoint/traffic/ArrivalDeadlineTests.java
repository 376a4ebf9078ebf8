package dev.statefun.endpoint.traffic;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ArrivalDeadline}.
 */
@Timeout(60)
class ArrivalDeadlineTests {

	// Large enough to overflow during the test
	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(7).toNanos());

	private final ArrivalDeadline deadline = deadline(20, 16_384);

	private ArrivalDeadline deadline(int readTimeout, long rate) {
		return new ArrivalDeadline(new ArrivalLimits(Duration.ofSeconds(readTimeout), rate, ArrivalLimits.GRACE),
				this.now::get);
	}

	private void pass(long millis) {
		this.now.addAndGet(Duration.ofMillis(millis).toNanos());
	}

	@Test
	void bodyWithoutBytesIsLateAfterTheGracePeriod() {
		pass(9_999);
		assertThat(this.deadline.check()).isNull();
		pass(1);
		assertThat(this.deadline.check()).hasMessage("The body of a request had 0 bytes after 10000 ms; expected at "
				+ "least 16384 bytes per second ('statefun.min-read-rate'); it was given up");
	}

	@Test
	void receivedBytesExtendTheDeadline() {
		this.deadline.arrived(16_384 * 15);
		pass(14_999);
		assertThat(this.deadline.check()).isNull();
		pass(1);
		assertThat(this.deadline.check()).hasMessageContaining("had 245760 bytes after 15000 ms");
	}

	@Test
	void fastBodyIsNeverLate() {
		for (int second = 0; second < 10_000; second++) {
			this.deadline.arrived(16_385);
			pass(1_000);
			assertThat(this.deadline.check()).isNull();
		}
	}

	@Test
	void stalledBodyIsLateAfterTheReadTimeout() {
		this.deadline.arrived(64_000_000);
		pass(19_999);
		assertThat(this.deadline.check()).isNull();
		pass(1);
		assertThat(this.deadline.check()).hasMessage("The body of a request has not gone on for 20000 ms "
				+ "('statefun.read-timeout'), after 64000000 bytes; it was given up");
	}

	@Test
	void tricklingBodyIsLate() {
		this.deadline.arrived(1);
		pass(8_000);
		this.deadline.arrived(1);
		assertThat(this.deadline.check()).isNull();
		pass(2_000);
		assertThat(this.deadline.check()).isNotNull();
	}

	@Test
	void withoutAMinimumRateAnyRateIsAccepted() {
		ArrivalDeadline any = deadline(20, 0);
		for (int i = 0; i < 1_000; i++) {
			any.arrived(1);
			pass(19_999);
			assertThat(any.check()).isNull();
		}
		pass(20_000);
		assertThat(any.check()).isNotNull();
	}

	@Test
	void timeWaitingForRoomDoesNotCount() {
		pass(5_000);
		this.deadline.pause();
		pass(100_000);
		assertThat(this.deadline.check()).isNull();
		this.deadline.pause();
		this.deadline.resume();
		pass(4_999);
		assertThat(this.deadline.check()).isNull();
		pass(1);
		assertThat(this.deadline.check()).hasMessageContaining("had 0 bytes after 10000 ms");
	}

	@Test
	void watchReportsOnceWithoutItsOwnThread() {
		ArrivalLimits limits = new ArrivalLimits(Duration.ofMillis(50), 0, ArrivalLimits.GRACE);
		Queue<NotAdmittedException> late = new ConcurrentLinkedQueue<>();
		int threads = Thread.activeCount();
		for (int i = 0; i < 1_000; i++) {
			new ArrivalDeadline(limits, System::nanoTime).watch(late::add);
		}
		assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
		await().atMost(Duration.ofSeconds(30)).until(() -> late.size() == 1_000);
		assertThat(late).allSatisfy((ex) -> assertThat(ex).hasMessageContaining("'statefun.read-timeout'"));
	}

	@Test
	void watchLastsUntilTheBodyEnds() {
		ArrivalLimits limits = new ArrivalLimits(Duration.ofMillis(20), 0, ArrivalLimits.GRACE);
		AtomicInteger checks = new AtomicInteger();
		ArrivalDeadline arriving = new ArrivalDeadline(limits, () -> {
			checks.incrementAndGet();
			return this.now.get();
		});
		ArrivalDeadline complete = new ArrivalDeadline(limits, this.now::get);
		Queue<String> late = new ConcurrentLinkedQueue<>();
		arriving.watch((ex) -> late.add("arriving"));
		complete.watch((ex) -> late.add("complete"));
		complete.end();
		await().atMost(Duration.ofSeconds(30)).until(() -> checks.get() >= 10);
		assertThat(late).isEmpty();
		pass(20);
		await().atMost(Duration.ofSeconds(30)).until(() -> !late.isEmpty());
		complete.watch((ex) -> late.add("ended"));
		assertThat(late).containsExactly("arriving");
	}

	@Test
	void invalidLimitsAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ArrivalLimits(Duration.ZERO, 1, Duration.ZERO));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ArrivalLimits(Duration.ofMillis(1), -1, Duration.ZERO));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ArrivalLimits(Duration.ofMillis(1), 1, Duration.ofMillis(-1)));
	}

}
