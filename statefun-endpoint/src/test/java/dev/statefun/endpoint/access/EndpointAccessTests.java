package dev.statefun.endpoint.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointAccess}.
 */
class EndpointAccessTests {

	private static final String SECRET = "0123456789abcdef";

	private static final String PEER = "10.1.2.3";

	private final List<Rejection> rejections = new ArrayList<>();

	private EndpointAccess access(boolean ownPort, @Nullable String addresses, @Nullable String secret) {
		EndpointRestrictions restrictions = new EndpointRestrictions(ownPort,
				(addresses != null) ? AllowedAddresses.parse(List.of(addresses)) : null,
				(secret != null) ? EndpointSecret.of(secret) : null);
		return new EndpointAccess(restrictions, InstantSource.system(), new TrafficListener() {

			@Override
			public void rejected(Rejection reason) {
				EndpointAccessTests.this.rejections.add(reason);
			}

			@Override
			public void waited(Duration time) {
			}

		});
	}

	@Test
	void withoutRestrictionsEachRequestIsAdmitted() {
		EndpointAccess access = access(false, null, null);
		assertThat(access.check(PEER, false, "")).isNull();
		assertThat(access.checkOther(PEER, false)).isNull();
		assertThat(this.rejections).isEmpty();
	}

	@Test
	void ownPortServesTheEndpointAndNothingElse() {
		EndpointAccess access = access(true, null, null);
		assertThat(access.check(PEER, true, "")).isNull();
		assertThat(access.check(PEER, false, "")).isEqualTo(AccessRefusal.OTHER_PORT);
		assertThat(access.checkOther(PEER, false)).isNull();
		assertThat(access.checkOther(PEER, true)).isEqualTo(AccessRefusal.OTHER_PATH);
		assertThat(access.isHidden(true)).isTrue();
		assertThat(access.isHidden(false)).isFalse();
	}

	@Test
	void otherAddressIsRefused() {
		EndpointAccess access = access(false, "10.0.0.0/8", null);
		assertThat(access.check(PEER, false, "")).isNull();
		assertThat(access.check("11.1.2.3", false, "")).isEqualTo(AccessRefusal.ADDRESS);
		assertThat(access.check("cart.example", false, "")).isEqualTo(AccessRefusal.ADDRESS);
	}

	@Test
	void secretIsTheWholeRestOfThePath() {
		EndpointAccess access = access(false, null, SECRET);
		assertThat(access.check(PEER, false, "/" + SECRET)).isNull();
		assertThat(List.of("", "/", SECRET, "/" + SECRET + "/", "//" + SECRET, "/x/" + SECRET))
			.allSatisfy((rest) -> assertThat(access.check(PEER, false, rest)).isEqualTo(AccessRefusal.SECRET));
	}

	@Test
	void allRestrictionsHaveToBeMet() {
		EndpointAccess access = access(true, "10.0.0.0/8", SECRET);
		assertThat(access.check(PEER, true, "/" + SECRET)).isNull();
		assertThat(access.check(PEER, true, "")).isEqualTo(AccessRefusal.SECRET);
		assertThat(access.check("11.1.2.3", true, "/" + SECRET)).isEqualTo(AccessRefusal.ADDRESS);
		assertThat(access.check(PEER, false, "/" + SECRET)).isEqualTo(AccessRefusal.OTHER_PORT);
	}

	@Test
	void eachRefusalIsCountedAndHasAStatus() {
		EndpointAccess access = access(true, null, null);
		access.check(PEER, false, "");
		access.checkOther(PEER, true);
		assertThat(access.refuseUnchecked(PEER)).isEqualTo(AccessRefusal.UNCHECKED);
		assertThat(this.rejections).containsExactly(Rejection.FORBIDDEN, Rejection.FORBIDDEN, Rejection.FORBIDDEN);
		assertThat(AccessRefusal.values()).allSatisfy(
				(refusal) -> assertThat(refusal.status()).isEqualTo((refusal == AccessRefusal.OTHER_PATH) ? 404 : 403));
	}

}
