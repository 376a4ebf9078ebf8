package dev.statefun.spring.web;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.web.GatedService.Gates;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for overload, second deliveries and shutdown as a cluster observes them. They run
 * on a real server, because its threads and connections matter.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class TrafficTests {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private @Nullable ConfigurableApplicationContext context;

	private @Nullable Gates gates;

	private void start(String... properties) {
		SpringApplication application = new SpringApplication(Service.class);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0"));
		String[] arguments = Arrays.stream(properties).map("--"::concat).toArray(String[]::new);
		this.context = application.run(arguments);
		this.gates = this.context.getBean(Gates.class);
	}

	// Starts a service without properties unless the test has started one
	private ConfigurableApplicationContext context() {
		if (this.context == null) {
			start();
		}
		return Objects.requireNonNull(this.context);
	}

	private Gates gates() {
		context();
		return Objects.requireNonNull(this.gates);
	}

	@AfterEach
	void stop() {
		gates().openAll();
		context().close();
	}

	private URI uri() {
		int port = Objects.requireNonNull(((ServletWebServerApplicationContext) context()).getWebServer()).getPort();
		return URI.create("http://127.0.0.1:" + port + "/statefun");
	}

	private CompletableFuture<HttpResponse<byte[]>> post(byte[] body) {
		return send(HttpRequest.BodyPublishers.ofByteArray(body));
	}

	private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.BodyPublisher body) {
		return this.client.sendAsync(HttpRequest.newBuilder(uri())
			.header("Content-Type", "application/octet-stream")
			.timeout(BOUND)
			.POST(body)
			.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

	private static byte[] request(String function, String id, int message) {
		return ClusterRequest.v3(function, id).messageFrom("test/caller", "c", message).toByteArray();
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	private MeterRegistry meters() {
		return context().getBean(MeterRegistry.class);
	}

	private double gauge(String name) {
		return meters().get(name).gauge().value();
	}

	private double rejected(String reason) {
		return meters().get("statefun.requests.rejected").tag("reason", reason).counter().count();
	}

	private Admission admission() {
		return context().getBean(Admission.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void excessRequestsWaitAndAreHandledLater(String function) {
		start("statefun.max-in-flight=2", "statefun.queue-timeout=30s", "statefun.batch-timeout=60s",
				"server.tomcat.threads.max=3");
		CompletableFuture<HttpResponse<byte[]>> first = post(request(function, "a", 1));
		CompletableFuture<HttpResponse<byte[]>> second = post(request(function, "b", 1));
		gates().awaitCalls(2);
		List<CompletableFuture<HttpResponse<byte[]>>> rest = List.of(post(request(function, "c", 1)),
				post(request(function, "d", 1)), post(request(function, "e", 1)), post(request(function, "f", 1)));
		// More than the server has threads
		await().atMost(BOUND).until(() -> admission().requestsWaiting() == 4);
		assertThat(gates().calls()).hasSize(2);
		assertThat(gauge("statefun.requests.active")).isEqualTo(2);
		// Waiting requests have been read
		byte[] one = request(function, "a", 1);
		assertThat(gauge("statefun.requests.active.size"))
			.isEqualTo(6 * (one.length + RequestReplyHandler.decodedSize(one)));
		assertThat(gauge("statefun.requests.waiting")).isEqualTo(4);
		gates().openAll();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(second).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(rest).allSatisfy((reply) -> assertThat(reply).succeedsWithin(BOUND).satisfies((response) -> {
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(ClusterReply.v3(response.body()).messages()).hasSize(1);
		}));
		assertThat(meters().get("statefun.requests.queued").timer().count()).isEqualTo(4);
		assertNothingIsInFlight();
	}

	@Test
	void requestIsAnswered429AfterTheQueueTimeout(CapturedOutput output) {
		start("statefun.max-in-flight=1", "statefun.queue-timeout=100ms", "statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("test/blocking", "a", 1));
		gates().awaitCalls(1);
		for (int i = 0; i < 3; i++) {
			HttpResponse<byte[]> refused = post(request("test/blocking", "b", 1)).join();
			assertThat(refused.statusCode()).isEqualTo(429);
			assertThat(text(refused)).contains("'statefun.max-in-flight'");
		}
		assertThat(rejected("overloaded")).isEqualTo(3);
		assertThat(meters().get("statefun.requests.queued").timer().count()).isEqualTo(3);
		gates().openAll();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(post(request("test/blocking", "b", 1))).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(output.getAll().lines().filter((line) -> line.contains("'statefun.max-in-flight'"))).singleElement()
			.asString()
			.contains(" WARN ");
		assertNothingIsInFlight();
	}

	@Test
	void clientThatDisconnectsWhileWaitingHoldsNoRoom() throws Exception {
		start("statefun.max-in-flight=1", "statefun.queue-timeout=300ms", "statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("test/blocking", "a", 1));
		gates().awaitCalls(1);
		try (Socket socket = connect()) {
			write(socket, request("test/blocking", "b", 1));
			await().atMost(BOUND).until(() -> admission().requestsWaiting() == 1);
		}
		await().atMost(BOUND).until(() -> admission().requestsWaiting() == 0);
		gates().openAll();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertNothingIsInFlight();
	}

	@Test
	void oversizedRequestIsRejectedUnread(CapturedOutput output) throws Exception {
		start("statefun.max-request-size=1000B");
		try (Socket socket = connect()) {
			// The body never arrives
			OutputStream out = socket.getOutputStream();
			out.write(head(1001).getBytes(StandardCharsets.US_ASCII));
			out.flush();
			assertThat(readReply(socket)).startsWith("HTTP/1.1 500 ")
				.contains("A request has 1001 bytes, but may have 1000 ('statefun.max-request-size')")
				.contains("maxNumBatchRequests");
		}
		assertThat(output).contains("A request has 1001 bytes, but may have 1000");
		assertThat(rejected("unexpected")).isEqualTo(1);
		assertNothingIsInFlight();
	}

	private static HttpRequest.BodyPublisher chunked(byte[] body) {
		return HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
	}

	@Test
	void oversizedReplyFails(CapturedOutput output) {
		start("statefun.max-reply-size=20B");
		assertThat(post(request("test/echo", "a", 1)).join().statusCode()).isEqualTo(500);
		assertThat(output).contains("Function 'test/echo' failed for id 'a'").contains("'statefun.max-reply-size'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void secondDeliveriesHoldNoRoomWhileTheFirstRuns(String function) throws Exception {
		start("statefun.max-in-flight=2", "statefun.batch-timeout=60s", "server.tomcat.threads.max=3",
				"statefun.max-request-size=1MB");
		byte[] batch = request(function, "a", 1);
		CompletableFuture<HttpResponse<byte[]>> first = post(batch);
		gates().awaitCalls(1);
		List<CompletableFuture<HttpResponse<byte[]>>> others = new ArrayList<>();
		for (int i = 1; i <= 6; i++) {
			if (i % 2 == 0) {
				Socket socket = connect();
				write(socket, batch);
				awaitJoined(i);
				reset(socket);
			}
			else {
				others.add((i == 1) ? send(chunked(batch)) : post(batch));
				awaitJoined(i);
			}
			await().atMost(BOUND)
				.untilAsserted(() -> assertThat(admission()).returns(1, Admission::requestsInFlight)
					.returns(batch.length + RequestReplyHandler.decodedSize(batch), Admission::bytesInFlight));
		}
		gates().openAll();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(others)
			.allSatisfy((reply) -> assertThat(reply).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode));
		assertThat(gates().calls()).containsExactly("a 1");
		assertNothingIsInFlight();
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void secondDeliveryIsAnsweredBeforeTheServerStops(String function) throws Exception {
		start("statefun.batch-timeout=60s");
		byte[] batch = request(function, "a", 1);
		CompletableFuture<HttpResponse<byte[]>> first = post(batch);
		gates().awaitCalls(1);
		List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>(List.of(first));
		for (int i = 1; i <= 6; i++) {
			all.add(post(batch));
			awaitJoined(i);
		}
		Thread closing = new Thread(context()::close);
		closing.start();
		await().atMost(BOUND).until(() -> admission().isDraining());
		assertThat(post(request("test/echo", "b", 1)).join().statusCode()).isEqualTo(503);
		gates().openAll();
		assertThat(all)
			.allSatisfy((reply) -> assertThat(reply).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode));
		closing.join(BOUND.toMillis());
		assertThat(closing.isAlive()).isFalse();
		assertThat(gates().calls()).containsExactly("a 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void equalMessagesOnSeparateConnectionsAreEachHandledAtLeastOnce(String function) throws Exception {
		byte[] batch = request(function, "a", 1);
		for (int i = 1; i <= 3; i++) {
			try (Socket socket = connect()) {
				write(socket, batch);
				gates().awaitCalls(i);
				gates().openAll();
				assertThat(readReply(socket)).startsWith("HTTP/1.1 200");
			}
		}
		assertThat(gates().calls()).containsExactly("a 1", "a 1", "a 1");
		assertNothingIsInFlight();
	}

	@Test
	void equalMessagesOnOneConnectionAreEachHandledAtLeastOnce() throws Exception {
		gates().openAll();
		byte[] batch = request("test/blocking", "a", 1);
		try (Socket socket = connect()) {
			for (int i = 1; i <= 3; i++) {
				write(socket, batch);
				assertThat(readReply(socket)).startsWith("HTTP/1.1 200");
				assertThat(gates().calls()).hasSize(i);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void unwrittenReplyIsKeptForTheNextDelivery(String function) throws Exception {
		byte[] batch = request(function, "a", 1);
		Socket socket = connect();
		write(socket, batch);
		gates().awaitCalls(1);
		reset(socket);
		gates().openAll();
		assertNothingIsInFlight();
		assertThat(ClusterReply.v3(post(batch).join().body()).messages()).hasSize(1);
		assertThat(gates().calls()).containsExactly("a 1");
		assertThat(meters().get("statefun.redeliveries").tag("kind", "answered").functionCounter().count())
			.isEqualTo(1);
		post(batch).join();
		assertThat(gates().calls()).as("handed out once").containsExactly("a 1", "a 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/large", "test/large-staged" })
	void nextDeliveryRunsAgainWhileTheReplyIsBeingWritten(String function) throws Exception {
		byte[] batch = request(function, "a", 1);
		gates().openAll();
		try (Socket socket = connectWithSmallBuffer()) {
			write(socket, batch);
			assertThat(socket.getInputStream().readNBytes(12)).asString(StandardCharsets.US_ASCII)
				.isEqualTo("HTTP/1.1 200");
			assertThat(post(batch)).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
			assertThat(gates().calls()).containsExactly("a 1", "a 1");
		}
		assertNothingIsInFlight();
		assertThat(post(batch)).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(gates().calls()).as("the failed write no longer matters").containsExactly("a 1", "a 1", "a 1");
	}

	@Test
	void otherBatchForTheSameInstanceIsAnswered429AfterAWhile(CapturedOutput output) {
		start("statefun.queue-timeout=100ms");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("test/blocking", "a", 1));
		gates().awaitCalls(1);
		HttpResponse<byte[]> refused = post(request("test/blocking", "a", 2)).join();
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(text(refused)).contains("Another batch for the same function instance");
		assertThat(rejected("busy")).isEqualTo(1);
		assertThat(output).contains("Another batch for the same function instance");
		gates().openAll();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(gates().calls()).containsExactly("a 1");
	}

	@Test
	void timedOutHandlerStillCountsAsRunning() {
		start("statefun.batch-timeout=200ms", "statefun.queue-timeout=30s", "statefun.health.stuck-after=250ms");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("test/staged", "a", 1));
		assertThat(first).succeedsWithin(BOUND).returns(500, HttpResponse::statusCode);
		CompletableFuture<HttpResponse<byte[]>> second = post(request("test/staged", "a", 1));
		await().atMost(BOUND).until(() -> admission().requestsInFlight() == 1);
		assertThat(gates().calls()).hasSize(1);
		await().atMost(BOUND).until(() -> gauge("statefun.batches.stuck") == 1);
		gates().openAll();
		assertThat(second).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(gates().calls()).hasSize(2);
	}

	@Test
	void shutdownWaitsForBatchesAndRejectsNewOnes(CapturedOutput output) throws Exception {
		start("statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> blocking = post(request("test/blocking", "a", 1));
		CompletableFuture<HttpResponse<byte[]>> staged = post(request("test/staged", "b", 1));
		gates().awaitCalls(2);
		Thread closing = new Thread(context()::close);
		closing.start();
		await().atMost(BOUND).until(() -> admission().isDraining());
		assertThat(context().getBean(Readiness.class).refused.await(0, TimeUnit.SECONDS)).isTrue();
		HttpResponse<byte[]> refused = post(request("test/echo", "c", 1)).join();
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(rejected("draining")).isEqualTo(1);
		gates().openAll();
		for (CompletableFuture<HttpResponse<byte[]>> reply : List.of(blocking, staged)) {
			assertThat(reply).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode).satisfies((response) -> {
				assertThat(ClusterReply.v3(response.body()).messages()).hasSize(1);
				assertThat(response.headers().firstValue("Connection")).contains("close");
			});
		}
		closing.join(BOUND.toMillis());
		assertThat(closing.isAlive()).isFalse();
		assertThat(output).contains("Waiting for 2 batches to end before the server stops").doesNotContain(" ERROR ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void batchMayOutlastTheDrainDuringShutdown(String function, CapturedOutput output) throws Exception {
		start("statefun.batch-timeout=60s", "spring.lifecycle.timeout-per-shutdown-phase=2s");
		CompletableFuture<HttpResponse<byte[]>> reply = post(request(function, "a", 1));
		gates().awaitCalls(1);
		int before = output.length();
		Thread closing = new Thread(context()::close);
		closing.start();
		await().atMost(BOUND)
			.until(() -> output.subSequence(before, output.length())
				.toString()
				.contains("Commencing graceful shutdown"));
		assertThat(reply).isNotDone();
		gates().openAll();
		assertThat(reply).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		closing.join(BOUND.toMillis());
		assertThat(closing.isAlive()).isFalse();
		assertThat(output).contains("Waiting for 1 batch to end before the server stops");
	}

	@Test
	void idleShutdownIsNotLogged(CapturedOutput output) {
		context().close();
		assertThat(output).contains("Commencing graceful shutdown").doesNotContain("before the server stops");
	}

	@Test
	void openConnectionIsAnsweredOnceMoreDuringShutdown() throws Exception {
		Connector connector = ((TomcatWebServer) Objects
			.requireNonNull(((ServletWebServerApplicationContext) context()).getWebServer())).getTomcat()
			.getConnector();
		try (Socket socket = connect()) {
			write(socket, request("test/echo", "a", 1));
			assertThat(readReply(socket)).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("connection: close");
			connector.pause();
			write(socket, request("test/echo", "b", 1));
			assertThat(readReply(socket)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
		finally {
			connector.resume();
		}
		assertThat(post(request("test/echo", "c", 1)).join().statusCode()).isEqualTo(200);
	}

	private void assertNothingIsInFlight() {
		await().atMost(BOUND)
			.untilAsserted(() -> assertThat(admission()).returns(0, Admission::requestsInFlight)
				.returns(0L, Admission::bytesInFlight)
				.returns(0, Admission::requestsWaiting));
		assertThat(context().getBean(Redeliveries.class).size()).isZero();
	}

	private Socket connect() throws Exception {
		Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), uri().getPort());
		socket.setSoTimeout((int) BOUND.toMillis());
		return socket;
	}

	private Socket connectWithSmallBuffer() throws Exception {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress("127.0.0.1", uri().getPort()));
		socket.setSoTimeout((int) BOUND.toMillis());
		return socket;
	}

	// Closes the connection so that the next write to it fails
	private static void reset(Socket socket) throws Exception {
		socket.setSoLinger(true, 0);
		socket.close();
	}

	private void awaitJoined(int count) {
		Redeliveries redeliveries = context().getBean(Redeliveries.class);
		await().atMost(BOUND).until(() -> redeliveries.joined() == count);
	}

	private static String head(int length) {
		return "POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ "Content-Length: " + length + "\r\n\r\n";
	}

	private static void write(Socket socket, byte[] body) throws Exception {
		OutputStream out = socket.getOutputStream();
		out.write(head(body.length).getBytes(StandardCharsets.US_ASCII));
		out.write(body);
		out.flush();
	}

	private static String readReply(Socket socket) throws Exception {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) socket.getInputStream().read());
		}
		String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
		byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length));
		return head + new String(body, StandardCharsets.ISO_8859_1);
	}

	static class Readiness {

		private final CountDownLatch refused = new CountDownLatch(1);

		@EventListener
		void on(AvailabilityChangeEvent<ReadinessState> event) {
			if (event.getState() == ReadinessState.REFUSING_TRAFFIC) {
				this.refused.countDown();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ GatedService.class, Readiness.class })
	static class Service {

	}

}
