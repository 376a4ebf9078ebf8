package dev.statefun.endpoint.traffic;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.statefun.endpoint.traffic.Admission.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one request's body that have arrived. Memory grows with them, never with the
 * announced size, and only once the {@link Permit} has room for it: {@value #FIRST_SIZE}
 * bytes at first, then doubling. A body of at most that size with a known length takes
 * exactly one array.
 * <p>
 * Not thread-safe: for one thread at a time.
 *
 * @since 0.1.0
 */
public final class ArrivingBody {

	private static final int FIRST_SIZE = 8192;

	private static final byte[] NOTHING = {};

	private static final CompletableFuture<@Nullable Void> ROOM = CompletableFuture.completedFuture(null);

	private final Permit permit;

	private final int announced;

	private final int maxSize;

	private byte[] bytes = NOTHING;

	private CompletableFuture<@Nullable Void> room = ROOM;

	private int granted;

	private int length;

	/**
	 * Create an empty body.
	 * @param permit takes room for it
	 * @param announced its number of bytes, at most {@code maxSize}, or -1 if unknown
	 * @param maxSize maximum number of bytes
	 */
	public ArrivingBody(Permit permit, long announced, long maxSize) {
		if (maxSize <= 0 || maxSize > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("'maxSize' is " + maxSize);
		}
		if (announced < -1 || announced > maxSize) {
			throw new IllegalArgumentException("'announced' is " + announced + " of at most " + maxSize);
		}
		this.permit = Objects.requireNonNull(permit, "'permit' must not be null");
		this.announced = (int) announced;
		this.maxSize = (int) maxSize;
	}

	/**
	 * Take room for at least one more byte. Not for a body that {@linkplain #isFull() is
	 * full}.
	 * @return completes when there is room, done already if there is. Fails as
	 * {@link Permit#growTo(long)} does
	 */
	public CompletableFuture<@Nullable Void> makeRoom() {
		if (this.length == this.granted) {
			this.granted = (int) Math.min(Math.max(FIRST_SIZE, 2L * this.length), limit());
			this.room = this.permit.growTo(this.granted);
		}
		return this.room;
	}

	/**
	 * Take room for the complete body in memory.
	 * @param size number of bytes, at most as many as may be in memory
	 * @return completes when there is room, done already if there is. Fails as
	 * {@link Permit#growTo(long)} does
	 */
	public CompletableFuture<@Nullable Void> makeRoomFor(long size) {
		return (size > this.granted) ? this.permit.growTo(size) : ROOM;
	}

	private int limit() {
		return (this.announced >= 0) ? this.announced : this.maxSize;
	}

	/**
	 * Return the array for the next bytes, once there is room.
	 * @return the array; free from {@link #length()} to its end
	 */
	public byte[] array() {
		if (this.bytes.length < this.granted) {
			this.bytes = Arrays.copyOf(this.bytes, this.granted);
		}
		return this.bytes;
	}

	/**
	 * Called when bytes have been written to the {@link #array()}.
	 * @param count their number
	 */
	public void arrived(int count) {
		this.length += count;
	}

	/**
	 * Return the number of bytes that have arrived.
	 * @return their number
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Return whether all announced bytes have arrived.
	 * @return whether the body is complete; always {@code false} if its length is unknown
	 */
	public boolean isComplete() {
		return this.length == this.announced;
	}

	/**
	 * Return whether the body has reached its maximum size.
	 * @return whether another byte would be one too many
	 */
	public boolean isFull() {
		return this.length == limit();
	}

	/**
	 * Return whether the body may end here.
	 * @return whether it is complete, or its length is unknown
	 */
	public boolean mayEnd() {
		return this.announced < 0 || isComplete();
	}

	/**
	 * Take the bytes; the body has none afterwards.
	 * @return exactly the bytes that have arrived
	 */
	public byte[] take() {
		byte[] all = (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
		this.bytes = NOTHING;
		return all;
	}

}
