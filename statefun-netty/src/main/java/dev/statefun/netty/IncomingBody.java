package dev.statefun.netty;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.statefun.endpoint.Arrival;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Body of one request, on its way from the buffers of the connection to an
 * {@link Arrival}. As long as there is no room, nothing more is read from the connection
 * than what its last read has brought, so that NIO does not notice a lost connection.
 * Used on the event loop.
 */
final class IncomingBody {

	private final Channel channel;

	private final Arrival arrival;

	private final Consumer<CompletableFuture<?>> admitted;

	/** Parts that wait for room, to be released; few requests have any. */
	private @Nullable Queue<ByteBuf> held;

	/** The end, if it has arrived behind such parts. */
	private @Nullable BodyEnd heldEnd;

	private boolean awaited;

	/** Whether the body has ended or was given up, so that no part of it is needed. */
	private boolean ended;

	private boolean concluded;

	/**
	 * Create a body of which nothing has arrived.
	 * @param channel the connection
	 * @param arrival takes the bytes
	 * @param admitted called once on the event loop when the request has its turn, or was
	 * refused, or the body was given up
	 */
	IncomingBody(Channel channel, Arrival arrival, Consumer<CompletableFuture<?>> admitted) {
		this.channel = channel;
		this.arrival = arrival;
		this.admitted = admitted;
	}

	Arrival arrival() {
		return this.arrival;
	}

	/**
	 * Receive a part.
	 * @param part the part, which is released here
	 */
	void receive(ByteBuf part) {
		if (this.ended || (this.held == null && take(part))) {
			part.release();
		}
		else {
			hold(part);
		}
	}

	private void hold(ByteBuf part) {
		Queue<ByteBuf> parts = this.held;
		if (parts == null) {
			parts = new ArrayDeque<>();
			this.held = parts;
		}
		parts.add(part);
	}

	// Returns whether the part is no longer needed
	private boolean take(ByteBuf part) {
		try {
			return copy(part);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			giveUp(ex);
			return true;
		}
	}

	/**
	 * Receive the end.
	 * @param end the end
	 */
	void receive(BodyEnd end) {
		if (this.held != null) {
			this.heldEnd = end;
		}
		else if (!this.ended) {
			take(end);
		}
	}

	private void take(BodyEnd end) {
		if (end == BodyEnd.BROKEN) {
			giveUp(new NotAdmittedException(Rejection.UNEXPECTED,
					"The body of a request is not encoded as HTTP, after " + this.arrival.length() + " bytes"));
			return;
		}
		try {
			this.arrival.requireEnd();
			end();
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			giveUp(ex);
		}
	}

	private boolean copy(ByteBuf bytes) {
		while (bytes.isReadable() && !this.ended) {
			if (this.arrival.admitted().isDone()) {
				// Given up meanwhile, such as by the timer
				this.ended = true;
			}
			else if (this.arrival.isFull()) {
				giveUp(this.arrival.tooLarge());
			}
			else if (this.arrival.hasRoom()) {
				byte[] array = this.arrival.array();
				int count = Math.min(bytes.readableBytes(), array.length - this.arrival.length());
				bytes.readBytes(array, this.arrival.length(), count);
				this.arrival.arrived(count);
			}
			else {
				awaitRoom();
				return false;
			}
		}
		return true;
	}

	private void awaitRoom() {
		this.channel.config().setAutoRead(false);
		awaitSender();
		this.arrival.awaitRoom().whenComplete((room, ex) -> this.channel.eventLoop().execute(() -> proceed(ex)));
	}

	private void proceed(@Nullable Throwable refusal) {
		if (refusal != null) {
			giveUp(refusal);
			return;
		}
		while (!this.ended && this.held != null) {
			if (!take(this.held.element())) {
				return;
			}
			releaseFirst();
		}
		releaseHeld();
		BodyEnd end = this.heldEnd;
		if (end != null && !this.ended) {
			take(end);
		}
		this.channel.config().setAutoRead(true);
	}

	private void end() {
		this.ended = true;
		CompletableFuture<@Nullable Void> turn = this.arrival.end();
		if (!this.awaited) {
			conclude(turn);
		}
	}

	private void giveUp(Throwable reason) {
		this.ended = true;
		this.arrival.fail(reason);
		if (!this.awaited) {
			conclude(this.arrival.admitted());
		}
	}

	/**
	 * Called when all that was available has been received. From now on the sender is
	 * awaited.
	 */
	void readComplete() {
		if (!this.ended) {
			awaitSender();
		}
	}

	private void awaitSender() {
		if (!this.awaited) {
			this.awaited = true;
			this.arrival.awaitSender();
			this.arrival.watchSender();
			CompletableFuture<@Nullable Void> turn = this.arrival.admitted();
			turn.whenComplete((admitted, ex) -> this.channel.eventLoop().execute(() -> concludeNow(turn)));
		}
	}

	private void conclude(CompletableFuture<@Nullable Void> turn) {
		if (turn.isDone()) {
			concludeNow(turn);
		}
		else {
			turn.whenComplete((admitted, ex) -> this.channel.eventLoop().execute(() -> concludeNow(turn)));
		}
	}

	private void concludeNow(CompletableFuture<@Nullable Void> turn) {
		if (!this.concluded) {
			this.concluded = true;
			this.ended = true;
			releaseHeld();
			this.admitted.accept(turn);
		}
	}

	private void releaseHeld() {
		while (this.held != null) {
			releaseFirst();
		}
	}

	// Unless it was released with the rest
	private void releaseFirst() {
		Queue<ByteBuf> parts = this.held;
		if (parts != null) {
			parts.remove().release();
			if (parts.isEmpty()) {
				this.held = null;
			}
		}
	}

	/**
	 * Called when the connection is lost before the request was admitted.
	 */
	void lost() {
		releaseHeld();
		if (!this.concluded) {
			giveUp(new IOException("The connection was closed"));
		}
	}

}
