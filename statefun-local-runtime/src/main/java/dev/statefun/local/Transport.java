package dev.statefun.local;

/**
 * Handling of responses that are not replies by a cluster's client (protocol.md §6.1).
 *
 * @since 0.1.0
 */
public enum Transport {

	/**
	 * As the async transport of 3.x: any response that is not a reply is retried.
	 */
	ASYNC,

	/**
	 * As the transport of 2.x, and one of 3.x: a 4xx (except 408, 409, 420, 429 and 499),
	 * a redirect and a reply of another content type fail the job at once.
	 */
	OKHTTP

}
