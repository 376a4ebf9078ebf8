package dev.statefun.spring.gateway.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.gateway.web.AllowedFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import dev.statefun.spring.testing.GatewayService;
import dev.statefun.spring.testing.ScriptedGateway;
import dev.statefun.spring.testing.messages.GatewayMessages.Greeting;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayDocument}.
 */
@SpringBootTest(classes = GatewayService.class,
		properties = { "statefun.gateway.http.enabled=true", "spring.application.name=service",
				"statefun.gateway.functions=example/count,picky/*,elsewhere/function,deep/name/space/function" })
@AutoConfigureMockMvc
class GatewayDocumentTests {

	private static final String DOCUMENT = "/statefun-gateway/openapi.json";

	private static final String USER = "application/vnd.type.googleapis.com/example.User+json";

	private static final String GREETING = "application/vnd.type.googleapis.com/example.Greeting+json";

	private static final String ORDER = "application/vnd.example/Order+json";

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private ScriptedGateway gateway;

	@Autowired
	private StatefulFunctions functions;

	private String text;

	private JsonNode document;

	@BeforeEach
	void read() throws IOException {
		MvcTestResult result = this.mvc.get().uri(DOCUMENT).exchange();
		assertThat(result).hasStatusOk();
		this.text = result.getResponse().getContentAsString(StandardCharsets.UTF_8);
		this.document = new JsonMapper().readTree(this.text);
	}

	@Test
	void documentIsValid() throws IOException {
		Schema schema;
		try (InputStream in = getClass().getResourceAsStream("/openapi/schema-3.1.json")) {
			schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
				.getSchema(Objects.requireNonNull(in));
		}
		assertThat(schema.validate(this.text, InputFormat.JSON)).isEmpty();
		assertThat(schema.validate(this.text.replace("\"post\"", "\"send\""), InputFormat.JSON)).isNotEmpty();
	}

	@Test
	void schemasAreValid() {
		Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
			.getSchema("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");
		JsonNode schemas = this.document.at("/components/schemas");
		assertThat(schemas.propertyNames()).contains("User", "Order", "GatewayProblem");
		schemas.forEach((schema) -> assertThat(metaSchema.validate(schema.toString(), InputFormat.JSON)).isEmpty());
	}

	@Test
	void referencesLeadSomewhere() {
		List<JsonNode> references = this.document.findValues("$ref");
		assertThat(references).isNotEmpty()
			.allSatisfy((reference) -> assertThat(this.document.at(reference.stringValue().substring(1)).isObject())
				.as(reference.stringValue())
				.isTrue());
	}

	@Test
	void allowedFunctionsAreDescribed() {
		assertThat(this.document.at("/info/title").stringValue()).isEqualTo("service");
		assertThat(this.document.get("paths").propertyNames()).containsExactlyInAnyOrder("/-/requests/{request}",
				"/deep/name/space/function/{id}", "/elsewhere/function/{id}", "/example/count/{id}",
				"/picky/function/{id}");
		assertThat(contents("/example/count/{id}").propertyNames()).containsExactlyInAnyOrder(USER, ORDER,
				"application/vnd.io.statefun.types/string+json", "text/plain");
		assertThat(contents("/picky/function/{id}").propertyNames()).containsExactly("application/vnd.picky/Pick");
		assertThat(contents("/elsewhere/function/{id}").propertyNames()).containsExactly("*/*");
		assertThat(this.text).doesNotContain("secret", "java.", "dev.statefun");
	}

	@Test
	void serverIsRelativeToTheDocument() {
		for (String location : List.of("http://localhost" + DOCUMENT, "https://example.com/proxy/app" + DOCUMENT)) {
			assertThat(server(location)).isEqualTo(location.substring(0, location.lastIndexOf('/')));
		}
	}

	@Test
	void repliesThatHandlersDeclareAreDescribed() {
		JsonNode count = replies("/example/count/{id}");
		assertThat(count.propertyNames()).containsExactlyInAnyOrder(GREETING, "*/*");
		assertThat(count.get(GREETING).at("/schema/$ref").stringValue()).isEqualTo("#/components/schemas/Greeting");
		JsonNode deep = replies("/deep/name/space/function/{id}");
		assertThat(deep.propertyNames()).containsExactly(ORDER);
		assertThat(deep.get(ORDER)).isEqualTo(contents("/example/count/{id}").get(ORDER));
		assertThat(replies("/picky/function/{id}").toString())
			.isEqualTo("{\"application/vnd.picky/Pick\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}");
		assertThat(
				this.document.get("paths").get("/elsewhere/function/{id}").at("/post/responses/200/$ref").stringValue())
			.isEqualTo("#/components/responses/reply");
	}

	@Test
	void withoutItsLibraryThereIsNoJsonOfProtobufMessagesAndPrimitives() {
		this.document = write(this.functions, "example/count", false);
		assertThat(contents("/example/count/{id}").propertyNames()).containsExactlyInAnyOrder(
				"application/vnd.type.googleapis.com/example.User", ORDER, "application/vnd.io.statefun.types/string",
				"text/plain");
		assertThat(replies("/example/count/{id}").propertyNames())
			.containsExactlyInAnyOrder("application/vnd.type.googleapis.com/example.Greeting", "*/*");
	}

	// Generators take the first one, and ignore contents without schema
	@Test
	void objectsAreTheFirstContentsAndEachHasASchema() {
		assertThat(contents("/example/count/{id}").propertyNames().iterator().next()).isIn(USER, ORDER);
		assertThat(this.document.findValues("content")).allSatisfy(
				(contents) -> assertThat(contents).allSatisfy((content) -> assertThat(content.has("schema")).isTrue()));
	}

	@Test
	void functionsWithoutPathAreNotDescribed() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("shop/cart"), (context, message) -> {
			})
			.register(FunctionSpec.of("shop/.."), (context, message) -> {
			})
			.build();
		assertThat(write(functions, "shop/*", true).get("paths").propertyNames())
			.containsExactlyInAnyOrder("/shop/cart/{id}", "/-/requests/{request}");
	}

	@Test
	void repliesAreDescribedAsTheyAreWritten() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.codecs(new JsonMessageCodecs(new JsonMapper()))
			.register("shop/cart", new Cart())
			.build();
		this.document = write(functions, "shop/cart", true);
		JsonNode schemas = this.document.at("/components/schemas");
		assertThat(contents("/shop/cart/{id}").at("/application~1vnd.shop~1Item+json/schema/$ref").stringValue())
			.isEqualTo("#/components/schemas/Item");
		assertThat(replies("/shop/cart/{id}").at("/application~1vnd.shop~1Item+json/schema/$ref").stringValue())
			.isEqualTo("#/components/schemas/Item2");
		assertThat(schemas.at("/Item/properties").propertyNames()).containsExactlyInAnyOrder("name", "secret");
		assertThat(schemas.at("/Item2/properties").propertyNames()).containsExactlyInAnyOrder("name", "price");
		assertThat(replies("/shop/cart/{id}").at("/application~1vnd.io.statefun.types~1long+json/schema").toString())
			.isEqualTo("{\"type\":\"string\"}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"example.User | {\"name\":\"Joe\",\"visits\":\"3\",\"tags\":[\"a\"],\"since\":\"2026-01-01T00:00:00Z\",\"level\":\"HIGH\",\"friendOf\":{},\"points\":{\"a\":1},\"picture\":\"AA==\"} | true",
			"example.User | {\"name\":{}} | false", "example.User | {\"level\":\"NONE\"} | false",
			"Order | {\"item\":\"a\",\"amount\":3,\"size\":\"SMALL\",\"note\":null} | true",
			"Order | {\"item\":\"a\",\"amount\":\"x\"} | false", "Order | {\"size\":\"MEDIUM\"} | false" })
	void schemaAcceptsWhatTheFunctionReads(String type, String json, boolean valid) {
		String contentType = type.equals("Order") ? ORDER : USER;
		assertThat(validate(contents("/example/count/{id}").at("/" + escape(contentType) + "/schema"), json).isEmpty())
			.isEqualTo(valid);
		this.gateway.reset();
		this.gateway.replyWith(Greeting.getDefaultInstance());
		MvcTestResult result = this.mvc.post()
			.uri("/statefun-gateway/example/count/joe")
			.header("Content-Type", contentType)
			.content(json)
			.exchange(Duration.ofSeconds(10));
		assertThat(result).hasStatus(valid ? 200 : 400);
	}

	@Test
	void requestThatFollowsTheDocumentSucceeds() {
		this.gateway.reset();
		this.gateway.replyWith(Greeting.newBuilder().setText("Hello").build());
		int requests = 0;
		for (Map.Entry<String, JsonNode> path : this.document.get("paths").properties()) {
			JsonNode operation = path.getValue().get("post");
			if (operation != null) {
				for (Map.Entry<String, JsonNode> content : operation.at("/requestBody/content").properties()) {
					if (!content.getValue().at("/schema/format").asString("").equals("binary")) {
						requests++;
						assertThat(request(path.getKey(), content.getKey(), content.getValue().get("schema")))
							.as("%s %s", path.getKey(), content.getKey())
							.hasStatusOk();
					}
				}
			}
		}
		assertThat(requests).isEqualTo(5);
	}

	private MvcTestResult request(String path, String contentType, JsonNode schema) {
		return this.mvc.post()
			.uri(server(DOCUMENT) + path.replace("{id}", "joe"))
			.header("Content-Type", contentType)
			.content(contentType.equals("text/plain") ? "text" : example(schema, 2).toString())
			.exchange(Duration.ofSeconds(10));
	}

	// A client that knows nothing but the document
	private Object example(JsonNode schema, int depth) {
		JsonNode resolved = schema.has("$ref") ? this.document.at(schema.get("$ref").stringValue().substring(1))
				: schema;
		if (resolved.has("anyOf")) {
			return example(resolved.get("anyOf").get(0), depth);
		}
		if (resolved.has("enum")) {
			return resolved.get("enum").get(0);
		}
		JsonNode type = resolved.get("type");
		return switch (type.isArray() ? type.get(0).stringValue() : type.stringValue()) {
			case "object" -> object(resolved, depth);
			case "array" -> "[]";
			case "integer", "number" -> "3";
			case "boolean" -> "true";
			default -> text(resolved);
		};
	}

	private Object object(JsonNode schema, int depth) {
		JsonMapper mapper = new JsonMapper();
		ObjectNode object = mapper.createObjectNode();
		if (depth > 0 && schema.has("properties")) {
			schema.get("properties")
				.properties()
				.forEach((property) -> object.set(property.getKey(),
						mapper.readTree(example(property.getValue(), depth - 1).toString())));
		}
		return object;
	}

	private static String text(JsonNode schema) {
		if (schema.path("format").asString("").equals("date-time")) {
			return "\"2026-01-01T00:00:00Z\"";
		}
		return schema.has("pattern") ? "\"3\"" : "\"text\"";
	}

	// As clients do it: the path is appended to the URL of the server
	private String server(String location) {
		return URI.create(location).resolve(this.document.at("/servers/0/url").stringValue()).toString();
	}

	private static JsonNode write(StatefulFunctions functions, String allowed, boolean protobufJson) {
		return new JsonMapper().readTree(GatewayDocument.write("title", "/gateway", functions,
				AllowedFunctions.of(List.of(allowed)), protobufJson));
	}

	private JsonNode replies(String path) {
		return this.document.get("paths").get(path).at("/post/responses/200/content");
	}

	private JsonNode contents(String path) {
		return this.document.get("paths").get(path).at("/post/requestBody/content");
	}

	private List<Error> validate(JsonNode schema, String json) {
		ObjectNode root = (ObjectNode) this.document.deepCopy();
		root.set("$ref", schema.get("$ref"));
		return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
			.getSchema(root.toString())
			.validate(json, InputFormat.JSON);
	}

	private static String escape(String name) {
		return name.replace("~", "~0").replace("/", "~1");
	}

	static class Cart {

		@Handler
		Item add(Item item) {
			return item;
		}

		@Handler
		long count(String name) {
			return 1;
		}

	}

	/**
	 * A message of which not everything is both read and written.
	 *
	 * @param name a text
	 * @param secret a text that is only read
	 */
	@MessageType("shop/Item")
	record Item(String name, @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) String secret) {

		@JsonProperty
		int price() {
			return 1;
		}

	}

}
