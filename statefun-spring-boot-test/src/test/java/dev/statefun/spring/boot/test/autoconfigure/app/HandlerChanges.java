package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.RequestReplyHandlerCustomizer;

import org.springframework.stereotype.Component;

/**
 * Adds an interceptor to the handler.
 */
@Component
public class HandlerChanges implements RequestReplyHandlerCustomizer {

	@Override
	public void customize(RequestReplyHandler.Builder handler) {
		handler.interceptor((invocation) -> {
			if (invocation.context().self().id().equals("refused by the customizer")) {
				throw new IllegalArgumentException("refused by the customizer");
			}
			return invocation.proceed();
		});
	}

}
