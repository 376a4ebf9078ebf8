package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureAction.DeadLetterTo;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.BatchScope;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.protocol.ReplyTooLargeException;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.registry.FunctionInvoker;
import dev.statefun.sdk.registry.RegisteredFunction;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one request, for one function instance: handled one after the other,
 * each seeing the states as the one before left them, and answered together. Nothing of
 * it outlives the request.
 */
final class Batch extends OngoingBatch implements Attempt {

	private final HandlerOptions handling;

	/** Follows this batch, if anybody observes. */
	private final @Nullable BatchScope scope;

	/** What follows the thread that goes through the messages. */
	private BatchScope.@Nullable ThreadScope inside;

	private InvocationContext current;

	private int next;

	/** The time that the batch has, if that is limited. */
	private final @Nullable TimeLimit limit;

	/**
	 * Create a batch.
	 * @param functions the registry
	 * @param function the function to call
	 * @param handling what surrounds its invocations
	 * @param request the request
	 * @param entries for each state of the function its place in the request
	 * @param timeout how long the batch may take, or {@code null} for any time
	 */
	Batch(StatefulFunctions functions, RegisteredFunction function, HandlerOptions handling, BatchRequest request,
			int[] entries, @Nullable Duration timeout) {
		super(functions, function, handling, request, entries);
		this.handling = handling;
		this.current = new InvocationContext(this, 0);
		BatchObserver observer = handling.observer();
		this.scope = (observer != null) ? follow(observer) : null;
		this.limit = TimeLimit.start(handling, timeout, request.invocationCount());
	}

	private BatchScope follow(BatchObserver observer) {
		boolean interrupted = InterruptFlag.isSet();
		try {
			return observer.follow(self());
		}
		finally {
			restoreInterruption(interrupted);
		}
	}

	/**
	 * Handle all messages.
	 * @param interrupted whether the thread was interrupted before the time of the batch
	 * began
	 * @return the reply, or the {@link InvocationFailedException} that ended the batch
	 */
	CompletionStage<byte[]> run(boolean interrupted) {
		try {
			return begin();
		}
		finally {
			restoreInterruption(interrupted);
		}
	}

	private CompletionStage<byte[]> begin() {
		CompletableFuture<?> pending;
		try {
			pending = advance();
			if (pending == null) {
				return CompletableFuture.completedFuture(finish());
			}
		}
		catch (InvocationFailedException ex) {
			endTime();
			return CompletableFuture.failedFuture(ex);
		}
		catch (Throwable ex) {
			endTime();
			throw ex;
		}
		return new Continuation(pending).start();
	}

	// The reply, unless the time is over before it is complete
	private byte[] finish() {
		byte[] reply = toReply();
		BatchTimeoutException late = endTime();
		if (late != null) {
			throw failed(late);
		}
		return reply;
	}

	private @Nullable BatchTimeoutException endTime() {
		return (this.limit != null) ? this.limit.end() : null;
	}

	// Calls the function for one message after the other, until all are handled or one
	// is left to a stage that is not done; returns that stage
	private @Nullable CompletableFuture<?> advance() {
		if (this.scope == null || this.next == request().invocationCount()) {
			return handleNext();
		}
		boolean interrupted = InterruptFlag.isSet();
		BatchScope.ThreadScope inside = this.scope.enter();
		restoreInterruption(interrupted);
		this.inside = inside;
		try {
			return handleNext();
		}
		finally {
			inside.leave();
			restoreInterruption(interrupted);
		}
	}

	/**
	 * Take back what code of others has made of the interrupt flag of the current thread.
	 * It was the code's own; the next message is not meant, nor what writes the reply.
	 * @param before whether it was set before the code was called
	 */
	@Override
	void restoreInterruption(boolean before) {
		if (InterruptFlag.restore(before) && (this.limit == null || !this.limit.isLate())) {
			this.handling.interruptionChanged(self());
		}
	}

	private @Nullable CompletableFuture<?> handleNext() {
		boolean interrupted = InterruptFlag.isSet();
		while (this.next < request().invocationCount()) {
			if (this.next > 0) {
				this.current = new InvocationContext(this, this.next);
			}
			if (this.next == 1) {
				effects().reply().expect(request().invocationCount());
			}
			if (this.handling.takesBack()) {
				mark();
			}
			effects().begin(this.current);
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
			restoreInterruption(interrupted);
		}
		return null;
	}

	@Override
	public @Nullable Object invoke(int interceptor) throws Throwable {
		boolean interrupted = InterruptFlag.isSet();
		boolean entered = enter();
		try {
			return (this.scope != null) ? invoke(interceptor, this.scope) : invokeUnobserved(interceptor);
		}
		finally {
			if (entered) {
				Objects.requireNonNull(this.limit).leaveElsewhere();
			}
			restoreInterruption(interrupted);
		}
	}

	// Whether this is a thread that has to be left again
	private boolean enter() {
		if (this.limit == null) {
			return false;
		}
		if (effects().isOwned()) {
			this.limit.requireTime();
			return false;
		}
		return this.limit.enterElsewhere();
	}

	private @Nullable Object invoke(int interceptor, BatchScope scope) throws Throwable {
		boolean interrupted = InterruptFlag.isSet();
		if (interceptor == 0 && this.inside != null) {
			this.inside.invoking(this.current);
			restoreInterruption(interrupted);
		}
		if (effects().isOwned()) {
			return invokeUnobserved(interceptor);
		}
		BatchScope.ThreadScope elsewhere = scope.enter();
		try {
			elsewhere.invoking(this.current);
			restoreInterruption(interrupted);
			return invokeUnobserved(interceptor);
		}
		finally {
			elsewhere.leave();
		}
	}

	private @Nullable Object invokeUnobserved(int interceptor) throws Throwable {
		List<InvocationInterceptor> interceptors = this.handling.interceptors();
		return (interceptor == interceptors.size()) ? callFunction() : interceptors.get(interceptor)
			.intercept(new InterceptedInvocation(this, this.current, interceptor + 1));
	}

	private @Nullable Object callFunction() throws Throwable {
		return (this.limit != null && this.limit.boundsInvocations()) ? callFunction(this.limit)
				: function().invoker().invoke(this.current);
	}

	private @Nullable Object callFunction(TimeLimit limit) throws Throwable {
		limit.beginInvocation();
		Object result;
		try {
			result = function().invoker().invoke(this.current);
			if (result instanceof CompletionStage<?> stage) {
				return limit.bound(stage);
			}
			limit.requireTime();
		}
		catch (Throwable ex) {
			BatchTimeoutException late = limit.late(ex);
			limit.endInvocation();
			throw (late != null) ? late : ex;
		}
		limit.endInvocation();
		return result;
	}

	private void settle(CompletableFuture<?> done) {
		try {
			complete(resultOf(done));
		}
		catch (Throwable ex) {
			recover(ex);
		}
	}

	private void mark() {
		effects().mark();
		states().mark();
		if (tally() != null) {
			tally().mark();
		}
	}

	private void rollBack() {
		effects().rollBack();
		states().rollBack();
		if (tally() != null) {
			tally().rollBack();
		}
	}

	@Override
	public void startOver() {
		rollBack();
		restart();
	}

	private void restart() {
		this.current = new InvocationContext(this, this.next);
		effects().begin(this.current);
	}

	@Override
	public InvocationContext current() {
		return this.current;
	}

	// Goes on without the current message, or fails
	private void recover(Throwable thrown) {
		Throwable cause = causeOf(thrown);
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
				effects().end();
			}
			catch (Throwable ex) {
				CauseChain.suppress(ex, cause);
				throw lost(ex);
			}
		}
		tell(handler, (action instanceof DeadLetterTo) ? InvocationOutcome.DEAD_LETTERED : InvocationOutcome.SKIPPED);
		this.next++;
	}

	// A handler that is late is interrupted, and answers with exceptions of all kinds
	private Throwable causeOf(Throwable thrown) {
		Throwable inner = ExceptionWrappers.unwrap(thrown);
		boolean answer = isDecidable(inner) || inner instanceof InterruptedException;
		BatchTimeoutException late = (this.limit != null && answer) ? this.limit.late(thrown) : null;
		return (late != null) ? late : thrown;
	}

	private InvocationFailedException lost(Throwable cause) {
		tell(this.current.handler(), InvocationOutcome.RETRIED);
		return failed(cause);
	}

	private void tell(int handler, InvocationOutcome outcome) {
		if (tally() != null) {
			tally().ended(handler, outcome);
		}
	}

	private FailureAction decide(Throwable cause) {
		FailurePolicy policy = this.handling.policy();
		BatchListener listener = this.handling.listener();
		if (policy == null && listener == null) {
			return FailureAction.retry();
		}
		boolean interrupted = InterruptFlag.isSet();
		FailedInvocation failed = this.current.failed(cause);
		FailureAction action = FailureAction.retry();
		if (policy != null && isDecidable(failed.cause())) {
			try {
				action = Objects.requireNonNull(policy.decide(failed), "the failure policy decided nothing");
			}
			catch (Throwable ex) {
				CauseChain.suppress(ex, cause);
				throw lost(ex);
			}
			finally {
				restoreInterruption(interrupted);
			}
		}
		if (listener != null) {
			try {
				listener.invocationFailed(failed, action);
			}
			catch (Throwable ex) {
				CauseChain.suppress(ex, cause);
				throw lost(ex);
			}
			finally {
				restoreInterruption(interrupted);
			}
		}
		return action;
	}

	// What is wrong with the machine or the installation is not the message's fault, nor
	// is what others have sent before it; and an interruption ends the whole batch
	private boolean isDecidable(Throwable cause) {
		if (cause instanceof ReplyTooLargeException tooLarge) {
			return effects().isTooLarge(tooLarge);
		}
		return !(cause instanceof VirtualMachineError || cause instanceof LinkageError
				|| cause instanceof InterruptedException || cause instanceof BatchTimeoutException);
	}

	// A handler that took no notice of its interruption may have left half of its work
	private void complete(@Nullable Object result) {
		if (this.limit != null) {
			this.limit.requireTime();
		}
		Object value = (result instanceof Optional<?> optional) ? optional.orElse(null) : result;
		if (value != null && !FunctionInvoker.isUnit(value)) {
			this.current.reply(value);
		}
		effects().end();
		tell(this.current.handler(), InvocationOutcome.HANDLED);
		this.next++;
		if (this.limit != null) {
			this.limit.handled();
		}
	}

	// Other stages, CompletableFuture's own minimal one among them, can't be asked
	// whether they are done
	private static CompletableFuture<?> toFuture(CompletionStage<?> stage) {
		if (stage.getClass() == CompletableFuture.class) {
			return (CompletableFuture<?>) stage;
		}
		CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
		stage.handle((value, ex) -> (ex != null) ? future.completeExceptionally(ex) : future.complete(value));
		return future;
	}

	private static @Nullable Object resultOf(CompletableFuture<?> done) throws Throwable {
		// join() would ask the exception for its text
		Throwable failure = done.isCompletedExceptionally() ? done.handle((value, ex) -> ex).join() : null;
		if (failure instanceof CancellationException) {
			throw new IllegalStateException("the stage was cancelled", failure);
		}
		if (failure != null) {
			throw ExceptionWrappers.unwrap(failure);
		}
		return done.join();
	}

	InvocationFailedException failed(Throwable cause) {
		effects().abandon();
		return new InvocationFailedException(self(),
				"Function '" + functionType() + "' failed for id '" + Printable.of(self().id()) + "' " + place()
						+ "; nothing of the batch was applied: " + describeCause(ExceptionWrappers.unwrap(cause)),
				cause);
	}

	// A handler's own exception may hide which state it is
	private static String describeCause(Throwable cause) {
		@Nullable UnreadableStateException unreadable = UnreadableStateException.findIn(cause).orElse(null);
		return (unreadable == null || unreadable == cause) ? CauseChain.describe(cause)
				: CauseChain.describe(cause) + ", caused by " + unreadable;
	}

	private String place() {
		int count = request().invocationCount();
		return (this.next < count)
				? "on message " + (this.next + 1) + " of " + count + ", of the type '" + this.current.typename() + "'"
				: "after the last of its " + count + " messages";
	}

	private byte[] toReply() {
		try {
			ReplyWriter reply = effects().reply();
			states().writeTo(reply);
			return reply.toByteArray();
		}
		catch (Throwable ex) {
			throw new InvocationFailedException(self(),
					"The reply of function '" + functionType() + "' for id '" + Printable.of(self().id())
							+ "' can't be written; nothing of the batch was applied: " + CauseChain.describe(ex),
					ex);
		}
	}

	@Nullable BatchScope scope() {
		return this.scope;
	}

	/**
	 * Goes on with the batch whenever a stage is done. A stage that is done by then
	 * signals from within the call that registers for it; counting the signals turns that
	 * recursion, as deep as the batch is long, into a loop.
	 */
	private final class Continuation {

		private final PendingReply result = new PendingReply();

		private final AtomicInteger signals = new AtomicInteger();

		private CompletableFuture<?> pending;

		Continuation(CompletableFuture<?> pending) {
			this.pending = pending;
		}

		CompletionStage<byte[]> start() {
			leave();
			if (Batch.this.limit != null) {
				Batch.this.limit.onLate((late) -> this.result.completeExceptionally(failed(late)));
			}
			then(this.pending);
			return this.result;
		}

		// The current thread goes through the batch
		private void enter() {
			Batch.this.effects().own();
			if (Batch.this.limit != null) {
				try {
					Batch.this.limit.enter();
				}
				catch (BatchTimeoutException ex) {
					throw failed(ex);
				}
			}
		}

		// And leaves it to a stage
		private void leave() {
			Batch.this.effects().disown();
			if (Batch.this.limit != null) {
				Batch.this.limit.leave();
			}
		}

		// Unlike whenComplete(), handle() does not ask an exception for its text
		private void then(CompletableFuture<?> stage) {
			stage.handle((value, ex) -> {
				signal();
				return null;
			});
		}

		private void signal() {
			if (this.signals.getAndIncrement() == 0) {
				do {
					resume();
				}
				while (this.signals.decrementAndGet() > 0);
			}
		}

		// What the stage has left of an interruption is not for the next message
		private void resume() {
			boolean interrupted = Thread.interrupted();
			try {
				if (interrupted) {
					Batch.this.handling.interruptionChanged(self());
				}
				goOn();
			}
			finally {
				restoreInterruption(false);
				InterruptFlag.restore(interrupted);
			}
		}

		private void goOn() {
			if (this.result.isDone()) {
				abandon();
				return;
			}
			byte[] reply;
			try {
				enter();
				settle(this.pending);
				restoreInterruption(false);
				CompletableFuture<?> following = advance();
				if (following != null) {
					leave();
					this.pending = following;
					then(following);
					return;
				}
				reply = finish();
			}
			catch (Throwable ex) {
				endTime();
				this.result.end();
				this.result.completeExceptionally(ex);
				return;
			}
			this.result.end();
			this.result.complete(reply);
		}

		// The reply has failed or was cancelled: the cluster will send the batch again
		private void abandon() {
			Batch.this.effects().abandon();
			endTime();
			if (Batch.this.limit != null) {
				Batch.this.limit.afterInvocation(this.result::end);
			}
			else {
				this.result.end();
			}
		}

	}

}
