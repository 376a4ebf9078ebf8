package dev.statefun.spring.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SubmissionPublisher;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.spring.web.RawRequest.Answer;
import dev.statefun.testing.ClusterReply;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for bodies that arrive in pieces on Tomcat, behind all kinds of filters.
 */
class ArrivingBodyIT extends AbstractBodyTests {

	@ParameterizedTest
	@ValueSource(classes = { Functions.class, WrappedRequests.Caching.class, WrappedRequests.Throwing.class,
			WrappedRequests.Ignoring.class, WrappedRequests.NeverReady.class, WrappedRequests.WithoutAsync.class })
	void bodyArrivingInPiecesIsComplete(Class<?> setup, CapturedOutput output) throws Exception {
		start(setup);
		for (byte[] body : List.of(SMALL, LARGE)) {
			int size = (body == SMALL) ? 1 : 600_000;
			try (RawRequest request = new RawRequest(port())) {
				request.head("Content-Length: " + body.length);
				awaitRequest();
				request.send(body, 0, 3);
				await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
				request.send(body, 3, body.length / 2).send(body, body.length / 2, body.length);
				assertEchoed(request.answer(), size);
				request.head("Content-Length: " + body.length).send(body);
				assertEchoed(request.answer(), size);
				request.head("Transfer-Encoding: chunked").chunk(body, 0, 3).send(Integer.toHexString(body.length - 3));
				await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
				request.send("\r\n").send(body, 3, body.length).send("\r\n0\r\n\r\n");
				assertEchoed(request.answer(), size);
			}
		}
		assertNothingIsInFlight();
		assertThat(output).doesNotContain("ERROR");
	}

	private static void awaitRequest() {
		// The arrival of the head is not observable: wait a moment
		await().pollDelay(Duration.ofMillis(100)).until(() -> true);
	}

	@ParameterizedTest
	@ValueSource(classes = { Functions.class, WrappedRequests.Throwing.class, WrappedRequests.WithoutAsync.class })
	void expectContinueIsSupported(Class<?> setup) throws Exception {
		start(setup);
		try (RawRequest request = new RawRequest(port()).head("Expect: 100-continue",
				"Content-Length: " + LARGE.length)) {
			assertThat(request.answer().status()).isEqualTo(100);
			assertEchoed(request.send(LARGE).answer(), 600_000);
			request.head("Expect: 100-continue", "Transfer-Encoding: chunked");
			assertThat(request.answer().status()).isEqualTo(100);
			assertEchoed(request.chunk(SMALL, 0, SMALL.length).send("0\r\n\r\n").answer(), 1);
		}
		assertNothingIsInFlight();
	}

	@ParameterizedTest
	@ValueSource(classes = { Recording.class, RecordingCached.class })
	void availableBodyIsNotDispatched(Class<?> setup) throws Exception {
		start(setup);
		try (RawRequest request = new RawRequest(port())) {
			for (int size : List.of(1, 6_000)) {
				assertEchoed(request.send(withHead(request(size))).answer(), size);
			}
		}
		Recorder recorder = context().getBean(Recorder.class);
		// The response arrives before the filter ends
		await().atMost(BOUND).untilAsserted(() -> assertThat(recorder.asynchronous).containsExactly(false, false));
	}

	@Test
	void rejectedRequestKeepsItsConnectionOnlyIfItsBodyHasArrived() throws Exception {
		start(Functions.class, "statefun.max-request-size=10KB");
		for (String head : List.of("Content-Length: 67108864", "Content-Length: 10241")) {
			try (RawRequest request = new RawRequest(port()).head(head).send("x")) {
				assertThat(request.answer().status()).isEqualTo(500);
				assertThat(request.isClosed()).isTrue();
			}
		}
		try (RawRequest request = new RawRequest(port())) {
			request.send("PUT /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nxx");
			assertThat(request.answer().status()).isEqualTo(405);
			request.send(withHead(SMALL));
			assertEchoed(request.answer(), 1);
			request.send("PUT /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx");
			assertThat(request.answer().status()).isEqualTo(405);
			assertThat(request.isClosed()).isTrue();
		}
		assertNothingIsInFlight();
	}

	@Test
	void bodyWaitingForRoomContinues() throws Exception {
		start(Functions.class, "statefun.max-in-flight-bytes=1MB", "statefun.max-request-size=1MB",
				"statefun.queue-timeout=30s", "statefun.read-timeout=1s");
		Admission.Permit taken = admission().begin();
		taken.growTo(800_000).join();
		try (RawRequest request = new RawRequest(port())) {
			CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
				try {
					return request.head("Content-Length: " + LARGE.length).send(LARGE).answer();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			await().atMost(BOUND).until(() -> admission().requestsWaiting() == 1);
			// Longer than the read timeout, which does not apply meanwhile
			await().during(Duration.ofMillis(1_500)).until(() -> admission().requestsWaiting() == 1);
			assertThat(answer).isNotDone();
			taken.release();
			assertEchoed(answer.join(), 600_000);
		}
		assertNothingIsInFlight();
	}

	@Test
	void bodiesArriveOverHttp2(CapturedOutput output) throws Exception {
		start(Functions.class, "server.http2.enabled=true", "statefun.read-timeout=1s");
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
		URI uri = URI.create("http://127.0.0.1:" + port() + "/statefun");
		// Upgrades the connection
		client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
		CompletableFuture<HttpResponse<byte[]>> pieces;
		try (SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>()) {
			pieces = client.sendAsync(post(uri, HttpRequest.BodyPublishers.fromPublisher(body)),
					HttpResponse.BodyHandlers.ofByteArray());
			await().atMost(BOUND).until(body::hasSubscribers);
			body.submit(ByteBuffer.wrap(LARGE, 0, 300_000));
			await().atMost(BOUND).until(() -> admission().bytesInFlight() >= 300_000);
			HttpResponse<byte[]> other = client.send(post(uri, HttpRequest.BodyPublishers.ofByteArray(SMALL)),
					HttpResponse.BodyHandlers.ofByteArray());
			assertThat(other.statusCode()).isEqualTo(200);
			body.submit(ByteBuffer.wrap(LARGE, 300_000, LARGE.length - 300_000));
		}
		assertThat(pieces).succeedsWithin(BOUND).satisfies((response) -> {
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(ClusterReply.v3(response.body()).messages()).hasSize(1);
		});

		try (SubmissionPublisher<ByteBuffer> body = new SubmissionPublisher<>()) {
			// This client reads no response before it has sent everything
			client.sendAsync(post(uri, HttpRequest.BodyPublishers.fromPublisher(body)),
					HttpResponse.BodyHandlers.discarding());
			await().atMost(BOUND).until(body::hasSubscribers);
			body.submit(ByteBuffer.wrap(LARGE, 0, 100));
			await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
			assertNothingIsInFlight();
		}
		assertThat(output).contains("has not gone on for 1000 ms").doesNotContain("ERROR");
	}

	private static HttpRequest post(URI uri, HttpRequest.BodyPublisher body) {
		return HttpRequest.newBuilder(uri)
			.header("Content-Type", "application/octet-stream")
			.timeout(BOUND)
			.POST(body)
			.build();
	}

	/**
	 * Records which requests continued asynchronously.
	 */
	static class Recorder extends HttpFilter {

		private final List<Boolean> asynchronous = new CopyOnWriteArrayList<>();

		@Override
		protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			chain.doFilter(request, response);
			this.asynchronous.add(request.isAsyncStarted());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Recorder.class)
	static class Recording {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Recorder.class, WrappedRequests.Caching.class })
	static class RecordingCached {

	}

}
