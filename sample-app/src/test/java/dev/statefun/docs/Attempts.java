package dev.statefun.docs;

import java.util.concurrent.atomic.LongAdder;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.RequestReplyHandlerCustomizer;

import org.springframework.stereotype.Component;

/**
 * Counts how often handlers are called, retries included.
 */
@Component
class Attempts implements RequestReplyHandlerCustomizer {

	private final LongAdder calls = new LongAdder();

	@Override
	public void customize(RequestReplyHandler.Builder handler) {
		handler.interceptor((invocation) -> {
			this.calls.increment();
			return invocation.proceed();
		});
	}

}
