package dev.statefun.spring.boot.autoconfigure.local;

import java.net.http.HttpResponse;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.statefun.local.playground.Playground;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.Curl;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the greeter of the Apache playground, with the curl lines of its README. Only
 * the ports differ.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "statefun.local-runtime.enabled=true", "statefun.local-runtime.ingress-port=0",
				"statefun.local-runtime.egress-port=0", "statefun.local-runtime.egress-wait=20s" })
@DirtiesContext
class GreeterPlaygroundTests {

	private static final String LOGIN = "application/vnd.greeter.types/UserLogin";

	@Autowired
	private Playground playground;

	@Autowired
	private MeterRegistry meters;

	@Test
	void officialCurlLinesWork() throws Exception {
		Curl curl = new Curl(this.playground.ingressPort(), this.playground.egressPort());
		String body = "{\"user_id\": \"1\", \"user_name\": \"Joe\", \"login_type\": \"WEB\"}";
		HttpResponse<String> sent = curl.put("/greeter.fns/user/1", LOGIN, body);
		assertThat(sent.statusCode()).isEqualTo(200);
		assertThat(sent.body()).isEmpty();
		assertThat(curl.get("/greetings").body()).isEqualTo("Welcome, Joe!");
		curl.put("/greeter.fns/user/1", LOGIN, body);
		assertThat(curl.get("/greetings").body()).isEqualTo("Joe, this is login number 2");
		curl.put("/greeter.fns/user/2", LOGIN,
				"{\"user_id\": \"2\", \"user_name\": \"Gordon\", \"login_type\": \"MOBILE\"}");
		assertThat(curl.get("/greetings").body()).isEqualTo("Welcome, Gordon!");
		assertThat(this.meters.get("statefun.batch").tag("function", "greeter.fns/user").timers()).isNotEmpty();
	}

	@Test
	void invalidJsonIsRejectedForAJsonContentType() throws Exception {
		Curl curl = new Curl(this.playground.ingressPort(), this.playground.egressPort());
		HttpResponse<String> sent = curl.put("/greeter.fns/user/3", LOGIN + "+json", "{\"login_type\": \"PAPER\"}");
		assertThat(sent.body()).contains("can't be read as a message of the type 'greeter.types/UserLogin'",
				"\"PAPER\"");
		assertThat(sent.statusCode()).isEqualTo(400);
	}

	@MessageType("greeter.types/UserLogin")
	record UserLogin(@JsonProperty("user_id") String userId, @JsonProperty("user_name") String userName,
			@JsonProperty("login_type") LoginType loginType) {

	}

	enum LoginType {

		WEB, MOBILE

	}

	@MessageType("greeter.types/UserProfile")
	record UserProfile(String name, int loginCount, Set<LoginType> kinds) {

	}

	@MessageType("io.statefun.playground/EgressRecord")
	record EgressRecord(String topic, String payload) {

	}

	@StatefulFunction("greeter.fns/user")
	static class User {

		@Handler
		void login(UserLogin login, @Persisted("seen_count") PersistedValue<Integer> seen,
				@Persisted(value = "last_seen", expireAfterWrite = "1d") PersistedValue<Long> lastSeen,
				Context context) {
			seen.set(seen.get().orElse(0) + 1);
			lastSeen.set(System.currentTimeMillis());
			context.send("greeter.fns/greetings", login.userId(),
					new UserProfile(login.userName(), seen.get().orElseThrow(), Set.of(login.loginType())));
		}

	}

	@StatefulFunction("greeter.fns/greetings")
	static class Greetings {

		@Handler
		void greet(UserProfile profile, Context context) {
			String text = (profile.loginCount() == 1) ? "Welcome, " + profile.name() + "!"
					: profile.name() + ", this is login number " + profile.loginCount();
			context.sendEgress("io.statefun.playground/egress", new EgressRecord("greetings", text));
		}

	}

	@EnableAutoConfiguration
	@Import({ User.class, Greetings.class })
	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
