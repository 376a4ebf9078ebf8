package dev.statefun.netty;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;
import dev.statefun.netty.TestServer.Setup;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AccessLog}.
 */
@Timeout(120)
class AccessLogTests {

	private static final String SECRET = "0123456789abcdef";

	private static final Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.class);

	private static final InstantSource CLOCK = () -> Instant.parse("2026-11-30T06:03:49Z");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	@BeforeEach
	void capture() {
		logger.setLevel(Level.INFO);
		this.lines.start();
		logger.addAppender(this.lines);
	}

	@AfterEach
	void release() {
		logger.detachAppender(this.lines);
		logger.setLevel(null);
	}

	private static TestServer start(@Nullable EndpointSecret secret) {
		return TestServer.start(Setup.echo().restrictions(new EndpointRestrictions(true, null, secret)),
				(builder) -> builder
					.listener(new AccessLog(new EndpointPath("/statefun", secret), CLOCK, ZoneOffset.UTC)));
	}

	private List<String> awaitLines(int number) {
		Awaitility.await().atMost(TestServer.LONG).until(() -> this.lines.list.size() >= number);
		return this.lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Test
	void answeredRequestIsALine() throws IOException {
		try (TestServer server = start(null); RawClient client = server.connect()) {
			client.post(new byte[] { 8, 1, 2 });
			assertThat(awaitLines(1)).singleElement()
				.asString()
				.matches(
						"127\\.0\\.0\\.1 - - \\[30/Nov/2026:06:03:49 \\+0000] \"POST /statefun HTTP/1\\.1\" 200 3 \\d+");
		}
	}

	@Test
	void refusedRequestsAreLines() throws IOException {
		try (TestServer server = start(null)) {
			int number = 0;
			for (String head : List.of("GET /other?secret=1 HTTP/1.1\r\n", "GET /statefun HTTP/1.0\r\n",
					"POST /statefun HTTP/1.1\r\nContent-Type: text/plain\r\n", "garbage\r\n",
					"POST /a\"\u0085" + "b".repeat(300) + " HTTP/1.1\r\n")) {
				try (RawClient client = server.connect()) {
					client.send(head + "\r\n").read();
				}
				// Answers may be read before their lines are there
				awaitLines(++number);
			}
			List<String> logged = awaitLines(5);
			assertThat(logged.get(0)).contains("\"GET /other HTTP/1.1\" 404 0 ");
			assertThat(logged.get(1)).contains("\"GET /statefun HTTP/1.0\" 405 0 ");
			assertThat(logged.get(2)).contains("\"POST /statefun HTTP/1.1\" 500 ");
			assertThat(logged.get(3)).contains("\"-\" 500 ");
			assertThat(logged.get(4)).contains("\"POST /a%22?bbb").contains("bbb… (304 characters) HTTP/1.1\" 404 0 ");
		}
	}

	@Test
	void noSecretIsShown() throws IOException {
		EndpointSecret secret = EndpointSecret.of(SECRET);
		try (TestServer server = start(secret); RawClient client = server.connect()) {
			for (String path : List.of("/statefun/" + SECRET, "/statefun/fedcba9876543210", "/statefun",
					"/other/" + SECRET + "?" + SECRET, "/other/%30123456789abcdef",
					"/" + "a".repeat(190) + "/" + SECRET)) {
				client.send(RawClient.post(path, new byte[] { 8, 1 })).read();
			}
			List<String> logged = awaitLines(6);
			assertThat(logged.get(0)).contains("\"POST /statefun/****** HTTP/1.1\" 200 2 ");
			assertThat(logged.get(1)).contains("\"POST /statefun/****** HTTP/1.1\" 403 0 ");
			assertThat(logged.get(2)).contains("\"POST /statefun HTTP/1.1\" 403 0 ");
			assertThat(logged.get(3)).contains("\"POST /other/****** HTTP/1.1\" 404 0 ");
			assertThat(logged.get(4)).contains("\"POST /****** HTTP/1.1\" 404 0 ");
			assertThat(logged).noneMatch((line) -> line.contains("0123") || line.contains("fedc"));
		}
	}

	@Test
	void levelDisablesTheLines() throws IOException {
		logger.setLevel(Level.WARN);
		try (TestServer server = start(null); RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			assertThat(this.lines.list).isEmpty();
		}
	}

}
