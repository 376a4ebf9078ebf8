package dev.statefun.endpoint;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.statefun.endpoint.traffic.Admission.Permit;
import dev.statefun.endpoint.traffic.ArrivalDeadline;
import dev.statefun.endpoint.traffic.ArrivingBody;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.sdk.failure.ExceptionWrappers;
import org.jspecify.annotations.Nullable;

/**
 * Body of one request, from its first byte until the request has its turn. The server
 * copies bytes into the {@link #array()} as long as this {@linkplain #hasRoom() has
 * room}, reports them with {@link #arrived(int)}, and calls {@link #end()} after the last
 * one. A body that has not arrived completely by then {@linkplain #awaitSender() awaits
 * its sender}, and is limited in time from there on.
 * <p>
 * One thread at a time adds bytes. The timer, and other requests that need the room, may
 * give up the body at any time, and so may the server by {@link #fail(Throwable)}.
 *
 * @since 0.1.0
 */
public final class Arrival {

	private static final byte[] NOTHING = {};

	private final BodyLimits limits;

	private final Permit permit;

	private final ArrivingBody body;

	private final CompletableFuture<@Nullable Void> admitted = new CompletableFuture<>();

	private @Nullable ArrivalDeadline deadline;

	private volatile boolean ended;

	/** Why the body was given up. */
	private @Nullable Throwable reason;

	private byte[] bytes = NOTHING;

	Arrival(BodyLimits limits, long announced) {
		this.limits = limits;
		this.permit = limits.admission().begin();
		this.body = new ArrivingBody(this.permit, Math.max(announced, -1), limits.maxSize());
	}

	/**
	 * Return a future for a body that {@linkplain #awaitSender() awaits its sender}, or
	 * was given up.
	 * @return completes when the request has its turn; fails if it was refused or given
	 * up, with its room released
	 */
	public CompletableFuture<@Nullable Void> admitted() {
		return this.admitted;
	}

	/**
	 * Return whether bytes may be added. Takes room for at least one more byte, unless
	 * the body {@linkplain #isFull() is full}.
	 * @return whether there is room; if not, {@link #awaitRoom()}
	 * @throws java.util.concurrent.CompletionException if there will be no room; its
	 * cause is the reason to {@linkplain #fail(Throwable) give up} the body
	 */
	public boolean hasRoom() {
		if (this.body.isFull()) {
			return true;
		}
		CompletableFuture<@Nullable Void> room = this.body.makeRoom();
		if (!room.isDone()) {
			return false;
		}
		room.join();
		return true;
	}

	/**
	 * Wait for room. The sender is not late meanwhile. Only for a body that
	 * {@linkplain #awaitSender() awaits its sender}.
	 * @return completes when there is room, possibly on the thread of another request;
	 * fails with the reason to {@linkplain #fail(Throwable) give up} the body
	 */
	public CompletableFuture<@Nullable Void> awaitRoom() {
		ArrivalDeadline own = deadline();
		own.pause();
		return this.body.makeRoom().whenComplete((room, ex) -> own.resume());
	}

	/**
	 * Return the array for the next bytes, once there is room.
	 * @return the array; free from {@link #length()} to its end
	 */
	public byte[] array() {
		return this.body.array();
	}

	/**
	 * Return the number of bytes that have arrived.
	 * @return their number
	 */
	public int length() {
		return this.body.length();
	}

	/**
	 * Called when bytes have been written to the {@link #array()}.
	 * @param count their number, which may be 0
	 * @return whether all announced bytes have arrived
	 */
	public boolean arrived(int count) {
		this.body.arrived(count);
		ArrivalDeadline own = this.deadline;
		if (own != null && count > 0) {
			own.arrived(count);
		}
		return this.body.isComplete();
	}

	/**
	 * Return whether the body has reached its maximum size. One more byte is
	 * {@linkplain #tooLarge() too many}.
	 * @return whether it is full
	 */
	public boolean isFull() {
		return this.body.isFull();
	}

	/**
	 * Return whether all announced bytes have arrived.
	 * @return whether the body is complete; always {@code false} if its length is unknown
	 */
	public boolean isComplete() {
		return this.body.isComplete();
	}

	/**
	 * Return the reason to give up a body that has a byte more than it may have.
	 * @return the reason
	 */
	public UnexpectedRequestException tooLarge() {
		return this.limits.tooLarge();
	}

	/**
	 * Check that the body may end here: it is complete, or its length is unknown. To be
	 * called when the sender has ended the body.
	 * @throws NotAdmittedException if bytes are missing
	 */
	public void requireEnd() {
		if (!this.body.mayEnd()) {
			throw cut(null);
		}
	}

	/**
	 * Wait for the sender, who is late from now on if bytes come too slowly. The body is
	 * {@linkplain #fail(Throwable) given up} if others need its room, or the endpoint
	 * drains.
	 */
	public void awaitSender() {
		ArrivalDeadline own = new ArrivalDeadline(this.limits.arrival(), System::nanoTime);
		this.deadline = own;
		if (this.body.length() > 0) {
			own.arrived(this.body.length());
		}
		this.permit.awaitSender(this::fail);
	}

	/**
	 * {@linkplain #fail(Throwable) Give up} the body when its sender is late, without a
	 * thread. For a body that {@linkplain #awaitSender() awaits its sender}.
	 */
	public void watchSender() {
		deadline().watch(this::fail);
	}

	/**
	 * Check the sender, for a thread that reads the body. For a body that
	 * {@linkplain #awaitSender() awaits its sender}.
	 * @return reason to give up the body, or {@code null} if the sender is in time
	 */
	public @Nullable NotAdmittedException late() {
		return deadline().check();
	}

	private ArrivalDeadline deadline() {
		return Objects.requireNonNull(this.deadline, "'awaitSender' was not called");
	}

	/**
	 * Called when the body is complete. Takes room for the decoded request, too, before
	 * that memory is used, and then its turn.
	 * @return completes when the request has its turn, done already if it has; fails if
	 * the request is refused, with its room released
	 */
	public CompletableFuture<@Nullable Void> end() {
		ArrivalDeadline own = this.deadline;
		if (own == null) {
			return enter();
		}
		own.end();
		enter().whenComplete((turn, ex) -> {
			if (ex != null) {
				this.admitted.completeExceptionally(reasonOr(ex));
			}
			else {
				this.admitted.complete(null);
			}
		});
		return this.admitted;
	}

	private CompletableFuture<@Nullable Void> enter() {
		this.ended = true;
		byte[] complete = this.body.take();
		this.bytes = complete;
		long size = this.limits.sizeInMemory(complete);
		if (size > this.limits.admission().maxBytes()) {
			this.permit.release();
			return CompletableFuture.failedFuture(this.limits.tooManyEntries(complete.length, size));
		}
		CompletableFuture<@Nullable Void> room = this.body.makeRoomFor(size);
		return (room.isDone() && !room.isCompletedExceptionally()) ? this.permit.enter(size)
				: room.thenCompose((free) -> this.permit.enter(size));
	}

	/**
	 * Return whether the body has {@linkplain #end() ended}.
	 * @return whether nothing of it is left to be read
	 */
	public boolean isEnded() {
		return this.ended;
	}

	/**
	 * Give up the body and release its room. Only for a request that does not have its
	 * turn; after that, the {@link Exchange} is to be closed. The first reason counts.
	 * @param failure reason; an {@link IOException} means that the connection was lost
	 */
	public void fail(Throwable failure) {
		ArrivalDeadline own = this.deadline;
		if (own != null) {
			own.end();
		}
		Throwable first = reasonOr(reasonOf(failure));
		// Ends a wait, whose failure is another reason
		this.permit.release();
		this.admitted.completeExceptionally(first);
	}

	private Throwable reasonOf(Throwable failure) {
		Throwable cause = ExceptionWrappers.unwrap(failure);
		return (cause instanceof IOException) ? cut(cause) : cause;
	}

	private Throwable reasonOr(Throwable failure) {
		synchronized (this.body) {
			Throwable first = (this.reason != null) ? this.reason : failure;
			this.reason = first;
			return first;
		}
	}

	private NotAdmittedException cut(@Nullable Throwable cause) {
		NotAdmittedException cut = new NotAdmittedException(Rejection.INCOMPLETE,
				"The body of a request ended after " + this.body.length() + " bytes, before its end");
		if (cause != null) {
			cut.initCause(cause);
		}
		return cut;
	}

	/**
	 * Release the room of the body; has no effect the second time. A pending wait fails.
	 */
	public void release() {
		this.permit.release();
	}

	/**
	 * Release the room of a body that is then {@linkplain #fail(Throwable) given up}. A
	 * pending wait ends, possibly with that.
	 * @param failure reason; an {@link IOException} means that the connection was lost
	 */
	public void release(Throwable failure) {
		reasonOr(reasonOf(failure));
		this.permit.release();
	}

	Permit permit() {
		return this.permit;
	}

	// Takes the bytes, so that they are held by nothing else
	byte[] take() {
		byte[] complete = this.bytes;
		this.bytes = NOTHING;
		return complete;
	}

}
