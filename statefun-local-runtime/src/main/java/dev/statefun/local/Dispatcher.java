package dev.statefun.local;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.statefun.local.Attempt.Fault;
import dev.statefun.local.Attempt.InjectedFaultException;
import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.failure.CauseChain;
import org.jspecify.annotations.Nullable;

/**
 * Sends a cluster's requests and applies the replies. One lock guards the cluster and the
 * requests in flight: {@link #locked} runs a task with it, and functions are called
 * without it. Methods take the lock, except where a comment says that the caller holds
 * it.
 */
abstract class Dispatcher {

	/** As in the async transport: 4 ms, doubled with each retry. */
	private static final long FIRST_RETRY_MILLIS = 4;

	/** Leaves room for the longest delay and the longest time to live. */
	private static final long END_OF_TIME = Long.MAX_VALUE / 2;

	private final ReentrantLock lock = new ReentrantLock();

	private final Settings settings;

	private final Set<Attempt> inFlight = new HashSet<>();

	private final Set<Address> failOnce = new HashSet<>();

	private long unreachableUntil = Long.MIN_VALUE;

	private Cluster cluster;

	/** Number of messages in all requests so far. */
	private long invocations;

	private @Nullable Address lastCalled;

	private @Nullable LocalRuntimeException failure;

	private boolean closed;

	Dispatcher(Settings settings, Cluster cluster) {
		this.settings = settings;
		this.cluster = cluster;
	}

	/** Starts, or resumes after {@link #pause}. */
	abstract void start();

	// Stops sending. Returns whether requests in flight ended in time
	abstract boolean pause(Duration atMost);

	abstract void runUntilIdle();

	// The caller holds the lock
	abstract long now();

	abstract ClockKind clock();

	// How much the clock is ahead of the wall clock, in milliseconds. The caller holds
	// the lock
	long ahead() {
		return 0;
	}

	abstract void advance(Duration duration);

	// Returns the time to advance in milliseconds
	static long requireAdvance(Duration duration, long now) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("Time can't go back by " + duration.negated());
		}
		long most = END_OF_TIME - now;
		if (duration.compareTo(Duration.ofMillis(most)) > 0) {
			throw new IllegalArgumentException(
					"Time can't advance by " + duration + "; expected at most " + Duration.ofMillis(most));
		}
		return duration.toMillis();
	}

	// Called with the lock when input has arrived
	abstract void wake();

	// Called with the lock
	abstract void requestFailed(RequestFailedException failure);

	final <T extends @Nullable Object> T locked(Supplier<T> task) {
		this.lock.lock();
		try {
			return task.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	final void runLocked(Runnable task) {
		this.lock.lock();
		try {
			task.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	final Condition newCondition() {
		return this.lock.newCondition();
	}

	final Settings settings() {
		return this.settings;
	}

	// The caller holds the lock
	final Cluster cluster() {
		return this.cluster;
	}

	// The caller holds the lock
	final long invocations() {
		return this.invocations;
	}

	// The caller holds the lock
	final boolean hasRequestsInFlight() {
		return !this.inFlight.isEmpty();
	}

	// The caller holds the lock
	void accept(Consumer<Cluster> input) {
		input.accept(this.cluster);
		wake();
	}

	// Replaces the cluster and gives up requests in flight. The caller holds the lock
	final void replace(Cluster cluster) {
		clearInFlight();
		this.failure = null;
		this.cluster = cluster;
		wake();
	}

	final void failOnce(Address self) {
		runLocked(() -> this.failOnce.add(self));
	}

	final void unreachableFor(Duration duration) {
		// Saturates where the duration exceeds a long
		long millis = TimeUnit.MILLISECONDS.convert(duration);
		runLocked(() -> {
			long now = now();
			this.unreachableUntil = (millis > Long.MAX_VALUE - now) ? Long.MAX_VALUE : now + millis;
		});
	}

	void close() {
		runLocked(() -> {
			this.closed = true;
			clearInFlight();
			wake();
		});
	}

	private void clearInFlight() {
		this.inFlight.forEach(Attempt::interrupt);
		this.inFlight.clear();
	}

	// The caller holds the lock
	final boolean canRun() {
		return this.failure == null && !this.closed;
	}

	// The caller holds the lock
	final void requireRunning() {
		if (this.closed) {
			throw new IllegalStateException("The local runtime is closed");
		}
		if (this.failure != null) {
			throw this.failure;
		}
	}

	final LimitExceededException tooManyInvocations() {
		return new LimitExceededException("Functions were sent more than " + this.settings.invocationsPerRun()
				+ " messages without coming to rest, the last ones to '" + this.lastCalled
				+ "'; a function probably sends to itself without end. Raise the limit 'invocationsPerRun' if that is "
				+ "meant");
	}

	// Returns the next request, or null if there is nothing to do now. The caller holds
	// the lock
	final @Nullable Attempt next() {
		long now = now();
		Mailbox mailbox = this.cluster.poll(now);
		if (mailbox == null) {
			return null;
		}
		Batch batch = mailbox.inFlight();
		FunctionEndpoint endpoint = mailbox.function().endpoint();
		if (batch == null || endpoint == null) {
			throw new IllegalStateException("Nothing to send for " + mailbox.address());
		}
		byte[] request = this.cluster.request(mailbox, batch, now);
		this.invocations += batch.size();
		this.lastCalled = mailbox.address();
		MessageFlow flow = this.cluster.flow();
		Attempt attempt = new Attempt(mailbox, endpoint, batch, request, fault(mailbox, now), flow.isFollowed());
		this.inFlight.add(attempt);
		if (flow.isFollowed()) {
			flow.started(attempt, now);
		}
		return attempt;
	}

	private Fault fault(Mailbox mailbox, long now) {
		if (now < this.unreachableUntil) {
			return Fault.UNREACHABLE;
		}
		if (!this.failOnce.isEmpty() && this.failOnce.remove(mailbox.address())) {
			return Fault.LOST_REPLY;
		}
		return this.settings.deliverTwice() ? Fault.SENT_TWICE : Fault.NONE;
	}

	// Returns false if the attempt was given up in the meantime
	final boolean perform(Attempt attempt) {
		Reply reply;
		try {
			reply = read(attempt, attempt.call());
		}
		catch (Throwable ex) {
			return locked(() -> failed(attempt, ex));
		}
		return locked(() -> replied(attempt, reply));
	}

	private boolean replied(Attempt attempt, Reply reply) {
		if (!this.inFlight.remove(attempt)) {
			return false;
		}
		MessageFlow flow = this.cluster.flow();
		AppliedReply applied = flow.isFollowed() ? new AppliedReply(flow, attempt, reply, now()) : null;
		try {
			this.cluster.apply(attempt.mailbox(), attempt.batch(), reply, now(), this.settings.listeners(), applied);
			if (applied != null) {
				flow.replied(attempt, applied, now());
			}
		}
		catch (LocalRuntimeException ex) {
			jobFailed(attempt, ex);
		}
		catch (RuntimeException ex) {
			jobFailed(attempt, new JobFailedException(
					"The reply of function '" + attempt.mailbox().function().type() + "' can't be applied: " + ex, ex));
		}
		return true;
	}

	private Reply read(Attempt attempt, byte[] reply) {
		try {
			return ReplyReader.read(this.settings.dialect(), reply);
		}
		catch (IOException ex) {
			throw new JobFailedException("Function '" + attempt.mailbox().function().type()
					+ "' sent a reply that can't be read: " + ex.getMessage(), ex);
		}
	}

	private boolean failed(Attempt attempt, Throwable cause) {
		if (!this.inFlight.remove(attempt)) {
			return false;
		}
		if (cause instanceof JobFailedException fatal) {
			jobFailed(attempt, fatal);
		}
		else {
			retry(attempt, cause);
		}
		return true;
	}

	private void retry(Attempt attempt, Throwable cause) {
		Batch batch = attempt.batch();
		long now = now();
		long left = batch.firstSentAt() + this.settings.callTimeout().toMillis() - now;
		boolean injected = cause instanceof InjectedFaultException;
		RequestFailedException failed = describe(attempt, cause);
		if (left < 1 && !injected) {
			jobFailed(attempt,
					new JobFailedException(
							failed.getMessage() + ". It was sent "
									+ ((batch.failures() == 0) ? "once" : (batch.failures() + 1) + " times")
									+ " within " + this.settings.callTimeout().toMillis() + " ms ('callTimeout')",
							failed));
			return;
		}
		long delay = FIRST_RETRY_MILLIS << Math.min(batch.failures(), 20);
		if (!injected) {
			delay = Math.min(delay, left);
		}
		batch.failed();
		this.cluster.retry(now + delay, attempt.mailbox());
		this.settings.listeners().requestFailed(attempt.mailbox().address(), failed, Duration.ofMillis(delay));
		ended(attempt, failed, EndedRequest.Outcome.FAILED, Duration.ofMillis(delay));
		if (!injected) {
			requestFailed(failed);
		}
	}

	private static RequestFailedException describe(Attempt attempt, Throwable cause) {
		int messages = attempt.batch().size();
		return new RequestFailedException("The request to function '" + attempt.mailbox().function().type() + "', id '"
				+ attempt.mailbox().address().id() + "', with " + messages
				+ ((messages == 1) ? " message" : " messages") + " failed: " + textOf(cause), cause);
	}

	private static String textOf(Throwable cause) {
		String message = CauseChain.messageOf(cause);
		return (message != null) ? message : CauseChain.describe(cause);
	}

	private void jobFailed(Attempt attempt, LocalRuntimeException cause) {
		Duration restartDelay = this.settings.restartDelay();
		if (restartDelay == null) {
			ended(attempt, cause, EndedRequest.Outcome.JOB_FAILED, null);
			fail(cause);
			return;
		}
		attempt.batch().forgetAttempts();
		this.cluster.retry(now() + restartDelay.toMillis(), attempt.mailbox());
		this.settings.listeners().jobFailed(attempt.mailbox().address(), cause, restartDelay);
		ended(attempt, cause, EndedRequest.Outcome.JOB_FAILED, restartDelay);
	}

	private void ended(Attempt attempt, LocalRuntimeException failure, EndedRequest.Outcome outcome,
			@Nullable Duration nextAttempt) {
		MessageFlow flow = this.cluster.flow();
		if (flow.isFollowed()) {
			flow.failed(attempt, failure, outcome, nextAttempt, now());
		}
	}

	private void fail(LocalRuntimeException cause) {
		this.failure = cause;
		wake();
	}

	// Called when a thread of this runtime ends because of a bug
	final void broken(Throwable cause) {
		runLocked(() -> fail(
				new JobFailedException("the local runtime itself failed: " + CauseChain.describe(cause), cause)));
	}

	// The caller stopped waiting: requests in flight are sent again by the next run
	final void giveUpAll() {
		runLocked(() -> {
			for (Attempt attempt : this.inFlight) {
				attempt.interrupt();
				this.cluster.again(attempt.mailbox());
			}
			this.inFlight.clear();
		});
	}

	// Gives up overdue requests. Returns their number. The caller holds the lock
	final int giveUpOverdue() {
		long limit = this.settings.replyTimeout().toNanos();
		int givenUp = 0;
		for (Attempt attempt : Set.copyOf(this.inFlight)) {
			if (attempt.nanos() > limit) {
				this.inFlight.remove(attempt);
				TimeoutException timeout = new TimeoutException(
						"it did not end within " + this.settings.replyTimeout().toMillis() + " ms ('replyTimeout')");
				timeout.setStackTrace(attempt.stackTrace());
				retry(attempt, timeout);
				attempt.interrupt();
				givenUp++;
			}
		}
		return givenUp;
	}

	static Thread startThread(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
