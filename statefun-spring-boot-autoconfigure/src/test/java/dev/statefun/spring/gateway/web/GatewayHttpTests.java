package dev.statefun.spring.gateway.web;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayRequest.Kind;
import dev.statefun.spring.testing.GatewayService;
import dev.statefun.spring.testing.ScriptedGateway;
import dev.statefun.spring.testing.messages.GatewayMessages.Greeting;
import dev.statefun.spring.testing.messages.GatewayMessages.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayHttpHandler}: each status, and what the gateway is sent.
 */
@SpringBootTest(classes = GatewayService.class,
		properties = { "statefun.gateway.http.enabled=true",
				"statefun.gateway.functions=example/count,picky/*,elsewhere/function,deep/name/space/function",
				"statefun.gateway.http.timeout=1s", "statefun.gateway.max-request-size=2KB" })
@AutoConfigureMockMvc
@ExtendWith(OutputCaptureExtension.class)
class GatewayHttpTests {

	private static final String JOE = "/statefun-gateway/example/count/joe";

	private static final String USER = "application/vnd.type.googleapis.com/example.User";

	private static final String USER_JSON = USER + "+json";

	private static final String ORDER_JSON = "application/vnd.example/Order+json";

	private static final Greeting HELLO = Greeting.newBuilder().setText("Hello Joe").build();

	private static final String REQUEST_ID = "0123456789abcdef0123456789abcdef";

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private WebApplicationContext context;

	@Autowired
	private ScriptedGateway gateway;

	@Autowired
	private GatewayHttpHandler handler;

	@BeforeEach
	void reset() {
		this.gateway.reset();
	}

	@Test
	void jsonIsSentAndReturned() {
		this.gateway.replyWith(HELLO);
		MvcTestResult result = post(JOE, USER_JSON, "{\"name\":\"Joe\"}");
		assertThat(result).hasStatusOk().bodyText().isEqualTo("{\"text\":\"Hello Joe\"}");
		assertThat(header(result, "Content-Type"))
			.isEqualTo("application/vnd.type.googleapis.com/example.Greeting+json");
		GatewayRequest request = this.gateway.lastRequest();
		assertThat(request.kind()).isEqualTo(Kind.REQUEST);
		assertThat(request.target()).hasToString("example/count/joe");
		assertThat(request.message()).isEqualTo(Any.pack(User.newBuilder().setName("Joe").build()));
		assertThat(request.pollable()).isFalse();
		assertThat(request.principal()).isEmpty();
		assertThat(request.idempotencyKey()).isEmpty();
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void bytesAreSentAndReturned() {
		this.gateway.replyWith(HELLO);
		MvcTestResult result = exchange(this.mvc.post()
			.uri(JOE)
			.header("Content-Type", USER)
			.header("Accept", "*/*")
			.content(User.newBuilder().setName("Joe").build().toByteArray()));
		assertThat(result).hasStatusOk().body().isEqualTo(HELLO.toByteArray());
		assertThat(header(result, "Content-Type")).isEqualTo("application/vnd.type.googleapis.com/example.Greeting");
		assertThat(header(result, "X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(header(result, "Cache-Control")).isEqualTo("no-store");
	}

	@Test
	void bytesAreAnsweredByJsonIfTheClientAcceptsThat() {
		this.gateway.replyWith(HELLO);
		assertThat(exchange(this.mvc.post()
			.uri(JOE)
			.header("Content-Type", USER)
			.header("Accept", "application/json;q=0.9, */*;q=0.1")
			.content(User.getDefaultInstance().toByteArray()))).hasStatusOk()
			.bodyText()
			.isEqualTo("{\"text\":\"Hello Joe\"}");
	}

	@Test
	void textIsSentAndReturned() {
		this.gateway.replyWith((request) -> new GatewayReply(request.id(), Outcome.REPLIED, request.message(), null));
		MvcTestResult result = post(JOE, "text/plain", "Grüße");
		assertThat(result).hasStatusOk().body().isEqualTo("Grüße".getBytes(StandardCharsets.UTF_8));
		assertThat(header(result, "Content-Type")).isEqualTo("text/plain;charset=UTF-8");
		assertThat(this.gateway.lastMessage().getTypeUrl()).isEqualTo("io.statefun.types/string");
	}

	@Test
	void primitivesAreReturnedAsJson() {
		Any three = Any.newBuilder()
			.setTypeUrl("io.statefun.types/int")
			.setValue(ByteString.copyFrom(new byte[] { 0x0d, 3, 0, 0, 0 }))
			.build();
		this.gateway.replyWith(three);
		assertThat(post(JOE, USER_JSON, "{}")).hasStatusOk().bodyText().isEqualTo("3");
	}

	// The instance that converts a reply need not be the one that has sent its like
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "unknown/Type | {\"a\":[1,2]} | application/vnd.unknown/Type+json",
					"unknown/Type | {\"a\":1} x | application/vnd.unknown/Type",
					"unknown/Type | {\"a\": | application/vnd.unknown/Type",
					"unknown/Type | `` | application/vnd.unknown/Type",
					"ünknown/Type | 1 | application/vnd.\u00c3\u00bcnknown/Type+json" })
	void repliesOfUnknownTypesAreReturnedAsTheyAre(String typename, String value, String contentType) {
		this.gateway.replyWith(Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFromUtf8(value)).build());
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		assertThat(result).hasStatusOk().bodyText().isEqualTo(value);
		assertThat(header(result, "Content-Type")).isEqualTo(contentType);
	}

	@Test
	void replyThatCantBeReadIsReturnedAsItsBytes() {
		byte[] garbage = { 0x0a, 0x7f };
		this.gateway.replyWith(Any.newBuilder()
			.setTypeUrl("type.googleapis.com/example.Greeting")
			.setValue(ByteString.copyFrom(garbage))
			.build());
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		assertThat(result).hasStatusOk().body().isEqualTo(garbage);
		assertThat(header(result, "Content-Type")).isEqualTo("application/vnd.type.googleapis.com/example.Greeting");
	}

	@Test
	void typeNameCantAddHeaders() {
		this.gateway.replyWith(Any.newBuilder().setTypeUrl("a/b\r\nSet-Cookie: c").build());
		MvcTestResult result = post(JOE, USER, "");
		assertThat(result).hasStatusOk();
		assertThat(header(result, "Content-Type")).isEqualTo("application/octet-stream");
	}

	@Test
	void jsonMessagesAreCheckedAndSentAsTheyAre() {
		this.gateway.replyWith(HELLO);
		String json = "{\"item\":\"nut\",\"amount\":3,\"size\":\"SMALL\"}";
		assertThat(post(JOE, ORDER_JSON, json)).hasStatusOk();
		assertThat(this.gateway.lastMessage().getTypeUrl()).isEqualTo("example/Order");
		assertThat(this.gateway.lastMessage().getValue().toStringUtf8()).isEqualTo(json);
	}

	@Test
	void functionOfAnotherApplicationTakesAnyBytes() {
		this.gateway.replyWith(HELLO);
		assertThat(post("/statefun-gateway/elsewhere/function/1", "application/vnd.elsewhere/Type", "x")).hasStatusOk();
		assertThat(this.gateway.lastMessage().getTypeUrl()).isEqualTo("elsewhere/Type");
		requireProblem(post("/statefun-gateway/elsewhere/function/1", "application/vnd.elsewhere/Type+json", "{}"), 415,
				"unsupported-content-type");
	}

	@Test
	void namespaceWithSlashesHasSeveralSegments() {
		this.gateway.replyWith(HELLO);
		assertThat(post("/statefun-gateway/deep/name/space/function/a", USER_JSON, "{}")).hasStatusOk();
		assertThat(this.gateway.lastRequest().target()).hasToString("deep/name/space/function/a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "", "[]", "{\"unknown\":1}", "{} {}", "{\"name\":", "{\"friendOf\":{\"name\":3}}x" })
	void malformedJsonIsRefused(String json) {
		String detail = requireProblem(post(JOE, USER_JSON, json), 400, "malformed-request");
		assertThat(detail).isEqualTo(
				"The body of " + json.length() + " bytes is not JSON of the type 'type.googleapis.com/example.User'");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void deeplyNestedJsonIsRefused() {
		requireProblem(post(JOE, USER_JSON, "[".repeat(2000)), 400, "malformed-request");
		requireProblem(post(JOE, ORDER_JSON, "{\"item\":".repeat(200)), 400, "malformed-request");
		requireProblem(post(JOE, USER_JSON, "{\"friendOf\":".repeat(150)), 400, "malformed-request");
	}

	@Test
	void malformedJsonOfAnApplicationsTypeIsRefusedWithoutItsText() {
		MvcTestResult result = post("/statefun-gateway/picky/function/1", "application/vnd.picky/Pick+json", "{}");
		assertThat(requireProblem(result, 400, "malformed-request"))
			.isEqualTo("The body of 2 bytes can't be read as a message of the type 'picky/Pick'");
		assertThat(result).bodyText().doesNotContain("1234", "Exception");
	}

	@Test
	void textThatIsNotUtf8IsRefused() {
		requireProblem(exchange(
				this.mvc.post().uri(JOE).header("Content-Type", "text/plain").content(new byte[] { (byte) 0xff })), 400,
				"malformed-request");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "text/html", "application/x-www-form-urlencoded",
			"multipart/form-data", "application/vnd.", "application/vnd.example/Unknown", "application/vnd.+json",
			"application/vnd.example/Order;version=2", "*/*", "x" })
	void otherContentTypesAreRefused(String contentType) {
		MvcTestResult result = post(JOE, contentType, "{}");
		requireProblem(result, 415, "unsupported-content-type");
		assertThat(result).bodyJson()
			.extractingPath("$.accepts")
			.asArray()
			.contains("application/vnd.type.googleapis.com/example.User", "application/vnd.example/Order",
					"application/vnd.io.statefun.types/string");
	}

	@Test
	void missingContentTypeIsRefused() {
		requireProblem(exchange(this.mvc.post().uri(JOE).content("{}")), 415, "unsupported-content-type");
	}

	@Test
	void functionsThatAreNotAllowedAreNotFoundWhetherTheyExistOrNot() {
		MvcTestResult secret = post("/statefun-gateway/example/secret/joe", USER_JSON, "{}");
		MvcTestResult absent = post("/statefun-gateway/example/absent/joe", "text/html", "{");
		requireProblem(secret, 404, "not-found");
		assertThat(absent).hasStatus(404);
		assertThat(secret.getResponse().getContentAsByteArray())
			.isEqualTo(absent.getResponse().getContentAsByteArray());
		this.gateway.replyWith(Outcome.UNKNOWN_FUNCTION);
		MvcTestResult unknown = post("/statefun-gateway/elsewhere/function/1", "application/vnd.a/b", "x");
		assertThat(unknown).hasStatus(404);
		assertThat(unknown.getResponse().getContentAsByteArray())
			.isEqualTo(secret.getResponse().getContentAsByteArray());
		assertThat(exchange(this.mvc.get().uri("/statefun-gateway/example/secret/joe"))).hasStatus(404);
		assertThat(exchange(this.mvc.options().uri("/statefun-gateway/example/secret/joe"))).hasStatus(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "PUT", "PATCH", "DELETE" })
	void otherMethodsAreRefused(String method) {
		MvcTestResult result = exchange(this.mvc.method(HttpMethod.valueOf(method)).uri(JOE));
		assertThat(result).hasStatus(405);
		assertThat(header(result, "Allow")).isEqualTo("POST, OPTIONS");
		if (!method.equals("HEAD")) {
			requireProblem(result, 405, "method-not-allowed");
		}
		assertThat(exchange(this.mvc.post().uri("/statefun-gateway/-/requests/" + REQUEST_ID))).hasStatus(405);
		assertThat(exchange(this.mvc.post().uri("/statefun-gateway/openapi.json"))).hasStatus(405);
	}

	@Test
	void optionsListMethods() {
		MvcTestResult result = exchange(this.mvc.options().uri(JOE));
		assertThat(result).hasStatus(204).bodyText().isEmpty();
		assertThat(header(result, "Allow")).isEqualTo("POST, OPTIONS");
	}

	@Test
	void pageOfAnotherSiteIsRefused() {
		this.gateway.replyWith(HELLO);
		requireProblem(exchange(text().header("Sec-Fetch-Site", "cross-site").header("Origin", "https://evil.example")),
				403, "cross-site");
		assertThat(this.gateway.requests()).isEmpty();
		requireProblem(exchange(text().header("Sec-Fetch-Site", "same-site")), 403, "cross-site");
		requireProblem(exchange(text().header("Origin", "https://evil.example")), 403, "cross-site");
		for (String site : List.of("same-origin", "none")) {
			assertThat(exchange(text().header("Sec-Fetch-Site", site).header("Origin", "http://localhost")))
				.hasStatusOk();
		}
	}

	@Test
	void messageOfATimerIsNoContentType() {
		requireProblem(post("/statefun-gateway/elsewhere/function/1", "application/vnd.statefun/timer", "x"), 415,
				"unsupported-content-type");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void pageOfAnotherSiteIsServedIfCorsAllowsIt() {
		this.gateway.replyWith(HELLO);
		CorsConfiguration allowed = new CorsConfiguration();
		allowed.addAllowedOrigin("https://friend.example");
		allowed.addAllowedMethod("POST");
		MockMvcTester withCors = MockMvcTester.from(this.context,
				(builder) -> builder.addFilters(new CorsFilter((request) -> allowed)).build());
		assertThat(exchange(withCors.post()
			.uri(JOE)
			.header("Content-Type", "text/plain")
			.header("Sec-Fetch-Site", "cross-site")
			.header("Origin", "https://friend.example"))).hasStatusOk();
	}

	@Test
	void browsersThatAskFirstGetNoPermission() {
		MvcTestResult result = exchange(this.mvc.options()
			.uri(JOE)
			.header("Origin", "https://evil.example")
			.header("Access-Control-Request-Method", "POST"));
		assertThat(result.getResponse().getHeaderNames()).noneMatch((name) -> name.startsWith("Access-Control-Allow"));
	}

	@Test
	void keyWithAnotherMessageIsAConflict() {
		this.gateway.replyWith(Outcome.CONFLICT);
		requireProblem(post(JOE, USER_JSON, "{}"), 409, "conflict");
	}

	@Test
	void bodyThatIsTooLargeIsRefused() {
		requireProblem(post(JOE, USER, "x".repeat(2049)), 413, "request-too-large");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void messageThatIsTooLargeWithItsEnvelopeIsRefused() {
		requireProblem(post(JOE, USER, "x".repeat(2040)), 413, "request-too-large");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void failureIsReportedWithItsKind() {
		this.gateway.replyWith((request) -> new GatewayReply(request.id(), Outcome.FAILED, null, "UNDECODABLE"));
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		requireProblem(result, 422, "failed");
		assertThat(result).bodyJson().extractingPath("$.kind").isEqualTo("UNDECODABLE");
	}

	@Test
	void kindThatIsNoNameIsLeftOut() {
		this.gateway.replyWith((request) -> new GatewayReply(request.id(), Outcome.FAILED, null, "see password 1234"));
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		requireProblem(result, 422, "failed");
		assertThat(result).bodyText().doesNotContain("kind", "1234");
	}

	@Test
	void replyThatIsTooLargeIsReported() {
		this.gateway.replyWith(Outcome.REPLY_TOO_LARGE);
		requireProblem(post(JOE, USER_JSON, "{}"), 422, "reply-too-large");
	}

	@Test
	void tooManyRequestsForOneReplyAreRefused() {
		this.gateway.replyWith(Outcome.BUSY);
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		requireProblem(result, 429, "busy");
		assertThat(header(result, "Retry-After")).isEqualTo("1");
	}

	@Test
	void refusalByTheGatewayIsReported() {
		this.gateway.replyWith(Outcome.REFUSED);
		requireProblem(post(JOE, USER_JSON, "{}"), 502, "refused");
		this.gateway.replyWith(Outcome.PENDING);
		requireProblem(post(JOE, USER_JSON, "{}"), 502, "refused");
	}

	@Test
	void gatewayThatIsNotReachedIsUnavailable() {
		this.gateway.notReady();
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		requireProblem(result, 503, "unavailable");
		assertThat(header(result, "Retry-After")).isEqualTo("5");
	}

	@Test
	void requestThatCantBeSentIsUnavailable(CapturedOutput output) {
		this.gateway.failToSend(new IllegalStateException("broker-1.internal is down"));
		MvcTestResult result = post(JOE, USER_JSON, "{}");
		requireProblem(result, 503, "unavailable");
		assertThat(result).bodyText().doesNotContain("broker-1");
		requireProblem(exchange(json().header("Prefer", "respond-async")), 503, "unavailable");
		assertThat(output).doesNotContain("failed");
	}

	@Test
	void timeoutEndsTheWaiting() {
		assertThat(requireProblem(post(JOE, USER_JSON, "{}"), 504, "timed-out")).contains("'Idempotency-Key'");
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void requestThatIsReadTooLateExpires() {
		this.gateway.replyWith(Outcome.EXPIRED);
		requireProblem(post(JOE, USER_JSON, "{}"), 504, "expired");
	}

	@Test
	void replyWithinThePreferredTimeIsReturned() {
		this.gateway.replyWith(HELLO);
		MvcTestResult result = exchange(json().header("Prefer", "wait=5"));
		assertThat(result).hasStatusOk().bodyText().isEqualTo("{\"text\":\"Hello Joe\"}");
		assertThat(this.gateway.lastRequest().pollable()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "respond-async | respond-async", "wait=0 | wait=0",
			"respond-async, wait=0 | respond-async, wait=0", "Respond-Async;foo=\"a,b\" | respond-async" })
	void respondAsyncReturnsTheLocationAtOnce(String prefer, String applied) {
		MvcTestResult result = exchange(json().header("Prefer", prefer));
		assertThat(result).hasStatus(202).bodyText().isEmpty();
		assertThat(header(result, "Preference-Applied")).isEqualTo(applied);
		GatewayRequest sent = this.gateway.lastRequest();
		assertThat(header(result, "Location")).isEqualTo("/statefun-gateway/-/requests/" + sent.id());
		assertThat(sent.pollable()).isTrue();
		assertThat(sent.kind()).isEqualTo(Kind.REQUEST);
		assertThat(this.handler.waiting()).isZero();
	}

	@Test
	void preferredTimeWithoutReplyReturnsTheLocation() {
		MvcTestResult result = exchange(json().header("Prefer", "wait=99999999999999999999"));
		assertThat(result).hasStatus(202);
		assertThat(header(result, "Location"))
			.isEqualTo("/statefun-gateway/-/requests/" + this.gateway.lastRequest().id());
		assertThat(header(result, "Retry-After")).isEqualTo("1");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "wait", "wait=", "wait=-1", "wait=x", "wait=1.5", "foo, bar=\"", "\"wait=0\"", ",;=,", "" })
	void otherPreferencesAreIgnored(String prefer) {
		this.gateway.replyWith(HELLO);
		assertThat(exchange(json().header("Prefer", prefer))).hasStatusOk();
		assertThat(this.gateway.lastRequest().pollable()).isFalse();
	}

	@Test
	void replyToAFormerRequestIsReturned() {
		this.gateway.replyWith(HELLO);
		MvcTestResult result = poll();
		assertThat(result).hasStatusOk().bodyText().isEqualTo("{\"text\":\"Hello Joe\"}");
		assertThat(this.gateway.lastRequest().kind()).isEqualTo(Kind.POLL);
		assertThat(this.gateway.lastRequest().poll()).isEqualTo(REQUEST_ID);
		assertThat(poll("Accept", "application/vnd.type.googleapis.com/example.Greeting")).body()
			.isEqualTo(HELLO.toByteArray());
		MvcTestResult head = exchange(this.mvc.head().uri("/statefun-gateway/-/requests/" + REQUEST_ID));
		assertThat(head).hasStatusOk().bodyText().isEmpty();
		assertThat(header(head, "Content-Length")).isEqualTo("20");
	}

	@Test
	void formerRequestWithoutReplyIsPending() {
		this.gateway.replyWith(Outcome.PENDING);
		MvcTestResult result = poll();
		assertThat(result).hasStatus(202);
		assertThat(header(result, "Location")).isEqualTo("/statefun-gateway/-/requests/" + REQUEST_ID);
		assertThat(header(result, "Preference-Applied")).isNull();
	}

	@Test
	void replyToAFormerRequestCanBeAwaited() {
		MvcTestResult result = poll("Prefer", "wait=2");
		assertThat(result).hasStatus(202);
		assertThat(header(result, "Preference-Applied")).isEqualTo("wait=1");
		assertThat(this.gateway.lastRequest().kind()).isEqualTo(Kind.AWAIT);
	}

	@Test
	void unknownFormerRequestIsNotFound() {
		this.gateway.replyWith(Outcome.NOT_FOUND);
		requireProblem(poll(), 404, "not-found");
		this.gateway.reset();
		for (String id : List.of("x", REQUEST_ID.toUpperCase(Locale.ROOT), REQUEST_ID + "0", REQUEST_ID + "/")) {
			assertThat(exchange(this.mvc.get().uri("/statefun-gateway/-/requests/" + id))).hasStatus(404);
		}
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void formerRequestOfAGatewayThatIsNotReachedIsNotPending() {
		requireProblem(poll(), 504, "timed-out");
		this.gateway.notReady();
		requireProblem(poll(), 503, "unavailable");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "abc | abc", "\"abc\" | abc",
			"\"a\\\"b\\\\c\" | a\"b\\c", "a,b | a,b", "8e03978e-40d5 | 8e03978e-40d5" })
	void idempotencyKeyIsPassedOn(String header, String key) {
		this.gateway.replyWith(HELLO);
		assertThat(exchange(json().header("Idempotency-Key", header))).hasStatusOk();
		assertThat(this.gateway.lastRequest().idempotencyKey()).isEqualTo(key);
	}

	@Test
	void longestIdempotencyKeyIsPassedOn() {
		this.gateway.replyWith(HELLO);
		String key = "k".repeat(256);
		assertThat(exchange(json().header("Idempotency-Key", key))).hasStatusOk();
		assertThat(exchange(json().header("Idempotency-Key", "\"" + key + "\""))).hasStatusOk();
		assertThat(this.gateway.lastRequest().idempotencyKey()).isEqualTo(key);
		requireProblem(exchange(json().header("Idempotency-Key", key + "k")), 400, "malformed-request");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\"\"", "\"abc", "\"", "\"a\"b\"", "\"abc\";x=1", "\"a\\n\"", "a\u00fc", "a\tb" })
	void otherIdempotencyKeysAreRefused(String header) {
		requireProblem(exchange(json().header("Idempotency-Key", header)), 400, "malformed-request");
		assertThat(this.gateway.requests()).isEmpty();
	}

	@Test
	void twoIdempotencyKeysAreRefused() {
		requireProblem(exchange(json().header("Idempotency-Key", "a", "a")), 400, "malformed-request");
	}

	@Test
	void principalIsPassedOn() {
		this.gateway.replyWith(HELLO);
		assertThat(exchange(json().principal(() -> "joe"))).hasStatusOk();
		assertThat(this.gateway.lastRequest().principal()).isEqualTo("joe");
		assertThat(exchange(
				this.mvc.get().uri("/statefun-gateway/-/requests/" + REQUEST_ID).principal((Principal) () -> "ann")))
			.hasStatusOk();
		assertThat(this.gateway.lastRequest().principal()).isEqualTo("ann");
	}

	@Test
	void longNamesOfPrincipalsDiffer() {
		this.gateway.replyWith(HELLO);
		String name = "n".repeat(300);
		assertThat(exchange(json().principal(() -> name))).hasStatusOk();
		String first = this.gateway.lastRequest().principal();
		assertThat(exchange(json().principal(() -> name + "2"))).hasStatusOk();
		assertThat(this.gateway.lastRequest().principal()).isNotEqualTo(first).startsWith("sha256:");
		// One that has such a name is another one
		assertThat(exchange(json().principal(() -> first))).hasStatusOk();
		assertThat(this.gateway.lastRequest().principal()).isNotEqualTo(first).startsWith("sha256:");
	}

	private MvcTestResult post(String uri, String contentType, String body) {
		return exchange(this.mvc.post().uri(uri).header("Content-Type", contentType).content(body));
	}

	private MockMvcRequestBuilder text() {
		return this.mvc.post().uri(JOE).header("Content-Type", "text/plain").content("text");
	}

	private MockMvcRequestBuilder json() {
		return this.mvc.post().uri(JOE).header("Content-Type", USER_JSON).content("{\"name\":\"Joe\"}");
	}

	private MvcTestResult poll(String... header) {
		MockMvcRequestBuilder request = this.mvc.get().uri("/statefun-gateway/-/requests/" + REQUEST_ID);
		return exchange((header.length > 0) ? request.header(header[0], header[1]) : request);
	}

	private static MvcTestResult exchange(MockMvcRequestBuilder request) {
		return request.exchange(Duration.ofSeconds(10));
	}

	private static @Nullable String header(MvcTestResult result, String name) {
		return result.getResponse().getHeader(name);
	}

	private static String requireProblem(MvcTestResult result, int status, String type) {
		assertThat(result).hasStatus(status);
		assertThat(header(result, "Content-Type")).isEqualTo("application/problem+json");
		String[] detail = new String[1];
		Consumer<Object> keep = (value) -> detail[0] = (String) value;
		assertThat(result).bodyJson().extractingPath("$.type").isEqualTo("urn:statefun:gateway:" + type);
		assertThat(result).bodyJson().extractingPath("$.status").isEqualTo(status);
		assertThat(result).bodyJson().extractingPath("$.title").asString().isNotEmpty();
		assertThat(result).bodyJson().extractingPath("$.detail").satisfies(keep);
		return detail[0];
	}

}
