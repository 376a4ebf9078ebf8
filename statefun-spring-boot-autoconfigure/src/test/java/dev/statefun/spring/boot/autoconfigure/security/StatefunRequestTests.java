package dev.statefun.spring.boot.autoconfigure.security;

import java.net.http.HttpResponse;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.StaticWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatefunRequest} and the exception from CSRF protection.
 */
class StatefunRequestTests {

	private static final String WITH_SECURITY = "spring.autoconfigure.exclude=";

	@Test
	void eachCallReturnsANewMatcher() {
		assertThat(StatefunRequest.toEndpoint()).isNotSameAs(StatefunRequest.toEndpoint());
	}

	@Test
	void nothingMatchesWithoutAnEndpoint() {
		MockServletContext servletContext = new MockServletContext();
		StaticWebApplicationContext context = new StaticWebApplicationContext();
		context.refresh();
		servletContext.setAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, context);
		MockHttpServletRequest request = new MockHttpServletRequest(servletContext, "POST", "/statefun");
		assertThat(StatefunRequest.toEndpoint().matches(request)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "'', /, /statefun, /statefun", "/app, /, /statefun, /app/statefun",
			"'', /mvc, /statefun, /mvc/statefun", "/app, /mvc, /a/b, /app/mvc/a/b" })
	void ruleAppliesOnlyToTheEndpointAtAnyPath(String contextPath, String servletPath, String path, String url)
			throws Exception {
		try (RunningService service = RunningService.start(Denying.class, WITH_SECURITY,
				"server.servlet.context-path=" + contextPath, "spring.mvc.servlet.path=" + servletPath,
				"statefun.path=" + path)) {
			assertThat(service.post(url, CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post(url, CountingService.pendingRequest()).statusCode()).isEqualTo(200);
			for (String other : new String[] { url + "/more", url + "s", url + "/", url + "/../page",
					contextPath + "/" }) {
				assertThat(service.get(service.port(), other).statusCode()).as(other).isEqualTo(403);
			}
		}
	}

	@Test
	void ruleAppliesWithASecret() throws Exception {
		String secret = "0123456789abcdef";
		try (RunningService service = RunningService.start(Denying.class, WITH_SECURITY,
				"statefun.security.secret=" + secret)) {
			assertThat(service.post("/statefun/" + secret, CountingService.request()).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void formsRequireACsrfTokenAndClustersDoNot() throws Exception {
		try (RunningService service = RunningService.start(Permitting.class, WITH_SECURITY)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post("/statefun", CountingService.pendingRequest()).statusCode()).isEqualTo(200);
			assertThat(service.post("/form", new byte[0]).statusCode()).isEqualTo(403);
			assertThat(service.post("/statefun/more", new byte[0]).statusCode()).isEqualTo(403);
			HttpResponse<byte[]> page = service.get(service.port(), "/page");
			assertThat(page.statusCode()).isEqualTo(200);
		}
	}

	@Test
	void csrfProtectionCanIncludeClusters() throws Exception {
		try (RunningService service = RunningService.start(Permitting.class, WITH_SECURITY,
				"statefun.security.csrf.enabled=true")) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(403);
		}
	}

	@Test
	void customCsrfExceptionsAreKept() throws Exception {
		try (RunningService service = RunningService.start(Excepting.class, WITH_SECURITY)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post("/form", new byte[0]).statusCode()).isEqualTo(200);
		}
		try (RunningService service = RunningService.start(Unprotected.class, WITH_SECURITY)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post("/form", new byte[0]).statusCode()).isEqualTo(200);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class Denying {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers(StatefunRequest.toEndpoint())
					.permitAll()
					.anyRequest()
					.denyAll())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class Permitting {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class Excepting {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf((csrf) -> csrf.ignoringRequestMatchers("/form"))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class Unprotected {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

	}

}
