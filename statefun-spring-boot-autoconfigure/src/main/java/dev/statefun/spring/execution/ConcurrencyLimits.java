package dev.statefun.spring.execution;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.handler.InvocationInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.core.PriorityOrdered;

/**
 * Limits how many messages of a function are handled at a time. Excess messages wait in
 * order of arrival without occupying a thread, and are then handled by an executor. Wraps
 * all other interceptors, as nothing is to run for a message that waits.
 *
 * @since 0.1.0
 */
public final class ConcurrencyLimits implements InvocationInterceptor, PriorityOrdered {

	private final Map<FunctionType, Limit> limits = new HashMap<>();

	private final Executor executor;

	/**
	 * Create the interceptor.
	 * @param limits maximum number of messages at a time, at least 1, by function
	 * @param executor handles messages that had to wait
	 */
	public ConcurrencyLimits(Map<FunctionType, Integer> limits, Executor executor) {
		limits.forEach((function, limit) -> this.limits.put(function, new Limit(limit)));
		this.executor = executor;
	}

	@Override
	public @Nullable Object intercept(Invocation invocation) throws Throwable {
		Limit limit = this.limits.get(invocation.context().self().type());
		if (limit == null) {
			return invocation.proceed();
		}
		Turn turn = limit.enter(invocation);
		return (turn != null) ? turn.outcome : proceed(invocation, limit);
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	private static @Nullable Object proceed(Invocation invocation, Limit limit) throws Throwable {
		Object result;
		try {
			result = invocation.proceed();
		}
		catch (Throwable ex) {
			limit.leave();
			throw ex;
		}
		if (result instanceof CompletionStage<?> stage) {
			CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();
			outcome.handle((value, ex) -> {
				limit.leave();
				return null;
			});
			Stages.forward(stage, outcome);
			return outcome;
		}
		limit.leave();
		return result;
	}

	/**
	 * Messages of one function.
	 */
	private final class Limit {

		private final ReentrantLock lock = new ReentrantLock();

		private final Queue<Turn> waiting = new ArrayDeque<>();

		private int free;

		Limit(int limit) {
			this.free = limit;
		}

		// Returns the turn to wait for, or null if there is room
		@Nullable Turn enter(Invocation invocation) {
			this.lock.lock();
			try {
				if (this.free > 0) {
					this.free--;
					return null;
				}
				Turn turn = new Turn(invocation, this);
				this.waiting.add(turn);
				return turn;
			}
			finally {
				this.lock.unlock();
			}
		}

		// A loop, as an executor that stops rejects all waiting messages
		void leave() {
			Turn next = next();
			while (next != null && !start(next)) {
				next = next();
			}
		}

		private @Nullable Turn next() {
			this.lock.lock();
			try {
				Turn next = this.waiting.poll();
				if (next == null) {
					this.free++;
				}
				return next;
			}
			finally {
				this.lock.unlock();
			}
		}

		private boolean start(Turn next) {
			try {
				ConcurrencyLimits.this.executor.execute(next);
				return true;
			}
			catch (Throwable ex) {
				next.outcome.completeExceptionally(Stages.refused(ex));
				return false;
			}
		}

	}

	/**
	 * Message that waits.
	 */
	private static final class Turn implements Runnable {

		private final CompletableFuture<@Nullable Object> outcome = new CompletableFuture<>();

		private final Invocation invocation;

		private final Limit limit;

		Turn(Invocation invocation, Limit limit) {
			this.invocation = invocation;
			this.limit = limit;
		}

		// A batch that was given up meanwhile reports that itself
		@Override
		public void run() {
			try {
				Stages.forward(proceed(this.invocation, this.limit), this.outcome);
			}
			catch (Throwable ex) {
				this.outcome.completeExceptionally(ex);
			}
		}

	}

}
