package dev.statefun.flink.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that real clusters of both releases keep the headers of messages. To them,
 * headers are unknown fields, which they don't promise to keep.
 */
@Timeout(300)
class MessageHeadersIT {

	private static final String ORIGIN = "test/origin";

	private static final String RELAY = "test/relay";

	private static final String END = "test/end";

	private static final String EGRESS = "test/out";

	private static final int MESSAGES = 50;

	private static final ByteString BYTES = ByteString.copyFrom(new byte[] { -1, 0, 13, 10 });

	private final HttpClient http = HttpClient.newHttpClient();

	@TempDir
	private Path folder;

	@Test
	void headersPassIngressFunctionsDelayReplyAndEgressOf2x() throws Exception {
		passIngressFunctionsDelayReplyAndEgress(FlinkRelease.STATEFUN_2_2);
	}

	// In every build, TracesOnClusterIT does this on 3.x
	@Tag("soak")
	@Test
	void headersPassIngressFunctionsDelayReplyAndEgressOf3x() throws Exception {
		passIngressFunctionsDelayReplyAndEgress(FlinkRelease.STATEFUN_3_3);
	}

	private void passIngressFunctionsDelayReplyAndEgress(FlinkRelease release) throws Exception {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder()
				.register(ORIGIN, new Origin())
				.register(RELAY, new Relay())
				.register(END, new End())
				.build())
			.propagateHeaders(Set.of("number", "bytes"))
			.build();
		try (FunctionService service = FunctionService.start(handler);
				FlinkCluster cluster = FlinkCluster.builder()
					.release(release)
					.taskManagers(2)
					.folder(this.folder)
					.egresses(EGRESS)
					.start()) {
			cluster.submit(service.module(release, "seen", ORIGIN, RELAY, END));
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				Headers headers = Headers.of("number", String.valueOf(i)).and("bytes", BYTES).and("local", "x");
				cluster.send(Address.of(ORIGIN, "id-" + i % 5), Values.text("m" + i), headers);
				expected.addAll(List.of("replied m" + i + " " + i, "delayed m" + i + " " + i));
			}
			put(cluster, "m-http", "http");
			expected.addAll(List.of("replied m-http http", "delayed m-http http"));
			await().atMost(Duration.ofSeconds(90))
				.until(() -> cluster.records(EGRESS).size(), (count) -> count >= expected.size());
			assertThat(cluster.records(EGRESS)).extracting(MessageHeadersIT::describe)
				.containsExactlyInAnyOrderElementsOf(expected);
			assertThat(recordsOverHttp(cluster)).isEqualTo(new TreeSet<>(expected));
			assertThat(cluster.restarts()).isZero();
		}
	}

	private void put(FlinkCluster cluster, String text, String number) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + cluster.ingressPort() + "/" + ORIGIN + "/http"))
			.header("Content-Type", "text/plain")
			.header("statefun-header-number", number)
			.PUT(HttpRequest.BodyPublishers.ofString(text))
			.build();
		assertThat(this.http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
	}

	private Set<String> recordsOverHttp(FlinkCluster cluster) throws Exception {
		Set<String> records = new TreeSet<>();
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + cluster.egressPort() + "/" + EGRESS))
			.build();
		for (int i = 0; i < cluster.records(EGRESS).size(); i++) {
			HttpResponse<byte[]> record = this.http.send(request, HttpResponse.BodyHandlers.ofByteArray());
			records.add(text(ByteString.copyFrom(record.body())) + " "
					+ record.headers().firstValue("statefun-header-number").orElse("-"));
		}
		return records;
	}

	private static String describe(CommittedRecord record) {
		Headers headers = record.headers();
		assertThat(headers.contains("local")).as("a key that is not propagated").isFalse();
		String number = headers.get("number").orElse("-");
		if (!number.equals("http")) {
			assertThat(headers.bytes("bytes")).contains(BYTES);
		}
		return text(record.value().getValue()) + " " + number;
	}

	// The type of texts has the same form as Google's
	private static String text(ByteString value) {
		try {
			return StringValue.parseFrom(value).getValue();
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Receives messages from outside, and replies to its own ones.
	 */
	static final class Origin {

		@Handler
		void start(String text, Context context, @Persisted("seen") PersistedValue<Integer> seen) {
			seen.set(seen.get().orElse(0) + 1);
			context.send(RELAY, context.self().id(), text);
		}

		@Handler
		void replied(StringValue text, Context context) {
			context.sendEgress(EGRESS, "replied " + text.getValue());
		}

	}

	/**
	 * Replies, and sends on later.
	 */
	static final class Relay {

		@Handler
		void relay(String text, Context context) {
			context.reply(StringValue.of(text));
			context.sendAfter(Duration.ofMillis(100), context.self(), StringValue.of(text));
		}

		@Handler
		void later(StringValue text, Context context) {
			context.forward(END, context.self().id());
		}

	}

	/**
	 * Sends to the egress.
	 */
	static final class End {

		@Handler
		void end(StringValue text, Context context) {
			context.sendEgress(EGRESS, "delayed " + text.getValue());
		}

	}

}
