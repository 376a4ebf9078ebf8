package dev.statefun.local.playground;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.sun.net.httpserver.HttpExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HttpPort} with slow clients.
 */
@Timeout(20)
class HttpPortTests {

	private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private final List<Socket> senders = new ArrayList<>();

	@AfterEach
	void closeSenders() throws IOException {
		for (Socket sender : this.senders) {
			sender.close();
		}
	}

	@Test
	void otherRequestsAreAnsweredDespiteManySlowBodies() throws Exception {
		HttpPort port = HttpPort.open("test", ANY, Duration.ofMinutes(1), HttpPortTests::echo);
		try {
			for (int i = 0; i < 60; i++) {
				send(port, "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx");
			}
			assertThat(put(port, "hello")).isEqualTo("hello");
		}
		finally {
			port.close();
		}
	}

	@Test
	void requestThatDoesNotArriveIsGivenUp() throws Exception {
		HttpPort port = HttpPort.open("test", ANY, Duration.ofMillis(200), HttpPortTests::echo);
		try {
			Socket body = send(port, "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx");
			Socket header = send(port, "PUT / HTTP/1.1\r\nHost: loc");
			assertThat(body.getInputStream().readAllBytes()).isEmpty();
			assertThat(header.getInputStream().readAllBytes()).isEmpty();
			assertThat(put(port, "hello")).isEqualTo("hello");
		}
		finally {
			port.close();
		}
	}

	private static void echo(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] body = exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

	private Socket send(HttpPort port, String bytes) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
		this.senders.add(socket);
		socket.setSoTimeout(10_000);
		socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
		return socket;
	}

	private static String put(HttpPort port, String body) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + "/"))
			.timeout(Duration.ofSeconds(5))
			.PUT(BodyPublishers.ofString(body))
			.build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
	}

}
