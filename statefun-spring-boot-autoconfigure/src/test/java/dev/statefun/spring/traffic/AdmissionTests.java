package dev.statefun.spring.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.spring.traffic.Admission.Permit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Admission}.
 */
@Timeout(60)
class AdmissionTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void requestsAreLetInUntilTheirNumberIsReached() {
		Admission admission = new Admission(2, 100, LONG);
		CompletableFuture<Permit> first = admission.admit(1);
		assertThat(first).isCompleted();
		assertThat(admission.admit(1)).isCompleted();
		CompletableFuture<Permit> third = admission.admit(1);
		assertThat(third).isNotDone();
		assertThat(admission.requestsInFlight()).isEqualTo(2);
		assertThat(admission.requestsWaiting()).isEqualTo(1);
		first.join().release();
		assertThat(third).isCompleted();
		assertThat(admission.requestsWaiting()).isZero();
	}

	@Test
	void requestsAreLetInUntilTheirBytesAreTaken() {
		Admission admission = new Admission(10, 100, LONG);
		CompletableFuture<Permit> large = admission.admit(90);
		CompletableFuture<Permit> next = admission.admit(11);
		CompletableFuture<Permit> small = admission.admit(1);
		assertThat(next).isNotDone();
		assertThat(small).as("nobody overtakes").isNotDone();
		large.join().shrinkTo(80);
		assertThat(next).isCompleted();
		assertThat(small).isCompleted();
		assertThat(admission.bytesInFlight()).isEqualTo(92);
	}

	@Test
	void roomIsGivenBackOnce() {
		Admission admission = new Admission(2, 100, LONG);
		Permit permit = admission.admit(60).join();
		admission.admit(40).join();
		permit.release();
		permit.release();
		assertThat(admission.requestsInFlight()).isEqualTo(1);
		assertThat(admission.bytesInFlight()).isEqualTo(40);
	}

	@Test
	void whoHasWaitedTooLongIsRefusedWithTheFigures() {
		Admission admission = new Admission(1, 100, Duration.ofMillis(20));
		admission.admit(7).join();
		assertThat(admission.admit(1)).failsWithin(LONG)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(NotAdmittedException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Rejection.OVERLOADED))
			.withMessage("No room for 20 ms ('statefun.queue-timeout'): 1 requests of at most 1 "
					+ "('statefun.max-in-flight'), 7 bytes of at most 100 ('statefun.max-in-flight-bytes') are in flight");
		assertThat(admission.requestsWaiting()).isZero();
	}

	@Test
	void whoNeverWaitsIsRefusedAtOnce() {
		Admission admission = new Admission(1, 100, Duration.ZERO);
		assertThat(admission.admit(100)).isCompleted();
		assertThat(admission.admit(0)).failsWithin(LONG);
	}

	@Test
	void whoGivesUpMakesWayForTheNext() {
		Admission admission = new Admission(10, 100, LONG);
		admission.admit(50).join();
		CompletableFuture<Permit> large = admission.admit(60);
		CompletableFuture<Permit> small = admission.admit(50);
		assertThat(small).isNotDone();
		large.cancel(false);
		assertThat(small).isCompleted();
		assertThat(admission.bytesInFlight()).isEqualTo(100);
	}

	@Test
	void nobodyIsLetInOnceItDrains() {
		Admission admission = new Admission(1, 100, LONG);
		Permit permit = admission.admit(1).join();
		CompletableFuture<Permit> waiting = admission.admit(1);
		CompletableFuture<@Nullable Void> drained = admission.drain().toCompletableFuture();
		assertThat(waiting).failsWithin(LONG)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(NotAdmittedException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Rejection.DRAINING));
		assertThat(admission.admit(1)).isCompletedExceptionally();
		assertThat(admission.isDraining()).isTrue();
		assertThat(drained).isNotDone();
		permit.release();
		assertThat(drained).isCompleted();
		assertThat(admission.drain().toCompletableFuture()).isCompleted();
	}

	@Test
	void itCanBeOpenedAgain() {
		Admission admission = new Admission(1, 100, LONG);
		assertThat(admission.drain().toCompletableFuture()).isCompleted();
		admission.open();
		CompletableFuture<Permit> permit = admission.admit(1);
		assertThat(permit).isCompleted();
		assertThat(admission.drain().toCompletableFuture()).isNotDone();
	}

	@Test
	void requestThatCouldNeverBeLetInIsAMistake() {
		Admission admission = new Admission(1, 100, LONG);
		assertThatIllegalArgumentException().isThrownBy(() -> admission.admit(101));
		assertThatIllegalArgumentException().isThrownBy(() -> admission.admit(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(0, 1, LONG));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(1, 0, LONG));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(1, 1, LONG.negated()));
	}

	@Test
	void limitsHoldAndNothingIsLostWithManyThreads() throws Exception {
		Admission admission = new Admission(3, 1000, Duration.ofMillis(1));
		AtomicInteger inside = new AtomicInteger();
		AtomicLong insideBytes = new AtomicLong();
		AtomicInteger admitted = new AtomicInteger();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int thread = 0; thread < 8; thread++) {
				int seed = thread;
				all.add(threads.submit(() -> {
					for (int i = 0; i < 5_000; i++) {
						int size = (seed * 131 + i * 17) % 600;
						CompletableFuture<Permit> asked = admission.admit(size);
						if (i % 7 == 0) {
							asked.cancel(false);
						}
						asked.handle((permit, ex) -> {
							if (permit != null) {
								assertThat(inside.incrementAndGet()).isLessThanOrEqualTo(3);
								assertThat(insideBytes.addAndGet(size)).isLessThanOrEqualTo(1000);
								admitted.incrementAndGet();
								insideBytes.addAndGet(-size);
								inside.decrementAndGet();
								permit.release();
							}
							return null;
						}).join();
						if (i % 7 == 0 && asked.isDone() && !asked.isCompletedExceptionally()) {
							asked.join().release();
						}
					}
					return null;
				}));
			}
			for (Future<?> each : all) {
				each.get(50, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(admitted.get()).isPositive();
		assertThat(admission.drain().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
		assertThat(admission.requestsInFlight()).isZero();
		assertThat(admission.bytesInFlight()).isZero();
		assertThat(admission.requestsWaiting()).isZero();
	}

}
