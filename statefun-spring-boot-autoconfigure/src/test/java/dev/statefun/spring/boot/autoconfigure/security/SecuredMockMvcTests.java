package dev.statefun.spring.boot.autoconfigure.security;

import java.time.Duration;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.testing.ClusterReply;
import jakarta.servlet.DispatcherType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.PostMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with all filters of an application, but without a server.
 */
@SpringBootTest(properties = { "spring.autoconfigure.exclude=", "statefun.security.secret=0123456789abcdef",
		"statefun.security.allowed-addresses=127.0.0.1" })
@AutoConfigureMockMvc
@ExtendWith(OutputCaptureExtension.class)
class SecuredMockMvcTests {

	private static final String URL = "/statefun/0123456789abcdef";

	@Autowired
	private MockMvcTester mvc;

	@Test
	void clusterWithTheSecretIsServed() {
		MvcTestResult result = post(URL, CountingService.request());
		assertThat(result).hasStatusOk();
		assertThat(ClusterReply.v3(result.getResponse().getContentAsByteArray()).intStates()).containsEntry("total",
				42);
	}

	@Test
	void pendingReplyArrives() {
		MvcTestResult result = post(URL, CountingService.pendingRequest());
		assertThat(result).hasStatusOk();
		assertThat(ClusterReply.v3(result.getResponse().getContentAsByteArray()).messages()).hasSize(1);
	}

	@Test
	void otherClientsAreRejected() {
		assertThat(post("/statefun", CountingService.request())).hasStatus(403).bodyText().isEmpty();
		assertThat(post(URL + "0", CountingService.pendingRequest())).hasStatus(403).bodyText().isEmpty();
		assertThat(this.mvc.post().uri(URL).content(CountingService.request()).with((request) -> {
			request.setRemoteAddr("10.1.2.3");
			return request;
		}).exchange()).hasStatus(403);
	}

	@Test
	void formsStillRequireACsrfToken() {
		assertThat(post("/form", new byte[0])).hasStatus(403);
		assertThat(this.mvc.get().uri("/page").exchange()).hasStatusOk();
	}

	@Test
	void gateCannotBeBypassed(CapturedOutput output) {
		assertThat(this.mvc.post().uri("/around").with((request) -> {
			request.setAttribute("dev.statefun.spring.security.EndpointAccessFilter", "true");
			return request;
		}).exchange()).hasStatusOk().hasForwardedUrl("/statefun");
		MvcTestResult result = this.mvc.post().uri("/statefun").with((request) -> {
			request.setDispatcherType(DispatcherType.FORWARD);
			request.setAttribute("dev.statefun.spring.security.EndpointAccessFilter", "true");
			return request;
		}).content(CountingService.request()).exchange();
		assertThat(result).hasStatus(403).bodyText().isEmpty();
		assertThat(output)
			.contains("Refused a request from 127.0.0.1: it reached the endpoint without the access checks");
	}

	private MvcTestResult post(String url, byte[] body) {
		return this.mvc.post()
			.uri(url)
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.content(body)
			.exchange(Duration.ofSeconds(10));
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, Around.class })
	static class Application {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf((csrf) -> csrf.ignoringRequestMatchers("/around"))
				.build();
		}

	}

	@Controller
	static class Around {

		@PostMapping("/around")
		String around() {
			return "forward:/statefun";
		}

	}

}
