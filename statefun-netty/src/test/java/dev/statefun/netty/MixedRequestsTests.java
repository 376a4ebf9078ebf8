package dev.statefun.netty;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.statefun.netty.RawClient.Response;
import dev.statefun.netty.TestServer.Setup;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that many requests at a time each get their own answer.
 */
@Timeout(180)
class MixedRequestsTests {

	private static final int CONNECTIONS = 16;

	private static final int REQUESTS = 63;

	private static final int FAILURE = 1;

	private static final int LATE = 2;

	@ParameterizedTest
	@EnumSource(Transport.class)
	void eachRequestGetsItsOwnAnswer(Transport transport) throws Exception {
		Leaks.watch();
		ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
		Setup setup = new Setup().maxRequests(10).handler((body, userAgent) -> reply(body));
		try (TestServer server = TestServer.start(setup, (builder) -> builder.transport(transport))) {
			List<Future<Integer>> results = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				int seed = i;
				results.add(clients.submit(() -> send(server, seed)));
			}
			int answers = 0;
			for (Future<Integer> result : results) {
				answers += result.get(120, TimeUnit.SECONDS);
			}
			assertThat(answers).isEqualTo(CONNECTIONS * REQUESTS);
			server.awaitNoRequests();
			assertThat(server.rejections()).isEmpty();
		}
		finally {
			clients.shutdownNow();
		}
		assertThat(Leaks.find()).isEmpty();
	}

	private static CompletionStage<byte[]> reply(byte[] body) {
		if (body[0] == FAILURE) {
			return CompletableFuture.failedFuture(new IllegalStateException("poison"));
		}
		CompletableFuture<byte[]> reply = CompletableFuture.completedFuture(reversed(body));
		return (body[0] == LATE) ? reply.thenApplyAsync((bytes) -> bytes) : reply;
	}

	private static byte[] reversed(byte[] bytes) {
		byte[] reversed = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			reversed[i] = bytes[bytes.length - 1 - i];
		}
		return reversed;
	}

	private static int send(TestServer server, int seed) throws IOException {
		Random random = new Random(seed);
		try (RawClient client = server.connect()) {
			for (int i = 0; i < REQUESTS; i++) {
				byte[] body = new byte[1 + random.nextInt((i % 10 == 0) ? 200_000 : 500)];
				random.nextBytes(body);
				// Not a request of a cluster, so that no instance is busy
				body[0] = (byte) (1 + random.nextInt(4));
				Response response = send(client, body, random);
				if (body[0] == FAILURE) {
					assertThat(response.status()).isEqualTo(500);
				}
				else {
					assertThat(response.status()).isEqualTo(200);
					assertThat(Arrays.equals(response.bytes(), reversed(body))).isTrue();
				}
			}
		}
		return REQUESTS;
	}

	private static Response send(RawClient client, byte[] body, Random random) throws IOException {
		if (random.nextInt(4) == 0) {
			byte[] chunked = RawClient
				.join(RawClient.ascii("POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
						+ Integer.toHexString(body.length) + "\r\n"), body, RawClient.ascii("\r\n0\r\n\r\n"));
			return sendInParts(client, chunked, random);
		}
		return sendInParts(client, RawClient.post("/statefun", body), random);
	}

	private static Response sendInParts(RawClient client, byte[] bytes, Random random) throws IOException {
		int position = 0;
		while (position < bytes.length) {
			int end = Math.min(bytes.length, position + 1 + random.nextInt(bytes.length));
			client.send(Arrays.copyOfRange(bytes, position, end));
			position = end;
		}
		return client.read();
	}

}
