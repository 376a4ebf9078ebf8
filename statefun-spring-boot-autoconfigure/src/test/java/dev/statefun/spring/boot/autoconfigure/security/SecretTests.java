package dev.statefun.spring.boot.autoconfigure.security;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterReply;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.web.exchanges.HttpExchangeRepository;
import org.springframework.boot.actuate.web.exchanges.InMemoryHttpExchangeRepository;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the secret in the path, on a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretTests {

	private static final String SECRET_AFTER_Q = "7Rk2vXw-0123456789.abcdef~";

	private static final String SECRET = "q" + SECRET_AFTER_Q;

	private static final String ATTEMPT = "wrongwrongwrongwrong";

	private static final String PROPERTY = "statefun.security.secret=" + SECRET;

	@ParameterizedTest
	@CsvSource({ "'', '', /statefun, /statefun", "/app, '', /statefun, /app/statefun",
			"'', /mvc, /statefun, /mvc/statefun", "/app, /mvc, /a/b, /app/mvc/a/b", "'', '', /statefun/, /statefun" })
	void clusterWithTheSecretIsServedAtEveryPath(String contextPath, String servletPath, String path, String url)
			throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, PROPERTY,
				"server.servlet.context-path=" + contextPath, "spring.mvc.servlet.path=" + servletPath,
				"statefun.path=" + path)) {
			HttpResponse<byte[]> response = service.post(url + "/" + SECRET, CountingService.request());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().allValues("Content-Type")).containsExactly("application/octet-stream");
			assertThat(ClusterReply.v3(response.body()).intStates()).containsEntry("total", 42);
			HttpResponse<byte[]> later = service.post(url + "/" + SECRET, CountingService.pendingRequest());
			assertThat(later.statusCode()).isEqualTo(200);
			assertThat(ClusterReply.v3(later.body()).messages()).hasSize(1);
			for (String wrong : new String[] { url, url + "/", url + "/" + ATTEMPT, url + "/" + SECRET + "/",
					url + "/" + SECRET + "x", url + "//" + SECRET, url + "/" + SECRET + ";a=b", url + "/;/" + SECRET,
					url + "/a/" + SECRET, url + "/" + SECRET.replace("q", "%71"), url + "?" + SECRET, url + ";a=b",
					url.replace("a", "%61"), url + "/" + SECRET.toUpperCase() }) {
				HttpResponse<byte[]> refused = service.post(wrong, CountingService.request());
				assertThat(refused.statusCode()).as(wrong).isEqualTo(403);
				assertThat(refused.body()).isEmpty();
			}
		}
	}

	@Test
	void otherMethodsAreRejectedAsWithoutASecret() throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, PROPERTY)) {
			assertThat(service.get(service.port(), "/statefun/" + SECRET).statusCode()).isEqualTo(405);
			assertThat(service.get(service.port(), "/statefun").statusCode()).isEqualTo(403);
			assertThat(service.get(service.port(), "/page").statusCode()).isEqualTo(200);
			assertThat(service.get(service.port(), "/statefuns").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void secretIsHiddenFromLaterFilters(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Watched.class, PROPERTY, "spring.autoconfigure.exclude=",
				"logging.level.org.springframework=TRACE", "logging.level.dev.statefun=TRACE",
				"logging.level.web=TRACE", "spring.mvc.log-request-details=true",
				"management.endpoints.web.exposure.include=*", "management.endpoint.env.show-values=always",
				"management.endpoint.configprops.show-values=always", "management.endpoint.health.show-details=always",
				"other.property=" + SECRET)) {
			String url = "/statefun/" + SECRET;
			for (byte[] body : new byte[][] { CountingService.request(), CountingService.pendingRequest() }) {
				assertThat(service.post(url, body).statusCode()).isEqualTo(200);
			}
			assertThat(service.post(url, new byte[] { 1, 2, 3 }).statusCode()).isEqualTo(500);
			assertThat(service.get(service.port(), url).statusCode()).isEqualTo(405);
			HttpResponse<byte[]> denied = service.post(url, CountingService.request(), "X-Deny", "true");
			assertThat(denied.statusCode()).isEqualTo(418);
			assertThat(new String(denied.body(), StandardCharsets.UTF_8)).contains("/statefun").doesNotContain(SECRET);
			assertThat(service.post("/statefun/" + ATTEMPT, CountingService.request()).statusCode()).isEqualTo(403);
			for (String endpoint : new String[] { "mappings", "env", "configprops", "health", "beans", "conditions",
					"metrics/http.server.requests", "statefun" }) {
				HttpResponse<byte[]> response = service.get(service.port(), "/actuator/" + endpoint);
				assertThat(response.statusCode()).as(endpoint).isEqualTo(200);
				assertThat(new String(response.body(), StandardCharsets.UTF_8)).as(endpoint)
					.doesNotContain(SECRET)
					.doesNotContain(ATTEMPT);
			}
			assertThat(service.context().getBean(StatefunSecurityProperties.class).toString())
				.contains("secret=******");
		}
		assertThat(output).contains("Serving 2 stateful functions at POST /statefun: ")
			.contains("Seen: POST /statefun http://127.0.0.1")
			.contains("Observed: http.url=/statefun")
			.contains("Securing POST /statefun")
			.contains("Refused a request from 127.0.0.1: its path does not contain 'statefun.security.secret'")
			.doesNotContain(SECRET)
			.doesNotContain(ATTEMPT);
	}

	@Test
	void valuesThatContainTheSecretAreMasked() throws Exception {
		System.setProperty("statefun.test.command-line", "java -jar cart.jar --" + PROPERTY);
		try (RunningService service = RunningService.start(CountingService.class, PROPERTY,
				"management.endpoints.web.exposure.include=*", "management.endpoint.env.show-values=always",
				"management.endpoint.configprops.show-values=always",
				"statefun.module.endpoint=http://cart:8080/statefun/" + SECRET,
				"spring.application.json={\"a\":\"" + SECRET + "\"}")) {
			for (String endpoint : new String[] { "env", "configprops", "env/statefun.module.endpoint",
					"env/statefun.test.command-line", "env/spring.application.json" }) {
				HttpResponse<byte[]> response = service.get(service.port(), "/actuator/" + endpoint);
				assertThat(response.statusCode()).as(endpoint).isEqualTo(200);
				assertThat(new String(response.body(), StandardCharsets.UTF_8)).as(endpoint)
					.contains("******")
					.doesNotContain(SECRET);
			}
		}
		finally {
			System.clearProperty("statefun.test.command-line");
		}
	}

	@Test
	void otherRequestsDoNotShowTheSecret(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Exchanges.class, PROPERTY,
				"logging.level.org.springframework=TRACE", "logging.level.dev.statefun=TRACE",
				"management.endpoints.web.exposure.include=*", "spring.web.error.include-message=always",
				"spring.web.error.include-path=always")) {
			for (String path : new String[] { "/Statefun/" + SECRET, "/x/statefun/" + SECRET, "/statefuns/" + SECRET,
					"/page2?url=http://cart/statefun/" + SECRET, "/%53tatefun/%71" + SECRET_AFTER_Q }) {
				for (HttpResponse<byte[]> response : List.of(
						service.post(path, CountingService.request(), "Referer", "http://cart/statefun/" + SECRET),
						service.get(service.port(), path))) {
					assertThat(response.statusCode()).as(path).isEqualTo(404);
					assertThat(new String(response.body(), StandardCharsets.UTF_8)).as(path)
						.contains("\"path\"")
						.doesNotContain(SECRET_AFTER_Q);
				}
			}
			for (String path : new String[] { "/statefun/" + SECRET, "/Statefun/" + SECRET,
					"/statefun/" + SECRET + "/x" }) {
				HttpResponse<byte[]> traced = service.send("TRACE", path);
				assertThat(traced.statusCode()).as(path).isIn(403, 405);
				assertThat(new String(traced.body(), StandardCharsets.UTF_8)).as(path).doesNotContain(SECRET);
			}
			HttpResponse<byte[]> exchanges = service.get(service.port(), "/actuator/httpexchanges");
			assertThat(new String(exchanges.body(), StandardCharsets.UTF_8)).contains("******")
				.doesNotContain(SECRET_AFTER_Q);
		}
		assertThat(output).contains("Seen: POST /").doesNotContain(SECRET_AFTER_Q);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/statefun", "/statefun/" + ATTEMPT })
	void rejectedRequestsReachNoOtherFilter(String path, CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Watched.class, PROPERTY, "spring.autoconfigure.exclude=")) {
			assertThat(service.post(path, CountingService.request()).statusCode()).isEqualTo(403);
		}
		assertThat(output).doesNotContain("Seen: ").doesNotContain("Observed: http.url");
	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class Filtered {

		@Bean
		FilterRegistrationBean<WatchingFilter> watchingFilter() {
			FilterRegistrationBean<WatchingFilter> filter = new FilterRegistrationBean<>(new WatchingFilter());
			filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return filter;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Filtered.class, PermittingChain.class })
	static class Watched {

		@Bean
		ShallowEtagHeaderFilter bufferingFilter() {
			return new ShallowEtagHeaderFilter();
		}

		@Bean
		ObservationHandler<Observation.Context> watchingHandler() {
			return new ObservationHandler<>() {

				@Override
				public void onStop(Observation.Context context) {
					for (KeyValue value : context.getAllKeyValues()) {
						LogFactory.getLog(SecretTests.class)
							.info("Observed: " + value.getKey() + "=" + value.getValue());
					}
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Filtered.class)
	static class Exchanges {

		@Bean
		HttpExchangeRepository exchanges() {
			return new InMemoryHttpExchangeRepository();
		}

	}

	/**
	 * Records everything that a filter can read from a request.
	 */
	static class WatchingFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			LogFactory.getLog(SecretTests.class)
				.info("Seen: " + request.getMethod() + " " + request.getRequestURI() + " " + request.getRequestURL()
						+ " " + request.getServletPath() + " " + request.getPathInfo() + " "
						+ request.getPathTranslated() + " " + request.getHttpServletMapping().getMatchValue() + " "
						+ request);
			request.getAttributeNames()
				.asIterator()
				.forEachRemaining((name) -> LogFactory.getLog(SecretTests.class)
					.info("Seen: " + name + "=" + request.getAttribute(name)));
			if (request.getHeader("X-Deny") != null && request.getDispatcherType() == DispatcherType.REQUEST) {
				response.sendError(418);
				return;
			}
			chain.doFilter(request, response);
		}

		@Override
		protected boolean shouldNotFilterAsyncDispatch() {
			return false;
		}

		@Override
		protected boolean shouldNotFilterErrorDispatch() {
			return false;
		}

	}

}
