package dev.statefun.local;

/**
 * How a cluster's client takes answers that are no replies (protocol.md §6.1).
 *
 * @since 0.1.0
 */
public enum Transport {

	/**
	 * As the async transport of 3.x: whatever is no reply is asked for again.
	 */
	ASYNC,

	/**
	 * As the transport of 2.x, and one of 3.x: a 4xx (but 408, 409, 420, 429 and 499), a
	 * redirect and a reply of another content type fail the job at once.
	 */
	OKHTTP

}
