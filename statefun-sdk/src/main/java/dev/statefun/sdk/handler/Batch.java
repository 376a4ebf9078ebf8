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
import dev.statefun.sdk.failure.FailureKind;
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
 * Handles the messages of one request, which are for one function instance, one after the
 * other. Each message sees the states as the previous one left them, and all are answered
 * together. Lives as long as the request.
 */
final class Batch extends OngoingBatch implements Attempt {

	private final HandlerOptions options;

	/** Observes this batch, if there is an observer. */
	private final @Nullable BatchScope scope;

	/** Observes the thread that goes through the messages. */
	private BatchScope.@Nullable ThreadScope threadScope;

	private InvocationContext current;

	private int next;

	/** Time limit of the batch, if there is one. */
	private final @Nullable TimeLimit limit;

	/**
	 * Create a batch.
	 * @param functions the registry
	 * @param function the function to call
	 * @param options options of the handler
	 * @param request the request
	 * @param entries position in the request of each state of the function
	 * @param timeout maximum duration of the batch, or {@code null} for none
	 * @param log records the effects of single messages, or {@code null}
	 */
	Batch(StatefulFunctions functions, RegisteredFunction function, HandlerOptions options, BatchRequest request,
			int[] entries, @Nullable Duration timeout, @Nullable InvocationLog log) {
		super(functions, function, options, request, entries, log);
		this.options = options;
		this.current = new InvocationContext(this, 0);
		BatchObserver observer = options.observer();
		this.scope = (observer != null) ? follow(observer) : null;
		this.limit = TimeLimit.start(options, timeout, request.invocationCount());
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
	 * @param interrupted whether the thread was interrupted before the batch was created
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

	// Returns the reply, unless the time limit is exceeded before it is complete
	private byte[] finish() {
		byte[] reply = toReply();
		BatchTimeoutException late = endTime();
		if (late != null) {
			throw failed(late);
		}
		InvocationLog log = log();
		if (log != null) {
			report(log);
		}
		return reply;
	}

	private void report(InvocationLog log) {
		boolean interrupted = InterruptFlag.isSet();
		try {
			log.report(states().timers());
		}
		finally {
			restoreInterruption(interrupted);
		}
	}

	private @Nullable InvocationLog log() {
		BatchTally tally = tally();
		return (tally != null) ? tally.log() : null;
	}

	private @Nullable BatchTimeoutException endTime() {
		return (this.limit != null) ? this.limit.end() : null;
	}

	// Handles messages until all are done or a handler returns a pending stage, which
	// is returned then
	private @Nullable CompletableFuture<?> advance() {
		if (this.scope == null || this.next == request().invocationCount()) {
			return handleNext();
		}
		boolean interrupted = InterruptFlag.isSet();
		BatchScope.ThreadScope threadScope = this.scope.enter();
		restoreInterruption(interrupted);
		this.threadScope = threadScope;
		try {
			return handleNext();
		}
		finally {
			threadScope.leave();
			restoreInterruption(interrupted);
		}
	}

	/**
	 * Restore the interrupt flag of the current thread after user code. An interruption
	 * left behind by that code must not affect the next message or the writing of the
	 * reply.
	 * @param before whether the flag was set before the code was called
	 */
	@Override
	void restoreInterruption(boolean before) {
		if (InterruptFlag.restore(before) && (this.limit == null || !this.limit.isLate())) {
			this.options.interruptionChanged(self());
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
			if (this.options.supportsRollback()) {
				mark();
			}
			effects().begin(this.current);
			try {
				if (!receive()) {
					drop();
					continue;
				}
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

	// Whether the current message is for the function
	private boolean receive() {
		try {
			return states().receive(this.next);
		}
		catch (Throwable ex) {
			// A message that can't be read is not invoked, but fails in its own scope
			if (this.threadScope != null) {
				this.threadScope.invoking(this.current);
			}
			throw ex;
		}
	}

	// Continues without the current message, which is not for the function
	private void drop() {
		effects().end();
		handled();
	}

	private void handled() {
		this.next++;
		if (this.limit != null) {
			this.limit.handled();
		}
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
				Objects.requireNonNull(this.limit).leaveOther();
			}
			restoreInterruption(interrupted);
		}
	}

	// Whether the current thread has to leave the time limit again
	private boolean enter() {
		if (this.limit == null) {
			return false;
		}
		if (effects().isOwned()) {
			this.limit.requireTime();
			return false;
		}
		return this.limit.enterOther();
	}

	private @Nullable Object invoke(int interceptor, BatchScope scope) throws Throwable {
		boolean interrupted = InterruptFlag.isSet();
		if (interceptor == 0 && this.threadScope != null) {
			this.threadScope.invoking(this.current);
			restoreInterruption(interrupted);
		}
		if (effects().isOwned()) {
			return invokeUnobserved(interceptor);
		}
		BatchScope.ThreadScope other = scope.enter();
		try {
			other.invoking(this.current);
			restoreInterruption(interrupted);
			return invokeUnobserved(interceptor);
		}
		finally {
			other.leave();
		}
	}

	private @Nullable Object invokeUnobserved(int interceptor) throws Throwable {
		List<InvocationInterceptor> interceptors = this.options.interceptors();
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
		this.current = this.current.restarted();
		effects().begin(this.current);
	}

	@Override
	HeaderOptions headers() {
		return this.options.headers();
	}

	@Override
	public InvocationContext current() {
		return this.current;
	}

	// Continues without the current message, or fails
	private void recover(Throwable thrown) {
		Throwable cause = causeOf(thrown);
		FailureAction action = decide(cause);
		if (action == FailureAction.retry()) {
			throw retried(cause);
		}
		int handler = this.current.handler();
		rollBack();
		if (this.current.isCalledByGateway()) {
			tellGateway(action, cause);
		}
		else {
			sendDeadLetter(action, cause);
		}
		count(handler, (action instanceof DeadLetterTo) ? InvocationOutcome.DEAD_LETTERED : InvocationOutcome.SKIPPED,
				cause);
		this.next++;
	}

	private void tellGateway(FailureAction action, Throwable cause) {
		FailureKind kind = InvocationContext.kindOf(ExceptionWrappers.unwrap(cause));
		restart();
		try {
			if (action instanceof DeadLetterTo deadLetter) {
				this.current.sendEgress(deadLetter.egress(), deadLetter.record());
			}
			this.current.reply(FailureNotice.of(kind));
			effects().end();
		}
		catch (Throwable ex) {
			// A notice that does not fit must not fail a batch that could go on
			rollBack();
			sendDeadLetter(action, cause);
		}
	}

	private void sendDeadLetter(FailureAction action, Throwable cause) {
		if (action instanceof DeadLetterTo deadLetter) {
			restart();
			try {
				this.current.sendEgress(deadLetter.egress(), deadLetter.record());
				effects().end();
			}
			catch (Throwable ex) {
				CauseChain.suppress(ex, cause);
				throw retried(ex);
			}
		}
	}

	// A late handler is interrupted, and may then throw any exception
	private Throwable causeOf(Throwable thrown) {
		Throwable inner = ExceptionWrappers.unwrap(thrown);
		boolean answer = isDecidable(inner) || inner instanceof InterruptedException;
		BatchTimeoutException late = (this.limit != null && answer) ? this.limit.late(thrown) : null;
		return (late != null) ? late : thrown;
	}

	private InvocationFailedException retried(Throwable cause) {
		count(this.current.handler(), InvocationOutcome.RETRIED, cause);
		return failed(cause);
	}

	private void count(int handler, InvocationOutcome outcome, @Nullable Throwable failure) {
		BatchTally tally = tally();
		if (tally != null) {
			tally.ended(handler, outcome);
			InvocationLog log = tally.log();
			if (log != null) {
				log.ended(this.next, outcome, (failure != null) ? ExceptionWrappers.unwrap(failure) : null, states());
			}
		}
	}

	private FailureAction decide(Throwable cause) {
		FailurePolicy policy = this.options.policy();
		BatchListener listener = this.options.listener();
		if (policy == null && listener == null) {
			return FailureAction.retry();
		}
		boolean interrupted = InterruptFlag.isSet();
		FailedInvocation failed = this.current.failed(cause);
		FailureAction action = FailureAction.retry();
		if (policy != null && isDecidable(failed.cause())) {
			try {
				action = Objects.requireNonNull(policy.decide(failed), "the failure policy returned null");
			}
			catch (Throwable ex) {
				CauseChain.suppress(ex, cause);
				throw retried(ex);
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
				throw retried(ex);
			}
			finally {
				restoreInterruption(interrupted);
			}
		}
		return action;
	}

	// Faults of the virtual machine or the installation, and effects of earlier
	// messages, are no fault of this message; an interruption ends the whole batch
	private boolean isDecidable(Throwable cause) {
		if (cause instanceof ReplyTooLargeException tooLarge) {
			return effects().isTooLarge(tooLarge);
		}
		return !(cause instanceof VirtualMachineError || cause instanceof LinkageError
				|| cause instanceof InterruptedException || cause instanceof BatchTimeoutException);
	}

	// A handler that ignored its interruption may have done only part of its work
	private void complete(@Nullable Object result) {
		if (this.limit != null) {
			this.limit.requireTime();
		}
		Object value = (result instanceof Optional<?> optional) ? optional.orElse(null) : result;
		if (value != null && !FunctionInvoker.isUnit(value)) {
			this.current.reply(value);
		}
		effects().end();
		states().requireRoom(effects());
		count(this.current.handler(), InvocationOutcome.HANDLED, null);
		handled();
	}

	// Other stages, also CompletableFuture's minimal one, can't be asked whether they
	// are done
	private static CompletableFuture<?> toFuture(CompletionStage<?> stage) {
		if (stage.getClass() == CompletableFuture.class) {
			return (CompletableFuture<?>) stage;
		}
		CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
		stage.handle((value, ex) -> (ex != null) ? future.completeExceptionally(ex) : future.complete(value));
		return future;
	}

	private static @Nullable Object resultOf(CompletableFuture<?> done) throws Throwable {
		// join() would call the exception's toString()
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
				"Function '" + functionType() + "' failed for id '" + Printable.of(self().id()) + "' " + position()
						+ "; nothing of the batch was applied: " + describeCause(ExceptionWrappers.unwrap(cause)),
				cause, (this.next < request().invocationCount()) ? this.next : -1);
	}

	// The exception of a handler may hide which state is unreadable
	private static String describeCause(Throwable cause) {
		@Nullable UnreadableStateException unreadable = UnreadableStateException.findIn(cause).orElse(null);
		return (unreadable == null || unreadable == cause) ? CauseChain.describe(cause)
				: CauseChain.describe(cause) + ", caused by " + unreadable;
	}

	private String position() {
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
	 * Continues the batch when a stage is complete. A stage that is already complete
	 * signals from within the call that registers for it; counting the signals turns this
	 * recursion, which would be as deep as the batch is long, into a loop.
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

		// The current thread continues the batch
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

		// The current thread leaves the batch to a stage
		private void leave() {
			Batch.this.effects().disown();
			if (Batch.this.limit != null) {
				Batch.this.limit.leave();
			}
		}

		// Unlike whenComplete(), handle() does not call an exception's toString()
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

		// An interruption left behind by the stage must not affect the next message
		private void resume() {
			boolean interrupted = Thread.interrupted();
			try {
				if (interrupted) {
					Batch.this.options.interruptionChanged(self());
				}
				proceed();
			}
			finally {
				restoreInterruption(false);
				InterruptFlag.restore(interrupted);
			}
		}

		private void proceed() {
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

		// The reply failed or was cancelled: the cluster will send the batch again
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
