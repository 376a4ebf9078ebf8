package dev.statefun.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Admission.Permit;
import dev.statefun.endpoint.traffic.Delivery;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.handler.InterruptFlag;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Printable;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.util.Assert;
import org.springframework.util.MimeTypeUtils;
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

	private static final String OCTET_STREAM = MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE;

	private final BatchHandler batches;

	private final FailureLog log;

	private final Admission admission;

	private final BodyReader bodies;

	private final Redeliveries redeliveries;

	private final TrafficListener listener;

	private final Function<ServletContext, String> asyncObstacles;

	private final AtomicBoolean asyncMissed = new AtomicBoolean();

	/**
	 * Create the endpoint.
	 * @param batches handles requests
	 * @param log logs failed requests
	 * @param bodies reads the bodies of requests and admits requests
	 * @param redeliveries knows the batches that run
	 * @param listener receives requests that are queued or rejected
	 * @param asyncObstacles names the filters and servlets that may keep requests from
	 * being processed asynchronously; called once, when that happens
	 */
	public StatefunHttpHandler(BatchHandler batches, FailureLog log, BodyReader bodies, Redeliveries redeliveries,
			TrafficListener listener, Function<ServletContext, String> asyncObstacles) {
		Assert.notNull(batches, "'batches' must not be null");
		Assert.notNull(log, "'log' must not be null");
		Assert.notNull(bodies, "'bodies' must not be null");
		Assert.notNull(redeliveries, "'redeliveries' must not be null");
		this.batches = batches;
		this.log = log;
		this.admission = bodies.admission();
		this.bodies = bodies;
		this.redeliveries = redeliveries;
		Assert.notNull(listener, "'listener' must not be null");
		Assert.notNull(asyncObstacles, "'asyncObstacles' must not be null");
		this.listener = listener;
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
		if (!"POST".equals(request.getMethod())) {
			UnreadBody.leaveUnlessBuffered(request);
			UnreadBody.closeConnection(request, response);
			response.setHeader("Allow", "POST");
			response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
			return;
		}
		UnexpectedRequestException refusal = refusal(request);
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
				arriving.permit()::release, arriving::readRest, arriving::fail);
	}

	private @Nullable Wait admit(ArrivingRequest arriving, CompletableFuture<@Nullable Void> admitted,
			HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
		Permit permit = arriving.permit();
		Duration waited = permit.waited();
		if (!waited.isZero()) {
			boolean interrupted = InterruptFlag.isSet();
			this.listener.waited(waited);
			InterruptFlag.restore(interrupted);
		}
		try {
			admitted.join();
		}
		catch (CompletionException | CancellationException ex) {
			if (!arriving.isRead()) {
				UnreadBody.leave(request);
			}
			fail(request, response, ExceptionWrappers.unwrap(ex));
			return null;
		}
		Exchange exchange = new Exchange(arriving.take(), permit, System.nanoTime());
		return releasing(permit, (again, answer) -> deliver(exchange, again, answer)).proceed(request, response);
	}

	// Problem of a request, as far as its headers show it
	private @Nullable UnexpectedRequestException refusal(HttpServletRequest request) {
		String contentType = request.getContentType();
		if (contentType != null && !isOctetStream(contentType)) {
			return new UnexpectedRequestException("Content type '" + Printable.of(contentType)
					+ "' is not what a StateFun cluster sends; expected '" + OCTET_STREAM + "'");
		}
		return this.bodies.refusal(request);
	}

	// With or without parameters
	private static boolean isOctetStream(String contentType) {
		int end = contentType.indexOf(';');
		return ((end < 0) ? contentType : contentType.substring(0, end)).strip().equalsIgnoreCase(OCTET_STREAM);
	}

	private @Nullable Wait deliver(Exchange exchange, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		Delivery delivery = this.redeliveries.deliver(exchange.body(),
				(body) -> this.batches.handle(body, request.getHeader("User-Agent")));
		return (delivery instanceof Delivery.Waiting waiting) ? awaitEnd(waiting.end(), exchange, request, response)
				: awaitReply((Delivery.Taken) delivery, exchange.permit(), request, response);
	}

	private @Nullable Wait awaitReply(Delivery.Taken delivery, Permit permit, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		if (delivery.isJoined()) {
			// The batch in flight has its own room. The server's graceful shutdown
			// waits for this request
			permit.release();
		}
		if (delivery.reply().isDone()) {
			return end(delivery, request, response);
		}
		Step next = releasing(permit, (again, answer) -> end(delivery, again, answer));
		return new Wait(delivery.reply(), next, () -> {
			delivery.notWritten();
			permit.release();
		});
	}

	// Waits for another batch of the same function instance
	private @Nullable Wait awaitEnd(CompletionStage<@Nullable Void> end, Exchange exchange, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		long left = exchange.since() + this.admission.queueTimeout().toNanos() - System.nanoTime();
		if (left <= 0) {
			fail(request, response,
					new NotAdmittedException(Rejection.BUSY,
							"Another batch for the same function instance has been running for "
									+ this.admission.queueTimeout().toMillis()
									+ " ms ('statefun.queue-timeout'); the cluster has given it up, it still runs"));
			return null;
		}
		CompletableFuture<@Nullable Void> turn = end.toCompletableFuture()
			.completeOnTimeout(null, left, TimeUnit.NANOSECONDS);
		Permit permit = exchange.permit();
		return new Wait(turn, releasing(permit, (again, answer) -> deliver(exchange, again, answer)), permit::release);
	}

	// Releases the room after a step, unless the request continues to wait
	private static Step releasing(Permit permit, Step step) {
		return (request, response) -> {
			Wait wait = null;
			try {
				wait = step.proceed(request, response);
				return wait;
			}
			finally {
				if (wait == null) {
					permit.release();
				}
			}
		};
	}

	private @Nullable Wait end(Delivery.Taken delivery, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		byte[] bytes;
		try {
			bytes = delivery.reply().join();
		}
		catch (CompletionException | CancellationException ex) {
			fail(request, response, ExceptionWrappers.unwrap(ex));
			return null;
		}
		try {
			write(response, HttpServletResponse.SC_OK, OCTET_STREAM, bytes);
		}
		catch (Throwable ex) {
			delivery.notWritten();
			throw ex;
		}
		delivery.written();
		return null;
	}

	private void fail(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
		ServerHttpObservationFilter.findObservationContext(request).ifPresent((context) -> context.setError(failure));
		boolean interrupted = InterruptFlag.isSet();
		Rejection rejection = rejectionOf(failure);
		if (rejection != null) {
			this.listener.rejected(rejection);
		}
		UnreadBody.closeConnection(request, response);
		byte[] text = log(failure).getBytes(StandardCharsets.UTF_8);
		// No server can write on a thread that a listener or an appender has interrupted
		InterruptFlag.restore(interrupted);
		try {
			write(response, statusOf(failure), "text/plain;charset=UTF-8", text);
		}
		finally {
			if (failure instanceof InterruptedWaitException) {
				// Not earlier: the server could not write on an interrupted thread
				Thread.currentThread().interrupt();
			}
		}
	}

	private static @Nullable Rejection rejectionOf(Throwable failure) {
		if (failure instanceof NotAdmittedException refused) {
			return refused.reason();
		}
		return (failure instanceof UnexpectedRequestException) ? Rejection.UNEXPECTED : null;
	}

	// The cluster sends the request again after any of these (protocol.md §6.1)
	private static int statusOf(Throwable failure) {
		if (failure instanceof NotAdmittedException refused) {
			return switch (refused.reason()) {
				case OVERLOADED, BUSY -> HttpStatus.TOO_MANY_REQUESTS.value();
				case DRAINING -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
				case INCOMPLETE, UNEXPECTED, FORBIDDEN -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
			};
		}
		return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
	}

	// Returns the text that the sender of the request may see
	private String log(Throwable failure) {
		if (failure instanceof NotAdmittedException refusal) {
			if (refusal.reason() != Rejection.DRAINING) {
				this.log.notAdmitted(refusal);
			}
			return String.valueOf(refusal.getMessage());
		}
		if (failure instanceof RuntimeException refusal && (failure instanceof RequestRefusedException
				|| failure instanceof UnexpectedRequestException || failure instanceof InterruptedWaitException)) {
			this.log.refused(refusal);
			return String.valueOf(refusal.getMessage());
		}
		this.log.failed(failure);
		return "The function failed; see the log of this service.";
	}

	private void write(HttpServletResponse response, int status, String contentType, byte[] body) throws IOException {
		response.setStatus(status);
		if (this.admission.isDraining()) {
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
	 * Handles the body of a request, as {@link RequestReplyHandler#handle} does.
	 */
	@FunctionalInterface
	public interface BatchHandler {

		/**
		 * Handle a request.
		 * @param body the body of the request
		 * @param userAgent its {@code User-Agent}, which names the transport of the
		 * cluster (protocol.md §2.3), or {@code null} if it has none
		 * @return the body of the reply, pending or not
		 */
		CompletionStage<byte[]> handle(byte[] body, @Nullable String userAgent);

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

	/**
	 * Request that has been read.
	 *
	 * @param body its body
	 * @param permit the room that it takes
	 * @param since time at which it was read
	 */
	private record Exchange(byte[] body, Permit permit, long since) {

	}

}
