package dev.statefun.benchmarks.http;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import dev.statefun.sdk.handler.RequestReplyHandler;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * A servlet with the minimum of work: read a body, write a body.
 */
final class BareServlet extends HttpServlet {

	private final transient UnaryOperator<byte[]> answers;

	BareServlet(UnaryOperator<byte[]> answers) {
		this.answers = answers;
	}

	/**
	 * Return answers that repeat the reply to the first request of the same size.
	 * Requests differ only in their id, so the replies have the right size.
	 * @param handler handler for the first request of each size
	 * @return the answers
	 */
	static UnaryOperator<byte[]> fixed(RequestReplyHandler handler) {
		Map<Integer, byte[]> answers = new ConcurrentHashMap<>();
		return (request) -> answers.computeIfAbsent(request.length,
				(size) -> handler.handle(request).toCompletableFuture().join());
	}

	@Override
	protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] body = request.getInputStream().readNBytes(request.getContentLength());
		byte[] answer = this.answers.apply(body);
		response.setContentType("application/octet-stream");
		response.setContentLength(answer.length);
		response.getOutputStream().write(answer);
	}

}
