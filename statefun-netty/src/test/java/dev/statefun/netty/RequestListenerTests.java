package dev.statefun.netty;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.statefun.netty.RequestListener.ReceivedRequest;
import dev.statefun.netty.RequestListener.ThreadScope;
import dev.statefun.netty.TestServer.Setup;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the listeners of {@link NettyEndpointServer}.
 */
@Timeout(120)
class RequestListenerTests {

	private final Recorder recorder = new Recorder("");

	private TestServer start(Setup setup) {
		return TestServer.start(setup, (builder) -> builder.listener(this.recorder));
	}

	@Test
	void batchRunsWithinItsRequest() throws IOException {
		for (BatchExecution execution : List.of(BatchExecution.eventLoop(), BatchExecution.handOff())) {
			this.recorder.events.clear();
			Setup setup = new Setup().handler((body, userAgent) -> {
				this.recorder.events.add("batch in " + Recorder.CURRENT.get());
				return CompletableFuture.completedFuture(body);
			});
			try (TestServer server = TestServer.start(setup,
					(builder) -> builder.execution(execution).listener(this.recorder));
					RawClient client = server.connect()) {
				client.post(new byte[] { 8, 1, 2 });
				this.recorder.awaitEvents("POST /statefun from 127.0.0.1", "enter", "batch in POST /statefun", "leave",
						"ended with 200, 3 bytes, null");
			}
		}
	}

	@Test
	void failureIsReportedWithItsReason() throws IOException {
		Setup setup = new Setup()
			.handler((body, userAgent) -> CompletableFuture.failedFuture(new IllegalStateException("broken")));
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			int length = client.post(new byte[] { 8, 1 }).bytes().length;
			// The failure is logged within the request, too
			this.recorder.awaitEvents("POST /statefun from 127.0.0.1", "enter", "leave", "enter", "leave",
					"ended with 500, " + length + " bytes, IllegalStateException");
		}
	}

	@Test
	void refusedRequestsAreReported() throws IOException {
		try (TestServer server = start(Setup.echo())) {
			List<Integer> answered = new ArrayList<>();
			for (String head : List.of("POST /other HTTP/1.1\r\n", "GET /statefun HTTP/1.1\r\n",
					"POST /statefun HTTP/1.1\r\nContent-Type: text/plain\r\n", "garbage\r\n")) {
				try (RawClient client = server.connect()) {
					answered.add(client.send(head + "\r\n").read().status());
				}
				Awaitility.await().atMost(TestServer.LONG).until(() -> this.recorder.ends().size() == answered.size());
			}
			assertThat(this.recorder.ends().get(0)).isEqualTo("ended with 404, 0 bytes, null");
			assertThat(this.recorder.ends().get(1)).isEqualTo("ended with 405, 0 bytes, null");
			assertThat(this.recorder.ends().get(2)).startsWith("ended with 500, ")
				.endsWith(", UnexpectedRequestException");
			assertThat(this.recorder.ends().get(3)).startsWith("ended with 500, ").endsWith(", NotAdmittedException");
		}
	}

	@Test
	void lostRequestsEndWithoutAStatus() throws IOException {
		try (TestServer server = start(new Setup())) {
			try (RawClient client = server.connect()) {
				client.send("POST /statefun HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
				Awaitility.await().atMost(TestServer.LONG).until(() -> !this.recorder.events.isEmpty());
			}
			Awaitility.await().atMost(TestServer.LONG).until(() -> this.recorder.ends().size() == 1);
			try (RawClient client = server.connect()) {
				client.send(RawClient.post("/statefun", new byte[] { 8, 1 }));
				server.awaitBatch(0);
			}
			Awaitility.await().atMost(TestServer.LONG).until(() -> server.connections() == 0);
			server.awaitBatch(0).reply().complete(new byte[] { 1 });
			Awaitility.await().atMost(TestServer.LONG).until(() -> this.recorder.ends().size() == 2);
			assertThat(this.recorder.ends()).containsExactly("ended with 0, 0 bytes, NotAdmittedException",
					"ended with 0, 0 bytes, null");
		}
	}

	@Test
	void laterListenersAreWithinEarlierOnes() throws IOException {
		Recorder inner = new Recorder("inner ", this.recorder.events);
		try (TestServer server = TestServer.start(Setup.echo(),
				(builder) -> builder.listener(this.recorder)
					.listener((head, peerAddress) -> ReceivedRequest.UNOBSERVED)
					.listener(inner));
				RawClient client = server.connect()) {
			client.post(new byte[] { 8, 1 });
			this.recorder.awaitEvents("POST /statefun from 127.0.0.1", "inner POST /statefun from 127.0.0.1", "enter",
					"inner enter", "inner leave", "leave", "inner ended with 200, 2 bytes, null",
					"ended with 200, 2 bytes, null");
		}
	}

	@Test
	void listenerThatFailsAtTheEndDoesNotHarmTheConnection() throws IOException {
		RequestListener broken = (head, peerAddress) -> new ReceivedRequest() {

			@Override
			public ThreadScope enter() {
				return ThreadScope.NONE;
			}

			@Override
			public void ended(int status, long bytes, @Nullable Throwable failure) {
				throw new IllegalStateException("broken");
			}

		};
		try (TestServer server = TestServer.start(Setup.echo(), (builder) -> builder.listener(broken));
				RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			assertThat(client.post(new byte[] { 8, 2 }).status()).isEqualTo(200);
			server.awaitNoRequests();
		}
	}

	/**
	 * Records calls.
	 */
	private static final class Recorder implements RequestListener {

		private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

		private final String name;

		private final List<String> events;

		Recorder(String name) {
			this(name, new CopyOnWriteArrayList<>());
		}

		Recorder(String name, List<String> events) {
			this.name = name;
			this.events = events;
		}

		@Override
		public ReceivedRequest received(RequestHead head, String peerAddress) {
			String request = head.method() + " " + head.target();
			this.events.add(this.name + request + " from " + peerAddress);
			return new ReceivedRequest() {

				@Override
				public ThreadScope enter() {
					CURRENT.set(request);
					Recorder.this.events.add(Recorder.this.name + "enter");
					return () -> {
						CURRENT.remove();
						Recorder.this.events.add(Recorder.this.name + "leave");
					};
				}

				@Override
				public void ended(int status, long bytes, @Nullable Throwable failure) {
					Recorder.this.events.add(Recorder.this.name + "ended with " + status + ", " + bytes + " bytes, "
							+ ((failure != null) ? failure.getClass().getSimpleName() : null));
				}

			};
		}

		List<String> ends() {
			return this.events.stream().filter((event) -> event.startsWith("ended")).toList();
		}

		void awaitEvents(String... expected) {
			Awaitility.await()
				.atMost(TestServer.LONG)
				.untilAsserted(() -> assertThat(this.events).containsExactly(expected));
		}

	}

}
