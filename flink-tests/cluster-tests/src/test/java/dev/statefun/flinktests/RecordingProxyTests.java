package dev.statefun.flinktests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.statefun.flinktests.Traffic.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the events that other tests rely on.
 */
class RecordingProxyTests {

	private static final String RESPONSE = "HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nbody";

	private static final int TIMEOUT_MILLIS = 10_000;

	private ServerSocket first;

	private ServerSocket second;

	private RecordingProxy proxy;

	@BeforeEach
	void start() throws IOException {
		this.first = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
		this.second = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
		this.first.setSoTimeout(TIMEOUT_MILLIS);
		this.second.setSoTimeout(TIMEOUT_MILLIS);
		this.proxy = RecordingProxy.start(uri(this.first), uri(this.second));
	}

	@AfterEach
	void end() throws IOException {
		this.proxy.close();
		this.first.close();
		this.second.close();
	}

	private static URI uri(ServerSocket server) {
		return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/statefun");
	}

	@Test
	void connectionsGoToTheInstancesInTurn() throws IOException {
		try (Socket one = connect(); Socket other = connect()) {
			exchange(one, this.first);
			exchange(other, this.second);
		}
		assertThat(this.proxy.traffic().statuses()).containsOnlyKeys(200).containsValue(2L);
		assertThat(this.proxy.traffic().answeredBy(this.first.getLocalPort())).isOne();
		assertThat(this.proxy.traffic().answeredBy(this.second.getLocalPort())).isOne();
		assertThat(this.proxy.traffic().requests()).isEqualTo(2);
		awaitEnds(End.IDLE, 2);
	}

	@Test
	void instanceThatDoesNotAcceptIsSkipped() throws IOException {
		this.first.close();
		try (Socket one = connect()) {
			exchange(one, this.second);
			try (Socket other = connect()) {
				exchange(other, this.second);
			}
		}
		assertThat(this.proxy.traffic().answeredBy(this.second.getLocalPort())).isEqualTo(2);
	}

	@Test
	void withoutAnInstanceTheConnectionIsRefused() throws IOException {
		this.first.close();
		this.second.close();
		try (Socket cluster = connect()) {
			assertEnds(cluster);
		}
		awaitEnds(End.REFUSED, 1);
	}

	@Test
	void anInstanceThatEndsBeforeItAnswers() throws IOException {
		try (Socket cluster = connect()) {
			request(cluster);
			try (Socket instance = this.first.accept()) {
				readRequest(instance);
			}
			assertEnds(cluster);
		}
		awaitEnds(End.BEFORE_RESPONSE, 1);
	}

	@Test
	void anInstanceThatEndsWhileItAnswers() throws IOException {
		try (Socket cluster = connect()) {
			request(cluster);
			try (Socket instance = this.first.accept()) {
				readRequest(instance);
				instance.getOutputStream().write(bytes(RESPONSE), 0, RESPONSE.length() - 1);
			}
			assertThat(cluster.getInputStream().readAllBytes()).hasSize(RESPONSE.length() - 1);
		}
		awaitEnds(End.WITHIN_RESPONSE, 1);
		assertThat(this.proxy.traffic().toString())
			.contains("closed after %d bytes of a response with status 200".formatted(RESPONSE.length() - 1));
		assertThat(this.proxy.traffic().statuses()).isEmpty();
	}

	@Test
	void anInstanceThatEndsAConnectionItHasAnswered() throws IOException {
		try (Socket cluster = connect()) {
			request(cluster);
			try (Socket instance = this.first.accept()) {
				readRequest(instance);
				instance.getOutputStream().write(bytes(RESPONSE));
			}
			assertThat(cluster.getInputStream().readAllBytes()).hasSize(RESPONSE.length());
		}
		awaitEnds(End.IDLE, 1);
		assertThat(this.proxy.traffic().statuses()).containsOnlyKeys(200);
	}

	@Test
	void clusterThatGivesUp() throws IOException {
		Socket instance;
		try (Socket cluster = connect()) {
			request(cluster);
			instance = this.first.accept();
			readRequest(instance);
		}
		try (instance) {
			assertEnds(instance);
		}
		awaitEnds(End.GIVEN_UP, 1);
	}

	@Test
	void responseThatIsLost() throws IOException {
		this.proxy.loseResponse();
		try (Socket cluster = connect()) {
			request(cluster);
			try (Socket instance = this.first.accept()) {
				readRequest(instance);
				instance.getOutputStream().write(bytes(RESPONSE));
				assertEnds(cluster);
			}
		}
		awaitEnds(End.BEFORE_RESPONSE, 1);
		assertThat(this.proxy.traffic().statuses()).isEmpty();
		try (Socket cluster = connect()) {
			exchange(cluster, this.second);
		}
	}

	private Socket connect() throws IOException {
		URI endpoint = this.proxy.endpoint();
		Socket socket = new Socket();
		socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
		socket.setSoTimeout(TIMEOUT_MILLIS);
		return socket;
	}

	private static void exchange(Socket cluster, ServerSocket server) throws IOException {
		request(cluster);
		// Left open for the cluster to end
		Socket instance = server.accept();
		readRequest(instance);
		instance.getOutputStream().write(bytes(RESPONSE));
		assertThat(cluster.getInputStream().readNBytes(RESPONSE.length())).isEqualTo(bytes(RESPONSE));
	}

	private static void request(Socket cluster) throws IOException {
		cluster.getOutputStream().write(bytes("POST"));
	}

	private static void readRequest(Socket instance) throws IOException {
		instance.setSoTimeout(TIMEOUT_MILLIS);
		assertThat(instance.getInputStream().readNBytes(4)).isEqualTo(bytes("POST"));
	}

	// In order or by a reset
	private static void assertEnds(Socket socket) {
		int next;
		try {
			next = socket.getInputStream().read();
		}
		catch (IOException ex) {
			next = -1;
		}
		assertThat(next).isEqualTo(-1);
	}

	private void awaitEnds(End end, long count) {
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.proxy.traffic().count(end)).isEqualTo(count));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

}
