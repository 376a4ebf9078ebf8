package dev.statefun.spring.boot.autoconfigure.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a header that Spring Security's firewall refuses, while exchanges are
 * recorded.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedHeaderFilterTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void headerRefusedAfterTheAnswerIsLoggedOnceAMinute(boolean pending, CapturedOutput output) throws Exception {
		byte[] body = pending ? CountingService.pendingRequest() : CountingService.request();
		try (RunningService service = RunningService.start(Recorded.class, "spring.autoconfigure.exclude=")) {
			for (int i = 0; i < 5; i++) {
				assertThat(post(service.port(), body)).startsWith("HTTP/1.1 200 ")
					.contains("Content-Type: application/octet-stream\r\n");
			}
		}
		assertThat(output).containsOnlyOnce("firewall refused one of its headers").doesNotContain("\tat ");
	}

	private static String post(int port, byte[] body) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(5000);
			ByteArrayOutputStream request = new ByteArrayOutputStream();
			request.write(("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
					+ "Connection: close\r\nX-Bad: a\u0085b\r\nContent-Length: " + body.length + "\r\n\r\n")
				.getBytes(StandardCharsets.ISO_8859_1));
			request.write(body);
			socket.getOutputStream().write(request.toByteArray());
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, PermittingChain.class })
	static class Recorded {

		@Bean
		HttpExchangeRepository exchanges() {
			return new InMemoryHttpExchangeRepository();
		}

	}

}
