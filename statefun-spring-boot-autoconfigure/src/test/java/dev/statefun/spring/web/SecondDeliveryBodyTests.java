package dev.statefun.spring.web;

import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.testing.ClusterRequest;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a second delivery does not retain its body while it waits for the first
 * reply.
 */
@Timeout(60)
class SecondDeliveryBodyTests {

	private static final byte[] BATCH = ClusterRequest.v3("test/any", "a").message(1).toByteArray();

	private final CompletableFuture<byte[]> reply = new CompletableFuture<>();

	private final Redeliveries redeliveries = new Redeliveries(Duration.ofSeconds(30), 1000);

	private final BodyLimits bodies = new BodyLimits(new Admission(10, 1000, Duration.ofSeconds(5)), 1000,
			new ArrivalLimits(Duration.ofSeconds(20), 0, ArrivalLimits.GRACE));

	private final StatefunHttpHandler handler = new StatefunHttpHandler(
			new Endpoint(this.bodies, this.redeliveries, new FailureLog(InstantSource.system()), TrafficListener.NONE),
			(body, userAgent) -> this.reply, new BodyReader(this.bodies, 1), (context) -> "a test");

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void bodyOfASecondDeliveryIsNotKept(boolean asyncSupported) throws Exception {
		Request first = new Request(asyncSupported);
		Request second = new Request(asyncSupported);
		Thread firstThread = start(first);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.redeliveries.size() == 1);
		Thread secondThread = start(second);
		await().atMost(Duration.ofSeconds(30)).until(() -> this.redeliveries.joined() == 1);
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			System.gc();
			return second.isBodyGone();
		});
		assertThat(first.isBodyGone()).isFalse();
		this.reply.complete(new byte[] { 1 });
		firstThread.join();
		secondThread.join();
	}

	private Thread start(Request request) {
		Thread thread = new Thread(() -> {
			try {
				this.handler.handleRequest(request, new MockHttpServletResponse());
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.start();
		return thread;
	}

	/**
	 * A request that detects whether the bytes read from it are still referenced.
	 */
	private static final class Request extends MockHttpServletRequest {

		private volatile @Nullable WeakReference<byte[]> body;

		Request(boolean asyncSupported) {
			super(new MockServletContext(), "POST", "/statefun");
			setAsyncSupported(asyncSupported);
		}

		boolean isBodyGone() {
			WeakReference<byte[]> read = this.body;
			return read != null && read.get() == null;
		}

		@Override
		public long getContentLengthLong() {
			return BATCH.length;
		}

		@Override
		public ServletInputStream getInputStream() {
			return new Body(new ByteArrayInputStream(BATCH), (buffer) -> this.body = new WeakReference<>(buffer));
		}

	}

	/**
	 * The bytes of a request.
	 */
	private static final class Body extends ServletInputStream {

		private final ByteArrayInputStream bytes;

		private final Function<byte[], ?> reader;

		Body(ByteArrayInputStream bytes, Function<byte[], ?> reader) {
			this.bytes = bytes;
			this.reader = reader;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) {
			this.reader.apply(buffer);
			return this.bytes.read(buffer, offset, length);
		}

		@Override
		public int available() {
			return this.bytes.available();
		}

		@Override
		public int read() {
			return this.bytes.read();
		}

		@Override
		public boolean isFinished() {
			return this.bytes.available() == 0;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new UnsupportedOperationException();
		}

	}

}
