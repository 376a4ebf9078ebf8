package dev.statefun.spring.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.statefun.sdk.InvocationFailedException;
import dev.statefun.sdk.RequestRefusedException;
import dev.statefun.sdk.RequestReplyHandler;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Carries the cluster's requests to the {@link RequestReplyHandler}, in the language of
 * the runtime (protocol.md §6.1): status 200 with the bare content type
 * {@code application/octet-stream} for what was done, 500 for whatever was not; 405 for
 * methods that no cluster uses. A reply that is there already is written at once, one
 * that is pending holds no thread.
 *
 * @since 0.1.0
 */
public final class StatefunHttpHandler implements HttpRequestHandler {

	private static final Log logger = LogFactory.getLog(StatefunHttpHandler.class);

	/** Bodies up to this size are read into a buffer of the size that was announced. */
	private static final int MAX_TRUSTED_LENGTH = 1 << 20;

	private static final String OCTET_STREAM = MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE;

	private final RequestReplyHandler handler;

	/**
	 * Create the endpoint.
	 * @param handler answers the requests
	 */
	public StatefunHttpHandler(RequestReplyHandler handler) {
		Assert.notNull(handler, "'handler' must not be null");
		this.handler = handler;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (!"POST".equals(request.getMethod())) {
			response.setHeader("Allow", "POST");
			response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
			return;
		}
		CompletableFuture<byte[]> answer = answer(request).toCompletableFuture();
		if (answer.isDone()) {
			answer.whenComplete((reply, ex) -> new Exchange(request, response).end(reply, ex));
			return;
		}
		AsyncContext async = request.startAsync(request, response);
		PendingExchange pending = new PendingExchange(async, new Exchange(request, response));
		async.addListener(pending);
		answer.whenComplete(pending::end);
	}

	private CompletableFuture<byte[]> answer(HttpServletRequest request) throws IOException {
		String contentType = request.getContentType();
		if (contentType != null && !contentType.regionMatches(true, 0, OCTET_STREAM, 0, OCTET_STREAM.length())) {
			return CompletableFuture.failedFuture(
					new UnexpectedRequestException("Content type '" + contentType.replaceAll("\\p{Cntrl}", "?")
							+ "' is not what a StateFun cluster " + "sends; expected '" + OCTET_STREAM + "'"));
		}
		return this.handler.handle(read(request)).toCompletableFuture();
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

	/**
	 * A request that is none of a cluster's, told by its headers.
	 */
	private static final class UnexpectedRequestException extends RuntimeException {

		private UnexpectedRequestException(String message) {
			super(message);
		}

	}

	/**
	 * One request and its response.
	 *
	 * @param request the request
	 * @param response the response
	 */
	record Exchange(HttpServletRequest request, HttpServletResponse response) {

		void end(byte @Nullable [] reply, @Nullable Throwable ex) {
			try {
				if (ex == null && reply != null) {
					write(HttpServletResponse.SC_OK, OCTET_STREAM, reply);
				}
				else {
					fail((ex instanceof CompletionException && ex.getCause() != null) ? ex.getCause() : ex);
				}
			}
			catch (IOException writeFailure) {
				// The cluster has gone and will send the batch again; it has seen no
				// answer
				logger.debug("The reply could not be written", writeFailure);
			}
		}

		private void fail(@Nullable Throwable ex) throws IOException {
			String message = "The function failed; see the log of this service.";
			if (ex instanceof RequestRefusedException || ex instanceof UnexpectedRequestException) {
				logger.error(ex.getMessage());
				message = ex.getMessage();
			}
			else if (ex instanceof InvocationFailedException) {
				logger.error(ex.getMessage(), ex.getCause());
			}
			else {
				logger.error("A request failed for an unexpected reason; nothing of it was applied", ex);
			}
			if (ex != null) {
				ServerHttpObservationFilter.findObservationContext(this.request)
					.ifPresent((context) -> context.setError(ex));
			}
			write(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "text/plain;charset=UTF-8",
					String.valueOf(message).getBytes(StandardCharsets.UTF_8));
		}

		private void write(int status, String contentType, byte[] body) throws IOException {
			this.response.setStatus(status);
			// A filter may have forced an encoding, which would become a parameter of the
			// content type, and that fails the job of some clusters (protocol.md §6.1)
			this.response.setCharacterEncoding((String) null);
			this.response.setContentType(contentType);
			this.response.setContentLength(body.length);
			this.response.getOutputStream().write(body);
		}

	}

}
