package dev.statefun.endpoint;

/**
 * Answer to a request of which nothing was applied. The cluster sends the request again
 * (protocol.md §6.1).
 *
 * @param status HTTP status: 500, 429 or 503
 * @param text text that the sender may see, to be sent in UTF-8 as {@link #CONTENT_TYPE}
 * @since 0.1.0
 */
public record FailureAnswer(int status, String text) {

	/** Content type of such answers. */
	public static final String CONTENT_TYPE = "text/plain;charset=UTF-8";

}
