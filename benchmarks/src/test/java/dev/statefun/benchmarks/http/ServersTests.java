package dev.statefun.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.statefun.benchmarks.lean.Execution;
import dev.statefun.benchmarks.lean.LeanServer;
import dev.statefun.benchmarks.workload.OfficialFunctions;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.ReplyContent;
import dev.statefun.benchmarks.workload.Workload;
import dev.statefun.sdk.handler.RequestReplyHandler;
import io.undertow.Undertow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the compared servers give the same replies.
 */
class ServersTests {

	private static final int ENOUGH_TO_BE_QUICK = 150;

	private final HttpClient client = HttpClient.newHttpClient();

	private final RequestReplyHandler handler = new RequestReplyHandler(OurFunctions.registry());

	@Test
	void bootAnswersAtTheEndpointAndByServlets() throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(BootServer.class, "--server.port=0",
				"--server.address=127.0.0.1")) {
			int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			for (String path : new String[] { "/statefun", "/bare", "/sdk" }) {
				assertRightReplies(port, path);
			}
		}
	}

	@Test
	void undertowAnswers() throws Exception {
		Undertow server = UndertowServer.start(0, OfficialFunctions.handler());
		try {
			assertRightReplies(((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort(), "/");
		}
		finally {
			server.stop();
		}
	}

	@ParameterizedTest
	@EnumSource
	void leanServerAnswersWithEveryExecution(Execution execution) throws Exception {
		try (LeanServer server = start(execution, LeanServer.Transport.NIO)) {
			for (int i = 0; i < ENOUGH_TO_BE_QUICK; i++) {
				assertRightReply(server.port(), "/", 1);
			}
			assertRightReplies(server.port(), "/");
		}
	}

	@Test
	void leanServerReportsFailures() throws Exception {
		try (LeanServer server = start(Execution.ADAPTIVE, LeanServer.Transport.NIO)) {
			assertThat(post(server.port(), "/", new byte[] { 1, 2, 3 }).statusCode()).isEqualTo(500);
			HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port())).build();
			assertThat(this.client.send(get, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(405);
			assertRightReplies(server.port(), "/");
		}
	}

	private LeanServer start(Execution execution, LeanServer.Transport transport) {
		return LeanServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this.handler, execution,
				transport);
	}

	private void assertRightReplies(int port, String path) throws IOException, InterruptedException {
		assertRightReply(port, path, 1);
		assertRightReply(port, path, 100);
	}

	private void assertRightReply(int port, String path, int messages) throws IOException, InterruptedException {
		byte[] request = Workload.COUNTER.request(messages);
		HttpResponse<byte[]> response = post(port, path, request);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().allValues("Content-Type")).containsExactly("application/octet-stream");
		assertThat(ReplyContent.of(response.body()))
			.isEqualTo(ReplyContent.of(this.handler.handle(request).toCompletableFuture().join()));
	}

	private HttpResponse<byte[]> post(int port, String path, byte[] request) throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.header("Content-Type", "application/octet-stream")
			.POST(HttpRequest.BodyPublishers.ofByteArray(request))
			.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

}
