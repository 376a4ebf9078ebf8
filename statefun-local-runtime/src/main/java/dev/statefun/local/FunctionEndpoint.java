package dev.statefun.local;

import java.util.concurrent.CompletionStage;

/**
 * Destination of the local runtime's requests for a function: a handler in this process
 * ({@code handler::handle}), or a service ({@link HttpFunctionEndpoint}).
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

}
