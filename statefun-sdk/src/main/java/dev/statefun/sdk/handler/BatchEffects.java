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
 * Collects the effects of a batch from all threads. The thread that goes through the
 * batch, its owner, writes to the reply without a lock. Other threads queue what they
 * send under the lock of this object; the owner takes it over before it sends something
 * itself and at the end of the invocation. While a stage is pending there is no owner,
 * and all threads write to the reply under the lock.
 * <p>
 * So an effect follows those that happened before it. One that races the end of its
 * invocation either becomes part of the reply or fails.
 */
final class BatchEffects {

	private static final VarHandle RUNNING = running();

	private final ReplyWriter reply;

	/** Other threads at most see that it is not them. Written under the lock. */
	private @Nullable Thread owner = Thread.currentThread();

	private @Nullable RunningInvocation running;

	/**
	 * What threads other than the owner sent, or {@code null} if there was none since the
	 * owner looked. Written under the lock.
	 */
	private @Nullable Queue queue;

	/** How far the reply was written when the current invocation began. */
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

	// Ends the invocation; effects that come later are refused
	void end() {
		close();
		if (this.queue != null) {
			settle();
		}
	}

	// Ends the invocation for a thread that does not own the batch, which has failed
	synchronized void abandon() {
		close();
	}

	// With the fence in share(): either this thread sees the queue, or the other the end
	private void close() {
		RUNNING.setRelease(this, null);
		VarHandle.fullFence();
	}

	void mark() {
		this.mark = this.reply.mark();
	}

	// Ends the invocation and takes back what it has sent
	void rollBack() {
		close();
		if (this.queue != null) {
			forget();
		}
		this.reply.rollBack(this.mark);
	}

	private synchronized void forget() {
		this.queue = null;
	}

	// Whether the invocation would have too much without what was sent before it
	boolean isTooLarge(ReplyTooLargeException failure) {
		return failure.isBecauseOf(this.mark);
	}

	/**
	 * Return where the current thread writes what it sends, to be handed to {@link #add}.
	 * @param invocation the invocation that sends it
	 * @return the reply, or a writer for a part of it
	 */
	ReplyWriter writer(RunningInvocation invocation) {
		if (!isOwned()) {
			return this.reply.part();
		}
		requireRunning(invocation);
		if (this.queue != null) {
			settle();
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
		Queue queue = share(part.invocation());
		if (this.owner != null) {
			queue.add(part);
		}
		else {
			append(part);
		}
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
		share(invocation);
		state.write(value);
	}

	// With the queue set the owner ends no invocation before this thread leaves the lock
	private Queue share(RunningInvocation invocation) {
		Queue queue = this.queue;
		if (queue == null) {
			queue = new Queue();
			this.queue = queue;
		}
		VarHandle.fullFence();
		requireRunning(invocation);
		return queue;
	}

	private synchronized void settle() {
		if (this.queue != null) {
			this.queue.takeOver();
			this.queue.requireWhole();
			this.queue = null;
		}
	}

	private void append(Part part) {
		this.reply.append(part.content());
		part.invocation().count(part.kind(), part.target());
	}

	/**
	 * What threads other than the owner sent. Guarded by the effects.
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

		// A handler may catch what is thrown here, and must not lose the rest unnoticed
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

		void requireWhole() {
			if (this.failure != null) {
				throw this.failure;
			}
		}

	}

	/**
	 * What a thread other than the owner sent.
	 *
	 * @param invocation the invocation that sent it
	 * @param content what was sent
	 * @param kind how it was sent
	 * @param target where it goes, if that is counted
	 */
	private record Part(RunningInvocation invocation, ReplyWriter content, MessageKind kind, @Nullable Object target) {

	}

}
