package dev.statefun.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.netty.RawClient.Response;
import dev.statefun.netty.TestServer.Batch;
import dev.statefun.netty.TestServer.Setup;
import dev.statefun.testing.ClusterRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for limits, second deliveries, lost connections and the stop of
 * {@link NettyEndpointServer}.
 */
@ParameterizedClass
@EnumSource(Transport.class)
@Timeout(120)
class TrafficTests {

	private static final byte[] REPLY = { 1, 2, 3 };

	private static final Duration SHORT = Duration.ofMillis(100);

	private static final Duration LONGER_THAN_A_REQUEST = Duration.ofSeconds(2);

	/** More than half of the room that tests of it leave. */
	private static final byte[] LARGE = large();

	private final Transport transport;

	TrafficTests(Transport transport) {
		this.transport = transport;
	}

	@BeforeAll
	static void watchLeaks() {
		Leaks.watch();
	}

	@AfterAll
	static void nothingHasLeaked() {
		assertThat(Leaks.find()).isEmpty();
	}

	private TestServer start(Setup setup) {
		return TestServer.start(setup, (builder) -> builder.transport(this.transport));
	}

	private TestServer start(Setup setup, Duration idleTimeout) {
		return TestServer.start(setup, (builder) -> builder.transport(this.transport).idleTimeout(idleTimeout));
	}

	private static byte[] large() {
		byte[] large = new byte[90_000];
		large[0] = 8;
		return large;
	}

	private static byte[] request(String id, int message) {
		return ClusterRequest.v3("test/slow", id).message(message).toByteArray();
	}

	private static byte[] post(String id, int message) {
		return RawClient.post("/statefun", request(id, message));
	}

	private static String head(int length) {
		return "POST /statefun HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n";
	}

	private static void await(CheckedCondition condition) {
		Awaitility.await().atMost(TestServer.LONG).until(condition::holds);
	}

	private static boolean refusesConnections(TestServer server) throws IOException {
		try {
			server.connect().close();
			return false;
		}
		catch (ConnectException ex) {
			return true;
		}
	}

	@Test
	void senderThatStopsIsGivenUp() throws IOException {
		Setup setup = Setup.echo().arrival(new ArrivalLimits(SHORT, 0, Duration.ZERO));
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			Response response = client.send(head(10) + "abc").read();
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.text()).startsWith("The body of a request has not gone on for 100 ms");
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
			assertThat(server.rejections()).containsExactly(Rejection.INCOMPLETE);
			server.awaitNoRequests();
		}
	}

	@Test
	void senderThatIsTooSlowIsGivenUp() throws Exception {
		Setup setup = Setup.echo().arrival(new ArrivalLimits(TestServer.LONG, 1_000_000, SHORT));
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			client.send(head(1_000_000));
			CompletableFuture<Response> response = CompletableFuture.supplyAsync(() -> {
				try {
					return client.read();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			try {
				while (!response.isDone()) {
					client.send("a");
				}
			}
			catch (IOException ex) {
				// Closed after the answer
			}
			assertThat(response.get(60, TimeUnit.SECONDS).text()).contains("('statefun.min-read-rate')");
			server.awaitNoRequests();
		}
	}

	@Test
	void requestThatIsSlowButInTimeIsAnswered() throws IOException {
		byte[] body = request("joe", 1);
		try (TestServer server = start(Setup.echo()); RawClient client = server.connect()) {
			client.send(head(body.length));
			// In flight only once it is complete
			await(() -> server.admission().bytesInFlight() == 0);
			client.send(new byte[] { body[0] });
			await(() -> server.admission().bytesInFlight() == body.length);
			assertThat(server.admission().requestsInFlight()).isZero();
			client.send(Arrays.copyOfRange(body, 1, body.length));
			assertThat(client.read().bytes()).isEqualTo(body);
			server.awaitNoRequests();
		}
	}

	@Test
	void requestWaitsForItsTurn() throws IOException {
		try (TestServer server = start(new Setup().maxRequests(1));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			second.send(post("ann", 1));
			await(() -> server.admission().requestsWaiting() == 1);
			batch.reply().complete(REPLY);
			assertThat(first.read().bytes()).isEqualTo(REPLY);
			server.awaitBatch(1).reply().complete(REPLY);
			assertThat(second.read().bytes()).isEqualTo(REPLY);
			server.awaitNoRequests();
		}
	}

	@Test
	void requestIsRefusedAfterTheQueueTimeout() throws IOException {
		try (TestServer server = start(new Setup().maxRequests(1).queueTimeout(SHORT));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			Response response = second.send(post("ann", 1)).read();
			assertThat(response.status()).isEqualTo(429);
			assertThat(response.text()).startsWith("No room for 100 ms ('statefun.queue-timeout')");
			assertThat(response.isClosing()).isFalse();
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			server.awaitNoRequests();
			// Both connections are usable
			second.send(post("ann", 1));
			server.awaitBatch(1).reply().complete(REPLY);
			assertThat(second.read().status()).isEqualTo(200);
			assertThat(server.rejections()).containsExactly(Rejection.OVERLOADED);
		}
	}

	@Test
	void bodyWaitsForRoomWithoutBeingBuffered() throws IOException {
		try (TestServer server = start(new Setup().maxBytes(100_000).maxSize(100_000));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(RawClient.post("/statefun", LARGE));
			Batch batch = server.awaitBatch(0);
			second.send(RawClient.post("/statefun", LARGE));
			await(() -> server.admission().requestsWaiting() == 1);
			assertThat(server.admission().bytesInFlight()).isLessThanOrEqualTo(100_000);
			assertThat(server.batches()).hasSize(1);
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			Batch next = server.awaitBatch(1);
			assertThat(next.body()).isEqualTo(LARGE);
			next.reply().complete(REPLY);
			assertThat(second.read().status()).isEqualTo(200);
			server.awaitNoRequests();
		}
	}

	@Test
	void chunksWaitForRoom() throws IOException {
		try (TestServer server = start(new Setup().maxBytes(100_000).maxSize(100_000));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(RawClient.post("/statefun", LARGE));
			Batch batch = server.awaitBatch(0);
			String chunk = "64\r\n" + "a".repeat(100) + "\r\n";
			second.send(
					"POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(900) + "0\r\n\r\n");
			await(() -> server.admission().requestsWaiting() == 1);
			batch.reply().complete(REPLY);
			Batch next = server.awaitBatch(1);
			assertThat(new String(next.body(), StandardCharsets.US_ASCII)).isEqualTo("a".repeat(90_000));
			next.reply().complete(REPLY);
			assertThat(second.read().status()).isEqualTo(200);
			// The connection reads on
			second.send(post("joe", 1));
			server.awaitBatch(2).reply().complete(REPLY);
			assertThat(second.read().status()).isEqualTo(200);
		}
	}

	@Test
	void bodyWithoutRoomIsRefusedAfterTheQueueTimeout() throws IOException {
		try (TestServer server = start(new Setup().maxBytes(100_000).maxSize(100_000).queueTimeout(SHORT));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(RawClient.post("/statefun", LARGE));
			Batch batch = server.awaitBatch(0);
			Response response = second.send(RawClient.post("/statefun", LARGE)).read();
			assertThat(response.status()).isEqualTo(429);
			assertThat(response.isClosing()).isTrue();
			assertThat(second.isClosed()).isTrue();
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			server.awaitNoRequests();
		}
	}

	@Test
	void clientThatGoesWhileItsBodyWaitsForRoomLeavesNothing() throws IOException {
		try (TestServer server = start(new Setup().maxBytes(100_000).maxSize(100_000));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(RawClient.post("/statefun", LARGE));
			Batch batch = server.awaitBatch(0);
			second.send(RawClient.post("/statefun", LARGE));
			await(() -> server.admission().requestsWaiting() == 1);
			second.reset();
			if (this.transport == Transport.EPOLL) {
				await(() -> server.admission().requestsWaiting() == 0);
			}
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			// NIO may read the rest of the body, and notices the loss later
			await(() -> server.connections() == 1);
			server.batches().forEach((begun) -> begun.reply().complete(REPLY));
			server.awaitNoRequests();
		}
	}

	@Test
	void secondDeliveryJoinsTheFirst() throws IOException {
		try (TestServer server = start(new Setup());
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			second.send(post("joe", 1));
			await(() -> server.redeliveries().joined() == 1);
			batch.reply().complete(REPLY);
			assertThat(first.read().bytes()).isEqualTo(REPLY);
			assertThat(second.read().bytes()).isEqualTo(REPLY);
			assertThat(server.batches()).hasSize(1);
			server.awaitNoRequests();
		}
	}

	@Test
	void otherBatchOfTheInstanceWaits() throws IOException {
		try (TestServer server = start(new Setup());
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			second.send(post("joe", 2));
			await(() -> server.admission().requestsInFlight() == 2);
			assertThat(server.batches()).hasSize(1);
			batch.reply().complete(REPLY);
			Batch next = server.awaitBatch(1);
			assertThat(next.body()).isEqualTo(request("joe", 2));
			next.reply().complete(REPLY);
			assertThat(second.read().status()).isEqualTo(200);
			assertThat(first.read().status()).isEqualTo(200);
			server.awaitNoRequests();
		}
	}

	@Test
	void otherBatchOfTheInstanceWaitsForTheQueueTimeout() throws IOException {
		try (TestServer server = start(new Setup().queueTimeout(SHORT));
				RawClient first = server.connect();
				RawClient second = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			Response response = second.send(post("joe", 2)).read();
			assertThat(response.status()).isEqualTo(429);
			assertThat(response.text()).startsWith("Another batch for the same function instance has been running");
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			assertThat(server.rejections()).containsExactly(Rejection.BUSY);
			server.awaitNoRequests();
		}
	}

	@Test
	void replyOfAClientThatHasGoneIsKept() throws IOException {
		try (TestServer server = start(new Setup()); RawClient second = server.connect()) {
			RawClient first = server.connect();
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			first.end();
			await(() -> server.connections() == 1);
			// It keeps its room until its batch has ended
			assertThat(server.admission().requestsInFlight()).isOne();
			batch.reply().complete(REPLY);
			server.awaitNoRequests();
			assertThat(second.send(post("joe", 1)).read().bytes()).isEqualTo(REPLY);
			assertThat(server.redeliveries().answered()).isOne();
			assertThat(server.batches()).hasSize(1);
		}
	}

	@Test
	void replyThatAClientDoesNotReadIsKept() throws IOException {
		byte[] large = new byte[20_000_000];
		Setup setup = new Setup();
		try (TestServer server = TestServer.start(setup,
				(builder) -> builder.transport(this.transport).writeTimeout(SHORT));
				RawClient second = server.connect()) {
			try (RawClient first = server.connect()) {
				first.send(post("joe", 1));
				server.awaitBatch(0).reply().complete(large);
				await(() -> server.connections() == 1);
			}
			server.awaitNoRequests();
			assertThat(server.redeliveries().size()).isZero();
			second.send(post("joe", 1));
			// Too large to be kept
			server.awaitBatch(1).reply().complete(REPLY);
			assertThat(second.read().bytes()).isEqualTo(REPLY);
		}
	}

	@Test
	void clientThatGoesBeforeItsTurnIsForgotten() throws IOException {
		try (TestServer server = start(new Setup().maxRequests(1)); RawClient first = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			RawClient second = server.connect();
			second.send(post("ann", 1));
			await(() -> server.admission().requestsWaiting() == 1);
			second.end();
			await(() -> server.admission().requestsWaiting() == 0);
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			server.awaitNoRequests();
			assertThat(server.batches()).hasSize(1);
			assertThat(server.rejections()).isEmpty();
		}
	}

	@Test
	void clientThatGoesWhileAnotherBatchRunsIsNotDelivered() throws IOException {
		try (TestServer server = start(new Setup()); RawClient first = server.connect()) {
			first.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			RawClient second = server.connect();
			second.send(post("joe", 2));
			await(() -> server.admission().requestsInFlight() == 2);
			second.end();
			await(() -> server.connections() == 1);
			batch.reply().complete(REPLY);
			assertThat(first.read().status()).isEqualTo(200);
			server.awaitNoRequests();
			assertThat(server.batches()).hasSize(1);
		}
	}

	@Test
	void clientThatGoesInItsHeadOrBodyLeavesNothing() throws IOException {
		try (TestServer server = start(new Setup())) {
			for (String part : new String[] { "", "PO", "POST /statefun HTTP/1.1\r\nContent-", head(10),
					head(10) + "abc", "POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab" }) {
				RawClient client = server.connect();
				client.send(part);
				client.end();
				RawClient other = server.connect();
				other.send(part);
				other.reset();
			}
			await(() -> server.connections() == 0);
			server.awaitNoRequests();
			assertThat(server.batches()).isEmpty();
			assertThat(server.rejections()).allMatch(Rejection.INCOMPLETE::equals);
		}
	}

	@Test
	void requestBeforeTheAnswerToTheFirstIsNotHandled() throws IOException {
		try (TestServer server = start(new Setup()); RawClient client = server.connect()) {
			client.send(RawClient.join(post("joe", 1), post("ann", 1), post("bob", 1)));
			Batch batch = server.awaitBatch(0);
			batch.reply().complete(REPLY);
			Response response = client.read();
			assertThat(response.bytes()).isEqualTo(REPLY);
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
			server.awaitNoRequests();
			assertThat(server.batches()).hasSize(1);
		}
	}

	@Test
	void connectionWithoutACompleteHeadIsClosed() throws IOException {
		try (TestServer server = start(Setup.echo(), SHORT);
				RawClient silent = server.connect();
				RawClient slow = server.connect()) {
			slow.send("POST /state");
			assertThat(silent.isClosed()).isTrue();
			assertThat(slow.isClosed()).isTrue();
		}
	}

	@Test
	void idleConnectionIsClosedAfterAnAnswer() throws IOException {
		try (TestServer server = start(Setup.echo(), LONGER_THAN_A_REQUEST); RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			assertThat(client.isClosed()).isTrue();
		}
	}

	@Test
	void batchMayTakeLongerThanConnectionsAreIdle() throws IOException {
		try (TestServer server = start(new Setup(), LONGER_THAN_A_REQUEST);
				RawClient client = server.connect();
				RawClient idle = server.connect()) {
			client.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			// Which is connected later, so that the time is over for the other one, too
			assertThat(idle.isClosed()).isTrue();
			batch.reply().complete(REPLY);
			assertThat(client.read().bytes()).isEqualTo(REPLY);
		}
	}

	@Test
	void newRequestsAreRefusedWhileTheEndpointDrains() throws IOException {
		try (TestServer server = start(new Setup());
				RawClient client = server.connect();
				RawClient arriving = server.connect();
				RawClient waiting = server.connect()) {
			client.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			arriving.send(head(10) + "a");
			await(() -> server.admission().bytesInFlight() > batch.body().length);
			server.admission().drain();
			for (Response refused : new Response[] { waiting.send(post("ann", 1)).read(), arriving.read() }) {
				assertThat(refused.status()).isEqualTo(503);
				assertThat(refused.text()).isEqualTo("The application is about to end");
				assertThat(refused.isClosing()).isTrue();
			}
			assertThat(waiting.isClosed()).isTrue();
			assertThat(arriving.isClosed()).isTrue();
			batch.reply().complete(REPLY);
			Response response = client.read();
			assertThat(response.bytes()).isEqualTo(REPLY);
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
		}
	}

	@Test
	void serverWaitsForRequestsBeforeItStops() throws Exception {
		try (TestServer server = start(new Setup());
				RawClient client = server.connect();
				RawClient joined = server.connect();
				RawClient idle = server.connect()) {
			client.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			joined.send(post("joe", 1));
			await(() -> server.redeliveries().joined() == 1);
			CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> server.server().stop(TestServer.LONG));
			assertThat(idle.isClosed()).isTrue();
			assertThat(stop).isNotDone();
			// NIO closes the socket when its event loop selects the next time
			await(() -> refusesConnections(server));
			batch.reply().complete(REPLY);
			assertThat(client.read().bytes()).isEqualTo(REPLY);
			assertThat(joined.read().isClosing()).isTrue();
			stop.get(60, TimeUnit.SECONDS);
			server.awaitNoRequests();
		}
	}

	@Test
	void batchesThatTakeTooLongDoNotKeepTheServer() throws Exception {
		try (TestServer server = start(new Setup()); RawClient client = server.connect()) {
			client.send(post("joe", 1));
			Batch batch = server.awaitBatch(0);
			server.server().stop(SHORT);
			assertThat(client.isClosed()).isTrue();
			assertThat(server.admission().requestsInFlight()).isOne();
			batch.reply().complete(REPLY);
			server.awaitNoRequests();
			assertThat(server.redeliveries().size()).isZero();
			server.server().stop(SHORT);
		}
	}

	/**
	 * Condition to wait for.
	 */
	@FunctionalInterface
	private interface CheckedCondition {

		boolean holds() throws Exception;

	}

}
