package dev.statefun.endpoint.traffic;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ArrivingBody}.
 */
class ArrivingBodyTests {

	private static final int MAX = 64 << 20;

	private final Admission admission = new Admission(1, MAX, Duration.ZERO);

	private ArrivingBody body(long announced) {
		return new ArrivingBody(this.admission.begin(), announced, MAX);
	}

	@Test
	void nothingIsAllocatedBeforeTheFirstByte() {
		ArrivingBody body = body(MAX);
		assertThat(body.array()).isEmpty();
		assertThat(this.admission.bytesInFlight()).isZero();
		assertThat(body.isComplete()).isFalse();
		assertThat(body.mayEnd()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "1", "80", "8192" })
	void smallBodyUsesOneArrayOfItsSize(int size) {
		ArrivingBody body = body(size);
		assertThat(body.makeRoom()).isCompleted();
		byte[] array = body.array();
		assertThat(array).hasSize(size);
		body.arrived(size);
		assertThat(body.isComplete()).isTrue();
		assertThat(this.admission.bytesInFlight()).isEqualTo(size);
		assertThat(body.take()).isSameAs(array);
	}

	@Test
	void emptyBodyIsComplete() {
		ArrivingBody body = body(0);
		assertThat(body.isComplete()).isTrue();
		assertThat(body.take()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "8193, true", "100000, true", "8192, false", "3, false", "1000000, false" })
	void allocationGrowsWithTheReceivedBytes(int size, boolean isAnnounced) {
		byte[] content = new byte[size];
		new Random(size).nextBytes(content);
		ByteArrayInputStream in = new ByteArrayInputStream(content);
		ArrivingBody body = body(isAnnounced ? size : -1);
		Random random = new Random(1);
		while (in.available() > 0) {
			assertThat(body.makeRoom()).isCompleted();
			int free = body.array().length - body.length();
			assertThat(free).isPositive();
			int count = in.read(body.array(), body.length(), Math.min(free, 1 + random.nextInt(5_000)));
			body.arrived(count);
			assertThat(this.admission.bytesInFlight()).isEqualTo(body.array().length)
				.isLessThanOrEqualTo(Math.max(8192, 2L * body.length()));
		}
		assertThat(body.isComplete()).isEqualTo(isAnnounced);
		assertThat(body.mayEnd()).isTrue();
		assertThat(body.take()).isEqualTo(content);
	}

	@Test
	void bodyOfUnknownLengthIsFullAtTheLimit() {
		ArrivingBody body = new ArrivingBody(this.admission.begin(), -1, 10);
		assertThat(body.makeRoom()).isCompleted();
		assertThat(body.array()).hasSize(10);
		body.arrived(9);
		assertThat(body.isFull()).isFalse();
		body.arrived(1);
		assertThat(body.isFull()).isTrue();
		assertThat(body.isComplete()).isFalse();
		assertThat(body.take()).hasSize(10);
	}

	@Test
	void rejectedRoomIsNotAllocated() {
		this.admission.begin().growTo(MAX - 10).join();
		ArrivingBody body = body(11);
		assertThat(body.makeRoom()).isCompletedExceptionally();
		assertThat(this.admission.bytesInFlight()).isEqualTo(MAX - 10);
	}

	@Test
	void invalidSizesAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> body(MAX + 1));
		assertThatIllegalArgumentException().isThrownBy(() -> body(-2));
	}

}
