package dev.statefun.local;

import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.InvocationListener;

/**
 * Destination of the local runtime's requests for a function: a handler in this process
 * ({@link #of}), or a service ({@link HttpFunctionEndpoint}).
 * <p>
 * Implementations are thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FunctionEndpoint {

	/**
	 * Send a request.
	 * @param request the bytes of a {@code ToFunction} (protocol.md §1); must not be
	 * modified
	 * @return the bytes of the {@code FromFunction}. A failure means that the request
	 * failed and is sent again (protocol.md §6.1), unless it is a
	 * {@link JobFailedException}
	 */
	CompletionStage<byte[]> call(byte[] request);

	/**
	 * Send a request, and let the function report on its messages. Called in place of
	 * {@link #call(byte[])} while a {@link MessageFlowListener} follows the runtime. By
	 * default there are no reports, as of a service.
	 * @param request the bytes of a {@code ToFunction}
	 * @param listener receives the reports before the reply is complete
	 * @return the bytes of the {@code FromFunction}
	 */
	default CompletionStage<byte[]> call(byte[] request, InvocationListener listener) {
		return call(request);
	}

	/**
	 * Return an endpoint for a handler in this process, which reports on messages.
	 * @param handler the handler
	 * @return the endpoint
	 */
	static FunctionEndpoint of(RequestReplyHandler handler) {
		return new HandlerEndpoint(handler);
	}

}
