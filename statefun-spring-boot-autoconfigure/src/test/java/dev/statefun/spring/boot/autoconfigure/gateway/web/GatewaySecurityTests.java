package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.statefun.spring.testing.GatewayService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.testing.ScriptedGateway;
import dev.statefun.spring.testing.messages.GatewayMessages.Greeting;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.mock.web.MockServletContext;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.StaticWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for HTTP access to functions with Spring Security and without it, and for the
 * warning at start-up.
 */
@ExtendWith(OutputCaptureExtension.class)
class GatewaySecurityTests {

	private static final String WITH_SECURITY = "spring.autoconfigure.exclude=";

	private static final String EVERYWHERE = "server.address=0.0.0.0";

	private static final String ENABLED = "statefun.gateway.http.enabled=true";

	private static final String FUNCTIONS = "statefun.gateway.functions=example/count,picky/*";

	private static final String JOE = "/statefun-gateway/example/count/joe";

	private static final String USER = "application/vnd.type.googleapis.com/example.User+json";

	private static final String OPEN = "The gateway, POST /statefun-gateway/{namespace}/{name}/{id}, is open: any client "
			+ "that reaches it can call [example/count, picky/*]. Add a rule to the security filter chain, such as "
			+ "requests.requestMatchers(StatefunGatewayRequest.toGateway()).authenticated()";

	@Test
	void withoutSpringSecurityTheGatewayIsOpen(CapturedOutput output) throws Exception {
		try (RunningService service = start(GatewayService.class, EVERYWHERE)) {
			assertThat(post(service, JOE).statusCode()).isEqualTo(200);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" WARN ").endsWith(OPEN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.address=127.0.0.1", "statefun.local-runtime.enabled=true" })
	void openGatewayOfAMachineOrInDevelopmentCausesNoWarning(String property, CapturedOutput output) {
		start(GatewayService.class, property, "statefun.local-runtime.ingress-port=0",
				"statefun.local-runtime.egress-port=0")
			.close();
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void gatewayWithoutFunctionsIsReported(CapturedOutput output) {
		RunningService.start(GatewayService.class, ENABLED, EVERYWHERE).close();
		assertThat(warnings(output)).singleElement()
			.asString()
			.endsWith("No function can be reached at /statefun-gateway. Name those that can be in "
					+ "'statefun.gateway.functions'");
	}

	@Test
	void defaultChainRequiresAUserAndACsrfToken(CapturedOutput output) throws Exception {
		try (RunningService service = start(WithPage.class, WITH_SECURITY, EVERYWHERE, "spring.security.user.name=joe",
				"spring.security.user.password=secret")) {
			String basic = basic("joe:secret");
			assertThat(post(service, JOE).statusCode()).isIn(401, 403);
			assertThat(post(service, JOE, "Authorization", basic).statusCode()).isIn(401, 403);
			assertThat(service.context().getBean(ScriptedGateway.class).requests()).isEmpty();
			assertThat(service.get(service.port(), "/statefun-gateway/openapi.json").statusCode()).isEqualTo(401);
			assertThat(
					service.get(service.port(), "/statefun-gateway/openapi.json", "Authorization", basic).statusCode())
				.isEqualTo(200);
			assertThat(withCsrfToken(service, "/statefun-gateway/example/count/joe")).hasStatusOk();
			assertThat(withCsrfToken(service, "/statefun-gateway/example/secret/joe")).hasStatus(404);
		}
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void resourceServerTakesTokens(CapturedOutput output) throws Exception {
		try (RunningService service = start(Tokens.class, WITH_SECURITY, EVERYWHERE)) {
			ScriptedGateway gateway = service.context().getBean(ScriptedGateway.class);
			assertThat(post(service, JOE).statusCode()).isIn(401, 403);
			assertThat(post(service, JOE, "Authorization", "Bearer ann").statusCode()).isEqualTo(200);
			assertThat(gateway.lastRequest().principal()).isEqualTo("ann");
			assertThat(post(service, JOE, "Authorization", "Bearer joe").statusCode()).isEqualTo(200);
			assertThat(gateway.lastRequest().principal()).isEqualTo("joe");
		}
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void ownChainIsForAllPathsOfTheGateway(CapturedOutput output) throws Exception {
		String url = "/app/mvc/a/b";
		try (RunningService service = start(OwnChain.class, WITH_SECURITY, EVERYWHERE,
				"server.servlet.context-path=/app", "spring.mvc.servlet.path=/mvc", "statefun.gateway.http.path=/a/b",
				"spring.security.user.name=joe", "spring.security.user.password=secret")) {
			String basic = basic("joe:secret");
			for (String below : List.of("/example/count/joe", "/example/secret/joe", "/-/requests/x", "/openapi.json",
					"/%65xample/count/joe", "")) {
				assertThat(post(service, url + below).statusCode()).as(below).isEqualTo(401);
			}
			assertThat(post(service, url + "/example/count/joe", "Authorization", basic).statusCode()).isEqualTo(200);
			// The rest of the application has a rule of its own
			assertThat(post(service, url + "x", "Authorization", basic).statusCode()).isEqualTo(403);
		}
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void chainThatPermitsAllCausesAWarningAndKeepsCsrfProtection(CapturedOutput output) throws Exception {
		try (RunningService service = start(Permitting.class, WITH_SECURITY, EVERYWHERE)) {
			assertThat(post(service, JOE).statusCode()).isEqualTo(403);
		}
		assertThat(warnings(output)).singleElement().asString().endsWith(OPEN);
	}

	@Test
	void chainThatPermitsOneFunctionCausesAWarningAboutThat(CapturedOutput output) {
		start(PermittingOne.class, WITH_SECURITY, EVERYWHERE).close();
		assertThat(warnings(output)).singleElement().asString().contains("can call [picky/*]");
	}

	@Test
	void eachCallReturnsANewMatcherThatMatchesNothingWithoutGateway() {
		assertThat(StatefunGatewayRequest.toGateway()).isNotSameAs(StatefunGatewayRequest.toGateway());
		MockServletContext servletContext = new MockServletContext();
		StaticWebApplicationContext context = new StaticWebApplicationContext();
		context.refresh();
		servletContext.setAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, context);
		MockHttpServletRequest request = new MockHttpServletRequest(servletContext, "POST", JOE);
		assertThat(StatefunGatewayRequest.toGateway().matches(request)).isFalse();
	}

	private static RunningService start(Class<?> application, String... properties) {
		String[] all = new String[properties.length + 2];
		System.arraycopy(properties, 0, all, 2, properties.length);
		all[0] = ENABLED;
		all[1] = FUNCTIONS;
		RunningService service = RunningService.start(application, all);
		service.context().getBean(ScriptedGateway.class).replyWith(Greeting.newBuilder().setText("Hello").build());
		return service;
	}

	private static HttpResponse<byte[]> post(RunningService service, String path, String... headers) throws Exception {
		String[] all = new String[headers.length + 2];
		System.arraycopy(headers, 0, all, 2, headers.length);
		all[0] = "Content-Type";
		all[1] = USER;
		return service.send("POST", path, "{}".getBytes(StandardCharsets.UTF_8), all);
	}

	private static MvcTestResult withCsrfToken(RunningService service, String path) {
		MockMvcTester mvc = MockMvcTester.from((WebApplicationContext) service.context(),
				(builder) -> builder.addFilters(service.context().getBean(FilterChainProxy.class)).build());
		// A token in the cookie of a session, as a page of the application has it
		MvcTestResult page = mvc.get().uri("/token").header("Authorization", basic("joe:secret")).exchange();
		return mvc.post()
			.uri(path)
			.header("Authorization", basic("joe:secret"))
			.header("Content-Type", USER)
			.session((MockHttpSession) page.getRequest().getSession())
			.header("X-CSRF-TOKEN", Objects.requireNonNull(page.getResponse().getHeader("token")))
			.content("{}")
			.exchange(Duration.ofSeconds(10));
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> line.contains(GatewayExposureCheck.class.getSimpleName()))
			.map(String::stripTrailing)
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ GatewayService.class, Page.class })
	static class WithPage {

	}

	@RestController
	static class Page {

		@GetMapping("/token")
		void token(CsrfToken token, HttpServletResponse response) {
			response.setHeader("token", token.getToken());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(GatewayService.class)
	static class Tokens {

		@Bean
		JwtDecoder decoder() {
			return (token) -> new Jwt(token, Instant.now(), Instant.now().plusSeconds(60), Map.of("alg", "none"),
					Map.of("sub", token));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(GatewayService.class)
	static class OwnChain {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers(StatefunGatewayRequest.toGateway())
					.authenticated()
					.anyRequest()
					.denyAll())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.ignoringRequestMatchers("/**"))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(GatewayService.class)
	static class Permitting {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(GatewayService.class)
	static class PermittingOne {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers("/statefun-gateway/picky/**")
					.permitAll()
					.anyRequest()
					.authenticated())
				.build();
		}

	}

}
