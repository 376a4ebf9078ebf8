package dev.statefun.local.playground;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.SourceContext;
import com.sun.net.httpserver.Headers;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisRecord;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.http.RequestPath;
import dev.statefun.sdk.http.UnreadableRequestException;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.Curl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of the playground over sockets.
 */
class PlaygroundTests {

	private static final String JSON_SOURCE = "application/vnd.type.googleapis.com/google.protobuf.SourceContext+json";

	private static final Address JOE = Address.of("test/echo", "joe");

	private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register("test/echo", new Echo())
		.register(FunctionSpec.of("test/raw"), PlaygroundTests::raw)
		.register("test/literal", new Literal())
		.codec(new OrderCodec())
		.protobuf(com.google.protobuf.Field.class, "test/Field+json")
		.protobuf(com.google.protobuf.Type.class, "test/Type;charset=utf-8")
		.build();

	private final PlaygroundTopics topics = new PlaygroundTopics(PlaygroundRecordReader.protobuf(), this.problems::add,
			3);

	private LocalRuntime runtime = runtime(Protocol.V3);

	private Playground playground = playground(this.runtime);

	private Curl curl = curl(this.playground);

	private static Curl curl(Playground playground) {
		return new Curl(playground.ingressPort(), playground.egressPort());
	}

	private LocalRuntime runtime(Protocol protocol) {
		return LocalRuntime.of(this.functions)
			.protocol(protocol)
			.keptEgressRecords(0)
			.callTimeout(Duration.ZERO)
			.waitingMessages(100)
			.listener(this.topics)
			.start();
	}

	private Playground playground(LocalRuntime runtime) {
		return Playground.of(runtime, this.functions, this.topics)
			.ingressPort(0)
			.egressPort(0)
			.egressWait(Duration.ofMillis(200))
			.start();
	}

	@AfterEach
	void close() {
		this.playground.close();
		this.runtime.close();
	}

	private void use(LocalRuntime other) {
		close();
		this.runtime = other;
		this.playground = playground(other);
		this.curl = curl(this.playground);
	}

	private static void raw(Context context, Any message) {
		context.sendEgress("test/out",
				KafkaRecord.forTopic("raw")
					.utf8Value(context.self().id() + " " + message.getTypeUrl() + " "
							+ HexFormat.of().formatHex(message.getValue().toByteArray()))
					.build());
	}

	private void put(String path, String contentType, String body) throws Exception {
		HttpResponse<String> response = this.curl.put(path, contentType, body);
		assertThat(response.body()).isEmpty();
		assertThat(response.statusCode()).isEqualTo(200);
	}

	private String take(String topic) throws Exception {
		this.runtime.runUntilIdle();
		HttpResponse<String> response = this.curl.get("/" + topic);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.body();
	}

	// Nothing was sent by it, and the next valid message arrives
	private void requireRefused(HttpResponse<String> response, int status, String... words) throws Exception {
		assertThat(response.body()).contains(words);
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
		this.runtime.runUntilIdle();
		assertThat(this.topics.sizes()).isEmpty();
		put("/test/echo/joe", "text/plain", "alive");
		assertThat(take("echo")).isEqualTo("joe alive");
	}

	// Ingress

	@Test
	void theContentTypeIsTheMessageTypeAndTheBodyItsBytes() throws Exception {
		put("/test/raw/a", "application/vnd.shop/Item, v=1", "{}");
		assertThat(take("raw")).isEqualTo("a shop/Item, v=1 7b7d");
	}

	@ParameterizedTest
	@ValueSource(strings = { "; charset=utf-8", ";charset=UTF-8", " ; Charset=\"Utf-8\" " })
	void charsetAddedByAClientIsNotPartOfTheType(String parameter) throws Exception {
		put("/test/echo/joe", JSON_SOURCE + parameter, "{\"fileName\": \"ä\"}");
		assertThat(take("echo")).isEqualTo("joe source ä");
		put("/test/raw/a", "application/vnd.shop/Item" + parameter, "{}");
		assertThat(take("raw")).isEqualTo("a shop/Item 7b7d");
	}

	@Test
	void typeWhoseNameLooksLikeAParameterIsKept() throws Exception {
		put("/test/literal/a", "application/vnd.test/Type;charset=utf-8", "");
		assertThat(take("literal")).isEqualTo("Type");
	}

	@Test
	void theEmptyBodyIsAMessageToo() throws Exception {
		put("/test/raw/a", "application/vnd.shop/Item", "");
		assertThat(take("raw")).isEqualTo("a shop/Item ");
	}

	@Test
	void messageTypesAreUtf8() throws Exception {
		String typename = new String("shop/Größe".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
		assertThat(Curl.raw(this.playground.ingressPort(),
				"PUT /test/raw/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\nContent-Type: "
						+ "application/vnd." + typename + "\r\n\r\n"))
			.startsWith("HTTP/1.1 200");
		assertThat(take("raw")).isEqualTo("a shop/Größe ");
	}

	@Test
	void messagesCanBePostedToo() throws Exception {
		HttpResponse<String> response = this.curl.send(this.curl.ingress("/test/raw/a")
			.header("Content-Type", "application/vnd.shop/Item")
			.POST(BodyPublishers.ofString("x")));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(take("raw")).isEqualTo("a shop/Item 78");
	}

	@Test
	void segmentsOfThePathAreDecodedOneByOne() throws Exception {
		put("/test/%72aw/a%2Fb%20%C3%A4%25?x=1", "application/vnd.shop/Item", "");
		assertThat(take("raw")).isEqualTo("a/b ä% shop/Item ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "text/plain; charset=utf-8", "Text/Plain;x" })
	void plainTextIsAString(String contentType) throws Exception {
		put("/test/echo/joe", contentType, "Grüße");
		assertThat(take("echo")).isEqualTo("joe Grüße");
	}

	@Test
	void protobufMessagesCanBeJson() throws Exception {
		put("/test/echo/joe", JSON_SOURCE, "{\"fileName\": \"a\"}");
		assertThat(take("echo")).isEqualTo("joe source a");
	}

	@Test
	void protobufMessagesCanBeJsonUnderAnyPrefix() throws Exception {
		put("/test/echo/joe", "application/vnd.com.example/google.protobuf.SourceContext+json", "{\"fileName\":\"a\"}");
		assertThat(take("echo")).isEqualTo("joe source a");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "int|7|0d07000000", "long|7|090700000000000000", "bool|true|0801", "float|1.5|0d0000c03f",
					"double|1.5|09000000000000f83f", "string|\"x\\n\"|0a02780a", "int|0|``" })
	void primitivesCanBeJson(String type, String json, String bytes) throws Exception {
		put("/test/raw/a", "application/vnd.io.statefun.types/" + type + "+json", json);
		assertThat(take("raw")).isEqualTo("a io.statefun.types/" + type + " " + bytes);
	}

	@Test
	void typeWhoseNameEndsInJsonIsKept() throws Exception {
		put("/test/literal/a", "application/vnd.test/Field+json", "");
		assertThat(take("literal")).isEqualTo("Field");
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void statesAreKeptInBothGenerations(Protocol protocol) throws Exception {
		use(runtime(protocol));
		put("/test/echo/joe", "application/vnd.io.statefun.types/int+json", "2");
		put("/test/echo/joe", "application/vnd.io.statefun.types/int+json", "3");
		this.runtime.runUntilIdle();
		assertThat(this.runtime.state(JOE, "sum", Integer.class)).contains(5);
	}

	// Rejected requests

	@ParameterizedTest
	@ValueSource(strings = { "/", "/test", "/test/echo", "/test/echo/", "/test//joe", "/test/echo/joe/doe",
			"//echo/joe", "/test/echo/joe/" })
	void pathWithoutThreeSegmentsIsRefused(String path) throws Exception {
		requireRefused(this.curl.put(path, "text/plain", "x"), 400, "'" + path + "'", "/{namespace}/{name}/{id}");
	}

	@Test
	void pathThatIsNotUtf8IsRefused() throws Exception {
		requireRefused(this.curl.put("/test/echo/%C3%28", "text/plain", "x"), 400, "'%C3%28'", "UTF-8");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/test/echo/%zz", "/test/echo/%2" })
	void pathWithAMalformedEscapeIsRefused(String path) throws Exception {
		assertThat(Curl.raw(this.playground.ingressPort(),
				"PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
			.startsWith("HTTP/1.1 400");
		assertThatExceptionOfType(UnreadableRequestException.class).isThrownBy(() -> new RequestPath(path).segments())
			.withMessageContainingAll("'" + path + "'", "two hexadecimal digits");
	}

	@Test
	void unknownFunctionIsRefusedWithAListOfFunctions() throws Exception {
		requireRefused(this.curl.put("/test/unknown/joe", "text/plain", "x"), 404, "'test/unknown'", "test/echo",
				"test/raw");
	}

	@Test
	void missingContentTypeIsRefused() throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", "", "x"), 400, "no content type",
				"application/vnd.<namespace>/<type>");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "application/x-www-form-urlencoded", "application/json", "application/vnd.", "text/plainer" })
	void otherContentTypesAreRefused(String contentType) throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", contentType, "x"), 400, "'" + contentType + "'",
				"application/vnd.<namespace>/<type>", "text/plain");
	}

	@ParameterizedTest
	@ValueSource(strings = { "; v=1", ";", ";charset=latin1", "; charset=utf-8; v=1", ";charset=utf-8+json" })
	void otherParametersAreRefused(String parameters) throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", JSON_SOURCE + parameters, "{}"), 400,
				"'" + JSON_SOURCE + parameters + "'", "send it without parameters: '" + JSON_SOURCE + "'");
	}

	@Test
	void otherParametersAreRefusedForAFunctionThatAcceptsAnyMessageToo() throws Exception {
		requireRefused(this.curl.put("/test/raw/a", "application/vnd.shop/Item; v=1", "{}"), 400,
				"'application/vnd.shop/Item; v=1'", "send it without parameters: 'application/vnd.shop/Item'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{\"file\":\"a\"}", "{\"fileName\":\"a\"}{\"fileName\":\"b\"}",
			"{\"fileName\":\"a\"}, 7", "{\"fileName\":7" })
	void jsonThatIsNotTheMessageIsRefused(String json) throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", JSON_SOURCE, json), 400,
				"not JSON of the type 'type.googleapis.com/google.protobuf.SourceContext'");
	}

	@Test
	void deepJsonIsRefused() throws Exception {
		requireRefused(
				this.curl.put("/test/echo/joe", "application/vnd.io.statefun.types/int+json", "[".repeat(1_000_000)),
				400, "not JSON");
	}

	@ParameterizedTest
	@CsvSource({ "shop/Item, shop/Item", "shop/Item+json, shop/Item",
			"io.statefun.types/long+json, io.statefun.types/long",
			"com.example/google.protobuf.Field, google.protobuf.Field" })
	void typeWithoutAHandlerIsRefusedWithAListOfHandledTypes(String type, String named) throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", "application/vnd." + type, "1"), 400,
				"Function 'test/echo' has no handler for messages of the type '", named + "'; it takes [",
				"io.statefun.types/int", "io.statefun.types/string",
				"type.googleapis.com/google.protobuf.SourceContext");
	}

	@Test
	void textForAFunctionWithoutATextHandlerIsRefused() throws Exception {
		requireRefused(this.curl.put("/test/literal/a", "text/plain", "x"), 400,
				"no handler for messages of the type 'io.statefun.types/string'", "test/Field+json");
	}

	@Test
	void jsonOfATypeWithoutAMappingIsRefused() throws Exception {
		requireRefused(this.curl.put("/test/raw/a", "application/vnd.shop/Item+json", "{}"), 400,
				"it is not known how to read their JSON", "without '+json'");
	}

	@Test
	void jsonOfAMessageWithoutAClassIsReadByItsDescriptor() throws Exception {
		this.playground.close();
		this.playground = Playground.of(this.runtime, this.functions, this.topics)
			.descriptors(descriptors("google/protobuf/source_context.proto", "google/protobuf/any.proto",
					"google/protobuf/type.proto"))
			.ingressPort(0)
			.egressPort(0)
			.start();
		this.curl = curl(this.playground);
		put("/test/raw/a", "application/vnd.type.googleapis.com/google.protobuf.Type+json", "{\"name\":\"x\"}");
		assertThat(take("raw")).isEqualTo("a type.googleapis.com/google.protobuf.Type 0a0178");
		HttpResponse<String> refusal = this.curl.put("/test/raw/a",
				"application/vnd.type.googleapis.com/google.protobuf.Type+json", "{\"x\":1}");
		assertThat(refusal.statusCode()).isEqualTo(400);
		assertThat(refusal.body()).contains("is not JSON of the type 'type.googleapis.com/google.protobuf.Type'", "x");
	}

	@Test
	void descriptorsWithoutTheirImportsAreRefused() {
		Playground.Builder builder = Playground.of(this.runtime, this.functions, this.topics);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.descriptors(descriptors("google/protobuf/type.proto")))
			.withMessageContaining("The descriptors of 'google/protobuf/type.proto' can't be used")
			.withMessageContaining("each file follows those that it imports");
	}

	private static FileDescriptorSet descriptors(String... files) {
		Map<String, FileDescriptor> known = Stream
			.of(com.google.protobuf.Type.getDescriptor(), Any.getDescriptor(),
					com.google.protobuf.SourceContext.getDescriptor())
			.map(Descriptor::getFile)
			.collect(Collectors.toMap(FileDescriptor::getName, (file) -> file));
		return FileDescriptorSet.newBuilder()
			.addAllFile(Stream.of(files).map((file) -> Objects.requireNonNull(known.get(file)).toProto()).toList())
			.build();
	}

	@Test
	void jsonThatTheFunctionCouldNotReadIsRefused() throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", "application/vnd.shop/Order+json", "{\"id\":"), 400,
				"The body of 6 bytes can't be read as a message of the type 'shop/Order': no closing brace");
	}

	@Test
	void jsonThatTheFunctionCanReadIsPassedOnByteForByte() throws Exception {
		put("/test/echo/joe", "application/vnd.shop/Order+json", "{ \"id\": 1 }");
		assertThat(take("echo")).isEqualTo("joe order { \"id\": 1 }");
	}

	@Test
	void unreadableBytesAreAcceptedUnlessTheyAreDeclaredAsJson() throws Exception {
		put("/test/echo/joe", "application/vnd.shop/Order", "{\"id\":");
	}

	@Test
	void textThatIsNotUtf8IsRefused() throws Exception {
		requireRefused(this.curl.put("/test/echo/joe", "text/plain", new byte[] { (byte) 0xe4 }), 400, "UTF-8");
	}

	@Test
	void otherMethodsAreRefused() throws Exception {
		HttpResponse<String> response = this.curl.send(this.curl.ingress("/test/echo/joe").DELETE());
		assertThat(response.headers().firstValue("Allow")).hasValue("PUT, POST");
		requireRefused(response, 405, "DELETE", "PUT");
	}

	@Test
	void webPagesAreRefused() throws Exception {
		HttpResponse<String> response = this.curl.send(this.curl.ingress("/test/echo/joe")
			.header("Content-Type", "text/plain")
			.header("Origin", "https://example.org")
			.POST(BodyPublishers.ofString("x")));
		requireRefused(response, 403, "A web page sent this");
		put("/test/echo/joe", "text/plain", "x");
		assertThat(this.curl.send(this.curl.egress("/echo").header("Sec-Fetch-Site", "cross-site")).statusCode())
			.isEqualTo(403);
		assertThat(this.curl.send(this.curl.egress("/echo").header("Sec-Fetch-Site", "none")).body())
			.isEqualTo("joe x");
	}

	// The name of any site can be made to point here
	@ParameterizedTest
	@ValueSource(strings = { "example.org", "example.org:8090", "localhost.example.org", "notlocalhost",
			"127.0.0.1.nip.io", "[::1].example.org", "localhost@example.org", "a" })
	void hostsWithAnyOtherNameAreRefusedAtBothPorts(String host) throws Exception {
		for (int port : List.of(this.playground.ingressPort(), this.playground.egressPort())) {
			assertThat(answerTo(host, port)).startsWith("HTTP/1.1 403")
				.contains("The host '" + host + "' is refused", "send to 'localhost' or an IP address");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LocalHost:8090", "app.localhost", "127.0.0.1", "127.0.0.1:8090", "[::1]",
			"[::1]:8090", "192.168.0.7:1" })
	void hostsThatNoSiteCanClaimAreAccepted(String host) throws Exception {
		assertThat(answerTo(host, this.playground.ingressPort())).startsWith("HTTP/1.1 200");
		assertThat(answerTo(host, this.playground.egressPort())).startsWith("HTTP/1.1 405");
	}

	private String answerTo(String host, int port) throws IOException {
		return Curl.raw(port, "PUT /test/echo/joe HTTP/1.1\r\nHost: " + host
				+ "\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx");
	}

	@Test
	void anyHostIsAcceptedWhereOtherMachinesCanConnect() throws Exception {
		Headers headers = new Headers();
		headers.add("Host", "playground.example.org");
		WebPages.refuse(headers, InetAddress.getByName("192.0.2.1"));
		assertThatExceptionOfType(RefusedRequestException.class)
			.isThrownBy(() -> WebPages.refuse(headers, InetAddress.getLoopbackAddress()));
	}

	@Test
	void headIsRefusedWithoutABody() throws Exception {
		assertThat(this.curl.send(this.curl.ingress("/a").method("HEAD", BodyPublishers.noBody())).statusCode())
			.isEqualTo(405);
		assertThat(this.curl.send(this.curl.egress("/a").method("HEAD", BodyPublishers.noBody())).statusCode())
			.isEqualTo(405);
	}

	@Test
	void bodyAboveTheLimitIsRefused() throws Exception {
		byte[] body = new byte[33 * 1024 * 1024];
		requireRefused(this.curl.put("/test/raw/a", "application/vnd.shop/Item", body), 413, "34603008 bytes",
				"33554432");
	}

	@Test
	void bodyOfUnknownLengthAboveTheLimitIsRefused() throws Exception {
		byte[] piece = new byte[1024 * 1024];
		HttpResponse<String> response = this.curl.send(this.curl.ingress("/test/raw/a")
			.header("Content-Type", "application/vnd.shop/Item")
			.PUT(BodyPublishers.ofByteArrays(Collections.nCopies(33, piece))));
		requireRefused(response, 413, "unknown length", "33554432");
	}

	@Test
	void bodyAtTheLimitIsAccepted() throws Exception {
		assertThat(this.curl.put("/test/echo/joe", "text/plain", "x".repeat(32 * 1024 * 1024)).statusCode())
			.isEqualTo(200);
		assertThat(take("echo")).hasSize(32 * 1024 * 1024 + "joe ".length());
	}

	@Test
	void truncatedBodyIsNotSent() throws Exception {
		Curl.raw(this.playground.ingressPort(),
				"PUT /test/echo/joe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
						+ "Content-Type: text/plain\r\nContent-Length: 9\r\n\r\nhalf");
		Curl.raw(this.playground.ingressPort(),
				"PUT /test/echo/joe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
						+ "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf");
		put("/test/echo/joe", "text/plain", "whole");
		assertThat(take("echo")).isEqualTo("joe whole");
	}

	@Test
	void fullRuntimeRefusesMessagesUntilThereIsRoom() throws Exception {
		this.runtime.pause(Duration.ZERO);
		for (int i = 0; i < 100; i++) {
			put("/test/echo/" + i, "application/vnd.io.statefun.types/int+json", "1");
		}
		HttpResponse<String> refused = this.curl.put("/test/echo/joe", "text/plain", "x");
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.body()).contains("100 messages are waiting");
		this.runtime.start();
		this.runtime.runUntilIdle();
		requireRefused(refused, 503, "send it again later");
	}

	@Test
	void closedRuntimeIsReportedWithTheReason() throws Exception {
		this.runtime.close();
		HttpResponse<String> response = this.curl.put("/test/echo/joe", "text/plain", "x");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("The local runtime is closed");
	}

	@Test
	void failedRuntimeIsReportedWithTheReason() throws Exception {
		put("/test/echo/joe", "text/plain", "fail");
		while (this.curl.put("/test/echo/joe", "text/plain", "x").statusCode() == 200) {
			Thread.onSpinWait();
		}
		HttpResponse<String> response = this.curl.put("/test/echo/joe", "text/plain", "x");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.body()).contains("The local runtime has failed", "failed as requested");
	}

	// Egress

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void recordsAppearUnderTheirDestination(Protocol protocol) throws Exception {
		use(runtime(protocol));
		for (String kind : List.of("kafka", "kinesis", "playground", "other")) {
			put("/test/echo/joe", "text/plain", kind);
		}
		assertThat(take("a-topic")).isEqualTo("kafka ä");
		assertThat(take("a-stream")).isEqualTo("kinesis");
		assertThat(take("a%20topic%2Fb")).isEqualTo("playground ä");
		assertThat(this.curl.getBytes("/test/out").body()).containsExactly(0x0a, 1, 'x');
		assertThat(this.problems).isEmpty();
	}

	@Test
	void payloadsHaveNoContentType() throws Exception {
		put("/test/echo/joe", "text/plain", "x");
		assertThat(this.curl.get("/echo").headers().firstValue("Content-Type")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "broken", "incomplete" })
	void playgroundRecordThatCannotBeReadIsKeptUnderItsEgress(String kind) throws Exception {
		put("/test/echo/joe", "text/plain", kind);
		assertThat(take("io.statefun.playground/egress")).startsWith("{");
		assertThat(this.problems).singleElement()
			.asString()
			.contains("'io.statefun.playground/egress'", "can't be read");
	}

	@Test
	void payloadsComeInTheirOrderAndEachOnce() throws Exception {
		for (String text : List.of("1", "2", "3")) {
			put("/test/echo/joe", "text/plain", text);
		}
		assertThat(List.of(take("echo"), take("echo"), take("echo"))).containsExactly("joe 1", "joe 2", "joe 3");
		assertThat(this.curl.get("/echo").body()).isEqualTo("Topic 'echo' is empty\n");
	}

	@Test
	void fullTopicDropsNewPayloadsAndReportsItOnce() throws Exception {
		for (String text : List.of("1", "2", "3", "4", "5")) {
			put("/test/echo/joe", "text/plain", text);
			this.runtime.runUntilIdle();
		}
		assertThat(this.problems)
			.containsExactly("Topic 'echo' is full: with 3 payloads in it, new ones are dropped until some are taken");
		assertThat(List.of(take("echo"), take("echo"), take("echo"))).containsExactly("joe 1", "joe 2", "joe 3");
		put("/test/echo/joe", "text/plain", "6");
		assertThat(take("echo")).isEqualTo("joe 6");
	}

	@Test
	void topicThatIsFullAgainReportsItAgain() throws Exception {
		for (String text : List.of("1", "2", "3", "4")) {
			put("/test/echo/joe", "text/plain", text);
		}
		assertThat(take("echo")).isEqualTo("joe 1");
		for (String text : List.of("5", "6", "7")) {
			put("/test/echo/joe", "text/plain", text);
		}
		this.runtime.runUntilIdle();
		assertThat(this.problems).hasSize(2).allMatch((problem) -> problem.startsWith("Topic 'echo' is full"));
	}

	@Test
	void waitMayExceedTheNanosecondsOfALong() throws Exception {
		put("/test/echo/joe", "text/plain", "x");
		assertThat(this.topics.take("echo", Duration.ofSeconds(Long.MAX_VALUE))).isPresent();
		assertThat(this.topics.take("echo", Duration.ofSeconds(Long.MIN_VALUE))).isEmpty();
	}

	@Test
	void requestForAPayloadWaitsForIt() throws Exception {
		Playground patient = Playground.of(this.runtime, this.functions, this.topics)
			.ingressPort(0)
			.egressPort(0)
			.egressWait(Duration.ofMinutes(1))
			.start();
		try (patient) {
			Thread later = new Thread(() -> this.runtime.send(JOE, "late"));
			later.start();
			assertThat(curl(patient).get("/echo").body()).isEqualTo("joe late");
			later.join();
		}
	}

	@Test
	void closeDoesNotWaitForWaitingRequests() throws Exception {
		PlaygroundTopics slow = this.topics;
		Playground patient = Playground.of(this.runtime, this.functions, slow)
			.ingressPort(0)
			.egressPort(0)
			.egressWait(Duration.ofMinutes(1))
			.start();
		Curl waiting = curl(patient);
		Thread thread = new Thread(() -> {
			try {
				waiting.get("/echo");
			}
			catch (IOException | InterruptedException ex) {
				// The server has stopped
			}
		});
		thread.start();
		patient.close();
		thread.join(Duration.ofSeconds(20).toMillis());
		assertThat(thread.isAlive()).isFalse();
	}

	@Test
	void unknownTopicIsReportedWithAListOfTopics() throws Exception {
		assertThat(this.curl.get("/nix").body())
			.isEqualTo("Unknown topic 'nix'; no function has sent anything to an egress yet\n");
		put("/test/echo/joe", "text/plain", "x");
		take("echo");
		HttpResponse<String> response = this.curl.get("/nix");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).isEqualTo("Unknown topic 'nix'; there are echo\n");
	}

	@Test
	void rootListsTheTopics() throws Exception {
		assertThat(this.curl.get("/").body()).isEqualTo("No function has sent anything to an egress yet\n");
		put("/test/echo/joe", "text/plain", "kafka");
		put("/test/echo/joe", "text/plain", "x");
		this.runtime.runUntilIdle();
		assertThat(this.curl.get("/").body()).isEqualTo("a-topic 1\necho 1\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a/b/c", "/a/", "//a/b" })
	void pathOfNoTopicIsRefused(String path) throws Exception {
		HttpResponse<String> response = this.curl.get(path);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("'" + path + "'", "/{topic}");
	}

	@Test
	void topicsOnlySupportGet() throws Exception {
		HttpResponse<String> response = this.curl.send(this.curl.egress("/a").PUT(BodyPublishers.noBody()));
		assertThat(response.statusCode()).isEqualTo(405);
		assertThat(response.headers().firstValue("Allow")).hasValue("GET");
	}

	// Ports

	@Test
	void portInUseIsNamed() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Playground.Builder builder = Playground.of(this.runtime, this.functions, this.topics).ingressPort(0);
			assertThatExceptionOfType(PortUnavailableException.class)
				.isThrownBy(() -> builder.egressPort(taken.getLocalPort()).start())
				.withMessageContainingAll("egress", "127.0.0.1, port " + taken.getLocalPort(), "'egressPort'")
				.satisfies((ex) -> assertThat(ex.side()).isEqualTo("egress"));
			assertThatExceptionOfType(PortUnavailableException.class)
				.isThrownBy(() -> builder.ingressPort(taken.getLocalPort()).start())
				.satisfies((ex) -> assertThat(ex.side()).isEqualTo("ingress"));
		}
	}

	@Test
	void closedPlaygroundCanBeStartedAgain() throws Exception {
		this.playground.close();
		this.playground.start();
		this.playground.start();
		this.curl = curl(this.playground);
		put("/test/echo/joe", "text/plain", "x");
		assertThat(take("echo")).isEqualTo("joe x");
	}

	/**
	 * Sends what it receives to an egress.
	 */
	static final class Echo {

		@Handler
		void text(String text, Context context) {
			switch (text) {
				case "kafka" -> context.sendEgress("test/out",
						KafkaRecord.forTopic("a-topic").key("k").utf8Value("kafka ä").build());
				case "kinesis" -> context.sendEgress("test/out",
						KinesisRecord.forStream("a-stream").partitionKey("k").utf8Value("kinesis").build());
				case "playground" -> toPlayground("{\"topic\":\"a topic/b\",\"payload\":\"playground ä\"}", context);
				case "broken" -> toPlayground("{", context);
				case "incomplete" -> toPlayground("{\"topic\":\"a\"}", context);
				case "fail" -> throw new IllegalStateException("failed as requested");
				case "other" -> context.sendEgress("test/out", "x");
				default -> report(context, text);
			}
		}

		private static void toPlayground(String json, Context context) {
			context.sendEgress("io.statefun.playground/egress",
					Any.newBuilder()
						.setTypeUrl("io.statefun.playground/EgressRecord")
						.setValue(com.google.protobuf.ByteString.copyFromUtf8(json))
						.build());
		}

		@Handler
		void source(SourceContext source, Context context) {
			report(context, "source " + source.getFileName());
		}

		@Handler
		void order(Order order, Context context) {
			report(context, "order " + order.json());
		}

		@Handler
		void add(int amount, @Persisted("sum") PersistedValue<Integer> sum) {
			sum.set(sum.get().orElse(0) + amount);
		}

		private static void report(Context context, String text) {
			context.sendEgress("test/out",
					KafkaRecord.forTopic("echo").utf8Value(context.self().id() + " " + text).build());
		}

	}

	/**
	 * A message that is JSON.
	 *
	 * @param json the JSON
	 */
	record Order(String json) {

	}

	/**
	 * Checks JSON only as closely as these tests need.
	 */
	static final class OrderCodec implements MessageCodec<Order> {

		@Override
		public Class<Order> type() {
			return Order.class;
		}

		@Override
		public String typename() {
			return "shop/Order";
		}

		@Override
		public boolean immutable() {
			return true;
		}

		@Override
		public Order decode(byte[] buffer, int offset, int length) throws IOException {
			String json = new String(buffer, offset, length, StandardCharsets.UTF_8);
			if (!json.endsWith("}")) {
				throw new IOException("no closing brace");
			}
			return new Order(json);
		}

		@Override
		public byte[] encode(Order value) {
			return value.json().getBytes(StandardCharsets.UTF_8);
		}

	}

	/**
	 * Handles types whose names look like parameters or suffixes.
	 */
	static final class Literal {

		@Handler
		void on(com.google.protobuf.Type type, Context context) {
			context.sendEgress("test/out", KafkaRecord.forTopic("literal").utf8Value("Type").build());
		}

		@Handler
		void on(com.google.protobuf.Field field, Context context) {
			context.sendEgress("test/out", KafkaRecord.forTopic("literal").utf8Value("Field").build());
		}

	}

}
