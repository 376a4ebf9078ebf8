package dev.statefun.console.http;

import java.io.IOException;
import java.util.Objects;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventStream}.
 */
class EventStreamTests {

	private final CountingRequest request = new CountingRequest();

	private final EventStream stream = new EventStream(this.request, new MockHttpServletResponse());

	@Test
	void streamIsEndedOnce() throws IOException {
		this.stream.begin();
		this.stream.end();
		this.stream.end();
		assertThat(this.request.completions).isOne();
		assertThat(this.stream.isClosed()).isTrue();
	}

	// Tomcat reports the error of a write after the thread that got it has ended the
	// stream, and shows its error page unless the request is ended again
	@Test
	void errorIsEndedAfterTheStreamToo() throws IOException {
		this.stream.begin();
		this.stream.end();
		this.request.reportError();
		assertThat(this.request.completions).isEqualTo(2);
		this.stream.end();
		assertThat(this.request.completions).isEqualTo(2);
	}

	private static final class CountingRequest extends MockHttpServletRequest {

		private @Nullable MockAsyncContext context;

		private int completions;

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

		void reportError() throws IOException {
			MockAsyncContext context = Objects.requireNonNull(this.context);
			for (AsyncListener listener : context.getListeners()) {
				listener.onError(new AsyncEvent(context, new IOException("Broken pipe")));
			}
		}

	}

}
