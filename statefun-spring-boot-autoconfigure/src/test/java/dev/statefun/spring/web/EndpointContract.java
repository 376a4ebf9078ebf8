package dev.statefun.spring.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.KeyStores;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.testing.TlsClient;
import dev.statefun.spring.web.GatedService.Gates;
import dev.statefun.spring.web.RawRequest.Answer;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Contract of the endpoint, whichever server serves it: what clusters, and clients that
 * are none, observe on their sockets. Where servers may differ, an abstract method says
 * how; the table in {@code docs/reference/netty.md} has the same rows.
 * <p>
 * Two applications serve all tests: a patient one on a plain port for allowed addresses,
 * and an impatient one with short limits, behind TLS, client certificates and a secret.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class EndpointContract {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private static final int MAX_SIZE = 1_000_000;

	private static final String FAILED = "The function failed; see the log of this service.";

	private static final String SECRET = "0123456789abcdef";

	private static final String SECRET_PATH = "/statefun/" + SECRET;

	private static final byte[] ECHO = echo("c");

	private static final byte[] LARGE = echo("c".repeat(600_000));

	private final EndpointServer kind;

	/** Those that all share are one on two processors, and may be in use. */
	private final ExecutorService threads = Executors.newCachedThreadPool();

	@SuppressWarnings("NullAway.Init")
	private KeyStore server;

	@SuppressWarnings("NullAway.Init")
	private KeyStore clusters;

	@SuppressWarnings("NullAway.Init")
	private RunningService patient;

	@SuppressWarnings("NullAway.Init")
	private RunningService impatient;

	private int port;

	private int tlsPort;

	EndpointContract(EndpointServer kind) {
		this.kind = kind;
	}

	/**
	 * Return the status of a request whose head can't be read, or is too large.
	 * @param request the request
	 * @return status of the answer, after which the connection is closed
	 */
	abstract int statusOf(MalformedRequest request);

	/**
	 * Return the status of a request whose path is another spelling of the endpoint's.
	 * @param path the path
	 * @return status of the answer
	 */
	abstract int statusOfSpelling(String path);

	/**
	 * Return the statuses of a request whose chunks are invalid, or that has ended before
	 * its body.
	 * @return possible statuses; -1 if the connection is closed without an answer
	 */
	abstract List<Integer> statusesOfBrokenBody();

	/**
	 * Return the status of a request with both a size and chunks.
	 * @return status of the answer, after which the connection is closed
	 */
	abstract int statusOfSizeAndChunks();

	/**
	 * Return the status of a request without the header {@code Host}.
	 * @return status of the answer
	 */
	abstract int statusWithoutHost();

	/**
	 * Return whether a connection is kept after a failure whose request was read.
	 */
	abstract boolean keepsConnectionAfterFailure();

	/**
	 * Return whether {@code 100 Continue} is sent before a request is refused by its
	 * head.
	 */
	abstract boolean continuesRefusedRequests();

	/**
	 * Return whether a request that arrives before the answer to an earlier one on the
	 * same connection is answered. Otherwise it is discarded, and the connection closed.
	 */
	abstract boolean answersPipelinedRequests();

	/**
	 * Return whether the server notices at once that the client of a request that waits
	 * has disconnected. Otherwise it handles the request, and keeps the reply.
	 */
	abstract boolean noticesLostClients();

	@BeforeAll
	void startApplications(@TempDir Path directory) throws Exception {
		this.server = KeyStores.issue(directory.resolve("server.p12"));
		this.clusters = KeyStores.issue(directory.resolve("clusters.p12"));
		KeyStores.store(KeyStores.trusting(this.clusters), directory.resolve("trusted.p12"));
		this.patient = this.kind.start(Patient.class,
				List.of("statefun.max-in-flight=4", "statefun.max-in-flight-bytes=1MB",
						"statefun.max-request-size=" + MAX_SIZE + "B", "statefun.queue-timeout=60s",
						"statefun.batch-timeout=60s", "statefun.security.allowed-addresses=127.0.0.1,10.0.0.0/8"));
		this.port = this.kind.port(this.patient);
		List<String> properties = new ArrayList<>(
				KeyStores.bundle(directory.resolve("server.p12"), directory.resolve("trusted.p12")));
		properties
			.addAll(List.of("statefun.server.port=0", "statefun.security.secret=" + SECRET, "statefun.max-in-flight=2",
					"statefun.max-in-flight-bytes=1MB", "statefun.queue-timeout=100ms", "statefun.batch-timeout=60s"));
		this.impatient = this.kind.start(Impatient.class, properties);
		this.tlsPort = this.impatient.clusterPort();
	}

	@AfterAll
	void closeApplications() {
		this.threads.shutdownNow();
		this.impatient.close();
		this.patient.close();
	}

	@BeforeEach
	void closeGates() {
		gates(this.patient).close();
		gates(this.impatient).close();
	}

	@AfterEach
	void nothingIsLeft() {
		for (RunningService service : List.of(this.patient, this.impatient)) {
			if (service.context().isActive()) {
				gates(service).openAll();
				eventually().untilAsserted(() -> assertThat(admission(service)).returns(0, Admission::requestsInFlight)
					.returns(0L, Admission::bytesInFlight)
					.returns(0, Admission::requestsWaiting));
			}
		}
	}

	private static ConditionFactory eventually() {
		return await().atMost(BOUND).pollInterval(Duration.ofMillis(10));
	}

	private static Gates gates(RunningService service) {
		return service.context().getBean(Gates.class);
	}

	private static Admission admission(RunningService service) {
		return service.context().getBean(Admission.class);
	}

	private static Redeliveries redeliveries(RunningService service) {
		return service.context().getBean(Redeliveries.class);
	}

	private static byte[] request(String function, String id, int message) {
		return ClusterRequest.v3(function, id).messageFrom("test/caller", "c", message).toByteArray();
	}

	// Echoes the caller's id, so that each of its bytes is checked
	private static byte[] echo(String caller) {
		return ClusterRequest.v3("test/echo", "a").messageFrom("test/caller", caller, 1).toByteArray();
	}

	private static byte[] bytes(Answer answer) {
		return answer.body().getBytes(StandardCharsets.ISO_8859_1);
	}

	private RawRequest connect() throws IOException {
		return new RawRequest(this.port);
	}

	private RawRequest connectWithTls(String version) throws Exception {
		return new RawRequest(new TlsClient(this.server, this.clusters, version).connect(this.tlsPort));
	}

	private RawRequest connectWithTls() throws Exception {
		return connectWithTls("TLSv1.3");
	}

	private static void assertAnswered(Answer answer) {
		assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
		assertThat(answer.headers("Content-Type")).containsExactly("application/octet-stream");
	}

	// The connection is usable, and at the beginning of a request
	private static void assertIsKept(RawRequest connection) throws IOException {
		assertAnswered(connection.post(ECHO).answer());
	}

	private static void assertIsClosed(RawRequest connection, Answer answer) throws IOException {
		// Unless there was no answer
		assertThat(answer.status() < 0 || answer.isClosing()).as(answer.head()).isTrue();
		assertThat(connection.isClosed()).isTrue();
	}

	private static void assertRefused(Answer answer, int status, String text) {
		assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
		assertThat(answer.headers("Content-Type")).containsExactly("text/plain;charset=UTF-8");
		assertThat(answer.body()).startsWith(text);
	}

	private CompletableFuture<Answer> answerOf(RawRequest request) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return request.answer();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, this.threads);
	}

	@Test
	void replyHasExactlyTheContentTypeThatClustersExpect() throws IOException {
		gates(this.patient).openAll();
		try (RawRequest connection = connect()) {
			for (String function : List.of("test/echo", "test/blocking", "test/staged")) {
				Answer answer = connection.post(request(function, "a", 7)).answer();
				assertAnswered(answer);
				assertThat(answer.head()).startsWith("HTTP/1.1 200");
				assertThat(answer.headers("Content-Length")).containsExactly(String.valueOf(answer.body().length()));
				assertThat(answer.headers("Transfer-Encoding")).isEmpty();
				assertThat(answer.isClosing()).isFalse();
				assertThat(ClusterReply.v3(bytes(answer)).messages()).hasSize(1);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "post", "PROPFIND" })
	void otherMethodIsNotAllowed(String method) throws IOException {
		try (RawRequest connection = connect()) {
			Answer answer = connection.send(method + " /statefun HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
			assertThat(answer.status()).isEqualTo(405);
			assertThat(answer.headers("Allow")).containsExactly("POST");
			assertThat(answer.body()).isEmpty();
			assertIsKept(connection);
		}
	}

	@Test
	void otherMethodIsNotAllowedWithABody() throws IOException {
		try (RawRequest connection = connect()) {
			connection.send("PUT /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
			assertThat(connection.answer().status()).isEqualTo(405);
			assertIsKept(connection);
			connection.send("PUT /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\nabc");
			Answer answer = connection.answer();
			assertThat(answer.status()).isEqualTo(405);
			assertIsClosed(connection, answer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/other", "/statefun/", "/statefun/more", "/statefun2", "/STATEFUN" })
	void otherPathIsNotFound(String path) throws IOException {
		try (RawRequest connection = connect()) {
			assertThat(connection.postTo(path, ECHO).answer().status()).isEqualTo(404);
			assertIsKept(connection);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/%73tatefun", "/statefun;a=b", "//statefun", "/a/../statefun", "*" })
	void otherSpellingOfThePath(String path) throws IOException {
		try (RawRequest connection = connect()) {
			assertThat(connection.postTo(path, ECHO).answer().status()).isEqualTo(statusOfSpelling(path));
		}
	}

	@Test
	void queryIsIgnored() throws IOException {
		try (RawRequest connection = connect()) {
			assertAnswered(connection.postTo("/statefun?a=b", ECHO).answer());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "text/plain", "application/octet-streams" })
	void otherContentTypeIsRefused(String type) throws IOException {
		try (RawRequest connection = connect().send("POST /statefun HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Length: 1\r\nContent-Type: " + type + "\r\n\r\na")) {
			assertFailed(connection, "Content type '" + type + "' is not what a StateFun cluster sends");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Content-Type: Application/Octet-Stream\r\n",
			"Content-Type: application/octet-stream; charset=UTF-8\r\n" })
	void contentTypeMayBeSpelledOtherwise(String header) throws IOException {
		try (RawRequest connection = connect().send("POST /statefun HTTP/1.1\r\nHost: localhost\r\n" + header
				+ "Content-Length: " + ECHO.length + "\r\n\r\n")) {
			assertAnswered(connection.send(ECHO).answer());
		}
	}

	@Test
	void requestThatIsNotOneOfAClusterFails() throws IOException {
		for (byte[] body : List.of(new byte[0], new byte[] { 1, 2, 3 }, Arrays.copyOf(ECHO, ECHO.length - 1))) {
			try (RawRequest connection = connect().post(body)) {
				assertFailed(connection, "Not a request of a StateFun cluster: ");
			}
		}
		try (RawRequest connection = connect().head("Transfer-Encoding: chunked").send("0\r\n\r\n")) {
			assertFailed(connection, "Not a request of a StateFun cluster: 0 bytes");
		}
	}

	@Test
	void requestThatCanNotBeHandledFails() throws IOException {
		try (RawRequest connection = connect().post(request("test/unknown", "a", 1))) {
			assertFailed(connection, "Function 'test/unknown' is not served here");
		}
		for (int message : List.of(1, 2)) {
			try (RawRequest connection = connect().post(request("test/failing", "a", message))) {
				assertFailed(connection, FAILED);
			}
		}
	}

	// With a request that was read to its end
	private void assertFailed(RawRequest connection, String text) throws IOException {
		Answer answer = connection.answer();
		assertRefused(answer, 500, text);
		if (keepsConnectionAfterFailure()) {
			assertThat(answer.isClosing()).isFalse();
			assertIsKept(connection);
		}
		else {
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void announcedBodyThatIsTooLargeIsRefusedUnread() throws IOException {
		try (RawRequest connection = connect().head("Content-Length: " + (MAX_SIZE + 1))) {
			Answer answer = connection.answer();
			assertRefused(answer, 500,
					"A request has 1000001 bytes, but may have 1000000 ('statefun.max-request-size')");
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void bodyThatGrowsTooLargeIsRefused() throws IOException {
		byte[] chunk = new byte[MAX_SIZE];
		try (RawRequest connection = connect().head("Transfer-Encoding: chunked")
			.chunk(chunk, 0, MAX_SIZE)
			.send("1\r\nx")) {
			Answer answer = connection.answer();
			assertRefused(answer, 500, "A request has more than 1000000 bytes, but may have 1000000 ");
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void bodyOfMaximumSizeIsRead() throws IOException {
		byte[] body = new byte[MAX_SIZE];
		try (RawRequest connection = connect().post(body)) {
			assertFailed(connection, "Not a request of a StateFun cluster");
		}
		try (RawRequest connection = connect().head("Transfer-Encoding: chunked")
			.chunk(body, 0, MAX_SIZE)
			.send("0\r\n\r\n")) {
			assertFailed(connection, "Not a request of a StateFun cluster");
		}
	}

	@Test
	void chunksAreOneBody() throws IOException {
		try (RawRequest connection = connect()) {
			for (byte[] body : List.of(ECHO, LARGE)) {
				connection.head("Transfer-Encoding: chunked").chunk(body, 0, 3);
				connection.send(Integer.toHexString(body.length - 3) + ";x=y\r\n").send(body, 3, body.length);
				Answer answer = connection.send("\r\n0\r\nTrailer: x\r\n\r\n").answer();
				assertAnswered(answer);
				assertThat(answer.body().length()).isGreaterThan(body.length / 2);
			}
			assertIsKept(connection);
		}
	}

	@Test
	void requestMayArriveByteByByte() throws IOException {
		try (RawRequest connection = connect()) {
			for (String head : List.of("Content-Length: " + ECHO.length + "\r\n\r\n",
					"Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(ECHO.length) + "\r\n")) {
				String begin = "POST /statefun HTTP/1.1\r\nHost: localhost\r\n" + head;
				for (char next : begin.toCharArray()) {
					connection.send(String.valueOf(next));
				}
				for (int i = 0; i < ECHO.length; i++) {
					connection.send(ECHO, i, i + 1);
				}
				if (head.startsWith("T")) {
					for (char next : "\r\n0\r\n\r\n".toCharArray()) {
						connection.send(String.valueOf(next));
					}
				}
				assertAnswered(connection.answer());
			}
			assertIsKept(connection);
		}
	}

	@ParameterizedTest
	@EnumSource
	void malformedRequestIsRefusedAndItsConnectionClosed(MalformedRequest request) throws IOException {
		try (RawRequest connection = connect().send(request.toString())) {
			Answer answer = connection.answer();
			assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(statusOf(request));
			assertIsClosed(connection, answer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "xyz\r\nabc\r\n", "-1\r\nabc\r\n", "3\r\nabcdef\r\n", "FFFFFFFFFFFFFFFFFF\r\nabcdef\r\n",
			"3\r\nabc\r\nno\r\n" })
	void malformedChunkNeverGetsAStatusThatFailsAJob(String chunks) throws IOException {
		try (RawRequest connection = connect().head("Transfer-Encoding: chunked").send(chunks)) {
			Answer answer = connection.answer();
			assertThat(answer.status()).as(answer.head()).isIn(statusesOfBrokenBody());
			assertThat(connection.isClosed()).isTrue();
		}
	}

	@Test
	void truncatedBodyNeverGetsAStatusThatFailsAJob() throws IOException {
		for (String begin : List.of("Content-Length: 1000\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
				"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")) {
			try (RawRequest connection = connect().send("POST /statefun HTTP/1.1\r\nHost: localhost\r\n" + begin)
				.endOfBody()) {
				assertThat(connection.answer().status()).isIn(-1, 500);
				assertThat(connection.isClosed()).isTrue();
			}
		}
	}

	@Test
	void sizeAndChunks() throws IOException {
		try (RawRequest connection = connect().send("POST /statefun HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(ECHO.length) + "\r\n"
				+ new String(ECHO, StandardCharsets.ISO_8859_1) + "\r\n0\r\n\r\n")) {
			Answer answer = connection.answer();
			assertThat(answer.status()).isEqualTo(statusOfSizeAndChunks());
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void requestWithoutHost() throws IOException {
		try (RawRequest connection = connect().send("POST /statefun HTTP/1.1\r\nContent-Length: " + ECHO.length
				+ "\r\n\r\n" + new String(ECHO, StandardCharsets.ISO_8859_1))) {
			assertThat(connection.answer().status()).isEqualTo(statusWithoutHost());
		}
	}

	@Test
	void connectionOfOldHttpIsClosedUnlessItShallBeKept() throws IOException {
		String head = "POST /statefun HTTP/1.0\r\nContent-Length: " + ECHO.length + "\r\n";
		try (RawRequest connection = connect()) {
			Answer kept = connection.send(head + "Connection: keep-alive\r\n\r\n").send(ECHO).answer();
			assertAnswered(kept);
			assertThat(kept.headers("Connection")).containsExactly("keep-alive");
			assertAnswered(connection.send(head + "\r\n").send(ECHO).answer());
			assertThat(connection.isClosed()).isTrue();
		}
	}

	@Test
	void connectionIsClosedOnRequest() throws IOException {
		try (RawRequest connection = connect()) {
			Answer answer = connection.post(ECHO, "Connection: close").answer();
			assertAnswered(answer);
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void expectedContinueIsSent() throws IOException {
		try (RawRequest connection = connect()) {
			for (byte[] body : List.of(ECHO, LARGE)) {
				connection.head("Expect: 100-continue", "Content-Length: " + body.length);
				assertThat(connection.answer().status()).isEqualTo(100);
				assertAnswered(connection.send(body).answer());
			}
			connection.head("Expect: 100-continue", "Transfer-Encoding: chunked");
			assertThat(connection.answer().status()).isEqualTo(100);
			assertAnswered(connection.chunk(ECHO, 0, ECHO.length).send("0\r\n\r\n").answer());
		}
	}

	@Test
	void refusedRequestThatExpectsContinue() throws IOException {
		try (RawRequest connection = connect().head("Expect: 100-continue", "Content-Length: " + (MAX_SIZE + 1))) {
			if (continuesRefusedRequests()) {
				assertThat(connection.answer().status()).isEqualTo(100);
			}
			Answer answer = connection.answer();
			assertThat(answer.status()).isEqualTo(500);
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void pipelinedRequests() throws IOException {
		byte[] first = request("test/staged", "a", 1);
		try (RawRequest connection = connect()) {
			connection.post(first);
			gates(this.patient).awaitCalls(1);
			connection.post(ECHO);
			gates(this.patient).openAll();
			Answer answer = connection.answer();
			assertAnswered(answer);
			if (answersPipelinedRequests()) {
				assertAnswered(connection.answer());
				assertIsKept(connection);
			}
			else {
				assertIsClosed(connection, answer);
			}
		}
	}

	@Test
	void clientThatGoesInItsHeadOrBodyLeavesNothing() throws IOException {
		for (String part : List.of("", "PO", "POST /statefun HTTP/1.1\r\nContent-",
				"POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n",
				"POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
				"POST /statefun HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")) {
			connect().send(part).close();
			connect().send(part).reset();
		}
		try (RawRequest connection = connect()) {
			assertIsKept(connection);
		}
		assertThat(gates(this.patient).calls()).isEmpty();
	}

	@Test
	void clientThatGoesWhileItWaits() throws IOException {
		List<RawRequest> running = new ArrayList<>();
		for (String id : List.of("a", "b", "c", "d")) {
			running.add(connect().post(request("test/staged", id, 1)));
		}
		gates(this.patient).awaitCalls(4);
		RawRequest gone = connect().post(request("test/staged", "e", 1));
		eventually().until(() -> admission(this.patient).requestsWaiting() == 1);
		gone.reset();
		if (noticesLostClients()) {
			eventually().until(() -> admission(this.patient).requestsWaiting() == 0);
		}
		gates(this.patient).openAll();
		for (RawRequest each : running) {
			assertAnswered(each.answer());
			each.close();
		}
		nothingIsLeft();
		assertThat(gates(this.patient).calls()).hasSize(noticesLostClients() ? 4 : 5);
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void clientThatGoesDoesNotStopTheBatch(String function) throws IOException {
		byte[] batch = request(function, "a", 1);
		RawRequest gone = connect().post(batch);
		gates(this.patient).awaitCalls(1);
		gone.close();
		long joined = redeliveries(this.patient).joined();
		try (RawRequest second = connect().post(batch)) {
			eventually().until(() -> redeliveries(this.patient).joined() == joined + 1);
			gates(this.patient).openAll();
			assertAnswered(second.answer());
		}
		assertThat(gates(this.patient).calls()).containsExactly("a 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void replyThatCouldNotBeWrittenIsKeptForTheNextDelivery(String function) throws IOException {
		byte[] batch = request(function, "a", 1);
		RawRequest gone = connect().post(batch);
		gates(this.patient).awaitCalls(1);
		gone.reset();
		gates(this.patient).openAll();
		nothingIsLeft();
		try (RawRequest second = connect()) {
			assertAnswered(second.post(batch).answer());
			assertThat(gates(this.patient).calls()).containsExactly("a 1");
			assertAnswered(second.post(batch).answer());
			assertThat(gates(this.patient).calls()).as("handed out once").containsExactly("a 1", "a 1");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/large", "test/large-staged" })
	void replyThatWasPartiallyReadIsKeptForTheNextDelivery(String function) throws IOException {
		byte[] batch = request(function, "a", 1);
		gates(this.patient).openAll();
		try (Socket socket = new Socket()) {
			socket.setReceiveBufferSize(4096);
			socket.connect(new InetSocketAddress("127.0.0.1", this.port));
			new RawRequest(socket).post(batch);
			// The rest does not fit into any buffer
			assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
			assertThat(admission(this.patient).requestsInFlight()).isEqualTo(1);
		}
		nothingIsLeft();
		try (RawRequest second = connect()) {
			assertAnswered(second.post(batch).answer());
		}
		assertThat(gates(this.patient).calls()).containsExactly("a 1");
	}

	@Test
	void requestWaitsForItsTurn() throws IOException {
		List<RawRequest> all = new ArrayList<>();
		for (String id : List.of("a", "b", "c", "d")) {
			all.add(connect().post(request("test/staged", id, 1)));
		}
		gates(this.patient).awaitCalls(4);
		for (String id : List.of("e", "f")) {
			all.add(connect().post(request("test/blocking", id, 1)));
		}
		eventually().until(() -> admission(this.patient).requestsWaiting() == 2);
		assertThat(gates(this.patient).calls()).hasSize(4);
		gates(this.patient).openAll();
		for (RawRequest each : all) {
			assertAnswered(each.answer());
			each.close();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bodyWaitsForRoom(boolean chunked) throws IOException {
		Admission.Permit taken = admission(this.patient).begin();
		taken.growTo(800_000).join();
		try (RawRequest connection = connect()) {
			CompletableFuture<Answer> answer = answerOf(connection);
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
				try {
					if (chunked) {
						connection.head("Transfer-Encoding: chunked").chunk(LARGE, 0, LARGE.length).send("0\r\n\r\n");
					}
					else {
						connection.post(LARGE);
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}, this.threads);
			eventually().until(() -> admission(this.patient).requestsWaiting() == 1);
			assertThat(admission(this.patient).bytesInFlight()).isLessThanOrEqualTo(1 << 20);
			assertThat(answer).isNotDone();
			taken.release();
			assertAnswered(answer.join());
			sent.join();
			assertIsKept(connection);
		}
		finally {
			taken.release();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void secondDeliveryGetsTheReplyOfTheFirst(String function) throws IOException {
		byte[] batch = request(function, "a", 1);
		long joined = redeliveries(this.patient).joined();
		try (RawRequest first = connect().post(batch)) {
			gates(this.patient).awaitCalls(1);
			try (RawRequest second = connect().post(batch)) {
				eventually().until(() -> redeliveries(this.patient).joined() == joined + 1);
				// It holds no room meanwhile
				eventually().until(() -> admission(this.patient).requestsInFlight() == 1);
				gates(this.patient).openAll();
				Answer answer = first.answer();
				assertAnswered(answer);
				assertThat(ClusterReply.v3(bytes(answer)).messages()).hasSize(1);
				Answer same = second.answer();
				assertAnswered(same);
				assertThat(same.body()).isEqualTo(answer.body());
			}
		}
		assertThat(gates(this.patient).calls()).containsExactly("a 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/blocking", "test/staged" })
	void otherBatchForTheSameInstanceRunsAfterTheFirst(String function) throws IOException {
		try (RawRequest first = connect().post(request(function, "a", 1))) {
			gates(this.patient).awaitCalls(1);
			try (RawRequest second = connect().post(request(function, "a", 2))) {
				eventually().until(() -> admission(this.patient).requestsInFlight() == 2);
				assertThat(gates(this.patient).calls()).containsExactly("a 1");
				gates(this.patient).openAll();
				assertAnswered(first.answer());
				assertAnswered(second.answer());
			}
		}
		assertThat(gates(this.patient).calls()).containsExactly("a 1", "a 2");
	}

	@Test
	void clientsAtTheSameTimeEachGetTheirOwnAnswers() throws Exception {
		List<Future<Integer>> all = new ArrayList<>();
		for (int client = 0; client < 8; client++) {
			String caller = "caller-" + client;
			all.add(this.threads.submit(() -> sendMixed(caller)));
		}
		for (Future<Integer> each : all) {
			assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(40);
		}
	}

	private int sendMixed(String caller) throws IOException {
		int sent = 0;
		try (RawRequest connection = connect()) {
			for (int i = 0; i < 20; i++) {
				try (RawRequest failing = connect().post(request("test/failing", caller, i))) {
					assertRefused(failing.answer(), 500, FAILED);
				}
				String longer = caller + "-" + "x".repeat(i * i * 10) + "-" + i;
				byte[] body = ClusterRequest.v3("test/echo", caller + i)
					.messageFrom("test/caller", longer, 1)
					.toByteArray();
				Answer answer = connection.post(body).answer();
				assertAnswered(answer);
				assertThat(answer.body()).contains(longer);
				Answer chunked = connection.head("Transfer-Encoding: chunked")
					.chunk(body, 0, body.length)
					.send("0\r\n\r\n")
					.answer();
				assertThat(chunked.body()).isEqualTo(answer.body());
				sent += 2;
			}
		}
		return sent;
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have one loopback address")
	void otherAddressIsRefused() throws IOException {
		for (String path : List.of("/statefun", "/statefun?a=b")) {
			try (RawRequest connection = new RawRequest(
					new Socket(InetAddress.getByName("127.0.0.1"), this.port, InetAddress.getByName("127.0.0.2"), 0))) {
				Answer answer = connection.postTo(path, ECHO, "X-Forwarded-For: 10.1.1.1", "Forwarded: for=10.1.1.1")
					.answer();
				assertThat(answer.status()).isEqualTo(403);
				assertThat(answer.body()).isEmpty();
			}
		}
	}

	@Test
	void secretIsRequired() throws Exception {
		try (RawRequest connection = connectWithTls()) {
			assertAnswered(connection.postTo(SECRET_PATH, ECHO).answer());
			for (String path : List.of("/statefun", "/statefun/", SECRET_PATH + "/", SECRET_PATH + "0",
					"/statefun/x/" + SECRET, "/statefun/" + SECRET.replace("0", "%30"), "/statefun//" + SECRET,
					SECRET_PATH + ";a=b", "/statefun?" + SECRET)) {
				Answer answer = connection.postTo(path, ECHO).answer();
				assertThat(answer.status()).as(path).isEqualTo(403);
				assertThat(answer.body()).isEmpty();
			}
			assertThat(connection.send("GET /statefun HTTP/1.1\r\nHost: localhost\r\n\r\n").answer().status())
				.isEqualTo(403);
			assertThat(connection.send("GET " + SECRET_PATH + " HTTP/1.1\r\nHost: localhost\r\n\r\n").answer().status())
				.isEqualTo(405);
			assertThat(connection.postTo("/statefun" + SECRET, ECHO).answer().status()).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientsWithATrustedCertificateAreServed(String version) throws Exception {
		try (RawRequest connection = connectWithTls(version)) {
			for (byte[] body : List.of(ECHO, LARGE, ECHO)) {
				assertAnswered(connection.postTo(SECRET_PATH, body).answer());
			}
			for (byte next : ("POST " + SECRET_PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + ECHO.length
					+ "\r\n\r\n")
				.getBytes()) {
				connection.send(new byte[] { next });
			}
			for (byte next : ECHO) {
				connection.send(new byte[] { next });
			}
			assertAnswered(connection.answer());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientsWithoutATrustedCertificateAreNotServed(String version) {
		for (KeyStore other : new @Nullable KeyStore[] { this.server, null }) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> new TlsClient(this.server, other, version).post(this.tlsPort, SECRET_PATH, ECHO));
		}
	}

	@Test
	void clientsWithoutTlsAreNotServed() throws IOException {
		try (RawRequest connection = new RawRequest(this.tlsPort).postTo(SECRET_PATH, ECHO)) {
			// An alert, or a status that says so
			assertThat(connection.answer().status()).isIn(-1, 400);
		}
		try (RawRequest connection = connect().send(MalformedRequest.TLS.toString())) {
			assertThat(connection.answer().status()).isEqualTo(statusOf(MalformedRequest.TLS));
		}
	}

	@Test
	void requestIsRefusedAfterTheQueueTimeout() throws Exception {
		try (RawRequest first = connectWithTls();
				RawRequest busy = connectWithTls();
				RawRequest second = connectWithTls();
				RawRequest excess = connectWithTls()) {
			first.postTo(SECRET_PATH, request("test/staged", "a", 1));
			gates(this.impatient).awaitCalls(1);
			assertRefused(busy.postTo(SECRET_PATH, request("test/staged", "a", 2)).answer(), 429,
					"Another batch for the same function instance has been running");
			second.postTo(SECRET_PATH, request("test/blocking", "b", 1));
			gates(this.impatient).awaitCalls(2);
			Answer refused = excess.postTo(SECRET_PATH, request("test/staged", "c", 1)).answer();
			assertRefused(refused, 429, "No room for 100 ms ('statefun.queue-timeout'): 2 requests of at most 2 ");
			assertThat(refused.isClosing()).isFalse();
			gates(this.impatient).openAll();
			assertAnswered(first.answer());
			assertAnswered(second.answer());
			assertThat(gates(this.impatient).calls()).containsExactly("a 1", "b 1");
			for (RawRequest each : List.of(first, busy, second, excess)) {
				assertAnswered(each.postTo(SECRET_PATH, ECHO).answer());
			}
		}
	}

	@Test
	void bodyWithoutRoomIsRefusedAfterTheQueueTimeout() throws Exception {
		Admission.Permit taken = admission(this.impatient).begin();
		taken.growTo(800_000).join();
		try (RawRequest connection = connectWithTls()) {
			connection.send("POST " + SECRET_PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LARGE.length
					+ "\r\n\r\n");
			CompletableFuture<Answer> refused = answerOf(connection);
			try {
				connection.send(LARGE);
			}
			catch (IOException ex) {
				// Closed before its end
			}
			Answer answer = refused.get(30, TimeUnit.SECONDS);
			assertRefused(answer, 429, "No room for 100 ms ('statefun.queue-timeout')");
			assertIsClosed(connection, answer);
		}
		finally {
			taken.release();
		}
	}

	@Test
	void stalledBodyIsGivenUp() throws Exception {
		List<RawRequest> stalled = new ArrayList<>();
		for (String begin : List.of("Content-Length: 67108\r\n\r\n", "Content-Length: 67108\r\n\r\nabc",
				"Transfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
				"Transfer-Encoding: chunked\r\n\r\nffff\r\n")) {
			stalled.add(connectWithTls().send("POST " + SECRET_PATH + " HTTP/1.1\r\nHost: localhost\r\n" + begin));
		}
		for (RawRequest connection : stalled) {
			Answer answer = connection.answer();
			assertRefused(answer, 500, "The body of a request has not gone on for 1000 ms ('statefun.read-timeout')");
			assertIsClosed(connection, answer);
		}
	}

	@Test
	void bodyThatArrivesTooSlowlyIsGivenUp() throws Exception {
		try (RawRequest connection = connectWithTls()
			.send("POST " + SECRET_PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + MAX_SIZE + "\r\n\r\n")) {
			CompletableFuture<Answer> given = answerOf(connection);
			try {
				while (!given.isDone()) {
					connection.send("x");
					// Far from fast enough, and from the read timeout
					LockSupport.parkNanos(1_000_000);
				}
			}
			catch (IOException ex) {
				// Closed after the answer
			}
			Answer answer = given.get(30, TimeUnit.SECONDS);
			assertRefused(answer, 500, "The body of a request had ");
			assertThat(answer.body()).contains("bytes per second ('statefun.min-read-rate')");
		}
	}

	// Ends the application
	@Test
	@Order(Integer.MAX_VALUE)
	void requestsInFlightAreAnsweredBeforeTheServerStops() throws Exception {
		byte[] batch = request("test/staged", "a", 1);
		List<RawRequest> answered = new ArrayList<>();
		List<RawRequest> refused = new ArrayList<>();
		Admission admission = admission(this.patient);
		long joined = redeliveries(this.patient).joined();
		try (RawRequest open = connect(); RawRequest idle = connect()) {
			assertIsKept(open);
			assertIsKept(idle);
			answered.add(connect().post(batch));
			gates(this.patient).awaitCalls(1);
			answered.add(connect().post(batch));
			eventually().until(() -> redeliveries(this.patient).joined() == joined + 1);
			for (String id : List.of("b", "c", "d")) {
				answered.add(connect().post(request("test/blocking", id, 1)));
			}
			gates(this.patient).awaitCalls(4);
			refused.add(connect().post(request("test/staged", "e", 1)));
			eventually().until(() -> admission.requestsWaiting() == 1);
			long bytes = admission.bytesInFlight();
			refused.add(connect().head("Content-Length: 10").send("x"));
			eventually().until(() -> admission.bytesInFlight() > bytes);
			CompletableFuture<Void> closed = CompletableFuture.runAsync(this.patient::close, this.threads);
			for (RawRequest each : refused) {
				assertDraining(each, each.answer());
			}
			assertDraining(open, open.post(ECHO).answer());
			try (RawRequest later = connect()) {
				assertDraining(later, later.post(ECHO).answer());
			}
			assertThat(closed).isNotDone();
			gates(this.patient).openAll();
			for (RawRequest each : answered) {
				Answer answer = each.answer();
				assertAnswered(answer);
				assertIsClosed(each, answer);
			}
			closed.get(30, TimeUnit.SECONDS);
			assertThat(idle.isClosed()).isTrue();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		}
	}

	private static void assertDraining(RawRequest connection, Answer answer) throws IOException {
		assertRefused(answer, 503, "The application is about to end");
		assertIsClosed(connection, answer);
	}

	@StatefulFunction("test/failing")
	static class Failing {

		@Handler
		int on(int message) {
			throw new IllegalStateException("password");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ GatedService.class, Failing.class })
	static class Patient {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ GatedService.class, Failing.class })
	static class Impatient {

		@Bean
		BodyLimits impatientLimits(Admission admission) {
			return new BodyLimits(admission, MAX_SIZE,
					new ArrivalLimits(Duration.ofSeconds(1), 16_384, Duration.ofMillis(1300)));
		}

	}

}
