package dev.statefun.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.Exchange;
import dev.statefun.endpoint.FailureAnswer;
import dev.statefun.endpoint.InterruptedWaitException;
import dev.statefun.endpoint.UnexpectedRequestException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Passes the cluster's requests to the {@link RequestReplyHandler}, with the statuses
 * that the runtime expects (protocol.md §6.1): 200 with the bare content type
 * {@code application/octet-stream} for a handled batch, 500 for any other request; 405
 * for methods that no cluster uses.
 * <p>
 * A completed reply is written at once. A pending one holds no thread, nor does a request
 * that waits for room or for another batch: it is dispatched again when it can continue,
 * as for any controller, since filters that buffer the response rely on that. If a filter
 * or the servlet does not support asynchronous processing, the request waits on its
 * thread, for no longer than it would otherwise.
 *
 * @since 0.1.0
 */
public final class StatefunHttpHandler implements HttpRequestHandler {

	private static final Log logger = LogFactory.getLog(StatefunHttpHandler.class);

	/** Longer than any wait: the batch itself, or the queue, detects a timeout. */
	private static final Long LONGER_THAN_ANY_BATCH = Duration.ofDays(8).toMillis();

	private final BatchHandler batches;

	private final BodyReader bodies;

	private final Endpoint endpoint;

	private final Function<ServletContext, String> asyncObstacles;

	private final AtomicBoolean asyncMissed = new AtomicBoolean();

	/**
	 * Create the endpoint.
	 * @param endpoint admits requests and maps failures
	 * @param batches handles requests
	 * @param bodies reads the bodies of requests, within the limits of the endpoint
	 * @param asyncObstacles names the filters and servlets that may keep requests from
	 * being processed asynchronously; called once, when that happens
	 */
	public StatefunHttpHandler(Endpoint endpoint, BatchHandler batches, BodyReader bodies,
			Function<ServletContext, String> asyncObstacles) {
		Assert.notNull(endpoint, "'endpoint' must not be null");
		Assert.notNull(batches, "'batches' must not be null");
		Assert.notNull(bodies, "'bodies' must not be null");
		Assert.notNull(asyncObstacles, "'asyncObstacles' must not be null");
		this.endpoint = endpoint;
		this.batches = batches;
		this.bodies = bodies;
		this.asyncObstacles = asyncObstacles;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		WebAsyncManager async = WebAsyncUtils.getAsyncManager(request);
		if (async.hasConcurrentResult()) {
			Object result = async.getConcurrentResult();
			async.clearConcurrentResult();
			if (result instanceof Step step) {
				proceed(step, request, response);
			}
			else {
				fail(request, response, (result instanceof Throwable ex) ? ex
						: new IllegalStateException("A request went on without a result"));
			}
			return;
		}
		if (!Endpoint.METHOD.equals(request.getMethod())) {
			UnreadBody.leaveUnlessBuffered(request);
			UnreadBody.closeConnection(request, response);
			response.setHeader("Allow", Endpoint.METHOD);
			response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
			return;
		}
		UnexpectedRequestException refusal = this.endpoint.refusal(request.getContentType(),
				request.getContentLengthLong());
		if (refusal != null) {
			UnreadBody.leaveUnlessBuffered(request);
			fail(request, response, refusal);
			return;
		}
		proceed(this::read, request, response);
	}

	private void proceed(Step step, HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		Wait wait = step.proceed(request, response);
		while (wait != null && !request.isAsyncSupported()) {
			wait = waitOnThread(wait, request, response);
		}
		if (wait != null) {
			dispatchAfter(wait, request, response);
		}
	}

	// Continues when the future completes, on a thread of the server. A client that
	// disconnects does not end the batch: it will ask for the reply again
	private static void dispatchAfter(Wait wait, HttpServletRequest request, HttpServletResponse response)
			throws ServletException {
		DeferredResult<Object> pending = new DeferredResult<>(LONGER_THAN_ANY_BATCH);
		pending.onError(wait.onError());
		pending.onCompletion(wait.atEnd());
		WebAsyncManager async = WebAsyncUtils.getAsyncManager(request);
		async.setAsyncWebRequest(WebAsyncUtils.createAsyncWebRequest(request, response));
		try {
			async.startDeferredResultProcessing(pending);
		}
		catch (Exception ex) {
			wait.atEnd().run();
			throw new ServletException("A request can't wait for its reply", ex);
		}
		wait.begin().accept(request);
		wait.future().whenComplete((result, ex) -> pending.setResult(wait.next()));
	}

	private @Nullable Wait waitOnThread(Wait wait, HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		if (this.asyncMissed.compareAndSet(false, true)) {
			logger.warn("Each request that waits holds a thread of the server, because asynchronous processing is "
					+ "not supported by " + this.asyncObstacles.apply(request.getServletContext())
					+ "; call setAsyncSupported(true) on its registration, or set 'asyncSupported = true' on its "
					+ "annotation");
		}
		wait.begin().accept(request);
		try {
			wait.future().get();
		}
		catch (ExecutionException | CancellationException ex) {
			// Handled by the next step
		}
		catch (InterruptedException ex) {
			wait.atEnd().run();
			fail(request, response, new InterruptedWaitException());
			return null;
		}
		return wait.next().proceed(request, response);
	}

	private @Nullable Wait read(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		ArrivingRequest arriving = this.bodies.begin(request);
		CompletableFuture<@Nullable Void> admitted = arriving.readBuffered();
		if (admitted.isDone()) {
			return admit(arriving, admitted, request, response);
		}
		return new Wait(admitted, (again, answer) -> admit(arriving, admitted, again, answer),
				arriving.arrival()::release, arriving::readRest, arriving.arrival()::fail);
	}

	private @Nullable Wait admit(ArrivingRequest arriving, CompletableFuture<@Nullable Void> admitted,
			HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
		Exchange exchange = this.endpoint.admitted(arriving.arrival(), admitted);
		if (exchange.failure() != null && !arriving.arrival().isEnded()) {
			UnreadBody.leave(request);
		}
		return proceed(exchange, request, response);
	}

	private @Nullable Wait proceed(Exchange exchange, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		CompletableFuture<?> pending = null;
		try {
			pending = exchange.proceed((body) -> this.batches.handle(body, request.getHeader("User-Agent")));
			if (pending == null) {
				answer(exchange, request, response);
			}
		}
		finally {
			if (pending == null) {
				exchange.close();
			}
		}
		return (pending != null)
				? new Wait(pending, (again, answer) -> proceed(exchange, again, answer), exchange::close) : null;
	}

	private void answer(Exchange exchange, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		Throwable failure = exchange.failure();
		if (failure != null) {
			fail(request, response, failure);
			return;
		}
		write(response, HttpServletResponse.SC_OK, Endpoint.CONTENT_TYPE, exchange.reply());
		exchange.written();
	}

	private void fail(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
		ServerHttpObservationFilter.findObservationContext(request).ifPresent((context) -> context.setError(failure));
		UnreadBody.closeConnection(request, response);
		FailureAnswer answer = this.endpoint.fail(failure);
		try {
			write(response, answer.status(), FailureAnswer.CONTENT_TYPE,
					answer.text().getBytes(StandardCharsets.UTF_8));
		}
		finally {
			if (failure instanceof InterruptedWaitException) {
				// Not earlier: the server could not write on an interrupted thread
				Thread.currentThread().interrupt();
			}
		}
	}

	private void write(HttpServletResponse response, int status, String contentType, byte[] body) throws IOException {
		response.setStatus(status);
		if (this.endpoint.isDraining()) {
			// Makes the cluster send the next request to another instance
			response.setHeader("Connection", "close");
		}
		// A filter may have forced an encoding, which would become a parameter of the
		// content type and fail the job of some clusters (protocol.md §6.1)
		response.setCharacterEncoding((String) null);
		response.setContentType(contentType);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
		// While a failure can still be detected here. Also, a server that then reads
		// or gives up on the rest of the body must not delay the answer
		response.flushBuffer();
	}

	/**
	 * Step of a request, executed at once or after a wait.
	 */
	@FunctionalInterface
	private interface Step {

		/**
		 * Continue the request.
		 * @param request the request
		 * @param response the response
		 * @return the next wait, or {@code null} if the request is answered
		 */
		@Nullable Wait proceed(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;

	}

	/**
	 * Wait of a request. Holds only the parts of the request's body that the next step
	 * needs.
	 *
	 * @param future completes when the request can continue
	 * @param next the next step
	 * @param atEnd called when the request has ended, even without the next step
	 * @param begin called once the request waits, on its thread
	 * @param onError called when the server has lost the connection
	 */
	private record Wait(CompletableFuture<?> future, Step next, Runnable atEnd, Consumer<HttpServletRequest> begin,
			Consumer<Throwable> onError) {

		Wait(CompletableFuture<?> future, Step next, Runnable atEnd) {
			this(future, next, atEnd, (request) -> {
			}, (ex) -> {
			});
		}

	}

}
