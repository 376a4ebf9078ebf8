package dev.statefun.module;

import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import com.google.protobuf.StringValue;
import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.ModuleFinding.Severity;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ModuleVerifier} and the exact texts of its findings.
 */
class ModuleVerifierTests {

	private static final String V2 = """
			version: "2.0"
			module:
			  meta:
			    type: remote
			  spec:
			    functions:
			      - function:
			          meta:
			            kind: http
			            type: shop/cart
			          spec:
			            endpoint: http://cart:8080/statefun
			            states:
			              - name: items
			                expireAfter: 30d
			              - name: last
			                expireAfter: 90s
			                expireMode: after-write
			              - name: total
			            readTimeout: 10s
			      - function:
			          meta:
			            kind: http
			            type: shop/stock
			          spec:
			            endpoint: http://cart:8080/statefun
			""";

	private static final String ENDPOINT = """
			kind: io.statefun.endpoints.v2/http
			spec:
			  functions: shop/*
			  urlPathTemplate: http://cart:8080/statefun
			  transport:
			    type: io.statefun.transports.v1/async
			    call: 2min
			""";

	private static final String INGRESS = """
			---
			kind: io.statefun.kafka.v1/ingress
			spec:
			  id: shop/items
			  address: kafka:9092
			  consumerGroupId: cart
			  topics:
			    - topic: items
			      valueType: shop/AddItem
			      targets:
			        - shop/cart
			""";

	private static final String EGRESS = """
			---
			kind: io.statefun.kafka.v1/egress
			spec:
			  id: shop/receipts
			  address: kafka:9092
			  deliverySemantic:
			    type: exactly-once
			    transactionTimeout: 15min
			""";

	private static final String EGRESS_OF_2 = """
			    egresses:
			      - egress:
			          meta:
			            type: TYPE
			            id: shop/receipts
			          spec:
			            address: kafka:9092
			""";

	private static final String V2_TYPED = """
			version: "2.0"
			module:
			  meta: {type: remote}
			  spec:
			    functions:
			      - function:
			          meta: {kind: http, type: shop/cart}
			          spec: {endpoint: 'http://cart:8080/statefun', readTimeout: 10s}
			    ingresses:
			      - ingress:
			          meta: {type: statefun.kafka.io/routable-protobuf-ingress, id: shop/items}
			          spec:
			            address: kafka:9092
			            consumerGroupId: cart
			            topics:
			              - topic: items
			                typeUrl: 'shop/AddItem'
			                targets: [shop/cart]
			""";

	private static final String SECRET = "q7Rk2vXw-0123456789.abcdef~";

	private final ModuleVerifier verifier = ModuleVerifier.of(Carts.functions())
		.path("/statefun")
		.batchTimeLimit(BatchTimeLimit.of(Duration.ofSeconds(8), null));

	@TempDir
	private Path directory;

	@Test
	void correctFileOfEitherFormHasNoFindings() {
		assertThat(say(V2)).isEmpty();
		assertThat(say(ENDPOINT + INGRESS + EGRESS)).isEmpty();
	}

	@Test
	void servedFunctionIsMissing() {
		assertThat(say(ENDPOINT.replace("shop/*", "shop/cart")))
			.containsExactly("ERROR at the file: found no function 'shop/stock'; expected an entry for it, as handler "
					+ "'lambda in Carts' serves it and a message to it fails the job. "
					+ "Add it, or write the file with 'statefun.module.write-to'.");
	}

	@Test
	void functionOfThisApplicationIsNotServed() {
		assertThat(say(ENDPOINT + "---\n" + ENDPOINT.replace("shop/*", "shop/carts")))
			.containsExactly("ERROR at line 11, document 2 (io.statefun.endpoints.v2/http), functions 'shop/carts': "
					+ "found 'shop/carts', which is not served here; expected one of [shop/cart, shop/stock], as this "
					+ "application answers at 'cart:8080'. Remove it, or correct its name.");
	}

	@Test
	void functionOfAnotherApplicationIsAWarning() {
		String other = ENDPOINT.replace("shop/*", "bank/*").replace("cart:", "bank:");
		assertThat(say(ENDPOINT + "---\n" + other)).containsExactly(
				"WARNING at line 11, document 2 (io.statefun.endpoints.v2/http), functions 'bank/*': found "
						+ "'bank/*', which is not served here; expected a function of another application. "
						+ "Make sure that 'bank:8080' serves it.");
	}

	@Test
	void entryOfAFunctionPrecedesThatOfItsNamespace() {
		String stock = ENDPOINT.replace("shop/*", "shop/stock").replace("/statefun\n", "/stock\n");
		assertThat(say(ENDPOINT + "---\n" + stock)).singleElement()
			.asString()
			.contains("functions 'shop/stock': found the path '/stock'");
	}

	@Test
	void stateIsMissing() {
		assertThat(say(V2.replace("              - name: total\n", "")))
			.containsExactly("ERROR at line 8, function 'shop/cart': found no state 'total'; expected it, as every "
					+ "request without it fails. Add '- name: total' to its 'states'.");
	}

	@Test
	void missingStateIsShownWithItsExpiration() {
		assertThat(say(V2.replace("              - name: items\n                expireAfter: 30d\n", "")))
			.containsExactly("ERROR at line 8, function 'shop/cart': found no state 'items'; expected it, as every "
					+ "request without it fails. Add '- {name: items, expireAfter: \"30d\", expireMode: after-invoke}' "
					+ "to its 'states'.");
	}

	@Test
	void stateHasAnotherTimeToLive() {
		assertThat(say(V2.replace("30d", "3d")))
			.containsExactly("ERROR at line 14, function 'shop/cart': found state 'items' with expireAfter: 3d, "
					+ "expireMode: after-invoke; expected expireAfter: 30d, expireMode: after-invoke, as the function "
					+ "declares. Write '- {name: items, expireAfter: \"30d\", expireMode: after-invoke}', or change the "
					+ "declaration.");
	}

	@Test
	void stateHasAnotherExpireMode() {
		assertThat(say(V2.replace("                expireMode: after-write\n", "")))
			.containsExactly("ERROR at line 16, function 'shop/cart': found state 'last' with expireAfter: 90s, "
					+ "expireMode: after-invoke; expected expireAfter: 90s, expireMode: after-write, as the function "
					+ "declares. Write '- {name: last, expireAfter: \"90s\", expireMode: after-write}', or change the "
					+ "declaration.");
	}

	@Test
	void stateExpiresAgainstItsDeclaration() {
		assertThat(say(V2.replace("- name: total\n", "- name: total\n                expireAfter: 1h\n")))
			.containsExactly("ERROR at line 19, function 'shop/cart': found state 'total' with expireAfter: 1h, "
					+ "expireMode: after-invoke; expected no expireAfter, as the function declares. "
					+ "Write '- name: total', or change the declaration.");
	}

	@Test
	void stateIsNotDeclared() {
		assertThat(say(V2.replace("- name: total\n", "- name: total\n              - name: old\n")))
			.containsExactly("WARNING at line 20, function 'shop/cart': found state 'old', which the function does not "
					+ "declare; expected declared states, as others are sent with each request for nothing. "
					+ "Remove it when what it holds is not needed any more.");
	}

	@Test
	void typedEgressIsMissing() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.egress("orders", KafkaEgress.of("shop/orders", "orders"))
			.egress("items", KafkaEgress.of("shop/receipts", "items"))
			.build();
		assertThat(texts(ModuleVerifier.of(functions).verify(EGRESS))).containsExactly(
				"ERROR at the file: found no egress 'shop/orders'; expected it, as a function with the egress 'orders' "
						+ "sends to it and a record for it fails the job. Add the egress.");
	}

	@Test
	void egressIsMissing() {
		ModuleVerifier verifier = this.verifier.egress(EgressId.parse("ops/dead-letters"), "a test");
		assertThat(texts(verifier.verify(ENDPOINT + EGRESS))).containsExactly(
				"ERROR at the file: found no egress 'ops/dead-letters'; expected it, as a test sends to it "
						+ "and a record for it fails the job. Add the egress.");
		assertThat(texts(this.verifier.egress(EgressId.parse("shop/receipts"), "a test").verify(ENDPOINT + EGRESS)))
			.isEmpty();
	}

	@Test
	void egressOfThePlaygroundIsKnown() {
		String playground = "---\nkind: io.statefun.playground.v1/egress\nspec:\n  port: 8091\n";
		assertThat(texts(this.verifier.egress(EgressId.parse("io.statefun.playground/egress"), "a test")
			.verify(ENDPOINT + playground))).isEmpty();
	}

	@Test
	void egressOfAKindThatTheClusterDefinesIsKnown() {
		String own = "---\nkind: com.example/egress\nspec:\n  id: ops/pager\n";
		assertThat(texts(this.verifier.egress(EgressId.parse("ops/pager"), "a test").verify(ENDPOINT + own))).isEmpty();
	}

	@Test
	void targetHasNoEntry() {
		assertThat(say(ENDPOINT + INGRESS.replace("- shop/cart", "- shops/cart")))
			.containsExactly("ERROR at line 18, document 2 (io.statefun.kafka.v1/ingress): found target 'shops/cart'; "
					+ "expected a function of this file, as a message to any other fails the job. "
					+ "Correct it, or add the function.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "shop/AddItem", "shop/OldItem", "io.statefun.types/string",
			"type.googleapis.com/google.protobuf.StringValue", "com.example/google.protobuf.StringValue" })
	void targetTakesTheTypeOfTheValues(String valueType) {
		ModuleVerifier verifier = ModuleVerifier.of(typed());
		assertThat(texts(verifier.verify(ENDPOINT + INGRESS.replace("shop/AddItem", valueType)))).isEmpty();
	}

	@Test
	void targetDoesNotTakeTheTypeOfTheValues() {
		ModuleVerifier verifier = ModuleVerifier.of(typed());
		assertThat(texts(verifier.verify(ENDPOINT + INGRESS.replace("valueType: shop/AddItem", "valueType: shop/Add"))))
			.containsExactly("ERROR at line 16, document 2 (io.statefun.kafka.v1/ingress): found values of the type "
					+ "'shop/Add' for target 'shop/cart'; expected one of [io.statefun.types/string, "
					+ "shop/AddItem, shop/OldItem, type.googleapis.com/google.protobuf.StringValue], as the function has a "
					+ "handler for no other type and such a value parks the job. Correct 'valueType', or add a @Handler method "
					+ "that takes 'shop/Add'.");
		assertThat(texts(verifier.verify(V2_TYPED.replace("'shop/AddItem'", "'type.googleapis.com/shop.AddItem'"))))
			.containsExactly("ERROR at line 17, ingress 'shop/items': found values of the type "
					+ "'type.googleapis.com/shop.AddItem' for target 'shop/cart'; expected one of "
					+ "[io.statefun.types/string, shop/AddItem, shop/OldItem, "
					+ "type.googleapis.com/google.protobuf.StringValue], as the function has a handler for no other type "
					+ "and such a value parks the job. Correct 'typeUrl', or add a @Handler method that takes 'type.googleapis.com/shop.AddItem'.");
		assertThat(texts(verifier.verify(V2_TYPED))).isEmpty();
	}

	@Test
	void valuesAreNotCheckedIfTheTargetTakesAnyTypeOrIsServedElsewhere() {
		StatefulFunctions functions = Carts.functions("shop/any");
		String other = ENDPOINT.replace("shop/*", "bank/*").replace("cart:", "bank:");
		String ingress = INGRESS.replace("- shop/cart", "- shop/any\n        - bank/account");
		assertThat(texts(ModuleVerifier.of(functions).verify(ENDPOINT + "---\n" + other + ingress)))
			.allMatch((text) -> text.contains("'bank/*', which is not served here"));
	}

	private static StatefulFunctions typed() {
		return StatefulFunctions.builder().codec(new Item.Codec()).register("shop/cart", new TypedCart()).build();
	}

	@ParameterizedTest
	@CsvSource({ "io.statefun.endpoints.v2.http", "io.statefun.endpoints.v2.HTTP", "io/statefun/endpoints/v2/http",
			"io.statefun.endpoints.v2/https" })
	void kindIsMisspelled(String kind) {
		assertThat(say(ENDPOINT.replace("io.statefun.endpoints.v2/http", kind))).containsExactly(
				"ERROR at line 1, document 1: found 'kind: " + kind + "', which no cluster knows; expected "
						+ "'io.statefun.endpoints.v2/http'. Write 'kind: io.statefun.endpoints.v2/http'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.example.pager.egress", "com/example/egress", "/egress", "com.example/" })
	void kindHasAnInvalidForm(String kind) {
		assertThat(say(ENDPOINT + "---\nkind: " + kind + "\nspec: {}\n"))
			.containsExactly("ERROR at line 9, document 2: found 'kind: " + kind
					+ "'; expected '<namespace>/<name>' with exactly one "
					+ "'/', as clusters of 3.x refuse anything else. Correct the kind.");
	}

	@ParameterizedTest
	@CsvSource({ "statefun.kafka.io.generic-egress, statefun.kafka.io/generic-egress",
			"statefun.kafka.io/generic_egress, statefun.kafka.io/generic-egress",
			"statefun.kafka.io/generic-egres, statefun.kafka.io/generic-egress" })
	void typeOf2IsMisspelled(String type, String meant) {
		assertThat(say(V2 + EGRESS_OF_2.replace("TYPE", type)))
			.containsExactly("ERROR at line 30, egress 'shop/receipts': found 'type: " + type
					+ "', which no cluster knows; " + "expected '" + meant + "'. Write 'type: " + meant + "'.");
		assertThat(say(V2 + EGRESS_OF_2.replace("TYPE", meant))).isEmpty();
		assertThat(say(V2 + EGRESS_OF_2.replace("TYPE", "com.example/pager"))).isEmpty();
	}

	@Test
	void typeOf2HasAnInvalidForm() {
		assertThat(say(V2 + EGRESS_OF_2.replace("TYPE", "pager"))).containsExactly(
				"ERROR at line 30, egress 'shop/receipts': found 'type: pager'; expected '<namespace>/<name>'. "
						+ "Correct the type.");
	}

	@Test
	void moduleIsInsideAConfigMap() {
		String map = """
				apiVersion: v1
				kind: ConfigMap
				metadata:
				  name: cart-module
				data:
				  log4j.properties: |
				    rootLogger.level = INFO
				  module.yaml: |
				%s""";
		String deployment = """
				apiVersion: apps/v1
				kind: Deployment
				metadata: {name: cart}
				---
				""";
		for (String module : List.of(ENDPOINT, V2)) {
			assertThat(say(map.formatted(module.indent(4)))).containsExactly(
					"ERROR at line 8, document 1 (ConfigMap 'cart-module'): found a Kubernetes ConfigMap with "
							+ "the module in it; expected the module alone, as clusters read it from the file that is made of "
							+ "it. Extract the text of the key 'module.yaml' below 'data' into a file, as with "
							+ "\"yq '.data[\"module.yaml\"]'\", and give that file.");
		}
		assertThat(say(deployment + map.formatted(ENDPOINT.indent(4)))).singleElement()
			.asString()
			.startsWith("ERROR at line 12, document 2 (ConfigMap 'cart-module'): found a Kubernetes ConfigMap with");
		assertThat(say(deployment)).containsExactly(
				"ERROR at line 1, document 1 (Deployment 'cart'): found a Kubernetes object; expected a module.yaml: "
						+ "'version' and 'module' (2.x), or documents with 'kind' and 'spec' (3.x). "
						+ "Give the file that the ConfigMap with the module is made of.");
		assertThat(kinds(deployment)).containsExactly(Kind.UNREADABLE);
	}

	@Test
	void pathDiffers() {
		assertThat(say(ENDPOINT.replace("8080/statefun", "8080/functions"))).containsExactly(
				"ERROR at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the "
						+ "path '/functions'; expected '/statefun', where this application serves all its functions. "
						+ "Correct the URL, or set 'statefun.path'.");
		assertThat(say(ENDPOINT.replace("8080/statefun", "8080"))).singleElement().asString().contains("the path ''");
		assertThat(say(ENDPOINT.replace("8080/statefun", "8080/statefun/"))).singleElement()
			.asString()
			.contains("the path '/statefun/'");
	}

	@Test
	void secretIsExpectedAndNotShown() {
		ModuleVerifier verifier = this.verifier.secret(SECRET);
		String right = ENDPOINT.replace("8080/statefun", "8080/statefun/" + SECRET);
		assertThat(texts(verifier.verify(right))).isEmpty();
		assertThat(texts(verifier.verify(ENDPOINT))).singleElement()
			.asString()
			.contains("found the path '/statefun'; expected '/statefun/******', where this application serves");
		assertThat(texts(verifier.verify(right.replace(SECRET, "another-secret-16")))).singleElement()
			.asString()
			.contains("found the path '/statefun/******' with another secret; expected that of "
					+ "'statefun.security.secret'. Correct the URL, or set 'statefun.security.secret'.");
		assertThat(texts(verifier.verify(right.replace("cart:", "localhost:")))).singleElement()
			.asString()
			.contains("found the URL 'http://localhost:8080/statefun/******'");
	}

	@Test
	void secretThatIsNotSetHereIsNotShown() {
		assertThat(say(ENDPOINT.replace("8080/statefun", "8080/statefun/" + SECRET))).singleElement()
			.asString()
			.contains("found the path '/statefun/******' with a secret; expected '/statefun', as "
					+ "'statefun.security.secret' is not set here. ");
	}

	@Test
	void urlLeadsToThePortThatRefusesClusters() {
		ModuleVerifier verifier = this.verifier.ports(9443, 8080);
		assertThat(texts(verifier.verify(ENDPOINT))).containsExactly(
				"WARNING at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the port 8080; "
						+ "expected the port 9443 of 'statefun.server.port', as the other one refuses clusters. "
						+ "Correct the URL, or make sure that something passes requests on to that port.");
		assertThat(texts(verifier.verify(ENDPOINT.replace("8080", "9443")))).isEmpty();
		assertThat(texts(verifier.verify(ENDPOINT.replace("8080", "30000")))).isEmpty();
		assertThat(texts(this.verifier.ports(9443, 80).verify(ENDPOINT.replace(":8080", "")))).singleElement()
			.asString()
			.contains("found the port 80;");
		assertThat(texts(this.verifier.ports(9443, 443).verify(ENDPOINT.replace("http://cart:8080", "https://cart"))))
			.singleElement()
			.asString()
			.contains("found the port 443;");
	}

	@Test
	void templateLeadsToAnotherPath() {
		assertThat(say(ENDPOINT.replace("8080/statefun", "8080/statefun/{function.name}"))).containsExactly(
				"ERROR at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the path "
						+ "'/statefun/cart' for 'shop/cart'; expected '/statefun', where this application serves all "
						+ "its functions. Correct the URL, or set 'statefun.path'.",
				"ERROR at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the path "
						+ "'/statefun/stock' for 'shop/stock'; expected '/statefun', where this application serves all "
						+ "its functions. Correct the URL, or set 'statefun.path'.");
		assertThat(say(ENDPOINT.replace("cart:", "{function.name}:"))).isEmpty();
	}

	@Test
	void templateGivesTwoNamespacesOneUrl() {
		StatefulFunctions functions = Carts.functions("eu/cart", "us/cart");
		String eu = ENDPOINT.replace("shop/*", "eu/*").replace("cart:", "{function.name}:");
		ModuleVerifier verifier = ModuleVerifier.of(functions).path("/statefun");
		assertThat(texts(verifier.verify(eu + "---\n" + eu.replace("eu/*", "us/*"))))
			.containsExactly("WARNING at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'eu/*': found "
					+ "[eu/cart, us/cart] at the one URL 'http://cart:8080/statefun'; expected a URL for each, as "
					+ "'{function.name}' leaves out the namespace. "
					+ "Make sure that one application serves all of them.");
	}

	@Test
	void placeholderIsUnknown() {
		assertThat(say(ENDPOINT.replace("cart:8080", "{function}:8080"))).containsExactly(
				"ERROR at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the "
						+ "URL 'http://{function}:8080/statefun'; expected a URL with http, https, http+unix or https+unix, "
						+ "with no placeholder but '{function.name}' (3.x). Correct it.");
	}

	@Test
	void clustersOf2SupportNoPlaceholder() {
		assertThat(say(V2.replaceFirst("cart:8080", "{function.name}:8080"))).containsExactly(
				"ERROR at line 12, function 'shop/cart': found the placeholder '{function.name}'; expected a "
						+ "complete URL, as clusters of 2.x know no placeholders. Write the URL of the function.");
	}

	@Test
	void urlLeadsToTheClusterItself() {
		assertThat(say(ENDPOINT.replace("cart:", "localhost:"))).containsExactly(
				"WARNING at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the "
						+ "URL 'http://localhost:8080/statefun'; expected a host that the cluster can reach, as this is "
						+ "its own machine. Give the name of the service in the cluster's network.");
		assertThat(kinds(ENDPOINT.replace("cart:", "127.0.0.1:"))).containsExactly(Kind.LOOPBACK);
		assertThat(kinds(ENDPOINT.replace("cart:", "[::1]:"))).containsExactly(Kind.LOOPBACK);
		assertThat(kinds(V2.replace("cart:", "localhost:"))).containsExactly(Kind.LOOPBACK);
	}

	@Test
	void socketNeedsOkhttp() {
		String socket = ENDPOINT.replace("http://cart:8080/statefun", "http+unix:///run/cart.sock/statefun");
		assertThat(say(socket)).containsExactly(
				"ERROR at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found the "
						+ "URL 'http+unix:///run/cart.sock/statefun' with the asynchronous transport, which can't reach it; "
						+ "expected 'type: io.statefun.transports.v1/okhttp'. Set the type of the transport.");
		assertThat(say(socket.replace("async\n    call: 2min", "okhttp"))).isEmpty();
	}

	@Test
	void keyOfTheTransportHasAnAdditionalLetter() {
		assertThat(say(ENDPOINT.replace("transport:", "transports:")))
			.containsExactly("ERROR at line 6, document 1 (io.statefun.endpoints.v2/http): found the key 'transports', "
					+ "which clusters ignore; expected 'transport'. Write 'transport'.");
	}

	@Test
	void transportIsMissing() {
		assertThat(say(ENDPOINT.substring(0, ENDPOINT.indexOf("  transport:"))))
			.containsExactly("WARNING at line 3, document 1 (io.statefun.endpoints.v2/http): found no 'transport'; "
					+ "expected 'transport' with a 'type', as releases differ in what they use without. "
					+ "Add 'transport' with 'type: io.statefun.transports.v1/async'.");
		assertThat(say(ENDPOINT.replace("    type: io.statefun.transports.v1/async\n", "")))
			.containsExactly("WARNING at line 3, document 1 (io.statefun.endpoints.v2/http): found 'transport' without "
					+ "'type'; expected 'transport' with a 'type', as releases differ in what they use without. "
					+ "Add 'transport' with 'type: io.statefun.transports.v1/async'.");
	}

	@Test
	void transportIsUnknown() {
		assertThat(say(ENDPOINT.replace("v1/async", "v1/netty")))
			.containsExactly("ERROR at line 3, document 1 (io.statefun.endpoints.v2/http): found "
					+ "'type: io.statefun.transports.v1/netty' of the transport; expected "
					+ "'io.statefun.transports.v1/async' or 'io.statefun.transports.v1/okhttp'. Correct the type.");
	}

	@Test
	void keyInsideTheTransportIsMisspelled() {
		assertThat(say(ENDPOINT.replace("call: 2min", "poolSize: 8"))).containsExactly(
				"ERROR at line 7, document 1 (io.statefun.endpoints.v2/http): found the key 'poolSize', which "
						+ "clusters ignore; expected 'pool_size'. Write 'pool_size'.");
	}

	@Test
	void keyIsUnknown() {
		assertThat(say(ENDPOINT.replace("  functions:", "  retries: 5\n  functions:"))).containsExactly(
				"WARNING at line 3, document 1 (io.statefun.endpoints.v2/http): found the key 'retries', which "
						+ "clusters ignore; expected one of [functions, maxNumBatchRequests, transport, urlPathTemplate]. "
						+ "Remove it, or correct its name or place.");
	}

	@Test
	void keyIsDuplicate() {
		assertThat(say(ENDPOINT + "  functions: shop/*\n")).containsExactly(
				"ERROR at line 3, document 1 (io.statefun.endpoints.v2/http): found the key 'functions' twice; "
						+ "expected it once, as only the last of them counts. Remove one of them.");
	}

	@Test
	void endpointLacksItsKeys() {
		assertThat(say("kind: io.statefun.endpoints.v1/http\nspec: {timeouts: {call: 1min}}\n").subList(0, 2))
			.containsExactly(
					"ERROR at line 2, document 1 (io.statefun.endpoints.v1/http): found no 'functions'; expected "
							+ "'functions: <namespace>/<name>'. Add 'functions'.",
					"ERROR at line 2, document 1 (io.statefun.endpoints.v1/http): found no 'urlPathTemplate'; expected "
							+ "'urlPathTemplate: http://cart:8080/statefun'. Add 'urlPathTemplate'.");
	}

	@Test
	void firstKindOfEndpointHasNoTransport() {
		String endpoint = """
				kind: io.statefun.endpoints.v1/http
				spec:
				  functions: shop/*
				  urlPathTemplate: http://cart:8080/statefun
				  transport: {type: io.statefun.transports.v1/async}
				""";
		assertThat(say(endpoint)).containsExactly(
				"WARNING at line 5, document 1 (io.statefun.endpoints.v1/http): found the key 'transport', "
						+ "which clusters ignore; expected one of [functions, maxNumBatchRequests, timeouts, "
						+ "urlPathTemplate]. Remove it, or correct its name or place.");
	}

	@Test
	void wildcardHasAnInvalidForm() {
		assertThat(say(ENDPOINT.replace("shop/*", "shop/ca*")).get(0))
			.isEqualTo("ERROR at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/ca*': found "
					+ "'functions: shop/ca*'; expected '<namespace>/<name>' or '<namespace>/*', as there are no other "
					+ "wildcards. Write an endpoint for each function.");
	}

	@Test
	void clustersOf2SupportNoWildcard() {
		assertThat(say(V2.replace("shop/stock", "shop/*")).get(0))
			.isEqualTo("ERROR at line 22, function 'shop/*': found 'type: shop/*'; expected '<namespace>/<name>', as "
					+ "clusters of 2.x know no wildcards. Write an entry for each function.");
	}

	@Test
	void nameOf3HasTwoSlashes() {
		assertThat(say(ENDPOINT + "---\n" + ENDPOINT.replace("shop/*", "eu/shop/cart")).get(0))
			.isEqualTo("ERROR at line 11, document 2 (io.statefun.endpoints.v2/http), functions 'eu/shop/cart': found "
					+ "'functions: eu/shop/cart'; expected '<namespace>/<name>' with exactly one '/', as clusters of "
					+ "3.x refuse anything else. Rename it.");
	}

	@Test
	void functionIsDuplicate() {
		assertThat(say(ENDPOINT + "---\n" + ENDPOINT))
			.containsExactly("ERROR at line 11, document 2 (io.statefun.endpoints.v2/http), functions 'shop/*': found "
					+ "'shop/*', which stands at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*' "
					+ "already; expected it once, as clusters refuse two of one name. Remove one of the two.");
		assertThat(kinds(V2.replace("shop/stock", "shop/cart"))).containsExactly(Kind.DUPLICATE, Kind.MISSING_FUNCTION);
	}

	@Test
	void egressIsDuplicate() {
		assertThat(say(ENDPOINT + EGRESS + EGRESS)).containsExactly(
				"ERROR at line 19, document 3 (io.statefun.kafka.v1/egress): found egress 'shop/receipts', "
						+ "which stands at line 11, document 2 (io.statefun.kafka.v1/egress) already; expected it once, as "
						+ "clusters refuse two of one id. Remove one of the two, or give it another id.");
	}

	@Test
	void metaAndSpecAreBesideTheFunctionAsInTheClustersDocumentation() {
		String beside = """
				version: "2.0"
				module:
				  meta: {type: remote}
				  spec:
				    functions:
				      - function:
				        meta: {kind: http, type: shop/cart}
				        spec:
				          endpoint: http://cart:8080/statefun
				          states: [{name: items, expireAfter: 30d}, {name: total},
				            {name: last, expireAfter: 90s, expireMode: after-write}]
				      - function:
				          meta: {kind: http, type: shop/stock}
				          spec: {endpoint: 'http://cart:8080/statefun'}
				    egresses:
				      - egress:
				        meta: {type: statefun.kafka.io/generic-egress, id: shop/receipts}
				        spec: {address: 'kafka:9092'}
				""";
		assertThat(say(beside)).containsExactly(
				"ERROR at line 6, function: found 'meta' and 'spec' beside 'function'; expected them inside 'function', as "
						+ "clusters look for them there. Indent 'meta' and 'spec' by two more.",
				"ERROR at line 16, egress: found 'meta' and 'spec' beside 'egress'; expected them inside 'egress', as "
						+ "clusters look for them there. Indent 'meta' and 'spec' by two more.");
	}

	@Test
	void itemHasNoKey() {
		assertThat(say(V2.replaceFirst("- function:\n {10}meta:", "- functions:\n          meta:")).get(0))
			.isEqualTo("ERROR at line 7, function: found an item without the key 'function'; expected 'function' with "
					+ "'meta' and 'spec' in it. Put 'meta' and 'spec' into 'function'.");
	}

	@Test
	void statesOfVersion1AreOnlyNames() {
		assertThat(say(V2.replace("\"2.0\"", "\"1.0\"")).subList(0, 2)).containsExactly(
				"ERROR at line 14, function 'shop/cart': found the state 'items' as a map in version \"1.0\"; expected "
						+ "nothing but names, as clusters ignore anything else there. Set 'version: \"2.0\"' (2.1 and "
						+ "later).",
				"ERROR at line 16, function 'shop/cart': found the state 'last' as a map in version \"1.0\"; expected "
						+ "nothing but names, as clusters ignore anything else there. Set 'version: \"2.0\"' (2.1 and "
						+ "later).");
		ModuleVerifier stock = ModuleVerifier.of(Carts.functions("shop/stock"));
		assertThat(texts(stock.verify("""
				version: "1.0"
				module:
				  meta: {type: REMOTE}
				  spec:
				    functions:
				      - function:
				          meta: {kind: http, type: shop/stock}
				          spec: {endpoint: 'http://cart:8080/statefun', states: [left]}
				"""))).singleElement()
			.asString()
			.startsWith("WARNING at line 8, function 'shop/stock': found state 'left'");
	}

	@Test
	void statesOfVersion2AreMaps() {
		assertThat(say(V2.replace("- name: total", "- total"))).containsExactly(
				"ERROR at line 19, function 'shop/cart': found the state 'total' as a name alone in version "
						+ "\"2.0\"; expected a map with 'name'. Write '- name: total'.");
	}

	@Test
	void durationOf2IsANumber() {
		assertThat(say(V2.replace("readTimeout: 10s", "readTimeout: 10000")))
			.containsExactly("ERROR at line 20, function 'shop/cart': found 'readTimeout: 10000', which is a number; "
					+ "expected a text, as clusters of 2.x refuse anything else. Write 'readTimeout: \"10s\"'.");
		assertThat(say(V2.replace("readTimeout: 10s", "readTimeout: '10000'"))).isEmpty();
		assertThat(say(ENDPOINT.replace("2min", "120000"))).isEmpty();
	}

	@Test
	void durationHasAnUnknownUnit() {
		assertThat(say(ENDPOINT.replace("2min", "2m"))).containsExactly(
				"ERROR at line 7, document 1 (io.statefun.endpoints.v2/http): found 'call: '2m''; expected a "
						+ "whole number and one of the units ms, s, min, h and d. Write it like 'call: \"2min\"'.");
	}

	@Test
	void durationIsZero() {
		assertThat(say(V2.replace("readTimeout: 10s", "readTimeout: 0s"))).containsExactly(
				"ERROR at line 20, function 'shop/cart': found 'readTimeout: 0s'; expected a positive time, as "
						+ "clusters refuse none. Give a time of at least one millisecond.");
	}

	@Test
	void timeoutIsLongerThanTheCall() {
		assertThat(say(V2.replace("readTimeout: 10s", "readTimeout: 2min"))).containsExactly(
				"ERROR at line 12, function 'shop/cart': found 'readTimeout' with 2min, longer than 'timeout' "
						+ "with 1min; expected 'timeout' to be the longest, as OkHttp refuses anything else. "
						+ "Make 'readTimeout' shorter, or 'timeout' longer.");
	}

	@Test
	void readTimeoutBelowTheLimitOfABatchIsNotAFinding() {
		assertThat(say(V2.replace("readTimeout: 10s", "readTimeout: 5s"))).isEmpty();
		assertThat(say(ENDPOINT.replace("async\n    call: 2min", "okhttp\n    timeouts: {read: 5s}"))).isEmpty();
	}

	@Test
	void callIsBelowTheLimitOfABatch() {
		assertThat(say(ENDPOINT.replace("2min", "5s"))).containsExactly(
				"WARNING at line 3, document 1 (io.statefun.endpoints.v2/http), functions 'shop/*': found a "
						+ "call timeout of 5s; expected more than the 8s that a batch may take here, as the cluster gives "
						+ "up a batch that is still being handled. Set a longer time there, or 'statefun.batch-timeout' "
						+ "or 'statefun.module.transport.call'.");
		ModuleVerifier unlimited = this.verifier.batchTimeLimit(BatchTimeLimit.of(Duration.ZERO, null));
		assertThat(unlimited.verify(ENDPOINT.replace("2min", "5s")).findings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			async, call: 111s                                | 0
			async, call: 110s                                | 1
			async, call: 2min                                | 0
			async                                            | 0
			async, timeouts: {connect: 5s}                   | 1
			okhttp                                           | 0
			okhttp, timeouts: {read: 5s}                     | 0
			okhttp, timeouts: {call: 56s}                    | 0
			okhttp, timeouts: {call: 55s}                    | 1
			""")
	void limitOfABatchDependsOnTheTransport(String transport, int findings) {
		ModuleVerifier defaults = this.verifier.batchTimeLimit(BatchTimeLimit.of(null, null));
		String endpoint = ENDPOINT.replaceFirst("(?s)  transport:.*",
				"  transport: {type: io.statefun.transports.v1/" + transport + "}\n");
		assertThat(defaults.verify(endpoint).findings()).hasSize(findings)
			.extracting(ModuleFinding::kind)
			.allMatch(Kind.SHORT_TIMEOUT::equals);
		String old = V2.replace("readTimeout: 10s", "timeout: 55s");
		assertThat(defaults.verify(old).findings()).extracting(ModuleFinding::found)
			.containsExactly("a call timeout of 55s");
	}

	@Test
	void timeoutsOfTheAsynchronousTransportOverrideTheKeysBesideThem() {
		assertThat(kinds(ENDPOINT.replace("call: 2min", "call: 2min\n    timeouts: {call: 5s}")))
			.containsExactly(Kind.SHORT_TIMEOUT);
	}

	@Test
	void fileOf2IsMeantForClustersOf3() {
		assertThat(texts(this.verifier.verify(V2, ModuleFormat.V3))).containsExactly(
				"ERROR at line 1, module: found one document with 'version: \"2.0\"'; expected a document with "
						+ "'kind' for each component, as clusters of 3.1 and later refuse this. Write the format 'v3'.");
		assertThat(texts(this.verifier.verify(V2, ModuleFormat.V2))).isEmpty();
	}

	@Test
	void fileOf3IsMeantForClustersOf2() {
		assertThat(texts(this.verifier.verify(ENDPOINT, ModuleFormat.V2)))
			.containsExactly("ERROR at line 1, document 1: found components with a 'kind'; expected one document with "
					+ "'version: \"2.0\"', as clusters of 2.x read nothing else. Write the format 'v2'.");
	}

	@Test
	void versionIsANumber() {
		assertThat(say(V2.replace("\"2.0\"", "2.0"))).containsExactly(
				"ERROR at line 1, module: found 'version: 2.0', which is a number; expected a text, as clusters "
						+ "refuse anything else. Write 'version: \"2.0\"'.");
	}

	@Test
	void versionIsMissing() {
		assertThat(say(V2.replace("version: \"2.0\"\n", "")).get(0)).isEqualTo(
				"ERROR at line 1, module: found no 'version'; expected a text, as clusters refuse anything else. "
						+ "Write 'version: \"2.0\"'.");
	}

	@Test
	void versionIsThatOf30() {
		assertThat(say(V2.replace("\"2.0\"", "\"3.0\""))).containsExactly(
				"ERROR at line 1, module: found 'version: \"3.0\"'; expected 'version: \"2.0\"' (2.1 and 2.2), "
						+ "or documents with 'kind' (3.1 and later). Write the format 'v3': 3.1 and later still read this "
						+ "one, but it is not checked.");
	}

	@Test
	void versionIsAmongComponents() {
		assertThat(say(ENDPOINT + "---\nversion: \"2.0\"\n")).containsExactly(
				"ERROR at line 9, document 2: found 'version: 2.0' in a file of several documents; expected "
						+ "'kind' and 'spec' in each document. "
						+ "Write one document for each component, each with its 'kind'.");
	}

	@Test
	void typeOfTheModuleIsMissing() {
		assertThat(say(V2.replace("    type: remote\n", "    kind: remote\n")))
			.contains("ERROR at line 3, module: found no 'type' in the module's 'meta'; expected 'type: remote'. "
					+ "Write 'meta: {type: remote}'.");
	}

	@Test
	void exactlyOnceRequiresATimeout() {
		assertThat(say(ENDPOINT + EGRESS.replace("    transactionTimeout: 15min\n", "")))
			.containsExactly("ERROR at line 14, document 2 (io.statefun.kafka.v1/egress): found 'exactly-once' without "
					+ "'transactionTimeout'; expected a time, as clusters have no default. Add 'transactionTimeout'.");
	}

	@Test
	void propertiesAreAListOfSingleEntries() {
		assertThat(say(ENDPOINT + EGRESS + "  properties:\n    linger.ms: 5\n"))
			.containsExactly("ERROR at line 17, document 2 (io.statefun.kafka.v1/egress): found 'properties' as a map; "
					+ "expected a list with one entry for each. Write a '-' before each of them.");
		assertThat(say(ENDPOINT + EGRESS + "  properties:\n    - linger.ms: 5\n      acks: all\n")).containsExactly(
				"ERROR at line 17, document 2 (io.statefun.kafka.v1/egress): found an item of 'properties' with "
						+ "2 entries; expected one entry in each item, as clusters ignore all but the first. "
						+ "Write a '-' before each of them.");
	}

	@Test
	void typeOfValuesHasAnotherKeyIn2() {
		assertThat(say(ENDPOINT + INGRESS.replace("valueType", "typeUrl"))).containsExactly(
				"ERROR at line 15, document 2 (io.statefun.kafka.v1/ingress): found no 'valueType'; expected "
						+ "'valueType: type.googleapis.com/shop.AddItem'. Add 'valueType'.",
				"WARNING at line 16, document 2 (io.statefun.kafka.v1/ingress): found the key 'typeUrl', which clusters "
						+ "ignore; expected one of [targets, topic, valueType]. "
						+ "Remove it, or correct its name or place.");
	}

	@Test
	void onlyOneOfCertificateAndKeyIsSet() {
		assertThat(say(ENDPOINT + "    client_cert: /certs/client.pem\n")).containsExactly(
				"ERROR at line 6, document 1 (io.statefun.endpoints.v2/http): found only one of 'client_cert' "
						+ "and 'client_key'; expected both or none. Add the other one.");
	}

	@Test
	void invalidYamlIsAFinding() {
		assertThat(say("a: [")).singleElement()
			.asString()
			.startsWith("ERROR at line 1: found no YAML: ")
			.endsWith("; expected a file that can be parsed. Correct it.");
		assertThat(say("")).containsExactly("ERROR at line 1: found nothing that is a module; expected 'version' and "
				+ "'module' (2.x), or documents with 'kind' (3.x). Write it with 'statefun.module.write-to'.");
		assertThat(kinds("- a")).containsExactly(Kind.UNREADABLE);
		assertThat(kinds("a: \u0000")).containsExactly(Kind.UNREADABLE);
		assertThat(kinds("&a [*a]")).containsExactly(Kind.UNREADABLE);
	}

	@Test
	void partsOfAnyOtherFormAreFindings() {
		assertThat(kinds("kind: io.statefun.endpoints.v2/http\nspec: text")).contains(Kind.INVALID_VALUE);
		assertThat(kinds("kind: {a: b}\nspec: {}")).contains(Kind.WRONG_FORMAT);
		assertThat(kinds("kind: io.statefun.kafka.v1/ingress\nspec: {id: [], topics: {a: b}, targets: 5}"))
			.contains(Kind.MISSING_KEY);
		assertThat(kinds("version: '2.0'\nmodule: text")).contains(Kind.INVALID_VALUE);
		assertThat(kinds("version: '2.0'\nmodule: {meta: [], spec: {functions: {function: {}}}}"))
			.contains(Kind.INVALID_VALUE);
		assertThat(
				kinds("version: '2.0'\nmodule: {meta: {type: remote}, spec: {functions: [text, [], {function: 5}]}}"))
			.contains(Kind.MISSING_KEY);
	}

	@Test
	void errorsComeFirst() {
		ModuleReport report = this.verifier
			.verify(ENDPOINT.replace("cart:", "localhost:").replace("8080/statefun", "8080/other"));
		assertThat(report.findings()).extracting(ModuleFinding::severity)
			.containsExactly(Severity.ERROR, Severity.WARNING);
		assertThat(report.errors()).extracting(ModuleFinding::kind).containsExactly(Kind.WRONG_PATH);
		assertThat(report.warnings()).extracting(ModuleFinding::kind).containsExactly(Kind.LOOPBACK);
		assertThat(report).hasToString(report.errors().get(0) + "\n" + report.warnings().get(0));
	}

	@Test
	void filesAreReadAsUtf8() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		Files.writeString(file, ENDPOINT.replace("shop/*", "läden/*"));
		assertThat(this.verifier.verify(file, ModuleFormat.V3).toString()).contains("'läden/*'");
		assertThat(this.verifier.verify(file).toString()).contains("'läden/*'");
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> this.verifier.verify(this.directory.resolve("none.yaml")))
			.withMessage("Failed to read '" + this.directory.resolve("none.yaml") + "'");
	}

	private List<String> say(String moduleYaml) {
		return texts(this.verifier.verify(moduleYaml));
	}

	private List<Kind> kinds(String moduleYaml) {
		return this.verifier.verify(moduleYaml).findings().stream().map(ModuleFinding::kind).toList();
	}

	private static List<String> texts(ModuleReport report) {
		return report.findings().stream().map(ModuleFinding::toString).toList();
	}

	record Item(String name) {

		static final class Codec implements MessageCodec<Item> {

			@Override
			public Type type() {
				return Item.class;
			}

			@Override
			public String typename() {
				return "shop/AddItem";
			}

			@Override
			public Set<String> aliases() {
				return Set.of("shop/OldItem");
			}

			@Override
			public boolean immutable() {
				return true;
			}

			@Override
			public Item decode(byte[] buffer, int offset, int length) {
				return new Item(new String(buffer, offset, length, StandardCharsets.UTF_8));
			}

			@Override
			public byte[] encode(Item value) {
				return value.name().getBytes(StandardCharsets.UTF_8);
			}

		}

	}

	static final class TypedCart {

		@Handler
		void item(Item item) {
		}

		@Handler
		void text(String text) {
		}

		@Handler
		void protobuf(StringValue text) {
		}

	}

}
