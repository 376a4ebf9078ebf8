package dev.statefun.endpoint;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Handles the body of a request, as
 * {@link dev.statefun.sdk.handler.RequestReplyHandler#handle(byte[]) RequestReplyHandler}
 * does.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchHandler {

	/**
	 * Handle a request.
	 * @param body the body of the request
	 * @param userAgent its {@code User-Agent}, which names the transport of the cluster
	 * (protocol.md §2.3), or {@code null} if it has none
	 * @return the body of the reply, pending or not
	 */
	CompletionStage<byte[]> handle(byte[] body, @Nullable String userAgent);

}
