package dev.statefun.console.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events to one client. Used by one thread at a time, except for
 * {@link #isClosed()}.
 *
 * @since 0.1.0
 */
public final class EventStream {

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final Object lock = new Object();

	private volatile boolean closed;

	private @Nullable AsyncContext async;

	EventStream(HttpServletRequest request, HttpServletResponse response) {
		this.request = request;
		this.response = response;
	}

	/**
	 * Begin the stream, on the thread of the request.
	 * @throws IOException if the client has gone
	 */
	public void begin() throws IOException {
		if (!this.request.isAsyncSupported()) {
			throw new ConsoleException(Problem.UNAVAILABLE,
					"Events need a server whose filters and servlets all support asynchronous requests");
		}
		this.response.setContentType("text/event-stream");
		this.response.setCharacterEncoding("UTF-8");
		// Proxies such as nginx would collect events
		this.response.setHeader("X-Accel-Buffering", "no");
		// First, as nothing would end an asynchronous request whose client has gone
		this.response.flushBuffer();
		AsyncContext async = this.request.startAsync(this.request, this.response);
		async.setTimeout(0);
		async.addListener(new Closing());
		this.async = async;
	}

	/**
	 * Send an event.
	 * @param id id of the event, without line breaks
	 * @param name name of the event
	 * @param data its data
	 * @throws IOException if the client has gone
	 */
	public void send(String id, String name, JsonObject data) throws IOException {
		// JSON of this writer has no line breaks
		write("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n");
	}

	/**
	 * Send a comment, to notice that a client has gone.
	 * @throws IOException if it has
	 */
	public void sendComment() throws IOException {
		write(":\n\n");
	}

	private void write(String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		synchronized (this.lock) {
			if (this.closed) {
				throw new IOException("The stream is closed");
			}
			this.response.getOutputStream().write(bytes);
			this.response.flushBuffer();
		}
	}

	/**
	 * Return whether the client has gone, or the stream has ended.
	 * @return whether it is closed
	 */
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * End the stream.
	 */
	public void end() {
		AsyncContext async = this.async;
		synchronized (this.lock) {
			if (async != null && !this.closed) {
				this.closed = true;
				complete(async);
			}
		}
	}

	private static void complete(AsyncContext async) {
		try {
			async.complete();
		}
		catch (IllegalStateException ex) {
			// The server has ended it already
		}
	}

	/**
	 * Notices that the server has ended the stream.
	 */
	private final class Closing implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			EventStream.this.closed = true;
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			end();
		}

		// Tomcat, unlike Jetty, reports a failed write, also if the stream has ended. It
		// shows its error page unless the request is ended here, and warns that it can't.
		// Then it gives the response to the next request, so the write must have returned
		@Override
		public void onError(AsyncEvent event) {
			synchronized (EventStream.this.lock) {
				EventStream.this.closed = true;
				complete(event.getAsyncContext());
			}
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

	}

}
