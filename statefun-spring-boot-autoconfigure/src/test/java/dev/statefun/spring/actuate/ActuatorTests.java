package dev.statefun.spring.actuate;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the actuator's responses, checked against the schema in the reference.
 */
class ActuatorTests {

	private static final String[] PROPERTIES = { "management.endpoints.web.exposure.include=statefun,health,info",
			"management.endpoint.health.show-details=always",
			"management.endpoint.health.group.readiness.include=readinessState,statefun",
			"statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip" };

	@Test
	void functionsAreShownWithTheirActivity() throws Exception {
		try (RunningService service = RunningService.start(Service.class, PROPERTIES)) {
			service.post("/statefun", request().message(1).message(-1).toByteArray());
			service.post("/statefun", request().message(-2).toByteArray());
			service.post("/statefun", ClusterRequest.v3("test/total", "a").message(1).toByteArray());
			String body = body(service, "/actuator/statefun");
			assertThat(violations(body)).isEmpty();
			JsonNode total = read(body).at("/functions/test~1total");
			assertThat(total.at("/declaredBy").asString()).contains("Total");
			assertThat(total.at("/handlers/io.statefun.types~1int").asString()).contains("add");
			assertThat(total.at("/states/total/expireAfterCall").asString()).isEqualTo("PT1H");
			assertThat(total.at("/failurePolicy/policy").asString()).isEqualTo("retry");
			assertThat(total.at("/failurePolicy/exceptions/java.lang.IllegalArgumentException").asString())
				.isEqualTo("skip");
			assertThat(total.at("/batches").toString()).isEqualTo("{\"missing-state\":1,\"replied\":1,\"retried\":1}");
			assertThat(total.at("/messages").toString()).isEqualTo("{\"handled\":1,\"retried\":1,\"skipped\":1}");
			JsonNode failure = total.at("/lastFailure");
			assertThat(failure.at("/exception").asString()).isEqualTo("java.lang.IllegalStateException");
			assertThat(failure.at("/kind").asString()).isEqualTo("handler");
			assertThat(failure.at("/action").asString()).isEqualTo("retry");
			assertThat(body).doesNotContain("secret in the payload");
		}
	}

	@Test
	void statesOfARecordAreShownWithTheirExpiration() throws Exception {
		try (RunningService service = RunningService.start(RecordService.class, PROPERTIES)) {
			String body = body(service, "/actuator/statefun");
			assertThat(violations(body)).isEmpty();
			JsonNode visits = read(body).at("/functions/test~1visits");
			assertThat(visits.at("/handlers/io.statefun.types~1int").asString()).isEqualTo("Visits.on(int, States)");
			assertThat(visits.at("/states").propertyNames()).containsExactly("count", "latest");
			assertThat(visits.at("/states/count/expireAfterCall").asString()).isEqualTo("PT1H");
			assertThat(visits.at("/states/latest/type").asString()).isEqualTo("io.statefun.types/string");
		}
	}

	@Test
	void timersAreShownByName() throws Exception {
		try (RunningService service = RunningService.start(TimedService.class, PROPERTIES)) {
			Any pending = Values.of("statefun/timers",
					ByteString.copyFrom(TimerFields.encodeNonces(Map.of("timer-2", 7L))));
			ClusterRequest request = ClusterRequest.v3("test/timed", "a").state("statefun_timers", pending);
			service.post("/statefun", request.message(1).message(2).message(-2).message(1).toByteArray());
			service.post("/statefun",
					ClusterRequest.v3("test/timed", "a").absentState("statefun_timers").message(1).toByteArray());
			String body = body(service, "/actuator/statefun");
			assertThat(violations(body)).isEmpty();
			JsonNode timed = read(body).at("/functions/test~1timed");
			assertThat(timed.at("/states/statefun_timers/type").asString()).isEqualTo("statefun/timers");
			assertThat(timed.at("/timers").toString())
				.isEqualTo("{\"timer-1\":{\"started\":2},\"timer-2\":{\"cancelled\":1}}");
		}
	}

	@Test
	void timersOfManyNamesAreNotKept() throws Exception {
		try (RunningService service = RunningService.start(TimedService.class, PROPERTIES)) {
			ClusterRequest request = ClusterRequest.v3("test/timed", "a").absentState("statefun_timers");
			IntStream.range(1, 200).forEach(request::message);
			service.post("/statefun", request.toByteArray());
			assertThat(read(body(service, "/actuator/statefun")).at("/functions/test~1timed/timers")).hasSize(100);
		}
	}

	@Test
	void typedEgressesAreShown() throws Exception {
		try (RunningService service = RunningService.start(Service.class,
				"management.endpoints.web.exposure.include=statefun", "statefun.egresses.orders.type=kafka",
				"statefun.egresses.orders.id=test/kafka", "statefun.egresses.orders.topic=orders",
				"statefun.egresses.audit.type=kinesis", "statefun.egresses.audit.id=test/kinesis",
				"statefun.egresses.audit.stream=audit")) {
			String body = body(service, "/actuator/statefun");
			assertThat(violations(body)).isEmpty();
			JsonNode egresses = read(body).at("/egresses");
			assertThat(egresses.at("/orders/type").asString()).isEqualTo("kafka");
			assertThat(egresses.at("/orders/id").asString()).isEqualTo("test/kafka");
			assertThat(egresses.at("/orders/topic").asString()).isEqualTo("orders");
			assertThat(egresses.at("/audit/stream").asString()).isEqualTo("audit");
		}
	}

	@Test
	void oneFunctionIsShownByItsType() throws Exception {
		try (RunningService service = RunningService.start(Service.class, PROPERTIES)) {
			JsonNode one = read(body(service, "/actuator/statefun/test/total"));
			JsonNode all = read(body(service, "/actuator/statefun"));
			assertThat(one).isEqualTo(all.at("/functions/test~1total"));
			assertThat(service.get(service.port(), "/actuator/statefun/test/unknown").statusCode()).isEqualTo(404);
			assertThat(service.get(service.port(), "/actuator/statefun/test").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void customPolicyIsShownByItsClass() throws Exception {
		try (RunningService service = RunningService.start(OwnPolicy.class, PROPERTIES)) {
			String body = body(service, "/actuator/statefun");
			assertThat(violations(body)).isEmpty();
			assertThat(read(body).at("/functions/test~1total/failurePolicy/policy").asString())
				.contains(OwnPolicy.class.getName());
		}
	}

	@Test
	void healthShowsFunctionsAndDraining() throws Exception {
		try (RunningService service = RunningService.start(Service.class, PROPERTIES)) {
			JsonNode health = read(body(service, "/actuator/health/statefun"));
			assertThat(health.at("/status").asString()).isEqualTo("UP");
			assertThat(health.at("/details/functions").asInt()).isEqualTo(1);
			assertThat(health.at("/details/stuckBatches").asInt()).isZero();
			service.context().getBean(Admission.class).drain();
			JsonNode draining = read(body(service, "/actuator/health/statefun"));
			assertThat(draining.at("/status").asString()).isEqualTo("OUT_OF_SERVICE");
			assertThat(draining.at("/details/draining").asBoolean()).isTrue();
			assertThat(service.get(service.port(), "/actuator/health/readiness").statusCode()).isEqualTo(503);
		}
	}

	@Test
	void infoShowsProtocolFunctionsAndStateFingerprint() throws Exception {
		try (RunningService service = RunningService.start(Service.class, PROPERTIES)) {
			JsonNode info = read(body(service, "/actuator/info")).at("/statefun");
			assertThat(info.at("/protocol").asString()).isEqualTo("auto");
			assertThat(info.at("/functions").asInt()).isEqualTo(1);
			assertThat(info.at("/states").asString()).matches("[0-9a-f]{16}");
		}
	}

	@Test
	void disabledPartsAreAbsent() throws Exception {
		try (RunningService service = RunningService.start(Service.class,
				"management.endpoints.web.exposure.include=health,info", "management.health.statefun.enabled=false",
				"management.info.statefun.enabled=false")) {
			assertThat(service.get(service.port(), "/actuator/statefun").statusCode()).isEqualTo(404);
			assertThat(service.get(service.port(), "/actuator/health/statefun").statusCode()).isEqualTo(404);
			assertThat(body(service, "/actuator/info")).doesNotContain("statefun");
		}
	}

	private static ClusterRequest request() {
		return ClusterRequest.v3("test/total", "a").intState("total", 1);
	}

	private static String body(RunningService service, String path) throws Exception {
		return new String(service.get(service.port(), path).body(), StandardCharsets.UTF_8);
	}

	private static JsonNode read(String json) {
		return JsonMapper.shared().readTree(json);
	}

	private static List<Error> violations(String json) throws Exception {
		Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
			.getSchema(Files.readString(Path.of("../docs/reference/schema/statefun-endpoint.json")));
		return schema.validate(json, InputFormat.JSON);
	}

	/**
	 * A service with a function that has timers.
	 */
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Timed.class)
	static class TimedService {

	}

	@StatefulFunction("test/timed")
	static class Timed {

		// Starts the timer of the number, or cancels that of the opposite number
		@Handler
		void on(int number, Timers timers) {
			if (number > 0) {
				timers.start("timer-" + number, Duration.ofSeconds(1), number);
			}
			else {
				timers.cancel("timer-" + -number);
			}
		}

	}

	/**
	 * A service with one function.
	 */
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Total.class)
	static class Service {

	}

	/**
	 * A service with a function whose states a record declares.
	 */
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Visits.class)
	static class RecordService {

	}

	@StatefulFunction("test/visits")
	static class Visits {

		@Handler
		void on(int page, States states) {
		}

		private record States(@Persisted(expireAfterCall = "${visits.ttl:1h}") PersistedValue<Integer> count,
				@Persisted("latest") PersistedValue<String> last) {

		}

	}

	/**
	 * A service with a custom failure policy.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(Service.class)
	static class OwnPolicy {

		@Bean
		FailurePolicy policy() {
			return (failed) -> FailureAction.skip();
		}

	}

	@StatefulFunction("test/total")
	static class Total {

		@Handler
		void add(int amount, @Persisted(value = "total", expireAfterCall = "1h") PersistedValue<Integer> total) {
			if (amount == -1) {
				throw new IllegalArgumentException("secret in the payload");
			}
			if (amount == -2) {
				throw new IllegalStateException("secret in the payload");
			}
			total.set(total.get().orElse(0) + amount);
		}

	}

}
