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
 * The least that a servlet has to do: read a body, write a body.
 */
final class BareServlet extends HttpServlet {

	private final transient UnaryOperator<byte[]> answers;

	BareServlet(UnaryOperator<byte[]> answers) {
		this.answers = answers;
	}

	/**
	 * The answer that the first request of this size got: with requests that differ in
	 * the id only, of the size that each would get.
	 * @param handler gives the first answers
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
