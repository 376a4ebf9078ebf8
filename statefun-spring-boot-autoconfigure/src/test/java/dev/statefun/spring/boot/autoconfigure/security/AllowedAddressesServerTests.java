package dev.statefun.spring.boot.autoconfigure.security;

import java.net.http.HttpResponse;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the allowed addresses of clusters, on a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class AllowedAddressesServerTests {

	private static final String[] FORGED = { "X-Forwarded-For", "10.1.2.3", "Forwarded", "for=10.1.2.3" };

	@ParameterizedTest
	@ValueSource(strings = { "none", "framework", "native" })
	void forwardedHeadersDoNotAdmitOtherClients(String strategy, CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Application.class,
				"server.forward-headers-strategy=" + strategy, "statefun.security.allowed-addresses=10.0.0.0/8,::1")) {
			HttpResponse<byte[]> forged = service.get(service.port(), "/remote", FORGED);
			assertThat(new String(forged.body())).isEqualTo(strategy.equals("none") ? "127.0.0.1" : "10.1.2.3");
			HttpResponse<byte[]> response = service.post("/statefun", CountingService.request(), FORGED);
			assertThat(response.statusCode()).isEqualTo(403);
			assertThat(response.body()).isEmpty();
			assertThat(service.get(service.port(), "/page").statusCode()).isEqualTo(200);
		}
		assertThat(output).contains(
				"Refused a request from 127.0.0.1: " + "its address is not in 'statefun.security.allowed-addresses'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "framework", "native" })
	void forwardedHeadersDoNotBlockACluster(String strategy) throws Exception {
		try (RunningService service = RunningService.start(Application.class,
				"server.forward-headers-strategy=" + strategy, "statefun.security.allowed-addresses=127.0.0.0/8")) {
			assertThat(service.post("/statefun", CountingService.request(), FORGED).statusCode()).isEqualTo(200);
			assertThat(service.post("/statefun", CountingService.pendingRequest(), FORGED).statusCode()).isEqualTo(200);
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void addressAndSecretAreBothRequired(CapturedOutput output) throws Exception {
		String secret = "0123456789abcdef";
		try (RunningService service = RunningService.start(Application.class, "statefun.security.secret=" + secret,
				"statefun.security.allowed-addresses=127.0.0.1")) {
			assertThat(service.post("/statefun/" + secret, CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(403);
		}
		try (RunningService service = RunningService.start(Application.class, "statefun.security.secret=" + secret,
				"statefun.security.allowed-addresses=10.0.0.1")) {
			assertThat(service.post("/statefun/" + secret, CountingService.request()).statusCode()).isEqualTo(403);
		}
		assertThat(output).contains("its path does not contain")
			.contains("its address is not in")
			.doesNotContain(secret);
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, Remote.class })
	static class Application {

	}

	@RestController
	static class Remote {

		@GetMapping("/remote")
		String remote() {
			return ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest()
				.getRemoteAddr();
		}

	}

}
