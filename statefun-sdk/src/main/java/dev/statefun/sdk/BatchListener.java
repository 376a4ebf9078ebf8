package dev.statefun.sdk;

/**
 * Is told about every batch, on the thread that ended it. Must be fast, thread-safe, and
 * not throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchListener {

	/**
	 * A batch has ended.
	 * @param report what became of it
	 */
	void batchEnded(BatchReport report);

}
