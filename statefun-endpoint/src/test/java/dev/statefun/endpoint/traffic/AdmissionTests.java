package dev.statefun.endpoint.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.endpoint.traffic.Admission.Permit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Admission}.
 */
@Timeout(60)
class AdmissionTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	// A body that is available immediately
	private static CompletableFuture<Permit> admit(Admission admission, long size) {
		Permit permit = admission.begin();
		CompletableFuture<@Nullable Void> room = permit.growTo(size);
		CompletableFuture<Permit> admitted = room.thenCompose((granted) -> permit.enter(size))
			.thenApply((turn) -> permit);
		admitted.whenComplete((turn, ex) -> {
			if (admitted.isCancelled()) {
				permit.release();
			}
		});
		return admitted;
	}

	private static Permit arriving(Admission admission, long size) {
		Permit permit = admission.begin();
		permit.awaitSender((reason) -> {
		});
		assertThat(permit.growTo(size)).isCompleted();
		return permit;
	}

	@Test
	void requestsAreAdmittedUpToTheirNumber() {
		Admission admission = new Admission(2, 100, LONG);
		CompletableFuture<Permit> first = admit(admission, 1);
		assertThat(first).isCompleted();
		assertThat(admit(admission, 1)).isCompleted();
		CompletableFuture<Permit> third = admit(admission, 1);
		assertThat(third).isNotDone();
		assertThat(admission.requestsInFlight()).isEqualTo(2);
		assertThat(admission.requestsWaiting()).isEqualTo(1);
		first.join().release();
		assertThat(third).isCompleted();
		assertThat(admission.requestsWaiting()).isZero();
	}

	@Test
	void requestsAreAdmittedUpToTheirBytes() {
		Admission admission = new Admission(10, 100, LONG);
		CompletableFuture<Permit> large = admit(admission, 90);
		CompletableFuture<Permit> next = admit(admission, 11);
		CompletableFuture<Permit> small = admit(admission, 1);
		assertThat(next).isNotDone();
		assertThat(small).as("no request overtakes").isNotDone();
		large.join().release();
		assertThat(next).isCompleted();
		assertThat(small).isCompleted();
		assertThat(admission.bytesInFlight()).isEqualTo(12);
	}

	@Test
	void permitIsReleasedOnce() {
		Admission admission = new Admission(2, 100, LONG);
		Permit permit = admit(admission, 60).join();
		admit(admission, 40).join();
		permit.release();
		permit.release();
		assertThat(admission.requestsInFlight()).isEqualTo(1);
		assertThat(admission.bytesInFlight()).isEqualTo(40);
	}

	@Test
	void requestIsRejectedWithFiguresAfterTheQueueTimeout() {
		Admission admission = new Admission(1, 100, Duration.ofMillis(20));
		admit(admission, 7).join();
		assertThat(admit(admission, 1)).failsWithin(LONG)
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOfSatisfying(NotAdmittedException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Rejection.OVERLOADED))
			.withMessage("No room for 20 ms ('statefun.queue-timeout'): 1 requests of at most 1 "
					+ "('statefun.max-in-flight'), 8 bytes of at most 100 ('statefun.max-in-flight-bytes') are in flight");
		assertThat(admission.requestsWaiting()).isZero();
	}

	@Test
	void requestThatMayNotWaitIsRejectedImmediately() {
		Admission admission = new Admission(1, 100, Duration.ZERO);
		assertThat(admit(admission, 100)).isCompleted();
		assertThat(admit(admission, 0)).failsWithin(LONG);
	}

	@Test
	void abandonedWaitLetsTheNextRequestProceed() {
		Admission admission = new Admission(10, 100, LONG);
		admit(admission, 50).join();
		CompletableFuture<Permit> large = admit(admission, 60);
		CompletableFuture<Permit> small = admit(admission, 50);
		assertThat(small).isNotDone();
		large.cancel(false);
		assertThat(small).isCompleted();
		assertThat(admission.bytesInFlight()).isEqualTo(100);
	}

	@Test
	void drainingRejectsAllRequests() {
		Admission admission = new Admission(1, 100, LONG);
		Permit permit = admit(admission, 1).join();
		CompletableFuture<Permit> waiting = admit(admission, 1);
		CompletableFuture<@Nullable Void> drained = admission.drain().toCompletableFuture();
		assertThat(waiting).failsWithin(LONG)
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOfSatisfying(NotAdmittedException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Rejection.DRAINING));
		assertThat(admit(admission, 1)).isCompletedExceptionally();
		assertThat(admission.isDraining()).isTrue();
		assertThat(drained).isNotDone();
		permit.release();
		assertThat(drained).isCompleted();
		assertThat(admission.drain().toCompletableFuture()).isCompleted();
	}

	@Test
	void admissionCanBeReopened() {
		Admission admission = new Admission(1, 100, LONG);
		assertThat(admission.drain().toCompletableFuture()).isCompleted();
		admission.open();
		CompletableFuture<Permit> permit = admit(admission, 1);
		assertThat(permit).isCompleted();
		assertThat(admission.drain().toCompletableFuture()).isNotDone();
	}

	@Test
	void invalidSizesAndLimitsAreRejected() {
		Admission admission = new Admission(1, 100, LONG);
		assertThatIllegalArgumentException().isThrownBy(() -> admission.begin().growTo(101));
		assertThatIllegalArgumentException().isThrownBy(() -> admission.begin().growTo(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(0, 1, LONG));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(1, 0, LONG));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(1, 1, LONG.negated()));
	}

	@Test
	void slowSenderHoldsOnlyTheBytesThatItHasSent() {
		Admission admission = new Admission(1, 100, Duration.ZERO);
		List<Permit> slow = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			slow.add(arriving(admission, 1));
		}
		assertThat(admission.requestsInFlight()).isZero();
		assertThat(admission.bytesInFlight()).isEqualTo(50);
		assertThat(admit(admission, 50)).isCompleted();
		slow.forEach(Permit::release);
		assertThat(admission.bytesInFlight()).isEqualTo(50);
	}

	@Test
	void laterBodyDoesNotOvertakeAWaitingOne() {
		Admission admission = new Admission(10, 100, LONG);
		Permit first = arriving(admission, 10);
		Permit second = arriving(admission, 10);
		Permit whole = admit(admission, 80).join();
		CompletableFuture<@Nullable Void> later = second.growTo(20);
		CompletableFuture<@Nullable Void> earlier = first.growTo(50);
		CompletableFuture<Permit> newcomer = admit(admission, 1);
		assertThat(admission.requestsWaiting()).isEqualTo(3);
		whole.release();
		assertThat(earlier).isCompleted();
		assertThat(later).isCompleted();
		assertThat(newcomer).isCompleted();
		assertThat(admission.bytesInFlight()).isEqualTo(71);
	}

	@Test
	void firstBodyCanGrowWhileOthersHoldTheRoom() {
		Admission admission = new Admission(10, 100, Duration.ofMillis(20));
		List<NotAdmittedException> refusals = new ArrayList<>();
		Permit first = arriving(admission, 40);
		Permit second = admission.begin();
		second.awaitSender(refusals::add);
		assertThat(second.growTo(30)).isCompleted();
		Permit third = admission.begin();
		third.awaitSender(refusals::add);
		assertThat(third.growTo(30)).isCompleted();
		assertThat(first.growTo(70)).succeedsWithin(LONG);
		assertThat(refusals).singleElement()
			.satisfies((refusal) -> assertThat(refusal)
				.hasMessageContaining("needed for one that began to arrive earlier: at most 100 bytes"))
			.returns(Rejection.OVERLOADED, NotAdmittedException::reason);
		assertThat(admission.bytesInFlight()).isEqualTo(100);
		assertThat(first.growTo(100)).succeedsWithin(LONG);
		assertThat(refusals).hasSize(2);
		assertThat(second.growTo(31)).isCompletedExceptionally();
	}

	@Test
	void incompleteBodiesDoNotDeadlock() {
		Admission admission = new Admission(10, 100, Duration.ofMillis(50));
		Permit first = arriving(admission, 50);
		Permit second = arriving(admission, 50);
		CompletableFuture<@Nullable Void> secondGrows = second.growTo(100);
		CompletableFuture<@Nullable Void> firstGrows = first.growTo(100);
		assertThat(firstGrows).succeedsWithin(LONG);
		assertThat(secondGrows).isCompletedExceptionally();
	}

	@Test
	void completeBodiesKeepTheirRoom() {
		Admission admission = new Admission(10, 100, Duration.ofMillis(20));
		Permit first = arriving(admission, 40);
		Permit whole = admit(admission, 60).join();
		assertThat(first.growTo(41)).failsWithin(LONG);
		assertThat(admission.bytesInFlight()).isEqualTo(60);
		whole.release();
		assertThat(admission.bytesInFlight()).isZero();
	}

	@Test
	void timesOfSeveralWaitsAddUp() {
		Admission admission = new Admission(1, 100, Duration.ofMillis(300));
		Permit whole = admit(admission, 100).join();
		Permit permit = admission.begin();
		CompletableFuture<@Nullable Void> room = permit.growTo(1);
		CompletableFuture<Void> released = CompletableFuture.runAsync(whole::release,
				CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
		assertThat(room).succeedsWithin(LONG);
		released.join();
		admit(admission, 1).join();
		long begin = System.nanoTime();
		assertThat(permit.enter(1)).failsWithin(LONG);
		assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.MILLISECONDS.toNanos(250));
		assertThat(permit.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
	}

	@Test
	void drainingRejectsArrivingBodies() {
		Admission admission = new Admission(10, 100, LONG);
		List<NotAdmittedException> refusals = new ArrayList<>();
		Permit waiting = admission.begin();
		waiting.awaitSender(refusals::add);
		waiting.growTo(100).join();
		CompletableFuture<Permit> newcomer = admit(admission, 1);
		Permit unwatched = admission.begin();
		assertThat(admission.drain().toCompletableFuture()).isCompleted();
		assertThat(refusals).singleElement().returns(Rejection.DRAINING, NotAdmittedException::reason);
		assertThat(newcomer).isCompletedExceptionally();
		assertThat(unwatched.growTo(1)).isCompletedExceptionally();
		unwatched.awaitSender(refusals::add);
		assertThat(refusals).hasSize(2);
		assertThat(admission.bytesInFlight()).isZero();
	}

	// Every wait ends, the limits hold at any time, and the first of the arriving bodies
	// is never rejected while incomplete ones hold its room
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void bodiesArrivingInAnyOrderAllEnd(long seed) {
		Random random = new Random(seed);
		boolean waits = seed % 2 == 0;
		Admission admission = new Admission(3, 100, waits ? Duration.ofMillis(1) : Duration.ZERO);
		List<Body> bodies = new ArrayList<>();
		int complete = 0;
		int refused = 0;
		for (int step = 0; step < 3_000; step++) {
			if (bodies.size() < 12) {
				bodies.add(new Body(admission, 1 + random.nextInt(100)));
			}
			Body body = bodies.get(random.nextInt(bodies.size()));
			if (random.nextInt(20) == 0) {
				body.permit.release();
				bodies.remove(body);
			}
			else if (body.pending.isDone()) {
				body.goOn(1 + random.nextInt(40));
			}
			assertThat(admission.bytesInFlight()).isBetween(0L, 100L);
			assertThat(admission.requestsInFlight()).isBetween(0, 3);
			for (Body each : List.copyOf(bodies)) {
				if (each.isRefused()) {
					refused++;
					bodies.remove(each);
				}
				else if (each.entered && each.pending.isDone() && random.nextInt(3) == 0) {
					complete++;
					each.permit.release();
					bodies.remove(each);
				}
			}
		}
		assertThat(complete).isGreaterThan(10);
		if (!waits) {
			assertThat(refused).isGreaterThan(10);
		}
		// The first of the arriving bodies can finish when the others do nothing
		bodies.stream().filter((body) -> body.entered).forEach((body) -> body.permit.release());
		List<Body> arriving = bodies.stream().filter((body) -> !body.entered && !body.isRefused()).toList();
		arriving.forEach((body) -> body.pending.handle((done, ex) -> done).join());
		Body first = arriving.stream().filter((body) -> !body.isRefused()).findFirst().orElseThrow();
		while (!first.entered) {
			first.goOn(30);
			assertThat(first.pending).succeedsWithin(LONG);
		}
		bodies.forEach((body) -> body.permit.release());
		assertThat(admission.bytesInFlight()).isZero();
		assertThat(admission.requestsInFlight()).isZero();
		assertThat(admission.requestsWaiting()).isZero();
	}

	@Test
	void limitsHoldWithManyThreads() throws Exception {
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
						CompletableFuture<Permit> asked = admit(admission, size);
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

	@Test
	void noWaitingRequestIsMissedByOneThatEnds() throws Exception {
		Admission admission = new Admission(2, 1000, LONG);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<Integer>> all = new ArrayList<>();
			for (int thread = 0; thread < 8; thread++) {
				int seed = thread;
				all.add(threads.submit(() -> {
					int waits = 0;
					for (int i = 0; i < 20_000; i++) {
						CompletableFuture<Permit> asked = admit(admission, (seed * 131 + i * 17) % 600);
						waits += asked.isDone() ? 0 : 1;
						asked.get(20, TimeUnit.SECONDS).release();
					}
					return waits;
				}));
			}
			int waits = 0;
			for (Future<Integer> each : all) {
				waits += each.get(50, TimeUnit.SECONDS);
			}
			assertThat(waits).isBetween(1, 159_999);
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(admission.requestsInFlight()).isZero();
		assertThat(admission.bytesInFlight()).isZero();
	}

	@Test
	void permitReleasedByTwoThreadsIsReleasedOnce() throws Exception {
		Admission admission = new Admission(10, 1000, LONG);
		admit(admission, 7).join();
		ExecutorService other = Executors.newSingleThreadExecutor();
		try {
			for (int i = 0; i < 5_000; i++) {
				Permit permit = admission.begin();
				CompletableFuture<Void> first = CompletableFuture.runAsync(permit::release, other);
				if (!permit.growTo(10).isCompletedExceptionally()) {
					permit.enter(5);
				}
				permit.release();
				first.get(20, TimeUnit.SECONDS);
				assertThat(admission.bytesInFlight()).isEqualTo(7);
				assertThat(admission.requestsInFlight()).isEqualTo(1);
			}
		}
		finally {
			other.shutdownNow();
		}
	}

	@Test
	void largestLimitsDoNotMixRequestsWithBytes() {
		long terabyte = 1L << 40;
		Admission admission = new Admission(1 << 20, terabyte, Duration.ZERO);
		Permit large = admit(admission, terabyte).join();
		assertThat(admit(admission, terabyte)).isCompletedExceptionally();
		assertThat(admission.bytesInFlight()).isEqualTo(terabyte);
		assertThat(admission.requestsInFlight()).isEqualTo(1);
		large.release();
		List<Permit> all = new ArrayList<>();
		for (int i = 0; i < 1 << 20; i++) {
			all.add(admit(admission, 1).join());
		}
		assertThat(admit(admission, 1)).isCompletedExceptionally();
		assertThat(admission.requestsInFlight()).isEqualTo(1 << 20);
		all.forEach(Permit::release);
		assertThat(admission.requestsInFlight()).isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(1 + (1 << 20), 1, LONG));
		assertThatIllegalArgumentException().isThrownBy(() -> new Admission(1, terabyte + 1, LONG));
	}

	/**
	 * A body that arrives in pieces.
	 */
	private static final class Body {

		private final Permit permit;

		private final int whole;

		private final AtomicInteger refusals = new AtomicInteger();

		private int size;

		private boolean entered;

		private CompletableFuture<@Nullable Void> pending = CompletableFuture.completedFuture(null);

		Body(Admission admission, int whole) {
			this.permit = admission.begin();
			this.permit.awaitSender((reason) -> this.refusals.incrementAndGet());
			this.whole = whole;
		}

		boolean isRefused() {
			return this.refusals.get() > 0 || this.pending.isCompletedExceptionally();
		}

		void goOn(int bytes) {
			if (this.entered || isRefused()) {
				return;
			}
			if (this.size == this.whole) {
				this.entered = true;
				this.pending = this.permit.enter(this.whole);
				return;
			}
			this.size = Math.min(this.whole, this.size + bytes);
			this.pending = this.permit.growTo(this.size);
		}

	}

}
