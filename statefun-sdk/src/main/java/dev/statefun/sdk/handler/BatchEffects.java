package dev.statefun.sdk.handler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.listener.MessageKind;
import dev.statefun.sdk.protocol.ReplyTooLargeException;
import dev.statefun.sdk.protocol.ReplyWriter;
import org.jspecify.annotations.Nullable;

/**
 * Collects the effects of a batch from all threads. The owner of the batch, the thread
 * that goes through its messages, writes to the reply without a lock. Other threads queue
 * their effects under the lock of this object; the owner appends the queue before its own
 * next effect and at the end of the invocation. While a stage is pending there is no
 * owner, and all threads write to the reply under the lock.
 * <p>
 * Effects thus keep their happens-before order. An effect that races with the end of its
 * invocation either becomes part of the reply or fails.
 */
final class BatchEffects {

	private static final VarHandle RUNNING = running();

	private final ReplyWriter reply;

	/**
	 * A thread that is not the owner may read an outdated owner, but never itself.
	 * Written under the lock.
	 */
	private @Nullable Thread owner = Thread.currentThread();

	private @Nullable RunningInvocation running;

	/**
	 * Effects of other threads that the owner has not appended yet, or {@code null} if
	 * there are none. Written under the lock.
	 */
	private @Nullable Queue queue;

	/** Position in the reply at which the current invocation began. */
	private int mark;

	private static VarHandle running() {
		try {
			return MethodHandles.lookup().findVarHandle(BatchEffects.class, "running", RunningInvocation.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	BatchEffects(ReplyWriter reply) {
		this.reply = reply;
	}

	ReplyWriter reply() {
		return this.reply;
	}

	synchronized void own() {
		this.owner = Thread.currentThread();
	}

	synchronized void disown() {
		if (this.queue != null) {
			this.queue.takeOver();
		}
		this.owner = null;
	}

	boolean isOwned() {
		return this.owner == Thread.currentThread();
	}

	void begin(RunningInvocation invocation) {
		RUNNING.setRelease(this, invocation);
	}

	void requireRunning(RunningInvocation invocation) {
		if (RUNNING.getAcquire(this) != invocation) {
			throw new IllegalStateException("The context of function '" + invocation.self().type()
					+ "' was used after its invocation had ended; its effects would be lost. "
					+ "Return a CompletionStage that completes when all work is done");
		}
	}

	// Ends the invocation; later effects are refused
	void end() {
		close();
		if (this.queue != null) {
			appendQueue();
		}
	}

	// Ends the invocation of a failed batch, for threads that do not own it
	synchronized void abandon() {
		close();
	}

	// With the fence in openQueue(): this thread sees the queue, or the other the end
	private void close() {
		RUNNING.setRelease(this, null);
		VarHandle.fullFence();
	}

	void mark() {
		this.mark = this.reply.mark();
	}

	// Ends the invocation and discards its effects
	void rollBack() {
		close();
		if (this.queue != null) {
			discardQueue();
		}
		this.reply.rollBack(this.mark);
	}

	private synchronized void discardQueue() {
		this.queue = null;
	}

	// Whether the effects of the invocation alone are too large
	boolean isTooLarge(ReplyTooLargeException failure) {
		return failure.isBecauseOf(this.mark);
	}

	/**
	 * Return the writer for an effect of the current thread, to be passed to
	 * {@link #add}.
	 * @param invocation the invocation that has the effect
	 * @return the reply, or a writer for a part of it
	 */
	ReplyWriter writer(RunningInvocation invocation) {
		if (!isOwned()) {
			return this.reply.part();
		}
		requireRunning(invocation);
		if (this.queue != null) {
			appendQueue();
		}
		return this.reply;
	}

	void add(RunningInvocation invocation, ReplyWriter writer, MessageKind kind, @Nullable Object target) {
		if (writer == this.reply) {
			invocation.count(kind, target);
		}
		else {
			add(new Part(invocation, writer, kind, target));
		}
	}

	private synchronized void add(Part part) {
		Queue queue = openQueue(part.invocation());
		if (this.owner != null) {
			queue.add(part);
		}
		else {
			append(part);
		}
	}

	// Fails if the reply so far and a number of bytes that the invocation adds at its end
	// would be too large
	void requireRoom(long size) {
		this.reply.requireWithin(this.reply.mark() + size);
	}

	// Has an effect that is written when the batch ends
	void run(RunningInvocation invocation, Runnable effect) {
		if (isOwned()) {
			requireRunning(invocation);
			effect.run();
		}
		else {
			runShared(invocation, effect);
		}
	}

	private synchronized void runShared(RunningInvocation invocation, Runnable effect) {
		openQueue(invocation);
		effect.run();
	}

	void write(RunningInvocation invocation, StateCell<?> state, Object value) {
		if (isOwned()) {
			requireRunning(invocation);
			state.write(value);
		}
		else {
			writeShared(invocation, state, value);
		}
	}

	private synchronized void writeShared(RunningInvocation invocation, StateCell<?> state, Object value) {
		openQueue(invocation);
		state.write(value);
	}

	// With a queue, the owner can't end the invocation until this thread releases the
	// lock
	private Queue openQueue(RunningInvocation invocation) {
		Queue queue = this.queue;
		if (queue == null) {
			queue = new Queue();
			this.queue = queue;
		}
		VarHandle.fullFence();
		requireRunning(invocation);
		return queue;
	}

	private synchronized void appendQueue() {
		if (this.queue != null) {
			this.queue.takeOver();
			this.queue.requireComplete();
			this.queue = null;
		}
	}

	private void append(Part part) {
		this.reply.append(part.content());
		part.invocation().count(part.kind(), part.target());
	}

	/**
	 * Effects of threads other than the owner. Guarded by the enclosing object.
	 */
	private final class Queue {

		private final List<Part> parts = new ArrayList<>();

		private long size;

		private @Nullable RuntimeException failure;

		void add(Part part) {
			long total = this.size + part.content().size();
			BatchEffects.this.reply.requireWithin(total);
			this.parts.add(part);
			this.size = total;
		}

		// A handler may catch the failure, and must not lose the rest unnoticed
		void takeOver() {
			if (this.failure != null) {
				return;
			}
			try {
				this.parts.forEach(BatchEffects.this::append);
				this.parts.clear();
				this.size = 0;
			}
			catch (RuntimeException ex) {
				this.failure = ex;
			}
		}

		void requireComplete() {
			if (this.failure != null) {
				throw this.failure;
			}
		}

	}

	/**
	 * Effect of a thread other than the owner.
	 *
	 * @param invocation invocation that has the effect
	 * @param content content to append to the reply
	 * @param kind kind of the message
	 * @param target target of the message, if it is counted
	 */
	private record Part(RunningInvocation invocation, ReplyWriter content, MessageKind kind, @Nullable Object target) {

	}

}
