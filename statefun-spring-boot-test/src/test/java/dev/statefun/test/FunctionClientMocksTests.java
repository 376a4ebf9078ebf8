package dev.statefun.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Target;
import dev.statefun.spring.client.FunctionClient;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests that a {@link FunctionClient} can be mocked, as the documentation says, in both
 * forms of its use.
 */
class FunctionClientMocksTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	@Test
	void shortForm() {
		FunctionClient client = mock();
		Target<String> greeter = Target.of("shop/greeter", String.class);
		given(client.request(greeter.id("joe"), "Joe", String.class, TIMEOUT)).willReturn(completed("typed"));
		given(client.request(Address.of("shop/greeter", "joe"), "Joe", String.class, TIMEOUT))
			.willReturn(completed("by address"));
		assertThat(client.request(greeter.id("joe"), "Joe", String.class, TIMEOUT)).isCompletedWithValue("typed");
		assertThat(client.request(Address.of("shop/greeter", "joe"), "Joe", String.class, TIMEOUT))
			.isCompletedWithValue("by address");
	}

	@Test
	void longFormWithMocksThatReturnMocks() {
		FunctionClient client = mock(Answers.RETURNS_DEEP_STUBS);
		given(client.to("shop/greeter", "joe").timeout(any()).idempotencyKey("1").request(any(), eq(String.class)))
			.willReturn(completed("Hello"));
		assertThat(client.to("shop/greeter", "joe").timeout(TIMEOUT).idempotencyKey("1").request("Joe", String.class))
			.isCompletedWithValue("Hello");
	}

	@Test
	void longFormToATypedTarget() {
		FunctionClient client = mock(Answers.RETURNS_DEEP_STUBS);
		Target<String> greeter = Target.of("shop/greeter", String.class);
		given(client.to(greeter.id("joe")).timeout(TIMEOUT).call("Joe", String.class)).willReturn("Hello");
		assertThat(client.to(greeter.id("joe")).timeout(TIMEOUT).call("Joe", String.class)).isEqualTo("Hello");
	}

	private static CompletionStage<String> completed(String reply) {
		return CompletableFuture.completedFuture(reply);
	}

}
