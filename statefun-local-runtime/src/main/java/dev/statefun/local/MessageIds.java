package dev.statefun.local;

/**
 * Ids of the messages of a runtime, in increasing order. They go on after a restart and
 * after a snapshot was restored. Not thread-safe.
 */
final class MessageIds {

	private long last;

	long next() {
		return ++this.last;
	}

	long last() {
		return this.last;
	}

	void continueAfter(long last) {
		this.last = Math.max(this.last, last);
	}

}
