package dev.statefun.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.util.UriUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the API of the console in front of the local runtime. All share one
 * application, so each uses instances of its own.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = ConsoleTestApplication.class,
		properties = { "statefun.local-runtime.enabled=true", "statefun.local-runtime.ingress-port=0",
				"statefun.local-runtime.egress-port=0", "statefun.local-runtime.clock=ahead",
				"statefun.functions.\"[test/lenient]\".failure.policy=skip",
				"statefun.functions.\"[test/buried]\".failure.policy=dead-letter",
				"statefun.functions.\"[test/buried]\".failure.dead-letter.egress=test/graves",
				"statefun.functions.\"[test/buried]\".failure.dead-letter.topic=graves",
				"statefun.console.masked-fields=password", "spring.application.name=tests",
				"spring.jackson.property-naming-strategy=SNAKE_CASE" })
@AutoConfigureMockMvc
@Timeout(120)
@DirtiesContext
class ConsoleApiTests {

	private static final String USER = "type.googleapis.com/example.User";

	private static final Duration LONG = Duration.ofSeconds(30);

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private LocalRuntime runtime;

	@LocalServerPort
	private int port;

	@Test
	void infoHasTheTokenAndTheRecording() {
		JsonNode info = get("info");
		assertThat(info.path("application").asString()).isEqualTo("tests");
		assertThat(info.path("mode").asString()).isEqualTo("local");
		assertThat(info.path("token").asString()).hasSize(32);
		assertThat(info.path("recording").path("on").asBoolean()).isTrue();
		assertThat(info.path("clock").path("mode").asString()).isEqualTo("ahead");
		assertThat(info.path("startedAt").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
		assertThat(texts(info.path("unavailable"), "path")).contains("flink");
	}

	@Test
	void functionsHaveHandlersAndStates() {
		JsonNode function = find(get("functions").path("functions"), "type", "test/count");
		assertThat(function.path("handlers").path(0).path("messageType").asString()).isEqualTo(USER);
		assertThat(function.path("states").path(0).path("name").asString()).isEqualTo("count");
		assertThat(function.path("states").path(0).path("expiration").asString()).isEqualTo("never");
	}

	@Test
	void sentMessageIsRecordedWithItsEffects() {
		long id = send("test/door", "sent", USER, "{\"name\": \"Joe\"}");
		JsonNode flow = awaitFlow(id, 2);
		JsonNode first = flow.path("messages").path(0);
		assertThat(first.path("outcome").asString()).isEqualTo("done");
		assertThat(first.path("cause").path("kind").asString()).isEqualTo("ingress");
		assertThat(first.path("payload").path("text").asString()).isEqualTo("{\n  \"name\": \"Joe\"\n}");
		assertThat(first.path("text").asString()).isEqualTo("{\"name\": \"Joe\"}");
		JsonNode second = flow.path("messages").path(1);
		assertThat(second.path("parent").asLong()).isEqualTo(id);
		assertThat(second.path("caller").path("type").asString()).isEqualTo("test/door");
		assertThat(first.path("effectsList").path(0).path("messageId").asLong()).isEqualTo(second.path("id").asLong());
		JsonNode change = second.path("stateChanges").path(0);
		assertThat(change.path("name").asString()).isEqualTo("count");
		assertThat(change.path("before").isNull()).isTrue();
		assertThat(change.path("after").path("text").asString()).contains("\"value\": 1");
		JsonNode egress = second.path("effectsList").path(0);
		assertThat(egress.path("kind").asString()).isEqualTo("egress");
		assertThat(egress.path("topic").asString()).isEqualTo("greetings");
		assertThat(egress.path("key").asString()).isEqualTo("sent");
		assertThat(egress.path("payload").path("text").asString()).isEqualTo("Joe1");
		JsonNode record = get("egress?text=joe1").path("records").path(0);
		assertThat(record.path("messageId").asLong()).isEqualTo(second.path("id").asLong());
		JsonNode edges = get("functions/graph").path("edges");
		assertThat(edges.valueStream().map((edge) -> edge.path("from").asString() + " " + edge.path("to").asString()))
			.contains("ingress f:test/door", "f:test/door f:test/count", "f:test/count e:test/out");
	}

	@Test
	void chainWithDelayAndTimerIsOneTree() {
		long id = send("test/chain", "chain", USER, "{\"name\": \"Ann\"}");
		JsonNode delayed = awaitFlow(id, 2).path("messages").path(1);
		assertThat(delayed.path("outcome").asString()).isEqualTo("delayed");
		JsonNode timer = find(get("timers?type=test/reminder&id=chain").path("timers"), "id",
				delayed.path("id").asLong());
		assertThat(timer.path("cause").path("messageId").asLong()).isEqualTo(id);
		assertThat(texts(get("timers?type=test/reminder").path("timers"), "id")).contains(timer.path("id").asString());
		assertThat(texts(get("timers?id=chain").path("timers"), "id")).contains(timer.path("id").asString());
		assertThat(get("timers?type=test/door").path("timers")).isEmpty();
		assertThat(post("timers/" + delayed.path("id").asLong() + "/fire", Map.of())).hasStatusOk();
		JsonNode named = awaitFlow(id, 3).path("messages").path(2);
		assertThat(named.path("timer").asString()).isEqualTo("remind");
		assertThat(post("clock/advance", Map.of("by", "PT2H"))).hasStatusOk();
		JsonNode flow = awaitFlow(id, 4);
		assertThat(texts(flow.path("messages"), "outcome")).containsOnly("done");
		assertThat(flow.path("messages").valueStream().map((one) -> one.path("parent").asLong(0))).containsExactly(0L,
				id, delayed.path("id").asLong(), named.path("id").asLong());
		assertThat(get("messages/" + named.path("id").asLong() + "/flow").path("root").asLong()).isEqualTo(id);
	}

	@Test
	void edgesOfABatchAreThoseOfEachMessage() {
		CountDownLatch gate = new CountDownLatch(1);
		ConsoleTestApplication.GATES.put("batch", gate);
		List<User> users = Stream.iterate(1, (i) -> i + 1).limit(50).map((i) -> user("u" + i)).toList();
		this.runtime.sendTogether(Address.of("test/slow", "batch"), users);
		gate.countDown();
		await(() -> {
			JsonNode page = get("invocations?type=test/slow&id=batch&outcome=done");
			assertThat(page.path("invocations")).hasSize(50);
			for (JsonNode summary : page.path("invocations")) {
				JsonNode message = get("messages/" + summary.path("id").asLong());
				assertThat(message.path("attribution").asString()).isEqualTo("message");
				assertThat(message.path("batch").path("size").asInt()).isEqualTo(50);
				String name = JsonMapper.shared()
					.readTree(message.path("payload").path("text").asString())
					.path("name")
					.asString();
				assertThat(message.path("effectsList")).hasSize(1);
				assertThat(message.path("effectsList").path(0).path("target").path("id").asString())
					.isEqualTo("batch-" + name);
			}
		});
	}

	@Test
	void editedStateIsUsedByTheNextMessage() {
		this.runtime.send(Address.of("test/count", "edit"), user("Joe"));
		JsonNode state = awaitState("test/count", "edit", "count");
		String version = state.path("version").asString();
		assertThat(put("test/count", "edit", "count", version, "{\"value\": 41}")).hasStatusOk();
		MvcTestResult again = put("test/count", "edit", "count", version, "{\"value\": 5}");
		assertThat(again).hasStatus(409);
		assertThat(code(again)).isEqualTo("changed");
		long id = send("test/count", "edit", USER, "{\"name\": \"Joe\"}");
		JsonNode message = awaitFlow(id, 1).path("messages").path(0);
		assertThat(message.path("stateChanges").path(0).path("before").path("text").asString()).contains("41");
		assertThat(message.path("stateChanges").path(0).path("after").path("text").asString()).contains("42");
	}

	@Test
	void editsAreCheckedByTheCodecAndRefusedWhileBusy() {
		assertThat(code(put("test/notes", "bad", "length", null, "many"))).isEqualTo("invalid-value");
		assertThat(code(put("test/notes", "bad", "unknown", null, "1"))).isEqualTo("not-found");
		assertThat(put("test/notes", "good", "length", null, "12")).hasStatusOk();
		assertThat(put("test/notes", "good", "last", null, "a \"text\"")).hasStatusOk();
		assertThat(this.runtime.state(Address.of("test/notes", "good"), "last", String.class)).contains("a \"text\"");
		JsonNode instance = get("instance?type=test/notes&id=good");
		JsonNode length = find(instance.path("states"), "name", "length");
		assertThat(length.path("value").path("text").asString()).isEqualTo("12");
		assertThat(length.path("expiresAt").isNull()).isFalse();
		assertThat(put("test/notes", "good", "length", length.path("version").asString(), null)).hasStatusOk();
		assertThat(this.runtime.state(Address.of("test/notes", "good"), "length")).isEmpty();
		CountDownLatch gate = new CountDownLatch(1);
		ConsoleTestApplication.GATES.put("busy", gate);
		this.runtime.send(Address.of("test/slow", "busy"), user("Joe"));
		await(() -> assertThat(get("instance?type=test/slow&id=busy").path("inFlight").isNull()).isFalse());
		MvcTestResult busy = put("test/slow", "busy", "seen", null, "7");
		gate.countDown();
		assertThat(busy).hasStatus(409);
		assertThat(code(busy)).isEqualTo("busy");
	}

	@Test
	void failureIsShownWithItsStackTraceAndSentAgain() {
		long id = send("test/fragile", "one", USER, "{\"name\": \"tea\"}");
		await(() -> {
			JsonNode failure = get("failures?type=test/fragile&text=tea").path("failures").path(0);
			assertThat(failure.path("open").asBoolean()).isTrue();
			assertThat(failure.path("messageId").asLong()).isEqualTo(id);
			assertThat(failure.path("failure").path("exception").asString())
				.isEqualTo("java.lang.IllegalStateException");
			assertThat(failure.path("failure").path("stackTrace").asString()).contains("Fragile.handle");
			assertThat(failure.path("retryAt").isNull()).isFalse();
			assertThat(get("messages/" + id).path("outcome").asString()).isEqualTo("retrying");
		});
		ConsoleTestApplication.MENDED.put("one", true);
		await(() -> {
			post("clock/advance", Map.of("by", "PT10S"));
			assertThat(get("messages/" + id).path("outcome").asString()).isEqualTo("done");
			assertThat(get("messages/" + id).path("attempts").asInt()).isGreaterThan(1);
			assertThat(get("failures?text=tea").path("failures").path(0).path("open").asBoolean()).isFalse();
		});
		long failure = get("failures?text=tea").path("failures").path(0).path("id").asLong();
		MvcTestResult sent = post("failures/" + failure + "/send",
				Map.of("text", "{\"name\": \"milk\"}", "headers", List.of(Map.of("key", "tenant", "value", "acme"))));
		assertThat(sent).hasStatusOk();
		JsonNode again = awaitFlow(json(sent).path("messageId").asLong(), 2).path("messages").path(1);
		assertThat(again.path("parent").asLong()).isEqualTo(id);
		assertThat(again.path("cause").path("kind").asString()).isEqualTo("again");
		assertThat(again.path("cause").path("messageId").asLong()).isEqualTo(id);
		assertThat(again.path("text").asString()).contains("milk");
		assertThat(again.path("headers").path(0).path("key").asString()).isEqualTo("tenant");
	}

	@Test
	void skippedMessageIsAFailureThatIsNotOpen() {
		long id = send("test/lenient", "skip", USER, "{\"name\": \"x\"}");
		await(() -> {
			assertThat(get("messages/" + id).path("outcome").asString()).isEqualTo("skipped");
			JsonNode failure = get("failures?type=test/lenient").path("failures").path(0);
			assertThat(failure.path("failure").path("action").asString()).isEqualTo("skip");
			assertThat(failure.path("open").asBoolean()).isFalse();
			assertThat(failure.path("sendable").asBoolean()).isTrue();
		});
	}

	@Test
	void deadLetterIsSentAgainWithItsHeaders() {
		this.runtime.sendFrom(Address.of("test/door", "d"), Address.of("test/buried", "one"), user("tomb"),
				Headers.of("tenant", "acme"));
		await(() -> {
			JsonNode failure = get("failures?kind=dead-letter&type=test/buried").path("failures").path(0);
			assertThat(failure.path("failure").path("action").asString()).isEqualTo("dead-letter");
			assertThat(failure.path("caller").path("type").asString()).isEqualTo("test/door");
			assertThat(failure.path("headers").path(0).path("value").asString()).isEqualTo("acme");
			assertThat(get("messages/" + failure.path("messageId").asLong()).path("outcome").asString())
				.isEqualTo("dead-letter");
		});
		JsonNode failure = get("failures?kind=dead-letter&type=test/buried").path("failures").path(0);
		ConsoleTestApplication.MENDED.put("one-buried", true);
		MvcTestResult sent = post("failures/" + failure.path("id").asLong() + "/send", Map.of());
		assertThat(sent).hasStatusOk();
		JsonNode again = awaitFlow(json(sent).path("messageId").asLong(), 2).path("messages").path(1);
		assertThat(again.path("outcome").asString()).isEqualTo("done");
		assertThat(again.path("headers").path(0).path("value").asString()).isEqualTo("acme");
		assertThat(get("egress?egress=test/graves").path("records")).hasSize(1);
	}

	@Test
	void textThatIsNoMessageIsRefusedWithItsPosition() {
		JsonNode check = json(this.mvc.post()
			.uri(path("send/check"))
			.contentType(MediaType.APPLICATION_JSON)
			.content(body("test/door", "x", USER, "{\n\"name\": }")));
		assertThat(check.path("valid").asBoolean()).isFalse();
		assertThat(check.path("error").asString()).contains("is not JSON of the type");
		assertThat(check.path("line").asInt()).isEqualTo(2);
		MvcTestResult sent = post("send", bodyOf("test/door", "x", USER, "{\"nam\": 1}"));
		assertThat(sent).hasStatus(422);
		assertThat(sent).hasContentType("application/problem+json");
		assertThat(code(post("send", bodyOf("test/door", "x", "type.googleapis.com/example.Admin", "{}"))))
			.isEqualTo("invalid-value");
		assertThat(code(post("send", bodyOf("test/nothing", "x", USER, "{}")))).isEqualTo("not-found");
	}

	@Test
	void everyMessageTypeHasAnExampleThatCanBeSent() {
		JsonNode types = get("message-types").path("types");
		assertThat(types).hasSizeGreaterThan(9);
		for (JsonNode type : types) {
			if (type.path("type").asString().equals("*")) {
				assertThat(type.path("format").asString()).isEqualTo("base64");
				continue;
			}
			JsonNode check = json(this.mvc.post()
				.uri(path("send/check"))
				.contentType(MediaType.APPLICATION_JSON)
				.content(body(type.path("function").asString(), "x", type.path("type").asString(),
						type.path("example").asString())));
			assertThat(check.path("valid").asBoolean()).as(check.toString()).isTrue();
		}
		JsonNode item = get("message-types?function=test/cart").path("types").path(0);
		assertThat(item.path("example").asString()).contains("\"quantity\"", "\"password\"");
	}

	@Test
	void fieldsAreMasked() {
		long id = send("test/cart", "masked", "test/Item",
				"{\"name\": \"tea\", \"quantity\": 2, \"password\": \"hush\"}");
		JsonNode message = awaitFlow(id, 1).path("messages").path(0);
		assertThat(message.path("payload").path("masked").asBoolean()).isTrue();
		assertThat(message.toString()).doesNotContain("hush").contains("tea");
		String ref = message.path("payload").path("ref").asString();
		assertThat(this.mvc.get().uri(path("payloads/" + ref + "?raw"))).hasStatus(403);
		assertThat(get("payloads/" + ref).toString()).doesNotContain("hush");
		assertThat(get("invocations?type=test/cart&text=hush").path("invocations")).isEmpty();
		assertThat(get("tests/" + id).path("source").asString()).doesNotContain("aHVzaA");
		JsonNode state = find(get("instance?type=test/cart&id=masked").path("states"), "name", "items");
		assertThat(state.path("editable").asBoolean()).isFalse();
	}

	@Test
	void longPayloadIsCutAndHasTheRestOnDemand() {
		String text = "é".repeat(5000);
		this.runtime.send(Address.of("test/notes", "long"), text);
		await(() -> {
			JsonNode summary = get("invocations?type=test/notes&id=long&outcome=done").path("invocations").path(0);
			assertThat(summary.path("text").asString()).hasSizeLessThanOrEqualTo(200);
			JsonNode payload = get("messages/" + summary.path("id").asLong()).path("payload");
			assertThat(payload.path("truncated").asBoolean()).isTrue();
			assertThat(payload.path("text").asString()).hasSize(4096);
			assertThat(payload.path("kind").asString()).isEqualTo("text");
			JsonNode whole = get("payloads/" + payload.path("ref").asString());
			assertThat(whole.path("text").asString()).isEqualTo(text);
			MvcTestResult raw = this.mvc.get()
				.uri(path("payloads/" + payload.path("ref").asString() + "?raw"))
				.exchange();
			assertThat(raw).hasContentType(MediaType.APPLICATION_OCTET_STREAM);
			assertThat(raw).hasHeader("Content-Disposition", "attachment; filename=\"payload.bin\"");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "<script>alert(1)</script>", "a/b?c=d&e#f", "%2F..%2f", "\"'\\", "\u2028\u0000\u0007",
			"\ud83d\ude00", "{{7*7}}", "-v", "' ; rm -rf '" })
	void hostileIdsAreTexts(String id) {
		long message = send("test/door", id, USER, "{\"name\": \"</script><b>\"}");
		JsonNode flow = awaitFlow(message, 2);
		assertThat(flow.path("messages").path(1).path("address").path("id").asString()).isEqualTo(id);
		String query = "?type=test/count&id=" + UriUtils.encode(id, StandardCharsets.UTF_8);
		assertThat(get("instance" + query).path("address").path("id").asString()).isEqualTo(id);
		assertThat(get("invocations" + query).path("invocations")).isNotEmpty();
		assertThat(get("messages/" + message + "/curl").path("command").asString()).startsWith("curl -X PUT '");
		assertThat(get("tests/" + message).path("source").asString()).contains("ReplayTests");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<img src=x onerror=alert(1)>/T", "a/b\u0000c", "x/\u2028'\"`$(id)\\u000a", "/" })
	void hostileTypesAndPayloadsAreTexts(String type) {
		String payload = "</script><b>\u0007'\"\n$(id)";
		Map<String, Object> body = new HashMap<>(bodyOf("test/any", "hostile", type,
				Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8))));
		body.put("format", "base64");
		MvcTestResult sent = post("send", body);
		assertThat(sent).hasStatusOk();
		long id = json(sent).path("messageId").asLong();
		JsonNode message = awaitFlow(id, 1).path("messages").path(0);
		assertThat(message.path("type").asString()).isEqualTo(type);
		assertThat(message.path("payload").path("kind").asString()).isEqualTo("binary");
		assertThat(get("messages/" + id + "/curl").path("command").asString()).contains("curl -X P");
		assertThat(get("tests/" + id).path("source").asString()).doesNotContain("</script>", "\u0000");
	}

	@Test
	void instancesArePagedByPrefix() {
		for (int i = 0; i < 25; i++) {
			this.runtime.send(Address.of("test/count", "page-%02d".formatted(i)), user("x"));
		}
		await(() -> assertThat(get("instances?type=test/count&prefix=page-&limit=100").path("instances")).hasSize(25));
		JsonNode page = get("instances?type=test/count&prefix=page-&limit=10");
		assertThat(page.path("instances")).hasSize(10);
		JsonNode next = get("instances?type=test/count&prefix=page-&limit=10&after=" + page.path("next").asString());
		assertThat(next.path("instances").path(0).path("id").asString()).isEqualTo("page-10");
		assertThat(this.mvc.get().uri(path("instances?type=test/nothing"))).hasStatus(404);
	}

	@Test
	void invocationsArePagedAndFiltered() {
		for (int i = 0; i < 5; i++) {
			send("test/end", "paged-" + i, "type.googleapis.com/example.Count", "{\"value\": " + i + "}");
		}
		await(() -> assertThat(get("invocations?type=test/end&text=paged-&outcome=done").path("invocations"))
			.hasSize(5));
		JsonNode page = get("invocations?type=test/end&text=paged-&limit=2");
		assertThat(page.path("invocations")).hasSize(2);
		JsonNode rest = get("invocations?type=test/end&text=paged-&limit=5&before=" + page.path("next").asLong());
		assertThat(rest.path("invocations")).hasSize(3);
		assertThat(rest.path("next").isNull()).isTrue();
		assertThat(this.mvc.get().uri(path("invocations?limit=0"))).hasStatus(400);
		assertThat(this.mvc.get().uri(path("invocations?before=x"))).hasStatus(400);
		assertThat(this.mvc.get().uri(path("invocations?type=nothing"))).hasStatus(400);
	}

	@Test
	void copiedTestCompilesAndPasses() throws Exception {
		this.runtime.send(Address.of("test/count", "copied \\u000a \"*/ \u2028"), user("Joe"));
		String query = "invocations?type=test/count&outcome=done&text=copied";
		await(() -> assertThat(get(query).path("invocations")).hasSize(1));
		long first = get(query).path("invocations").path(0).path("id").asLong();
		runCopied(first);
	}

	@Test
	void copiedTestOfAMessageWithoutEffectsExpectsNone() throws Exception {
		long id = this.runtime.send(Address.of("test/end", "copied"), Count.newBuilder().setValue(7).build());
		await(() -> assertThat(get("messages/" + id).path("outcome").asString()).isEqualTo("done"));
		assertThat(runCopied(id)).contains(".hasNothingElse();");
	}

	private String runCopied(long message) throws Exception {
		JsonNode test = get("tests/" + message);
		assertThat(test.path("notes")).isEmpty();
		String source = test.path("source").asString();
		CompiledTestSource.assertPasses(source);
		return source;
	}

	@Test
	void requestsAreThoseOfTheEndpoint() {
		send("test/door", "requests", USER, "{}");
		await(() -> {
			JsonNode request = find(get("requests?function=test/door").path("requests"), "id", "requests");
			assertThat(request.path("outcome").asString()).isEqualTo("replied");
			assertThat(request.path("messages").asInt()).isEqualTo(1);
		});
	}

	@Test
	void timerIsCancelled() {
		long id = send("test/chain", "cancelled", USER, "{}");
		long delayed = awaitFlow(id, 2).path("messages").path(1).path("id").asLong();
		String ref = "t-" + delayed;
		assertThat(get("payloads/" + ref).path("type").asString()).isEqualTo(USER);
		assertThat(write(HttpMethod.DELETE, "timers/" + delayed, null)).hasStatus(204);
		assertThat(write(HttpMethod.DELETE, "timers/" + delayed, null)).hasStatus(404);
		assertThat(code(post("timers/" + delayed + "/fire", Map.of()))).isEqualTo("not-found");
		assertThat(get("messages/" + delayed).path("outcome").asString()).isEqualTo("cancelled");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "-PT1H", "P9999D", "tomorrow", "PT99999999999H" })
	void clockMovesForwardOnly(String by) {
		assertThat(code(post("clock/advance", Map.of("by", by)))).isEqualTo("invalid-request");
	}

	@Test
	void metersAndModuleAreShown() {
		send("test/door", "meters", USER, "{}");
		await(() -> assertThat(texts(get("meters").path("meters"), "name")).contains("statefun.batch"));
		JsonNode module = get("module");
		assertThat(module.path("yaml").asString()).contains("test/count");
		assertThat(module.path("manifest").asString()).contains("test/count");
		assertThat(module.path("error").isNull()).isTrue();
	}

	@Test
	void eventsAreSentInBatchesAndResumed() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		String last;
		try (Events events = Events.open(client, this.port, null)) {
			assertThat(events.next("hello").path("resumed").asBoolean()).isFalse();
			long id = send("test/door", "events", USER, "{}");
			List<Long> seen = new ArrayList<>();
			while (!seen.contains(id)) {
				for (JsonNode event : events.next("batch").path("events")) {
					if (event.path("kind").asString().equals("message")) {
						seen.add(event.path("message").path("id").asLong());
					}
				}
			}
			last = events.lastId;
		}
		this.runtime.send(Address.of("test/count", "missed"), user("x"));
		try (Events events = Events.open(client, this.port, last)) {
			assertThat(events.next("hello").path("resumed").asBoolean()).isTrue();
			assertThat(events.next("batch").path("events")).isNotEmpty();
		}
		try (Events events = Events.open(client, this.port, "other-17")) {
			assertThat(events.next("hello").path("resumed").asBoolean()).isFalse();
			for (int i = 0; i < 300; i++) {
				this.runtime.send(Address.of("test/count", "many-" + i), user("x"));
			}
			long more = 0;
			while (more == 0) {
				JsonNode batch = events.next("batch");
				assertThat(batch.path("events").size()).isLessThanOrEqualTo(100);
				more = batch.path("more").asLong();
			}
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void closedPageEndsItsStreamWithoutAWarning(CapturedOutput output) throws Exception {
		try (Events events = Events.open(HttpClient.newHttpClient(), this.port, null)) {
			events.next("hello");
		}
		await(() -> {
			this.runtime.send(Address.of("test/count", "closed"), user("x"));
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("statefun-console-events");
		});
		// The server notices the error after the thread of the stream
		Awaitility.await()
			.during(Duration.ofSeconds(1))
			.atMost(LONG)
			.untilAsserted(() -> assertThat(output).doesNotContain("WARN"));
	}

	private static User user(String name) {
		return User.newBuilder().setName(name).build();
	}

	private static void await(Runnable assertion) {
		Awaitility.await().atMost(LONG).untilAsserted(assertion::run);
	}

	private JsonNode awaitFlow(long id, int messages) {
		return Awaitility.await().atMost(LONG).until(() -> get("messages/" + id + "/flow"), (flow) -> {
			JsonNode all = flow.path("messages");
			return all.size() == messages && all.valueStream()
				.noneMatch((one) -> List.of("waiting", "running").contains(one.path("outcome").asString()));
		});
	}

	private JsonNode awaitState(String type, String id, String name) {
		return Awaitility.await()
			.atMost(LONG)
			.until(() -> find(get("instance?type=" + type + "&id=" + id).path("states"), "name", name),
					(state) -> !state.path("value").isNull());
	}

	private static URI path(String rest) {
		return URI.create("/statefun-console/api/" + rest);
	}

	private JsonNode get(String rest) {
		MvcTestResult result = this.mvc.get().uri(path(rest)).exchange();
		assertThat(result).as(rest).hasStatusOk();
		return json(result);
	}

	private static JsonNode json(MvcTestResult result) {
		return JsonMapper.shared().readTree(result.getResponse().getContentAsByteArray());
	}

	private static JsonNode json(MockMvcTester.MockMvcRequestBuilder request) {
		return json(request.exchange());
	}

	private static String code(MvcTestResult result) {
		return json(result).path("code").asString();
	}

	private MvcTestResult post(String rest, Map<String, ?> body) {
		return write(HttpMethod.POST, rest, JsonMapper.shared().writeValueAsString(body));
	}

	private MvcTestResult write(HttpMethod method, String rest, @Nullable String body) {
		return this.mvc.method(method)
			.uri(path(rest))
			.header("X-Statefun-Console-Token", get("info").path("token").asString())
			.contentType(MediaType.APPLICATION_JSON)
			.content((body != null) ? body : "")
			.exchange();
	}

	private MvcTestResult put(String type, String id, String name, @Nullable String version, @Nullable String text) {
		Map<String, @Nullable Object> body = new HashMap<>();
		body.put("type", type);
		body.put("id", id);
		body.put("name", name);
		body.put("version", version);
		body.put("text", text);
		return write(HttpMethod.PUT, "instance/state", JsonMapper.shared().writeValueAsString(body));
	}

	private long send(String type, String id, String messageType, String text) {
		MvcTestResult result = post("send", bodyOf(type, id, messageType, text));
		assertThat(result).hasStatusOk();
		return json(result).path("messageId").asLong();
	}

	private static String body(String type, String id, String messageType, String text) {
		return JsonMapper.shared().writeValueAsString(bodyOf(type, id, messageType, text));
	}

	private static Map<String, Object> bodyOf(String type, String id, String messageType, String text) {
		return Map.of("type", type, "id", id, "messageType", messageType, "text", text);
	}

	private static List<String> texts(JsonNode array, String field) {
		return array.valueStream().map((one) -> one.path(field).asString()).toList();
	}

	private static JsonNode find(JsonNode array, String field, Object value) {
		return array.valueStream()
			.filter((one) -> one.path(field).asString().equals(Objects.toString(value)))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No '" + value + "' in " + array));
	}

	/**
	 * A stream of events.
	 */
	private static final class Events implements AutoCloseable {

		private final BufferedReader reader;

		private @Nullable String lastId;

		private Events(BufferedReader reader) {
			this.reader = reader;
		}

		static Events open(HttpClient client, int port, @Nullable String last) throws Exception {
			HttpRequest.Builder request = HttpRequest
				.newBuilder(URI.create("http://localhost:" + port + "/statefun-console/api/events"));
			if (last != null) {
				request.header("Last-Event-ID", last);
			}
			HttpResponse<InputStream> response = client.send(request.build(),
					HttpResponse.BodyHandlers.ofInputStream());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
			return new Events(new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
		}

		JsonNode next(String name) throws Exception {
			String found = "";
			for (String line = this.reader.readLine(); line != null; line = this.reader.readLine()) {
				if (line.startsWith("id: ")) {
					this.lastId = line.substring(4);
				}
				else if (line.startsWith("event: ")) {
					found = line.substring(7);
				}
				else if (line.startsWith("data: ") && found.equals(name)) {
					return JsonMapper.shared().readTree(line.substring(6));
				}
			}
			throw new AssertionError("The stream has ended");
		}

		@Override
		public void close() throws IOException {
			this.reader.close();
		}

	}

}
