package dev.statefun.spring.boot.autoconfigure.netty;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the endpoint on Netty beside the server of a WebFlux application, which is on
 * Netty, too.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class NettyBesideWebFluxTests {

	private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";

	private static final String[] REACTIVE = { "spring.main.web-application-type=reactive",
			"spring.autoconfigure.exclude=" + SECURITY + "web.reactive.ReactiveWebSecurityAutoConfiguration," + SECURITY
					+ "actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration" };

	private static RunningService start(String... more) {
		String[] all = new String[REACTIVE.length + more.length];
		System.arraycopy(REACTIVE, 0, all, 0, REACTIVE.length);
		System.arraycopy(more, 0, all, REACTIVE.length, more.length);
		return RunningService.start(CountingService.class, all);
	}

	@Test
	void eachServerAnswersOnItsPort(CapturedOutput output) throws Exception {
		try (RunningService service = start("statefun.server.port=0")) {
			assertThat(service.context()).isInstanceOf(ReactiveWebServerApplicationContext.class);
			int port = service.clusterPort();
			assertThat(service.post(port, "/statefun", CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post(port, "/statefun", CountingService.pendingRequest()).statusCode()).isEqualTo(200);
			assertThat(service.get(port, "/page").statusCode()).isEqualTo(404);
			assertThat(service.get(service.port(), "/page").body()).asString().isEqualTo("page");
			assertThat(service.post("/form", new byte[0]).body()).asString().isEqualTo("sent");
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(404);
			assertThat(output).contains("at POST /statefun on port " + port + ": [")
				.doesNotContain("no cluster can reach them");
		}
	}

	@Test
	void portIsRequired(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start().close());
		assertThat(output).contains("'statefun.server.port' is not set.")
			.contains("Set 'statefun.server.port' to a port other than 'server.port'.");
	}

}
