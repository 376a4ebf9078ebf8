package dev.statefun.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.RequestRefusedException;
import dev.statefun.sdk.RequestReplyHandler;
import dev.statefun.spring.execution.BatchTimeout;
import dev.statefun.spring.failure.FailureLog;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Carries the cluster's requests to the {@link RequestReplyHandler}, in the language of
 * the runtime (protocol.md §6.1): status 200 with the bare content type
 * {@code application/octet-stream} for what was done, 500 for whatever was not; 405 for
 * methods that no cluster uses.
 * <p>
 * A reply that is there already is written at once. One that is pending holds no thread:
 * the request is dispatched again when it is there, as for any controller, since filters
 * that buffer the response rely on that.
 *
 * @since 0.1.0
 */
public final class StatefunHttpHandler implements HttpRequestHandler {

	/** Bodies up to this size are read into a buffer of the size that was announced. */
	private static final int MAX_TRUSTED_LENGTH = 1 << 20;

	private static final Long NO_TIMEOUT = 0L;

	private static final String OCTET_STREAM = MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE;

	private final RequestReplyHandler handler;

	private final FailureLog log;

	private final @Nullable BatchTimeout batchTimeout;

	private final @Nullable Duration pendingTimeout;

	/**
	 * Create the endpoint.
	 * @param handler answers the requests
	 * @param log tells why a request failed
	 * @param batchTimeout ends what takes too long, or {@code null} for no limit
	 * @param pendingTimeout how long to wait for a pending reply if there is no limit, or
	 * {@code null} for the server's default
	 */
	public StatefunHttpHandler(RequestReplyHandler handler, FailureLog log, @Nullable BatchTimeout batchTimeout,
			@Nullable Duration pendingTimeout) {
		Assert.notNull(handler, "'handler' must not be null");
		Assert.notNull(log, "'log' must not be null");
		this.handler = handler;
		this.log = log;
		this.batchTimeout = batchTimeout;
		this.pendingTimeout = pendingTimeout;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		if (!"POST".equals(request.getMethod())) {
			response.setHeader("Allow", "POST");
			response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
			return;
		}
		WebAsyncManager async = WebAsyncUtils.getAsyncManager(request);
		if (async.hasConcurrentResult()) {
			end(request, response, async.getConcurrentResult());
			return;
		}
		CompletableFuture<byte[]> answer = answer(request);
		if (answer.isDone()) {
			end(request, response, resultOf(answer));
		}
		else {
			await(answer, async, request, response);
		}
	}

	private CompletableFuture<byte[]> answer(HttpServletRequest request) throws IOException {
		String contentType = request.getContentType();
		if (contentType != null && !contentType.regionMatches(true, 0, OCTET_STREAM, 0, OCTET_STREAM.length())) {
			return CompletableFuture.failedFuture(
					new UnexpectedRequestException("Content type '" + contentType.replaceAll("\\p{Cntrl}", "?")
							+ "' is not what a StateFun cluster sends; expected '" + OCTET_STREAM + "'"));
		}
		byte[] body = read(request);
		BatchTimeout timeout = this.batchTimeout;
		CompletionStage<byte[]> reply = (timeout != null) ? timeout.limit(() -> this.handler.handle(body))
				: this.handler.handle(body);
		return reply.toCompletableFuture();
	}

	private static byte[] read(HttpServletRequest request) throws IOException {
		int announced = request.getContentLength();
		if (announced < 0 || announced > MAX_TRUSTED_LENGTH) {
			return request.getInputStream().readAllBytes();
		}
		byte[] body = new byte[announced];
		int length = request.getInputStream().readNBytes(body, 0, announced);
		return (length == announced) ? body : Arrays.copyOf(body, length);
	}

	private void await(CompletableFuture<byte[]> answer, WebAsyncManager async, HttpServletRequest request,
			HttpServletResponse response) throws ServletException {
		Long timeout = (this.pendingTimeout != null) ? this.pendingTimeout.toMillis() : null;
		DeferredResult<Object> pending = new DeferredResult<>((this.batchTimeout != null) ? NO_TIMEOUT : timeout);
		// Whoever stops waiting, the server or the client, also stops the batch
		pending.onTimeout(() -> {
			pending.setErrorResult(new LatePendingReplyException());
			answer.cancel(false);
		});
		pending.onError((ex) -> answer.cancel(false));
		answer.whenComplete((reply, ex) -> pending.setResult(resultOf(answer)));
		async.setAsyncWebRequest(WebAsyncUtils.createAsyncWebRequest(request, response));
		try {
			async.startDeferredResultProcessing(pending);
		}
		catch (Exception ex) {
			answer.cancel(false);
			throw new ServletException("A pending reply needs asynchronous request processing", ex);
		}
	}

	// The reply, or why there is none
	private static Object resultOf(CompletableFuture<byte[]> answer) {
		try {
			return answer.join();
		}
		catch (CompletionException ex) {
			return (ex.getCause() != null) ? ex.getCause() : ex;
		}
		catch (CancellationException ex) {
			return ex;
		}
	}

	private void end(HttpServletRequest request, HttpServletResponse response, @Nullable Object result)
			throws IOException {
		if (result instanceof byte[] reply) {
			write(response, HttpServletResponse.SC_OK, OCTET_STREAM, reply);
			return;
		}
		Throwable failure = (result instanceof Throwable ex) ? ex
				: new IllegalStateException("A request ended without a reply");
		ServerHttpObservationFilter.findObservationContext(request).ifPresent((context) -> context.setError(failure));
		write(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "text/plain;charset=UTF-8",
				log(failure).getBytes(StandardCharsets.UTF_8));
	}

	// Returns what may be told to whoever sent the request
	private String log(Throwable failure) {
		if (failure instanceof RuntimeException refusal && (failure instanceof RequestRefusedException
				|| failure instanceof UnexpectedRequestException || failure instanceof LatePendingReplyException)) {
			this.log.refused(refusal);
			return String.valueOf(refusal.getMessage());
		}
		this.log.failed(failure);
		return "The function failed; see the log of this service.";
	}

	private static void write(HttpServletResponse response, int status, String contentType, byte[] body)
			throws IOException {
		response.setStatus(status);
		// A filter may have forced an encoding, which would become a parameter of the
		// content type, and that fails the job of some clusters (protocol.md §6.1)
		response.setCharacterEncoding((String) null);
		response.setContentType(contentType);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

	/**
	 * A request that is none of a cluster's, told by its headers.
	 */
	private static final class UnexpectedRequestException extends RuntimeException {

		private UnexpectedRequestException(String message) {
			super(message);
		}

	}

	/**
	 * A reply that was pending for too long.
	 */
	private static final class LatePendingReplyException extends RuntimeException {

		private LatePendingReplyException() {
			super("A function's stage did not complete in time; nothing of its batch was applied, "
					+ "and the cluster will send it again");
		}

	}

}
