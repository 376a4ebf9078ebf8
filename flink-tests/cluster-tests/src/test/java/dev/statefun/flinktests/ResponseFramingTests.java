package dev.statefun.flinktests;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ResponseFramingTests {

	private final ResponseFraming framing = new ResponseFraming();

	private final List<Integer> ended = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 1_000 })
	void reportsEachResponseWhereverItsBytesAreSplit(int size) {
		String responses = """
				HTTP/1.1 200\r
				Content-Type: application/octet-stream\r
				Content-Length: 12\r
				\r
				HTTP/1.1 500HTTP/1.1 503 Busy\r
				content-length:0\r
				\r
				HTTP/1.1 100 Continue\r
				\r
				HTTP/1.1 200 OK\r
				Transfer-Encoding: chunked\r
				\r
				a;name=value\r
				0123456789\r
				1\r
				\r\r
				0\r
				Trailer: value\r
				\r
				HTTP/1.1 204\r
				\r
				""";
		byte[] bytes = responses.getBytes(StandardCharsets.ISO_8859_1);
		for (int i = 0; i < bytes.length; i += size) {
			byte[] part = Arrays.copyOfRange(bytes, i, Math.min(i + size, bytes.length));
			this.framing.read(part, part.length, this.ended::add);
		}
		assertThat(this.ended).containsExactly(200, 503, 200, 204);
		assertThat(this.framing.isWithinResponse()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "H", "HTTP/1.1 200\r\n", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n1",
			"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n",
			"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1",
			"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" })
	void isWithinAResponseUntilItsLastByte(String response) {
		assertThat(this.framing.isWithinResponse()).isFalse();
		read(response);
		assertThat(this.framing.isWithinResponse()).isTrue();
		assertThat(this.ended).isEmpty();
	}

	@Test
	void responseThatEndsWithItsConnectionIsNeverComplete() {
		read("HTTP/1.1 200\r\nConnection: close\r\n\r\nsomething");
		assertThat(this.framing.isWithinResponse()).isTrue();
		assertThat(this.framing.status()).isEqualTo(200);
	}

	@Test
	void otherProtocolsAreNotUnderstood() {
		assertThatIllegalStateException().isThrownBy(() -> read("\u0015\u0003\u0003\n"))
			.withMessageContaining("Not HTTP/1.1");
	}

	private void read(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		this.framing.read(bytes, bytes.length, this.ended::add);
	}

}
