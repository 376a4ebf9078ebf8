package dev.statefun.flinktests;

import java.time.Duration;

import com.google.protobuf.Any;
import dev.statefun.flink.cluster.CommittedRecord;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.test.autoconfigure.FlinkClusterTest;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.test.FlinkClusterTester;
import dev.statefun.test.SentKafkaRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests {@link FlinkClusterTest} with an application in this JVM.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "statefun.security.secret=0123456789abcdef-of-the-test", "statefun.gateway.enabled=true",
				"statefun.gateway.name=shop", "statefun.failure.policy=skip" })
@FlinkClusterTest(egresses = "shop/sums")
@Timeout(180)
class FlinkClusterTestIT {

	private static final Target<String> GREETER = Target.of("shop/greeter", String.class);

	@Autowired
	private FlinkCluster cluster;

	@Autowired
	private FlinkClusterTester tester;

	@Test
	void clusterCallsTheApplication() {
		assertThat(this.cluster.jobStatus().isRunning()).isTrue();
		for (int i = 0; i < 3; i++) {
			this.tester.send("any").to("shop/sum", "joe");
		}
		assertThat(this.tester.take("shop/sums", 2, String.class)).containsExactly("joe: 1", "joe: 2");
		assertThat(this.tester.take("shop/sums", 1, Any.class)).extracting(Any::getTypeUrl)
			.containsExactly("io.statefun.types/string");
	}

	@Test
	void headersGoWithMessagesAndRecords() {
		this.tester.send("any").withHeader("tenant", "acme").to("shop/sum", "jim");
		assertThat(this.tester.take("shop/sums", 1, CommittedRecord.class)).extracting(CommittedRecord::headers)
			.containsExactly(Headers.of("tenant", "acme"));
	}

	@Test
	void recordThatIsMissingOrOfAnotherTypeIsDescribed() {
		this.tester.send("any").to("shop/sum", "jane");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.tester.timeout(Duration.ofSeconds(8)).take("shop/sums", 2, String.class))
			.withMessageStartingWith("Expected 2 more records of the egress 'shop/sums' within 8 s, found "
					+ "[io.statefun.types/string \"jane: 1\"]. The job is RUNNING");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.tester.take("shop/sums", 1, SentKafkaRecord.class))
			.withMessageContaining("found io.statefun.types/string \"jane: 1\"");
	}

	@Test
	void requestsGoThroughTheGatewayOfTheApplication(@Autowired FunctionClient client) {
		assertThat(this.tester.request("shop/greeter", "jill", "Jill", String.class)).isEqualTo("Hello Jill");
		assertThat(this.tester.request(GREETER.id("jill"), "again", String.class)).isEqualTo("Hello again");
		assertThat(client.to(GREETER.id("jim")).idempotencyKey("1").call("Jim", String.class)).isEqualTo("Hello Jim");
		assertThat(client.to(GREETER.id("jim")).idempotencyKey("1").call("Jim", String.class)).isEqualTo("Hello Jim");
		assertThat(this.cluster.restarts()).isZero();
	}

	@Test
	void requestWithoutAReplyIsDescribed() {
		assertThatExceptionOfType(FunctionRequestException.class)
			.isThrownBy(() -> this.tester.request("shop/greeter", "jo", 1, String.class))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.FAILED))
			.satisfies((ex) -> assertThat(ex.failure()).isEqualTo(FailureKind.UNKNOWN_TYPE));
		assertThatExceptionOfType(FunctionRequestException.class)
			.isThrownBy(() -> this.tester.request("shop/unknown", "jo", "Jo", String.class))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.UNKNOWN_FUNCTION));
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.tester.timeout(Duration.ofSeconds(2)).request("shop/sum", "jo", "any", String.class))
			.withMessageStartingWith("Expected a reply of 'shop/sum/jo' within 2 s, found none. The job is RUNNING");
		assertThat(this.tester.timeout(Duration.ofSeconds(30)).take("shop/sums", 1, String.class))
			.containsExactly("jo: 1");
	}

	@Test
	void failureOfATestHasTheLogsOfTheCluster() throws Exception {
		AssertionError failure = new AssertionError("a test failed");
		new TestContextManager(getClass()).afterTestMethod(this, getClass().getDeclaredMethods()[0], failure);
		assertThat(failure.getSuppressed()).singleElement()
			.asString()
			.startsWith("Logs of the cluster:")
			.contains("JobManager.log", "TaskManager-0.log");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Sum sum() {
			return new Sum();
		}

		@Bean
		Greeter greeter() {
			return new Greeter();
		}

	}

	@StatefulFunction("shop/sum")
	static class Sum {

		@Handler
		void add(String message, @Persisted("sum") PersistedValue<Integer> sum, Context context) {
			int next = sum.get().orElse(0) + 1;
			sum.set(next);
			context.withHeaders(context.headers()).sendEgress("shop/sums", context.self().id() + ": " + next);
		}

	}

	@StatefulFunction("shop/greeter")
	static class Greeter {

		@Handler
		String greet(String name) {
			return "Hello " + name;
		}

	}

}
