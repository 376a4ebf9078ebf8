package dev.statefun.test;

import java.time.Duration;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.JobStatus;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Target;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionClient.RequestSpec;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for the requests of {@link FlinkClusterTester}. Those with a cluster are in
 * {@code flink-tests}.
 */
class FlinkClusterTesterTests {

	private static final Address GREETER = Address.of("shop/greeter", "joe");

	private final FlinkCluster cluster = mock();

	private final FunctionClient client = mock();

	private final RequestSpec<Object> spec = mock();

	private final FlinkClusterTester tester = FlinkClusterTester.of(this.cluster, Shop.functions(), this.client);

	@BeforeEach
	void requestsHaveTheTimeoutOfTheTester() {
		given(this.client.to(GREETER)).willReturn(this.spec);
		given(this.spec.timeout(Duration.ofSeconds(30))).willReturn(this.spec);
	}

	@Test
	void replyIsThatOfTheClient() {
		given(this.spec.call("Joe", String.class)).willReturn("Hello Joe");
		assertThat(this.tester.request("shop/greeter", "joe", "Joe", String.class)).isEqualTo("Hello Joe");
		assertThat(this.tester.request(GREETER, "Joe", String.class)).isEqualTo("Hello Joe");
	}

	@Test
	void typedTargetIsThatOfTheClient() {
		Target<String> greeter = Target.of("shop/greeter", String.class);
		RequestSpec<String> typed = mock();
		given(this.client.to(greeter.id("joe"))).willReturn(typed);
		given(typed.timeout(Duration.ofSeconds(5))).willReturn(typed);
		given(typed.call("Joe", String.class)).willReturn("Hello Joe");
		assertThat(this.tester.timeout(Duration.ofSeconds(5)).request(greeter.id("joe"), "Joe", String.class))
			.isEqualTo("Hello Joe");
	}

	@Test
	void missingReplyIsDescribedWithTheJob() {
		FunctionRequestException late = new FunctionRequestException(Reason.TIMED_OUT, null, "late", null);
		given(this.spec.call("Joe", String.class)).willThrow(late);
		given(this.cluster.jobStatus()).willReturn(new JobStatus("RESTARTING", 0, 1));
		given(this.cluster.restarts()).willReturn(3);
		given(this.cluster.lastFailure()).willReturn("java.io.IOException: refused");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.tester.request(GREETER, "Joe", String.class))
			.withMessage(
					"Expected a reply of 'shop/greeter/joe' within 30 s, found none. The job is RESTARTING and has "
							+ "started again 3 times. Its last failure: java.io.IOException: refused")
			.withCause(late);
	}

	@Test
	void otherFailuresAreThoseOfTheClient() {
		FunctionRequestException failed = new FunctionRequestException(Reason.FAILED, null, "failed", null);
		given(this.spec.call("Joe", String.class)).willThrow(failed);
		assertThatExceptionOfType(FunctionRequestException.class)
			.isThrownBy(() -> this.tester.request(GREETER, "Joe", String.class))
			.isSameAs(failed);
	}

	@Test
	void requestWithoutAGatewayIsRefused() {
		FlinkClusterTester without = FlinkClusterTester.of(this.cluster, Shop.functions());
		assertThatIllegalStateException().isThrownBy(() -> without.request(GREETER, "Joe", String.class))
			.withMessageContaining("set 'statefun.gateway.enabled' to true");
	}

	@Test
	void nameOfAnotherFormIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.tester.request("greeter", "joe", "Joe", String.class))
			.withMessageContaining("greeter");
	}

}
