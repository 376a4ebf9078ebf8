package dev.statefun.sdk.protocol;

/**
 * Internal: may change in any release. Thrown when a reply exceeds its maximum size.
 *
 * @since 0.1.0
 */
public final class ReplyTooLargeException extends RuntimeException {

	private final long size;

	private final long maxSize;

	ReplyTooLargeException(long size, long maxSize) {
		super("the reply would have at least " + size + " bytes, but may have " + maxSize
				+ "; send less, let the cluster send smaller batches (maxNumBatchRequests in its module.yaml), or raise "
				+ "the limit ('statefun.max-reply-size'), and with it the transport's payload_max_bytes");
		this.size = size;
		this.maxSize = maxSize;
	}

	/**
	 * Return whether the end of the reply is too large by itself.
	 * @param start position at which that part starts
	 * @return whether the part alone would exceed the maximum size
	 */
	public boolean isBecauseOf(int start) {
		return this.size - start > this.maxSize;
	}

}
