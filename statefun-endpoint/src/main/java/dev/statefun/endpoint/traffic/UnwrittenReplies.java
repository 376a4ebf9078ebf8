package dev.statefun.endpoint.traffic;

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
 * Stores replies that could not be written, at most one for each function instance. Drops
 * the oldest to make room, and each after its time. Thread-safe.
 */
final class UnwrittenReplies {

	private final long keepNanos;

	private final long maxBytes;

	private final LongSupplier nanoTime;

	private final ReentrantLock lock = new ReentrantLock();

	/** Replies by address, in order of arrival. */
	private final Map<ByteBuffer, Unwritten> replies = new LinkedHashMap<>();

	private long bytes;

	/** Fast path for the many requests that come while there are none. */
	private volatile boolean empty = true;

	UnwrittenReplies(Duration keep, long maxBytes, LongSupplier nanoTime) {
		this.keepNanos = keep.toNanos();
		this.maxBytes = maxBytes;
		this.nanoTime = nanoTime;
	}

	void keep(ByteBuffer address, byte[] request, byte[] reply) {
		Unwritten unwritten = new Unwritten(request, reply, this.nanoTime.getAsLong());
		if (this.keepNanos == 0 || unwritten.size() > this.maxBytes) {
			return;
		}
		this.lock.lock();
		try {
			forget(address);
			this.replies.put(address, unwritten);
			this.bytes += unwritten.size();
			makeRoom();
		}
		finally {
			this.empty = this.replies.isEmpty();
			this.lock.unlock();
		}
	}

	// Returns a reply once. With another request the cluster continues with the
	// instance, and the reply kept for it is of no further use
	byte @Nullable [] take(ByteBuffer address, byte[] request) {
		if (this.empty) {
			return null;
		}
		this.lock.lock();
		try {
			makeRoom();
			Unwritten unwritten = forget(address);
			return (unwritten != null && Arrays.equals(unwritten.request, request)) ? unwritten.reply : null;
		}
		finally {
			this.empty = this.replies.isEmpty();
			this.lock.unlock();
		}
	}

	private void makeRoom() {
		long now = this.nanoTime.getAsLong();
		Iterator<Unwritten> oldest = this.replies.values().iterator();
		while (oldest.hasNext()) {
			Unwritten next = oldest.next();
			if (this.bytes <= this.maxBytes && now - next.since < this.keepNanos) {
				return;
			}
			oldest.remove();
			this.bytes -= next.size();
		}
	}

	private @Nullable Unwritten forget(ByteBuffer address) {
		Unwritten unwritten = this.replies.remove(address);
		if (unwritten != null) {
			this.bytes -= unwritten.size();
		}
		return unwritten;
	}

	/**
	 * Reply that could not be written.
	 */
	private static final class Unwritten {

		private final byte[] request;

		private final byte[] reply;

		private final long since;

		private Unwritten(byte[] request, byte[] reply, long since) {
			this.request = request;
			this.reply = reply;
			this.since = since;
		}

		private long size() {
			return (long) this.request.length + this.reply.length;
		}

	}

}
