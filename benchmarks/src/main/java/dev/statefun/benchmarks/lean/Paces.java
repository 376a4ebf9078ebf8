package dev.statefun.benchmarks.lean;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.handler.RequestReplyHandler;

/**
 * Tracks which functions are fast. A function is fast after a hundred consecutive batches
 * of less than a millisecond each, until one takes longer: that one has blocked its event
 * loop, later ones do not. A function that blocks only now and then is therefore not safe
 * here.
 */
final class Paces {

	private static final int QUICK_BATCHES = 100;

	private static final long QUICK_NANOS = 1_000_000;

	/** Names of unknown functions must not exhaust the memory. */
	private static final int MAX_FUNCTIONS = 10_000;

	private static final int ID = 0x1a;

	private final Map<ByteBuffer, Pace> paces = new ConcurrentHashMap<>();

	Pace of(byte[] request) {
		ByteBuffer address = RequestReplyHandler.targetBytes(request);
		if (address == null) {
			return new Pace();
		}
		ByteBuffer function = withoutId(address);
		Pace pace = this.paces.get(function);
		if (pace != null) {
			return pace;
		}
		Pace slow = new Pace();
		if (this.paces.size() >= MAX_FUNCTIONS) {
			return slow;
		}
		// The bytes of the request must not be kept with its address
		ByteBuffer key = ByteBuffer.allocate(function.remaining()).put(function).flip();
		Pace other = this.paces.putIfAbsent(key, slow);
		return (other != null) ? other : slow;
	}

	// A cluster writes namespace, name and id in this order; names of more than 127
	// bytes just have one pace per id
	private static ByteBuffer withoutId(ByteBuffer address) {
		int position = address.position();
		while (position + 1 < address.limit() && address.get(position) != ID) {
			int length = address.get(position + 1);
			if (length < 0 || length > address.limit() - position - 2) {
				return address;
			}
			position += 2 + length;
		}
		return address.slice(address.position(), position - address.position());
	}

	/**
	 * The pace of one function.
	 */
	static final class Pace {

		// Concurrent updates may lose a batch, which only delays the result
		private volatile int quickBatches;

		boolean isQuick() {
			return this.quickBatches >= QUICK_BATCHES;
		}

		void measure(Runnable batch) {
			long start = System.nanoTime();
			try {
				batch.run();
			}
			finally {
				count(System.nanoTime() - start);
			}
		}

		private void count(long nanos) {
			if (nanos >= QUICK_NANOS) {
				this.quickBatches = 0;
			}
			else {
				int counted = this.quickBatches;
				if (counted < QUICK_BATCHES) {
					this.quickBatches = counted + 1;
				}
			}
		}

	}

}
