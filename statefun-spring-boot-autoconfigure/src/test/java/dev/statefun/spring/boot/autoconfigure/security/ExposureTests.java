package dev.statefun.spring.boot.autoconfigure.security;

import java.util.List;

import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.IpAddressAuthorizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the warnings at start-up about access to the endpoint, and that they are
 * correct.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExposureTests {

	private static final String WITH_SECURITY = "spring.autoconfigure.exclude=";

	private static final String EVERYWHERE = "server.address=0.0.0.0";

	private static final String SECRET = "0123456789abcdef";

	private static final String OPEN = "The endpoint for StateFun clusters, POST /statefun, is open: any client that "
			+ "reaches it can run functions. Set 'statefun.security.secret', 'statefun.security.allowed-addresses', "
			+ "or 'statefun.server.port' with an SSL bundle that has a trust store";

	private static final String REFUSED = "Spring Security will refuse StateFun clusters at POST /statefun, as they send "
			+ "no credentials. Add a rule for them to the security filter chain: "
			+ "requests.requestMatchers(StatefunRequest.toEndpoint()).permitAll()";

	@Test
	void withoutSpringSecurityTheEndpointIsOpen(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, EVERYWHERE)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" WARN ").endsWith(OPEN);
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, ''", "0.0.0.0, 127.0.0.1" })
	void openEndpointAtTheLoopbackAddressCausesNoWarning(String address, String ownAddress, CapturedOutput output) {
		String[] properties = ownAddress.isEmpty() ? new String[] { "server.address=" + address } : new String[] {
				"server.address=" + address, "statefun.server.port=0", "statefun.server.address=" + ownAddress };
		RunningService.start(CountingService.class, properties).close();
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void openEndpointWithTheLocalRuntimeCausesNoWarning(CapturedOutput output) {
		RunningService
			.start(CountingService.class, EVERYWHERE, "statefun.local-runtime.enabled=true",
					"statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0")
			.close();
		assertThat(output).contains("Local runtime for development");
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void ownPortAloneDoesNotRestrictAccess(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"statefun.server.address=0.0.0.0")) {
			assertThat(service.post(service.clusterPort(), "/statefun", CountingService.request()).statusCode())
				.isEqualTo(200);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" WARN ").endsWith(OPEN);
	}

	@Test
	void defaultChainRejectsClusters(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, WITH_SECURITY, EVERYWHERE)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(401);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" ERROR ").endsWith(REFUSED);
	}

	@Test
	void secretDoesNotOpenTheDefaultChain(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, WITH_SECURITY,
				"statefun.security.secret=" + SECRET)) {
			assertThat(service.post("/statefun/" + SECRET, CountingService.request()).statusCode()).isEqualTo(401);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" ERROR ").endsWith(REFUSED);
	}

	@Test
	void resourceServerRejectsClusters(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, WITH_SECURITY, EVERYWHERE,
				"spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://127.0.0.1:1/keys")) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(401);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" ERROR ").endsWith(REFUSED);
	}

	@Test
	void customChainWithASecretAdmitsOnlyClusters(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Permitting.class, WITH_SECURITY, EVERYWHERE,
				"statefun.security.secret=" + SECRET)) {
			assertThat(service.post("/statefun/" + SECRET, CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(403);
			assertThat(service.get(service.port(), "/page").statusCode()).isEqualTo(401);
		}
		assertThat(warnings(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.0/8, 200", "10.0.0.0/8, 403" })
	void customChainWithAddressesAdmitsOnlyClusters(String addresses, int status, CapturedOutput output)
			throws Exception {
		try (RunningService service = RunningService.start(Permitting.class, WITH_SECURITY, EVERYWHERE,
				"statefun.security.allowed-addresses=" + addresses)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(status);
		}
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void customChainAloneAdmitsEveryClient(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Permitting.class, WITH_SECURITY, EVERYWHERE)) {
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
		}
		assertThat(warnings(output)).singleElement().asString().contains(" WARN ").endsWith(OPEN);
	}

	@ParameterizedTest
	@ValueSource(classes = { ByCertificate.class, ByAddress.class })
	void chainThatDoesNotMatchByPathCausesNoWarning(Class<?> application, CapturedOutput output) {
		RunningService.start(application, WITH_SECURITY, EVERYWHERE).close();
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void warningShowsThePathThatClustersCall(CapturedOutput output) {
		RunningService
			.start(CountingService.class, WITH_SECURITY, "server.servlet.context-path=/app",
					"spring.mvc.servlet.path=/mvc")
			.close();
		assertThat(warnings(output)).singleElement().asString().contains("clusters at POST /app/mvc/statefun,");
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("ExposureCheck")).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, PermittingChain.class })
	static class Permitting {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class ByCertificate {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.x509(Customizer.withDefaults())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class ByAddress {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers(StatefunRequest.toEndpoint())
					.access(IpAddressAuthorizationManager.hasIpAddress("10.0.0.0/8"))
					.anyRequest()
					.authenticated())
				.build();
		}

	}

}
