package dev.statefun.endpoint.access;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefusalLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusalLogTests {

	private Instant now = Instant.parse("2026-11-25T10:00:00Z");

	private final RefusalLog log = new RefusalLog(() -> this.now);

	@Test
	void eachReasonIsLoggedOncePerMinute(CapturedOutput output) {
		for (int i = 0; i < 42; i++) {
			this.log.refused(AccessRefusal.SECRET, "10.1.2." + i);
			this.log.refused(AccessRefusal.ADDRESS, "::1");
		}
		this.now = this.now.plus(Duration.ofMinutes(1));
		this.log.refused(AccessRefusal.SECRET, "10.1.2.3");
		assertThat(output.getAll().lines().filter((line) -> line.contains(" WARN "))).satisfiesExactly(
				(first) -> assertThat(first)
					.endsWith("Refused a request from 10.1.2.0: its path does not contain 'statefun.security.secret'"),
				(second) -> assertThat(second).endsWith("Refused a request from 0:0:0:0:0:0:0:1: "
						+ "its address is not in 'statefun.security.allowed-addresses'"),
				(third) -> assertThat(third).endsWith("Refused a request from 10.1.2.3: its path does not contain "
						+ "'statefun.security.secret' (similar lines suppressed: 41)"));
	}

	@Test
	void invalidAddressIsNotPrinted(CapturedOutput output) {
		this.log.refused(AccessRefusal.SECRET, "evil\nERROR");
		assertThat(output).contains("Refused a request from an unknown address: ").doesNotContain("evil");
	}

}
