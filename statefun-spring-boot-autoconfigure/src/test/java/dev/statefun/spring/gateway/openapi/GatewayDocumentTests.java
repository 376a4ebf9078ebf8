package dev.statefun.spring.gateway.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
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

	private static final String URI = "/statefun-gateway/openapi.json";

	private static final String USER = "application/vnd.type.googleapis.com/example.User+json";

	private static final String ORDER = "application/vnd.example/Order+json";

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private ScriptedGateway gateway;

	private String text;

	private JsonNode document;

	@BeforeEach
	void read() throws IOException {
		MvcTestResult result = this.mvc.get().uri(URI).exchange();
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
		assertThat(this.document.at("/servers/0/url").stringValue()).isEqualTo("/statefun-gateway");
		assertThat(this.document.get("paths").propertyNames()).containsExactlyInAnyOrder("/-/requests/{request}",
				"/deep/name/space/function/{id}", "/elsewhere/function/{id}", "/example/count/{id}",
				"/picky/function/{id}");
		assertThat(contents("/example/count/{id}").propertyNames()).containsExactlyInAnyOrder(USER, ORDER,
				"application/vnd.io.statefun.types/string+json", "text/plain");
		assertThat(contents("/picky/function/{id}").propertyNames()).containsExactly("application/vnd.picky/Pick");
		assertThat(contents("/elsewhere/function/{id}").propertyNames()).containsExactly("*/*");
		assertThat(this.text).doesNotContain("secret", "java.", "dev.statefun");
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
					if (content.getValue().has("schema")) {
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
		String server = this.document.at("/servers/0/url").stringValue();
		return this.mvc.post()
			.uri(server + path.replace("{id}", "joe"))
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

}
