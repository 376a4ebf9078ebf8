package dev.statefun.spring.gateway.client;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.client.RequestObserver.ObservedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestObserver}.
 */
class RequestObserverTests {

	private static final Address JOE = Address.of("example/hello", "joe");

	private final List<String> calls = new ArrayList<>();

	@Test
	void severalObserversSeeTheSameRequest() {
		ObservedRequest request = RequestObserver.of(List.of(observer("first"), observer("second")))
			.begin(JOE, GatewayRequest.Kind.REQUEST);
		assertThat(request.headers(Headers.of("tenant", "acme")))
			.isEqualTo(Headers.of("tenant", "acme").and("first", "yes").and("second", "yes"));
		request.end("timeout", new IllegalStateException("late"));
		assertThat(this.calls).containsExactly("first begins example/hello/joe", "second begins example/hello/joe",
				"first ends timeout late", "second ends timeout late");
	}

	@Test
	void withoutObserversHeadersAreSentAsTheyAre() {
		ObservedRequest request = RequestObserver.of(List.of()).begin(JOE, GatewayRequest.Kind.REQUEST);
		assertThat(request.headers(Headers.of("tenant", "acme"))).isEqualTo(Headers.of("tenant", "acme"));
	}

	private RequestObserver observer(String name) {
		return (target, kind) -> {
			this.calls.add(name + " begins " + target);
			return new ObservedRequest() {

				@Override
				public Headers headers(Headers headers) {
					return headers.and(name, "yes");
				}

				@Override
				public void end(String outcome, @Nullable Throwable failure) {
					RequestObserverTests.this.calls
						.add(name + " ends " + outcome + " " + ((failure != null) ? failure.getMessage() : ""));
				}

			};
		};
	}

}
