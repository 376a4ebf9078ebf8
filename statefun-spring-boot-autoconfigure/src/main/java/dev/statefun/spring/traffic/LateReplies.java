package dev.statefun.spring.traffic;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Replies that may have come too late, by the function instance they are for: one for
 * each, for a while, the newest that there is room for. Thread-safe.
 */
final class LateReplies {

	private final long keepNanos;

	private final long maxBytes;

	private final LongSupplier nanoTime;

	private final ReentrantLock lock = new ReentrantLock();

	/** In the order in which they came. */
	private final Map<ByteBuffer, Late> replies = new LinkedHashMap<>();

	private long bytes;

	/** For the many requests that come while there are none. */
	private volatile boolean empty = true;

	LateReplies(Duration keep, long maxBytes, LongSupplier nanoTime) {
		this.keepNanos = keep.toNanos();
		this.maxBytes = maxBytes;
		this.nanoTime = nanoTime;
	}

	void keep(ByteBuffer address, byte[] request, byte[] reply, @Nullable String connection) {
		Late late = new Late(request, reply, connection, this.nanoTime.getAsLong());
		if (this.keepNanos == 0 || late.size() > this.maxBytes) {
			return;
		}
		this.lock.lock();
		try {
			forget(address);
			this.replies.put(address, late);
			this.bytes += late.size();
			makeRoom();
		}
		finally {
			this.empty = this.replies.isEmpty();
			this.lock.unlock();
		}
	}

	// Hands a reply out once: it does not come late then. With another request the
	// cluster goes on with the instance, and what was kept for it has had its time
	byte @Nullable [] take(ByteBuffer address, byte[] request) {
		if (this.empty) {
			return null;
		}
		this.lock.lock();
		try {
			makeRoom();
			Late late = forget(address);
			return (late != null && Arrays.equals(late.request, request)) ? late.reply : null;
		}
		finally {
			this.empty = this.replies.isEmpty();
			this.lock.unlock();
		}
	}

	// Who sends the next request on a connection has read the reply to the one before
	void received(String connection) {
		if (this.empty) {
			return;
		}
		this.lock.lock();
		try {
			Iterator<Late> late = this.replies.values().iterator();
			while (late.hasNext()) {
				Late next = late.next();
				if (connection.equals(next.connection)) {
					late.remove();
					this.bytes -= next.size();
				}
			}
		}
		finally {
			this.empty = this.replies.isEmpty();
			this.lock.unlock();
		}
	}

	private void makeRoom() {
		long now = this.nanoTime.getAsLong();
		Iterator<Late> oldest = this.replies.values().iterator();
		while (oldest.hasNext()) {
			Late late = oldest.next();
			if (this.bytes <= this.maxBytes && now - late.since < this.keepNanos) {
				return;
			}
			oldest.remove();
			this.bytes -= late.size();
		}
	}

	private @Nullable Late forget(ByteBuffer address) {
		Late late = this.replies.remove(address);
		if (late != null) {
			this.bytes -= late.size();
		}
		return late;
	}

	/**
	 * A reply that may have come too late.
	 */
	private static final class Late {

		private final byte[] request;

		private final byte[] reply;

		private final @Nullable String connection;

		private final long since;

		private Late(byte[] request, byte[] reply, @Nullable String connection, long since) {
			this.request = request;
			this.reply = reply;
			this.connection = connection;
			this.since = since;
		}

		private long size() {
			return (long) this.request.length + this.reply.length;
		}

	}

}
