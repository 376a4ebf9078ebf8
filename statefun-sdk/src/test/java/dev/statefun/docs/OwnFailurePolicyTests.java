package dev.statefun.docs;

import java.util.Optional;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.FailurePolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a failure policy without a handler, as applications do.
 */
class OwnFailurePolicyTests {

	private static final Any ORDER = Any.newBuilder().setTypeUrl("shop/Order").build();

	private static final FailurePolicy POLICY = (failed) -> {
		if (failed.kind() == FailureKind.UNREADABLE_STATE || failed.cause() instanceof TimeoutException) {
			return FailureAction.retry();
		}
		return FailureAction.deadLetter(EgressId.parse("shop/letters"), failed.message());
	};

	@Test
	void timeoutsAreRetried() {
		assertThat(POLICY.decide(failed(FailureKind.HANDLER, new TimeoutException()))).isEqualTo(FailureAction.retry());
	}

	@Test
	void invalidOrdersBecomeDeadLetters() {
		assertThat(POLICY.decide(failed(FailureKind.INVALID, new IllegalArgumentException("no items"))))
			.isEqualTo(FailureAction.deadLetter(EgressId.parse("shop/letters"), ORDER));
	}

	private static FailedInvocation failed(FailureKind kind, Throwable cause) {
		return new FailedInvocation(Address.of("shop/cart", "joe"), Optional.of(Address.of("shop/checkout", "joe")),
				ORDER, kind, cause);
	}

}
