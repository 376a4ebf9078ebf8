package dev.statefun.spring;

import dev.statefun.sdk.handler.RequestReplyHandler;

/**
 * Customizes the handler of requests, after properties and beans have been applied. All
 * beans of this type are called, in their order.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestReplyHandlerCustomizer {

	/**
	 * Customize the handler.
	 * @param handler builder of the handler
	 */
	void customize(RequestReplyHandler.Builder handler);

}
