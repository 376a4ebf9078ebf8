package dev.statefun.local.playground;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Headers.Entry;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.Curl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the headers of messages at the playground's ports.
 */
class PlaygroundHeadersTests {

	private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register("test/headers", new Forwarding())
		.build();

	private final List<Headers> received = Collections.synchronizedList(new ArrayList<>());

	private final PlaygroundTopics topics = new PlaygroundTopics();

	private final LocalRuntime runtime = LocalRuntime.of(this.functions).listener(this.topics).start();

	private final Playground playground = Playground.of(this.runtime, this.functions, this.topics)
		.ingressPort(0)
		.egressPort(0)
		.egressWait(Duration.ofMillis(200))
		.start();

	private final Curl curl = new Curl(this.playground.ingressPort(), this.playground.egressPort());

	private Headers answer = Headers.empty();

	@AfterEach
	void close() {
		this.playground.close();
		this.runtime.close();
	}

	// Bytes of a request as a client with any habits sends them
	private String put(String... lines) throws Exception {
		String response = Curl.raw(this.playground.ingressPort(),
				"PUT /test/headers/joe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n"
						+ "Content-Type: text/plain\r\n" + String.join("\r\n", lines) + "\r\n\r\nx");
		this.runtime.runUntilIdle();
		return response;
	}

	private Map<String, String> accepted(String... lines) throws Exception {
		assertThat(put(lines)).startsWith("HTTP/1.1 200");
		Map<String, String> headers = new TreeMap<>();
		for (Entry entry : this.received.get(this.received.size() - 1).all()) {
			String value = Objects.requireNonNull(entry.value()).toStringUtf8();
			assertThat(headers.put(entry.key(), value)).as("another header '%s'", entry.key()).isNull();
		}
		return headers;
	}

	// Ingress

	@Test
	void headersWithThePrefixAreHeadersOfTheMessage() throws Exception {
		assertThat(accepted("statefun-header-tenant: acme", "statefun-header-zone: eu, us ", "x-tenant: other"))
			.containsExactly(Map.entry("tenant", "acme"), Map.entry("zone", "eu, us"));
		assertThat(accepted()).isEmpty();
	}

	@Test
	void keysAreInLowerCase() throws Exception {
		assertThat(accepted("Statefun-Header-X-Tenant-Id: a", "STATEFUN-HEADER-ZONE: b"))
			.containsExactly(Map.entry("x-tenant-id", "a"), Map.entry("zone", "b"));
	}

	@Test
	void traceContextKeepsItsNames() throws Exception {
		assertThat(accepted("Traceparent: " + TRACE, "tracestate: a=1", "tracestate: b=2"))
			.containsExactly(Map.entry("traceparent", TRACE), Map.entry("tracestate", "a=1, b=2"));
		assertThat(accepted("traceparent: outer", "statefun-header-traceparent: " + TRACE))
			.as("the one that is meant for the message")
			.containsExactly(Map.entry("traceparent", TRACE));
	}

	@Test
	void linesOfTheSameNameAreOneValue() throws Exception {
		assertThat(accepted("statefun-header-zone: eu", "Statefun-Header-Zone: us"))
			.containsExactly(Map.entry("zone", "eu, us"));
	}

	@Test
	void bytesOfValuesStayAsTheyAre() throws Exception {
		String utf8 = new String("Größe €".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
		assertThat(accepted("statefun-header-size: " + utf8)).containsExactly(Map.entry("size", "Größe €"));
		assertThat(put("statefun-header-size: \u00ff\u00e4", "statefun-header-none:")).startsWith("HTTP/1.1 200");
		Headers received = this.received.get(1);
		assertThat(received.bytes("size")).contains(ByteString.copyFrom(new byte[] { -1, (byte) 0xe4 }));
		assertThat(received.bytes("none")).contains(ByteString.EMPTY);
	}

	@ParameterizedTest
	@MethodSource("invalidKeys")
	void keyThatIsNotValidIsRefused(String key) throws Exception {
		assertThat(put("statefun-header-" + key + ": x")).startsWith("HTTP/1.1 400")
			.endsWith("The HTTP header 'statefun-header-" + key + "' can't be a header of the message. Header key '"
					+ key + "' is not valid. Give it 1 to 128 letters, digits or characters of !#$%&'*+-.^_`|~.\n");
		assertThat(this.received).isEmpty();
	}

	// The server of the JDK refuses characters that are not valid in HTTP either
	static List<String> invalidKeys() {
		return List.of("", "k".repeat(129));
	}

	@Test
	void headersAboveTheLimitsAreRefused() throws Exception {
		assertThat(put("statefun-header-a: " + "x".repeat(5000), "statefun-header-b: " + "y".repeat(5000)))
			.startsWith("HTTP/1.1 431")
			.endsWith("With header 'b', the headers of a message would have 10002 bytes; expected at most 8192. "
					+ "Put large values into the message\n");
		String[] lines = new String[65];
		for (int i = 0; i < lines.length; i++) {
			lines[i] = "statefun-header-" + (100 + i) + ": x";
		}
		assertThat(put(lines)).startsWith("HTTP/1.1 431")
			.endsWith("Header '164' would be number 65 of a message; expected at most 64\n");
		assertThat(this.received).isEmpty();
		assertThat(accepted(Arrays.copyOf(lines, 64))).hasSize(64);
	}

	// Egress

	@Test
	void headersOfARecordAreHeadersOfTheResponse() throws Exception {
		this.answer = Headers.of("tenant", "acme").and("X-Zone", "eu us").and("traceparent", TRACE).and("empty", "");
		assertThat(answered()).containsExactly(Map.entry("statefun-header-empty", ""),
				Map.entry("statefun-header-tenant", "acme"), Map.entry("statefun-header-traceparent", TRACE),
				Map.entry("statefun-header-x-zone", "eu us"));
	}

	@Test
	void bytesOfValuesAreThoseOfTheRecord() throws Exception {
		this.answer = Headers.of("size", "Größe €");
		put();
		assertThat(Curl.raw(this.playground.egressPort(),
				"GET /test/out HTTP/1.1\r\nHost: localhost\r\n" + "Connection: close\r\n\r\n"))
			.containsIgnoringCase("\r\nstatefun-header-size: Größe €\r\n");
	}

	@Test
	void headersThatHttpCannotExpressAreLeftOut() throws Exception {
		this.answer = Headers.ofAll(List.of(new Entry("line", ByteString.copyFromUtf8("a\r\nSet-Cookie: b")),
				new Entry("nul", ByteString.copyFromUtf8("a\0")), new Entry("del", ByteString.copyFromUtf8("a\u007f")),
				new Entry("begin", ByteString.copyFromUtf8(" a")), new Entry("end", ByteString.copyFromUtf8("a\t")),
				new Entry("a b", ByteString.copyFromUtf8("key")), new Entry("", ByteString.copyFromUtf8("key")),
				new Entry("missing", null), new Entry("kept", ByteString.copyFromUtf8("a b")),
				new Entry("large", ByteString.copyFrom(new byte[Headers.MAX_SIZE])),
				new Entry("larger", ByteString.copyFromUtf8("x".repeat(Headers.MAX_SIZE))),
				new Entry("last", ByteString.copyFromUtf8("after it"))));
		assertThat(answered()).containsExactly(Map.entry("statefun-header-kept", "a b"));
	}

	private Map<String, String> answered() throws Exception {
		this.topics.add("test/out", com.google.protobuf.Any.getDefaultInstance(), this.answer);
		HttpResponse<String> response = this.curl.get("/test/out");
		assertThat(response.statusCode()).isEqualTo(200);
		Map<String, String> headers = new TreeMap<>();
		response.headers().map().forEach((name, values) -> {
			if (name.startsWith("statefun")) {
				headers.put(name, String.join("|", values));
			}
		});
		return headers;
	}

	/**
	 * Receives headers, and sends others to an egress.
	 */
	final class Forwarding {

		@Handler
		void on(String text, Context context) {
			PlaygroundHeadersTests.this.received.add(context.headers());
			context.withHeaders(PlaygroundHeadersTests.this.answer).sendEgress("test/out", text);
		}

	}

}
