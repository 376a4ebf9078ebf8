package dev.statefun.spring.web;

import java.net.http.HttpResponse;
import java.time.Duration;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that the access filter refuses hold no thread, whatever their bodies do.
 */
@Timeout(180)
class RefusedStrangersTests {

	private static final String SECRET = "q7Rk2vXw-0123456789.abcdef~";

	private static final String WRONG = "/statefun/wrongwrongwrongwrong";

	private static RunningService start() {
		return RunningService.start(CountingService.class, "statefun.security.secret=" + SECRET,
				"server.tomcat.threads.max=10");
	}

	@Test
	void clusterIsServedDespiteSlowUnauthorizedRequests() throws Exception {
		try (RunningService service = start()) {
			for (SlowSenders.Form form : SlowSenders.Form.values()) {
				try (SlowSenders strangers = new SlowSenders(service.port(), WRONG, 60, form, Duration.ofMillis(100))) {
					await().atMost(Duration.ofSeconds(30))
						.untilAsserted(() -> assertThat(strangers.answers().getOrDefault("403", 0))
							.as(() -> form + ": " + strangers.answers())
							.isGreaterThanOrEqualTo(60));
					for (int i = 0; i < 20; i++) {
						long begin = System.nanoTime();
						HttpResponse<byte[]> response = service.post("/statefun/" + SECRET, CountingService.request());
						assertThat(response.statusCode()).isEqualTo(200);
						assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
					}
					// Tomcat itself answers 100 before the gate runs
					assertThat(strangers.answers().keySet()).as("%s", form).isSubsetOf("100", "403", "end", "closed");
				}
			}
		}
	}

	@Test
	void connectionOfACompleteRequestIsKept() throws Exception {
		try (RunningService service = start(); RawRequest stranger = new RawRequest(service.port())) {
			for (int i = 0; i < 3; i++) {
				stranger.send("POST " + WRONG + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
				assertThat(stranger.answer().head()).startsWith("HTTP/1.1 403")
					.endsWith("\r\n\r\n")
					.doesNotContainIgnoringCase("connection: close");
			}
		}
	}

	@Test
	void connectionOfAnIncompleteRequestIsClosedAfterTheAnswer() throws Exception {
		try (RunningService service = start(); RawRequest stranger = new RawRequest(service.port())) {
			stranger.send("POST " + WRONG + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\n\r\nabc");
			assertThat(stranger.answer().head()).startsWith("HTTP/1.1 403").containsIgnoringCase("connection: close");
			// A regular end, not a reset
			assertThat(stranger.answer()).isEqualTo(new RawRequest.Answer(-1, "", ""));
		}
	}

}
