package dev.statefun.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.FailureAction.DeadLetterTo;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.ReplyTooLargeException;
import dev.statefun.sdk.protocol.ReplyWriter;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one request, for one function instance: handled one after the other,
 * each seeing the states as the one before left them, and answered together. Nothing of
 * it outlives the request.
 */
final class Batch {

	/** Room for what a message usually does. */
	private static final int FIRST_BUFFER = 256;

	private final StatefulFunctions functions;

	private final RegisteredFunction function;

	private final Handling handling;

	private final BatchRequest request;

	private final ReplyWriter reply;

	private final BatchStates states;

	private final BatchEffects effects;

	/** Counts what is done, if anybody listens. */
	private final @Nullable BatchTally tally;

	/** Follows this batch, if anybody observes. */
	private final @Nullable BatchScope scope;

	/** What follows the thread that goes through the messages. */
	private BatchScope.@Nullable ThreadScope inside;

	private @Nullable Address self;

	private InvocationContext current;

	private int next;

	/** When the batch began, if its time is limited. */
	private final long start;

	/** The thread of the request, until the request leaves it. */
	private @Nullable Thread starter = Thread.currentThread();

	/** Another thread that runs a handler or its interceptors. Guarded by the reply. */
	private @Nullable Thread runner;

	/** Whether whatever runs is to end. Guarded by the reply. */
	private boolean givenUp;

	/**
	 * Create a batch.
	 * @param functions the registry
	 * @param function the function to call
	 * @param handling what surrounds its invocations
	 * @param request the request
	 * @param entries for each state of the function its place in the request
	 */
	Batch(StatefulFunctions functions, RegisteredFunction function, Handling handling, BatchRequest request,
			int[] entries) {
		this.functions = functions;
		this.function = function;
		this.handling = handling;
		this.start = (handling.batchTimeout() != null) ? System.nanoTime() : 0;
		this.request = request;
		this.reply = new ReplyWriter(request.dialect(), FIRST_BUFFER, handling.maxReplySize());
		this.current = new InvocationContext(this, 0);
		this.states = new BatchStates(function, functions.mappings(), request, entries);
		this.tally = (handling.listener() != null || handling.observer() != null)
				? new BatchTally(function.invoker().handlers().size()) : null;
		this.effects = new BatchEffects(this.reply, this.tally);
		BatchObserver observer = handling.observer();
		this.scope = (observer != null) ? observer.follow(self()) : null;
	}

	/**
	 * Handle all messages.
	 * @return the reply, or the {@link InvocationFailedException} that ended the batch
	 */
	CompletionStage<byte[]> run() {
		try {
			CompletableFuture<?> pending = advance();
			if (pending == null) {
				return CompletableFuture.completedFuture(toReply());
			}
			this.effects.disown();
			CompletionStage<byte[]> result = new Continuation(pending).result();
			this.starter = null;
			return result;
		}
		catch (InvocationFailedException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	// Calls the function for one message after the other, until all are handled or one
	// is left to a stage that is not done; returns that stage
	private @Nullable CompletableFuture<?> advance() {
		if (this.scope == null || this.next == this.request.invocationCount()) {
			return handleNext();
		}
		BatchScope.ThreadScope inside = this.scope.enter();
		this.inside = inside;
		try {
			return handleNext();
		}
		finally {
			inside.leave();
		}
	}

	private @Nullable CompletableFuture<?> handleNext() {
		while (this.next < this.request.invocationCount()) {
			if (this.next > 0) {
				this.current = new InvocationContext(this, this.next);
			}
			if (this.next == 1) {
				this.reply.expect(this.request.invocationCount());
			}
			if (this.handling.takesBack()) {
				this.effects.mark();
				this.states.mark();
			}
			this.effects.begin(this.current);
			try {
				Object result = invoke(0);
				if (result instanceof CompletionStage<?> stage) {
					CompletableFuture<?> future = toFuture(stage);
					if (!future.isDone()) {
						return future;
					}
					result = resultOf(future);
				}
				complete(result);
			}
			catch (Throwable ex) {
				recover(ex);
			}
		}
		return null;
	}

	private void requireTime() {
		if (isOverdue()) {
			throw tookTooLong(null);
		}
	}

	private boolean isOverdue() {
		Duration timeout = this.handling.batchTimeout();
		return timeout != null && System.nanoTime() - this.start >= timeout.toNanos();
	}

	private BatchTimeoutException tookTooLong(@Nullable Throwable cause) {
		Duration timeout = Objects.requireNonNull(this.handling.batchTimeout());
		return new BatchTimeoutException("the batch took more than " + timeout.toMillis() + " ms", cause);
	}

	// Calls an interceptor, or the function behind the last one
	@Nullable Object invoke(int interceptor) throws Throwable {
		boolean entered = enter();
		try {
			return (this.scope != null) ? invoke(interceptor, this.scope) : invokeUnobserved(interceptor);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ex;
		}
		finally {
			if (entered) {
				leave();
			}
		}
	}

	private @Nullable Object invoke(int interceptor, BatchScope scope) throws Throwable {
		if (interceptor == 0 && this.inside != null) {
			this.inside.invoking(this.current);
		}
		if (this.effects.isOwned()) {
			return invokeUnobserved(interceptor);
		}
		BatchScope.ThreadScope elsewhere = scope.enter();
		try {
			elsewhere.invoking(this.current);
			return invokeUnobserved(interceptor);
		}
		finally {
			elsewhere.leave();
		}
	}

	private @Nullable Object invokeUnobserved(int interceptor) throws Throwable {
		List<InvocationInterceptor> interceptors = this.handling.interceptors();
		return (interceptor == interceptors.size()) ? this.function.invoker().invoke(this.current)
				: interceptors.get(interceptor)
					.intercept(new InterceptedInvocation(this, this.current, interceptor + 1));
	}

	// The server looks after the thread of the request. Others, which complete stages or
	// are an executor's, are known here alone
	private boolean enter() {
		Thread thread = Thread.currentThread();
		if (thread == this.starter || this.handling.batchTimeout() == null) {
			return false;
		}
		synchronized (this.reply) {
			if (this.givenUp) {
				throw tookTooLong(null);
			}
			if (this.runner == thread) {
				return false;
			}
			this.runner = thread;
			return true;
		}
	}

	// An interruption was meant for what has run, not for what the thread does next
	private void leave() {
		synchronized (this.reply) {
			if (this.runner == Thread.currentThread()) {
				this.runner = null;
			}
			if (this.givenUp) {
				Thread.interrupted();
			}
		}
	}

	// Ends what runs for a reply that nobody waits for any more
	void interrupt() {
		synchronized (this.reply) {
			this.givenUp = true;
			if (this.runner != null) {
				this.runner.interrupt();
			}
		}
	}

	private void settle(CompletableFuture<?> done) {
		try {
			complete(resultOf(done));
		}
		catch (Throwable ex) {
			recover(ex);
		}
	}

	private void rollBack() {
		this.effects.rollBack();
		this.states.rollBack();
	}

	// Takes back what the current message has done, for another attempt at it
	void startOver() {
		rollBack();
		restart();
	}

	private void restart() {
		this.current = new InvocationContext(this, this.next);
		this.effects.begin(this.current);
	}

	InvocationContext current() {
		return this.current;
	}

	// Goes on without the current message, or fails
	private void recover(Throwable thrown) {
		// Whoever looks after the time interrupts what runs when it is over, which
		// handlers
		// answer with exceptions of all kinds
		boolean late = (isDecidable(thrown) || thrown instanceof InterruptedException) && isOverdue();
		Throwable cause = late ? tookTooLong(thrown) : thrown;
		FailureAction action = decide(cause);
		if (action == FailureAction.retry()) {
			throw lost(cause);
		}
		int handler = this.current.handler();
		rollBack();
		if (action instanceof DeadLetterTo deadLetter) {
			restart();
			try {
				this.current.sendEgress(deadLetter.egress(), deadLetter.record());
				this.effects.end();
			}
			catch (Throwable ex) {
				ex.addSuppressed(cause);
				throw lost(ex);
			}
		}
		tell(handler, (action instanceof DeadLetterTo) ? InvocationOutcome.DEAD_LETTERED : InvocationOutcome.SKIPPED);
		this.next++;
	}

	private InvocationFailedException lost(Throwable cause) {
		tell(this.current.handler(), InvocationOutcome.RETRIED);
		return failed(cause);
	}

	private void tell(int handler, InvocationOutcome outcome) {
		if (this.tally != null) {
			this.tally.ended(handler, outcome);
		}
	}

	private FailureAction decide(Throwable cause) {
		FailurePolicy policy = this.handling.policy();
		BatchListener listener = this.handling.listener();
		if (policy == null && listener == null) {
			return FailureAction.retry();
		}
		FailedInvocation failed = this.current.failed(cause);
		FailureAction action = FailureAction.retry();
		if (policy != null && isDecidable(failed.cause())) {
			try {
				action = Objects.requireNonNull(policy.decide(failed), "the failure policy decided nothing");
			}
			catch (Throwable ex) {
				ex.addSuppressed(cause);
				throw lost(ex);
			}
		}
		if (listener != null) {
			try {
				listener.invocationFailed(failed, action);
			}
			catch (Throwable ex) {
				ex.addSuppressed(cause);
				throw lost(ex);
			}
		}
		return action;
	}

	// What is wrong with the machine or the installation is not the message's fault, nor
	// is what others have sent before it; and an interruption ends the whole batch
	private boolean isDecidable(Throwable cause) {
		if (cause instanceof ReplyTooLargeException tooLarge) {
			return this.effects.isTooLarge(tooLarge);
		}
		return !(cause instanceof VirtualMachineError || cause instanceof LinkageError
				|| cause instanceof InterruptedException || cause instanceof BatchTimeoutException);
	}

	// A handler that took no notice of its interruption may have left half of its work
	private void complete(@Nullable Object result) {
		requireTime();
		Object value = (result instanceof Optional<?> optional) ? optional.orElse(null) : result;
		if (value != null) {
			this.current.reply(value);
		}
		this.effects.end();
		tell(this.current.handler(), InvocationOutcome.HANDLED);
		this.next++;
	}

	// Other stages, CompletableFuture's own minimal one among them, can't be asked
	// whether they are done
	private static CompletableFuture<?> toFuture(CompletionStage<?> stage) {
		if (stage.getClass() == CompletableFuture.class) {
			return (CompletableFuture<?>) stage;
		}
		CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
		stage.whenComplete((value, ex) -> {
			if (ex != null) {
				future.completeExceptionally(ex);
			}
			else {
				future.complete(value);
			}
		});
		return future;
	}

	private static @Nullable Object resultOf(CompletableFuture<?> done) throws Throwable {
		try {
			return done.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
		catch (CancellationException ex) {
			throw new IllegalStateException("the stage was cancelled", ex);
		}
	}

	InvocationFailedException failed(Throwable cause) {
		this.effects.abandon();
		return new InvocationFailedException(self(),
				"Function '" + functionType() + "' failed for id '" + Printable.of(self().id()) + "' on message "
						+ (this.next + 1) + " of " + this.request.invocationCount() + ", of the type '"
						+ this.current.typename() + "'; nothing of the batch was applied: " + describe(cause),
				cause);
	}

	// An exception's own text may fail as well, and must not take the answer with it
	private static String describe(Throwable cause) {
		try {
			return String.valueOf(cause);
		}
		catch (Throwable ex) {
			return cause.getClass().getName();
		}
	}

	private byte[] toReply() {
		try {
			this.states.writeTo(this.reply);
			return this.reply.toByteArray();
		}
		catch (Throwable ex) {
			throw new InvocationFailedException(self(),
					"The reply of function '" + functionType() + "' for id '" + Printable.of(self().id())
							+ "' can't be written; nothing of the batch was applied: " + describe(ex),
					ex);
		}
	}

	FunctionType functionType() {
		return this.function.type();
	}

	StatefulFunctions functions() {
		return this.functions;
	}

	BatchRequest request() {
		return this.request;
	}

	@Nullable BatchTally tally() {
		return this.tally;
	}

	@Nullable BatchScope scope() {
		return this.scope;
	}

	BatchEffects effects() {
		return this.effects;
	}

	BatchStates states() {
		return this.states;
	}

	Address self() {
		if (this.self == null) {
			this.self = Address.of(functionType(), this.request.targetId());
		}
		return this.self;
	}

	/**
	 * Goes on with the batch whenever a stage is done. A stage that is done by then
	 * signals from within the call that registers for it; counting the signals turns that
	 * recursion, as deep as the batch is long, into a loop.
	 */
	private final class Continuation {

		private final PendingReply result = new PendingReply(Batch.this);

		private final AtomicInteger signals = new AtomicInteger();

		private CompletableFuture<?> pending;

		Continuation(CompletableFuture<?> pending) {
			this.pending = pending;
			pending.whenComplete((value, ex) -> signal());
		}

		CompletionStage<byte[]> result() {
			return this.result;
		}

		private void signal() {
			if (this.signals.getAndIncrement() == 0) {
				do {
					resume();
				}
				while (this.signals.decrementAndGet() > 0);
			}
		}

		private void resume() {
			if (this.result.isDone()) {
				// Nobody waits for the reply any more: the cluster will send the batch
				// again
				Batch.this.effects.abandon();
				this.result.end();
				return;
			}
			try {
				Batch.this.effects.own();
				settle(this.pending);
				CompletableFuture<?> following = advance();
				if (following == null) {
					byte[] bytes = toReply();
					this.result.end();
					this.result.complete(bytes);
					return;
				}
				Batch.this.effects.disown();
				this.pending = following;
				following.whenComplete((value, ex) -> signal());
			}
			catch (Throwable ex) {
				this.result.end();
				this.result.completeExceptionally(ex);
			}
		}

	}

}
