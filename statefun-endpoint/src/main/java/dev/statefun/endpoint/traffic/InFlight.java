package dev.statefun.endpoint.traffic;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Number of requests in flight and total size of their bodies, in one atomic value: as
 * long as no request waits, requests change it without a lock. {@link Admission} closes
 * it to them while it holds its lock, or while any request waits.
 * <p>
 * What one request holds has the same form, see {@link #of}. Thread-safe.
 */
final class InFlight {

	/** Maximum number of requests. */
	static final int MAX_REQUESTS = 1 << 20;

	/** Maximum total size of their bodies. */
	static final long MAX_BYTES = 1L << 40;

	// Holds the sum of two sizes
	private static final int BITS_OF_BYTES = 42;

	private static final long BYTES = (1L << BITS_OF_BYTES) - 1;

	/** Bit that makes a value final for those without the lock. */
	static final long CLOSED = Long.MIN_VALUE;

	private final int maxRequests;

	private final long maxBytes;

	private final AtomicLong total = new AtomicLong();

	InFlight(int maxRequests, long maxBytes) {
		if (maxRequests <= 0 || maxRequests > MAX_REQUESTS) {
			throw new IllegalArgumentException("'maxRequests' is " + maxRequests + ", not 1 to " + MAX_REQUESTS);
		}
		if (maxBytes <= 0 || maxBytes > MAX_BYTES) {
			throw new IllegalArgumentException("'maxBytes' is " + maxBytes + ", not 1 to " + MAX_BYTES);
		}
		this.maxRequests = maxRequests;
		this.maxBytes = maxBytes;
	}

	/**
	 * Return a number of requests and bytes in one value.
	 * @param requests number of requests
	 * @param bytes number of bytes
	 * @return both; values can be added and subtracted
	 */
	static long of(int requests, long bytes) {
		return ((long) requests << BITS_OF_BYTES) + bytes;
	}

	static int requests(long value) {
		return (int) ((value & ~CLOSED) >>> BITS_OF_BYTES);
	}

	static long bytes(long value) {
		return value & BYTES;
	}

	/**
	 * Add requests and bytes, unless this is closed or the sum exceeds a limit.
	 * @param change the requests and bytes, which may be negative
	 * @return whether they were added
	 */
	boolean tryAdd(long change) {
		long now = this.total.get();
		while (now >= 0 && isAllowed(now + change)) {
			long found = this.total.compareAndExchange(now, now + change);
			if (found == now) {
				return true;
			}
			now = found;
		}
		return false;
	}

	private boolean isAllowed(long sum) {
		return requests(sum) <= this.maxRequests && bytes(sum) <= this.maxBytes;
	}

	/**
	 * Add requests and bytes without a check. Only while this is closed, by the thread
	 * that holds the lock.
	 * @param change the requests and bytes, which may be negative
	 */
	void add(long change) {
		this.total.addAndGet(change);
	}

	void close() {
		this.total.updateAndGet((now) -> now | CLOSED);
	}

	void open() {
		this.total.updateAndGet((now) -> now & ~CLOSED);
	}

	int requests() {
		return requests(this.total.get());
	}

	long bytes() {
		return bytes(this.total.get());
	}

	boolean hasTurn() {
		return requests() < this.maxRequests;
	}

	boolean hasRoom(long bytes) {
		return bytes() + bytes <= this.maxBytes;
	}

	int maxRequests() {
		return this.maxRequests;
	}

	long maxBytes() {
		return this.maxBytes;
	}

}
