package dev.statefun.netty;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;

import dev.statefun.endpoint.Exchange;
import dev.statefun.netty.RequestListener.ReceivedRequest;
import dev.statefun.netty.RequestListener.ThreadScope;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Leads one admitted request to its reply. Batches run on the {@link BatchExecution}; a
 * wait for another batch or for a pending reply holds no thread. A client that
 * disconnects does not end the batch, as it will ask for the reply again, but one that
 * has not begun is not delivered.
 */
final class BatchRun implements EndpointBatch {

	private final Exchange exchange;

	private final Channel channel;

	private final ServedEndpoint served;

	private final @Nullable String userAgent;

	private final ReceivedRequest request;

	private final BiConsumer<Exchange, @Nullable Throwable> end;

	/**
	 * Create a run.
	 * @param exchange the request
	 * @param channel its connection
	 * @param served handles batches, and has threads for them
	 * @param userAgent {@code User-Agent} of the request, or {@code null}
	 * @param request the request, as a listener observes it
	 * @param end called once on the event loop with the exchange and, if it can't lead to
	 * an answer, the reason
	 */
	BatchRun(Exchange exchange, Channel channel, ServedEndpoint served, @Nullable String userAgent,
			ReceivedRequest request, BiConsumer<Exchange, @Nullable Throwable> end) {
		this.exchange = exchange;
		this.channel = channel;
		this.served = served;
		this.userAgent = userAgent;
		this.request = request;
		this.end = end;
	}

	@Override
	public byte[] request() {
		return this.exchange.request();
	}

	@Override
	public EventLoop eventLoop() {
		return this.channel.eventLoop();
	}

	@Override
	public int countNeighbors() {
		EventLoop loop = eventLoop();
		int count = 0;
		for (Channel other : this.served.connections()) {
			count += (other != this.channel && other.eventLoop() == loop) ? 1 : 0;
		}
		return count;
	}

	void start() {
		try {
			this.served.execution().run(this);
		}
		catch (RejectedExecutionException ex) {
			end(ex);
		}
	}

	@Override
	public void run() {
		@Nullable CompletableFuture<?> pending;
		try {
			pending = proceedWithin(this.request.enter());
		}
		catch (Throwable ex) {
			end(ex);
			return;
		}
		if (pending == null) {
			end(null);
		}
		else {
			pending.whenComplete((result, ex) -> proceed());
		}
	}

	private @Nullable CompletableFuture<?> proceedWithin(ThreadScope scope) {
		try {
			return this.exchange.proceed((body) -> this.served.batches().handle(body, this.userAgent));
		}
		finally {
			scope.leave();
		}
	}

	private void proceed() {
		if (this.exchange.isDelivered()) {
			// Only takes the reply
			run();
		}
		else if (this.channel.isActive()) {
			start();
		}
		else {
			end(null);
		}
	}

	private void end(@Nullable Throwable failure) {
		EventLoop loop = eventLoop();
		if (loop.inEventLoop()) {
			this.end.accept(this.exchange, failure);
			return;
		}
		try {
			loop.execute(() -> this.end.accept(this.exchange, failure));
		}
		catch (RejectedExecutionException ex) {
			// The server has stopped, and its connections with it
			this.end.accept(this.exchange, failure);
		}
	}

}
