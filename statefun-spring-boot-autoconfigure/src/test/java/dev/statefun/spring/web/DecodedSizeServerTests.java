package dev.statefun.spring.web;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that memory used for decoding counts toward {@code statefun.max-in-flight-bytes},
 * so that many small entries are limited like a few large ones.
 */
class DecodedSizeServerTests {

	@ParameterizedTest
	@CsvSource({ "1200, 32", "1a021200, 28", "12020a00, 32" })
	void entriesThatExceedTheMemoryLimitAreRejected(String entry, int each) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.max-in-flight-bytes=1MB",
				"statefun.max-request-size=512KB")) {
			int count = 60_000;
			byte[] request = ManyEntries.request("test", "echo", entry, count);
			HttpResponse<byte[]> response = service.post("/statefun", request);
			assertThat(response.statusCode()).isEqualTo(500);
			assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("A request of " + request.length
					+ " bytes has so many entries that it takes " + (request.length + count * each)
					+ " bytes in memory (28 more for each message and 32 for each state), but at most 1048576 may be "
					+ "in flight ('statefun.max-in-flight-bytes'); let the cluster send smaller batches "
					+ "(maxNumBatchRequests in its module.yaml), or raise the limit");
			assertThat(service.context().getBean(Admission.class).bytesInFlight()).isZero();
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void largestAllowedBodyHasRoomForItsEntries() throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.max-in-flight-bytes=512KB",
				"statefun.max-request-size=512KB")) {
			byte[] request = ManyEntries.request("test", "echo", "1200", 100);
			byte[] padded = new byte[512 * 1024];
			System.arraycopy(request, 0, padded, 0, request.length);
			// A skipped field
			byte[] rest = UnknownFieldSet.newBuilder()
				.addField(7, bytes(new byte[padded.length - request.length - 4]))
				.build()
				.toByteArray();
			System.arraycopy(rest, 0, padded, request.length, rest.length);
			HttpResponse<byte[]> response = service.post("/statefun", padded);
			assertThat(new String(response.body(), StandardCharsets.UTF_8)).doesNotContain("entries that it takes");
		}
	}

	private static Field bytes(byte[] content) {
		return Field.newBuilder().addLengthDelimited(ByteString.copyFrom(content)).build();
	}

}
