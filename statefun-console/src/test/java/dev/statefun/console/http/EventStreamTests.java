package dev.statefun.console.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link EventStream}.
 */
class EventStreamTests {

	private final CountingRequest request = new CountingRequest();

	private final FailingResponse response = new FailingResponse();

	private final EventStream stream = new EventStream(this.request, this.response);

	@Test
	void streamIsEndedOnce() throws IOException {
		this.stream.begin();
		this.stream.end();
		this.stream.end();
		assertThat(this.request.completions).isOne();
		assertThat(this.stream.isClosed()).isTrue();
	}

	// The request would wait for its end forever
	@Test
	void streamThatCantBeginLeavesNoAsynchronousRequest() {
		this.response.failing = true;
		assertThatIOException().isThrownBy(this.stream::begin);
		assertThat(this.request.context).isNull();
	}

	// Jetty reports no error of a write. Tomcat does, on another thread and maybe after
	// the end, and shows its error page unless the request is ended again
	@Test
	void streamWhoseWriteFailedIsEndedAndOnceMoreIfTheServerReportsIt() throws IOException {
		this.stream.begin();
		this.response.failing = true;
		assertThatIOException().isThrownBy(this.stream::sendComment);
		this.stream.end();
		assertThat(this.request.completions).isOne();
		this.request.reportError();
		assertThat(this.request.completions).isEqualTo(2);
		this.stream.end();
		assertThat(this.request.completions).isEqualTo(2);
	}

	// Once a request is ended, Tomcat gives its objects to the next one. A write that has
	// not returned yet would set its error there
	@Test
	void errorThatIsReportedDuringTheWriteWaitsForItsReturn() throws Exception {
		this.stream.begin();
		Thread server = new Thread(this.request::reportError, "server");
		AtomicInteger completions = new AtomicInteger(-1);
		this.response.failing = true;
		this.response.duringWrite = () -> {
			server.start();
			Awaitility.await()
				.until(server::getState, (state) -> state == Thread.State.BLOCKED || state == Thread.State.TERMINATED);
			completions.set(this.request.completions);
		};
		assertThatIOException().isThrownBy(this.stream::sendComment);
		server.join();
		assertThat(completions).hasValue(0);
		assertThat(this.request.completions).isOne();
		this.stream.end();
		assertThat(this.request.completions).isOne();
	}

	private static final class FailingResponse extends HttpServletResponseWrapper {

		private boolean failing;

		private Runnable duringWrite = () -> {
		};

		FailingResponse() {
			super(new MockHttpServletResponse());
		}

		@Override
		public void flushBuffer() throws IOException {
			this.duringWrite.run();
			if (this.failing) {
				throw new IOException("Broken pipe");
			}
			super.flushBuffer();
		}

	}

	private static final class CountingRequest extends MockHttpServletRequest {

		private @Nullable MockAsyncContext context;

		private volatile int completions;

		CountingRequest() {
			setAsyncSupported(true);
		}

		@Override
		public AsyncContext startAsync(ServletRequest request, @Nullable ServletResponse response) {
			this.context = new MockAsyncContext(request, response) {

				@Override
				public void complete() {
					CountingRequest.this.completions++;
				}

			};
			return this.context;
		}

		void reportError() {
			MockAsyncContext context = Objects.requireNonNull(this.context);
			AsyncEvent event = new AsyncEvent(context, new IOException("Broken pipe"));
			context.getListeners().forEach((listener) -> report(listener, event));
		}

		private static void report(AsyncListener listener, AsyncEvent event) {
			try {
				listener.onError(event);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
