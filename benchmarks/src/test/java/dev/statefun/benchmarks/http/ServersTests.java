package dev.statefun.benchmarks.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

import dev.statefun.benchmarks.workload.OfficialFunctions;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.ReplyContent;
import dev.statefun.benchmarks.workload.Workload;
import dev.statefun.sdk.handler.RequestReplyHandler;
import io.undertow.Undertow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the compared servers give the same replies.
 */
class ServersTests {

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

	@Test
	void nettyStarterAnswersWithoutServletStack(@TempDir Path folder) throws Exception {
		try (ServerProcess server = Variant.NETTY.start(folder)) {
			server.requireRightReply(Variant.NETTY.path(), Workload.COUNTER.request(1));
			server.requireRightReply(Variant.NETTY.path(), Workload.COUNTER.request(100));
		}
		assertThat(folder.resolve("netty.log")).content().contains("Netty started").doesNotContain("Tomcat");
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
