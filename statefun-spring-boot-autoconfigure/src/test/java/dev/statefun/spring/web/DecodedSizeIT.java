package dev.statefun.spring.web;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests with many small entries to a service with a heap of 128 MB.
 */
@Timeout(180)
class DecodedSizeIT {

	private static final int LARGE = 30 * 1024 * 1024;

	@Test
	void noRequestShapeExhaustsTheMemory() throws Exception {
		try (SlowBodyService service = SlowBodyService.start(EndpointServer.TOMCAT);
				ClusterClient client = new ClusterClient(service.port())) {
			for (String entry : new String[] { "1200", "1a021200", "1a00", "12020a00", "12021200", "1a020a00",
					"1a0412021000", "0a00", "3a00", "22021200" }) {
				int status = client.send(ManyEntries.request("test", "echo", entry, LARGE / (entry.length() / 2)));
				assertThat(status).as(() -> entry + ": " + String.join("\n", service.log())).isIn(500, 429);
				assertThat(client.send(ClusterClient.request("joe"))).as("after " + entry).isEqualTo(200);
				await().untilAsserted(() -> assertThat(service.bytesInFlight()).isZero());
			}
			assertThat(service.isAlive()).isTrue();
			assertThat(service.log()).noneMatch((line) -> line.contains("OutOfMemoryError"));
		}
	}

}
