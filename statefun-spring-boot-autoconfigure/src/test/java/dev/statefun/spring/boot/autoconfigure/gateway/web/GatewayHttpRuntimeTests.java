package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.GatewayService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.testing.messages.GatewayMessages.User;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for HTTP access to functions with the local runtime and its gateway.
 */
class GatewayHttpRuntimeTests {

	private static final String JOE = "/statefun-gateway/example/count/joe";

	private static final String VISITS = "/statefun-gateway/example/visits/joe";

	private static final String USER = "application/vnd.type.googleapis.com/example.User+json";

	private static RunningService service;

	@BeforeAll
	static void start() {
		service = RunningService.start(Application.class, "spring.autoconfigure.exclude=",
				"spring.application.name=greeter", "statefun.local-runtime.enabled=true",
				"statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0",
				"statefun.gateway.enabled=true", "statefun.gateway.http.enabled=true",
				"statefun.gateway.functions=example/*");
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@Test
	void functionRepliesInJson() throws Exception {
		HttpResponse<byte[]> response = post(JOE, "{\"name\":\"Joe\"}", "ann");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(text(response)).isEqualTo("{\"text\":\"Hello Joe\"}");
	}

	@Test
	void messageThatTheFunctionRejectsFails() throws Exception {
		HttpResponse<byte[]> response = post(VISITS, "{\"visits\":\"-1\"}", "ann");
		assertThat(response.statusCode()).isEqualTo(422);
		assertThat(text(response)).contains("urn:statefun:gateway:failed", "\"kind\"").doesNotContain("password");
	}

	@Test
	void keyIsHandledOnceForEachUser() throws Exception {
		String first = text(post(VISITS, "{}", "ann", "Idempotency-Key", "k1"));
		assertThat(text(post(VISITS, "{}", "ann", "Idempotency-Key", "\"k1\""))).isEqualTo(first);
		assertThat(text(post(VISITS, "{}", "joe", "Idempotency-Key", "k1"))).isNotEqualTo(first);
		assertThat(text(post(VISITS, "{}", "ann"))).isNotEqualTo(first);
		assertThat(post(VISITS, "{\"name\":\"x\"}", "ann", "Idempotency-Key", "k1").statusCode()).isEqualTo(409);
	}

	@Test
	void replyIsReadLaterByTheSameUserOnly() throws Exception {
		HttpResponse<byte[]> accepted = post(VISITS, "{}", "ann", "Prefer", "respond-async");
		assertThat(accepted.statusCode()).isEqualTo(202);
		String location = accepted.headers().firstValue("Location").orElseThrow();
		HttpResponse<byte[]> reply = get(location, "ann", "Prefer", "wait=10");
		assertThat(reply.statusCode()).isEqualTo(200);
		assertThat(text(get(location, "ann"))).isEqualTo(text(reply));
		HttpResponse<byte[]> foreign = get(location, "joe");
		HttpResponse<byte[]> unknown = get("/statefun-gateway/-/requests/" + "0".repeat(32), "ann");
		assertThat(foreign.statusCode()).isEqualTo(404);
		assertThat(unknown.statusCode()).isEqualTo(404);
		assertThat(foreign.body()).isEqualTo(unknown.body());
	}

	@Test
	void replyToAnAbandonedKeyIsReadLater() throws Exception {
		HttpResponse<byte[]> reply = post(VISITS, "{}", "ann", "Idempotency-Key", "k2");
		HttpResponse<byte[]> again = post(VISITS, "{}", "ann", "Idempotency-Key", "k2", "Prefer", "wait=10");
		assertThat(again.statusCode()).isEqualTo(200);
		assertThat(text(again)).isEqualTo(text(reply));
	}

	@Test
	void gatewayItselfCantBeReached() throws Exception {
		HttpResponse<byte[]> response = post("/statefun-gateway/statefun.gateway/greeter/x", "{}", "ann");
		assertThat(response.statusCode()).isEqualTo(404);
	}

	private static HttpResponse<byte[]> post(String path, String json, String user, String... headers)
			throws Exception {
		return service.send("POST", path, json.getBytes(StandardCharsets.UTF_8),
				with(headers, "Authorization", basic(user), "Content-Type", USER));
	}

	private static HttpResponse<byte[]> get(String path, String user, String... headers) throws Exception {
		return service.get(service.port(), path, with(headers, "Authorization", basic(user)));
	}

	private static String[] with(String[] headers, String... more) {
		String[] all = new String[headers.length + more.length];
		System.arraycopy(headers, 0, all, 0, headers.length);
		System.arraycopy(more, 0, all, headers.length, more.length);
		return all;
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":password").getBytes(StandardCharsets.UTF_8));
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import({ GatewayService.Functions.class, Visits.class })
	static class Application {

		@Bean
		SecurityFilterChain functions(HttpSecurity http) {
			return http.securityMatcher(StatefunGatewayRequest.toGateway())
				.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

		@Bean
		UserDetailsService users() {
			InMemoryUserDetailsManager users = new InMemoryUserDetailsManager(user("ann"), user("joe"));
			// Only to look up: otherwise the passwords would be encoded, which is slow
			return users::loadUserByUsername;
		}

		private static UserDetails user(String name) {
			return org.springframework.security.core.userdetails.User.withUsername(name)
				.password("{noop}password")
				.roles("USER")
				.build();
		}

	}

	@StatefulFunction(value = "example/visits", onFailure = OnFailure.SKIP)
	static class Visits {

		@Handler
		void count(User user, @Persisted("visits") PersistedValue<Integer> visits, Context context) {
			if (user.getVisits() < 0) {
				throw new IllegalArgumentException("the password is 1234");
			}
			int count = visits.get().orElse(0) + 1;
			visits.set(count);
			context.caller().ifPresent((caller) -> context.send(caller, count));
		}

	}

}
