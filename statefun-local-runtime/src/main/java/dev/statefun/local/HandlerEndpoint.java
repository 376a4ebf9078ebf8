package dev.statefun.local;

import java.util.Objects;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.InvocationListener;

/**
 * Endpoint of a handler in this process.
 *
 * @param handler the handler
 */
record HandlerEndpoint(RequestReplyHandler handler) implements FunctionEndpoint {

	HandlerEndpoint {
		Objects.requireNonNull(handler, "'handler' must not be null");
	}

	@Override
	public CompletionStage<byte[]> call(byte[] request) {
		return this.handler.handle(request);
	}

	@Override
	public CompletionStage<byte[]> call(byte[] request, InvocationListener listener) {
		return this.handler.handle(request, listener);
	}

}
