package dev.statefun.spring.boot.autoconfigure.web;

import java.io.IOException;

import dev.statefun.spring.web.UnreadBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Keeps Tomcat from reading the rest of a body after the answer for an unlimited time.
 * The answer is written first; then the connection is closed.
 * <p>
 * Belongs to the context's pipeline, before the host's error pages.
 * {@code maxSwallowSize=0} is not enough: it does not apply to chunked bodies, but does
 * to the application's own uploads.
 */
final class UnreadBodyValve extends ValveBase {

	UnreadBodyValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		getNext().invoke(request, response);
		// Over HTTP/2 a stream ends without the rest of its body
		if (!UnreadBody.isLeft(request) || !request.getProtocol().startsWith("HTTP/1")) {
			return;
		}
		if (response.isError() && !response.isCommitted()) {
			replaceError(request, response);
		}
		// A request that was dispatched ends without the rest anyway
		if (!request.isAsync() && request.getDispatcherType() == DispatcherType.REQUEST) {
			response.finishResponse();
			request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
			// Tomcat treats this as an error, but it is not one to report
			response.setErrorReported();
		}
	}

	// Tomcat has decided on 400 or 408 when the body was cut, and rejected any other
	// answer; both fail the job of some clusters
	private static void replaceError(Request request, Response response) {
		request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
		response.setErrorReported();
		response.setSuspended(false);
		response.setAppCommitted(false);
		response.reset();
		response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
	}

}
