package dev.statefun.spring.web;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.statefun.spring.web.StatefunHttpHandler.Exchange;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.jspecify.annotations.Nullable;

/**
 * An exchange whose reply is pending. It ends once: by the reply, or because the server
 * has lost patience with it or its client.
 */
final class PendingExchange implements AsyncListener {

	private final AsyncContext async;

	private final Exchange exchange;

	private final AtomicBoolean ended = new AtomicBoolean();

	PendingExchange(AsyncContext async, Exchange exchange) {
		this.async = async;
		this.exchange = exchange;
	}

	void end(byte @Nullable [] reply, @Nullable Throwable ex) {
		if (this.ended.compareAndSet(false, true)) {
			this.exchange.end(reply, ex);
			this.async.complete();
		}
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		end(null, new IllegalStateException("the function's stage did not complete in time; its batch was not applied, "
				+ "and the cluster will send it again"));
	}

	@Override
	public void onError(AsyncEvent event) {
		end(null, event.getThrowable());
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.ended.set(true);
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		// Only a new cycle of the same request would come here; there is none
	}

}
