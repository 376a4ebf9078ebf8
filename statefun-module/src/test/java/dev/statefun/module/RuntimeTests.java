package dev.statefun.module;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.statefun.module.ModuleFinding.Severity;
import dev.statefun.module.settings.FailureMode;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.module.settings.KafkaEgress.DeliverySemantic;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.KafkaIngress.InvalidRecordHandling;
import dev.statefun.module.settings.Route;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for what only some runtimes have: written, verified, and refused elsewhere.
 */
@NullUnmarked
class RuntimeTests {

	private static final String HEADERS = "forwardHeaders: true";

	private static final String INVALID = "invalidRecordHandling:\n    type: fail";

	@ParameterizedTest
	@CsvSource({ "APACHE_3_3, V3", "APACHE_2_2, V2", "KZMLABS, V3", "FRANSKING, V3" })
	void formatFollowsFromTheRuntime(ModuleRuntime runtime, ModuleFormat format) {
		assertThat(runtime.format()).isEqualTo(format);
		String text = generator(settings(runtime)).generate(format);
		assertThat(verifier(runtime).verify(text).findings()).isEmpty();
		ModuleFormat other = (format == ModuleFormat.V2) ? ModuleFormat.V3 : ModuleFormat.V2;
		assertThat(verifier(runtime).verify(generator(settings(runtime)).generate(other)).errors())
			.extracting(ModuleFinding::kind)
			.containsExactly(ModuleFinding.Kind.WRONG_FORMAT);
	}

	@Test
	void kzmlabsForwardsHeaders() {
		String text = generator(settings(ModuleRuntime.KZMLABS, ingress(true, null))).generate(ModuleFormat.V3);
		assertThat(text).contains("  " + HEADERS + "\n")
			.startsWith("# Written by the application, from its functions and 'statefun.module', for the runtime "
					+ "kzmlabs.\n");
		assertThat(verifier(ModuleRuntime.KZMLABS).verify(text).findings()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(InvalidRecordHandling.class)
	void kzmlabsHandlesInvalidRecords(InvalidRecordHandling handling) {
		String text = generator(settings(ModuleRuntime.KZMLABS, ingress(null, handling))).generate(ModuleFormat.V3);
		assertThat(text).contains("  invalidRecordHandling:\n    type: " + ModuleWriter.hyphenated(handling) + "\n")
			.doesNotContain("forwardHeaders");
		assertThat(verifier(ModuleRuntime.KZMLABS).verify(text).findings()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(FailureMode.class)
	void franskingHasAFailureMode(FailureMode mode) {
		ModuleSettings settings = settings(ModuleRuntime.FRANSKING).failureMode(mode);
		String text = generator(settings).generate(ModuleFormat.V3);
		assertThat(text).contains("  failureMode: " + mode + "\n");
		assertThat(verifier(ModuleRuntime.FRANSKING).verify(text).findings()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(value = ModuleRuntime.class, mode = EnumSource.Mode.EXCLUDE, names = "KZMLABS")
	void otherRuntimesRefuseSettingsOfKzmlabs(ModuleRuntime runtime) {
		assertRefused(settings(runtime, ingress(false, null)),
				"Found 'forward-headers' of ingress 'shop/items' for the " + "runtime '" + runtime
						+ "'; expected 'kzmlabs', which alone has it. Set 'statefun.module.runtime' to "
						+ "'kzmlabs', or remove the setting.");
		assertRefused(settings(runtime, ingress(null, InvalidRecordHandling.SKIP)),
				"Found 'invalid-record-handling' of ingress 'shop/items' for the runtime '" + runtime
						+ "'; expected 'kzmlabs', which alone has it. Set 'statefun.module.runtime' to 'kzmlabs', "
						+ "or remove the setting.");
	}

	@ParameterizedTest
	@EnumSource(value = ModuleRuntime.class, mode = EnumSource.Mode.EXCLUDE, names = "FRANSKING")
	void otherRuntimesRefuseTheSettingOfFransking(ModuleRuntime runtime) {
		assertRefused(settings(runtime).failureMode(FailureMode.DROP),
				"Found 'statefun.module.failure-mode' for the " + "runtime '" + runtime
						+ "'; expected 'fransking', which alone has it. Set 'statefun.module.runtime' "
						+ "to 'fransking', or remove the setting.");
	}

	@Test
	void kzmlabsRefusesExactlyOnce() {
		KafkaEgress egress = new KafkaEgress("shop/receipts", null, DeliverySemantic.EXACTLY_ONCE,
				Duration.ofMinutes(15), null);
		Kafka kafka = new Kafka("kafka:9092", List.of(), List.of(egress));
		assertRefused(settings(ModuleRuntime.KZMLABS).kafka(kafka),
				"Found 'exactly-once' of egress 'shop/receipts' for the runtime 'kzmlabs', where such an egress can't "
						+ "start; expected another delivery semantic. Set 'delivery-semantic' to 'at-least-once' and "
						+ "remove 'transaction-timeout'.");
		String text = generator(settings(ModuleRuntime.FRANSKING).kafka(kafka)).generate(ModuleFormat.V3);
		assertThat(verifier(ModuleRuntime.FRANSKING).verify(text).findings()).isEmpty();
		assertThat(verifier(ModuleRuntime.KZMLABS).verify(text).findings()).extracting(ModuleFinding::toString)
			.containsExactly("ERROR at line 20, document 2 (io.statefun.kafka.v1/egress): found 'type: exactly-once' "
					+ "for the runtime 'kzmlabs', where such an egress can't start; expected 'type: at-least-once' or "
					+ "'type: none'. Write 'type: at-least-once'.");
	}

	@ParameterizedTest
	@CsvSource({ "KZMLABS, ", "APACHE_3_3, ERROR", "FRANSKING, ERROR", ", WARNING" })
	void keysOfKzmlabsAreKnownThereAndReportedElsewhere(@Nullable ModuleRuntime runtime, @Nullable Severity severity) {
		String text = generator(settings(ModuleRuntime.KZMLABS, ingress(true, InvalidRecordHandling.FAIL)))
			.generate(ModuleFormat.V3);
		String topic = text.replace("topic: items", "topic: items\n      forwardHeaders: false");
		assertThat(topic).contains(HEADERS).contains(INVALID);
		List<ModuleFinding> findings = verifier(runtime).verify(topic).findings();
		assertThat(findings).hasSize((severity != null) ? 3 : 0)
			.allSatisfy((finding) -> assertThat(finding.severity()).isEqualTo(severity))
			.allSatisfy((finding) -> assertThat(finding.action())
				.isEqualTo("Set 'statefun.module.runtime' to 'kzmlabs' if that is the cluster's, or remove the key"));
		if (severity != null) {
			assertThat(findings).extracting(ModuleFinding::found)
				.containsExactlyInAnyOrder("the key 'forwardHeaders', which only the runtime 'kzmlabs' reads",
						"the key 'forwardHeaders', which only the runtime 'kzmlabs' reads",
						"the key 'invalidRecordHandling', which only the runtime 'kzmlabs' reads");
		}
	}

	@ParameterizedTest
	@CsvSource({ "FRANSKING, ", "APACHE_3_3, ERROR", "KZMLABS, ERROR", ", WARNING" })
	void keyOfFranskingIsKnownThereAndReportedElsewhere(@Nullable ModuleRuntime runtime, @Nullable Severity severity) {
		String text = generator(settings(ModuleRuntime.FRANSKING).failureMode(FailureMode.DROP))
			.generate(ModuleFormat.V3);
		assertThat(verifier(runtime).verify(text).findings()).hasSize((severity != null) ? 1 : 0)
			.allSatisfy((finding) -> assertThat(finding.severity()).isEqualTo(severity))
			.allSatisfy((finding) -> assertThat(finding.found())
				.isEqualTo("the key 'failureMode', which only the runtime 'fransking' reads"));
	}

	@Test
	void keyOfKzmlabsIsAnErrorIn2() {
		String text = generator(settings(ModuleRuntime.APACHE_2_2, ingress(null, null))).generate(ModuleFormat.V2)
			.replace("consumerGroupId: cart", "consumerGroupId: cart\n            forwardHeaders: true");
		assertThat(verifier(null).verify(text).errors()).extracting(ModuleFinding::expected)
			.containsExactly("keys of the runtime 'apache-2.2'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "type: fail | type: forward | 'type: forward' | one of [fail, skip]",
					"type: fail | typ: fail | the key 'typ', which clusters ignore | one of [logLevel, type]" })
	void invalidValuesOfKzmlabsAreReported(String right, String wrong, String found, String expected) {
		String text = generator(settings(ModuleRuntime.KZMLABS, ingress(null, InvalidRecordHandling.FAIL)))
			.generate(ModuleFormat.V3);
		assertThat(verifier(ModuleRuntime.KZMLABS).verify(text.replace(right, wrong)).findings())
			.extracting(ModuleFinding::found, ModuleFinding::expected)
			.containsExactly(tuple(found, expected));
	}

	@Test
	void invalidFailureModeIsReported() {
		String text = generator(settings(ModuleRuntime.FRANSKING).failureMode(FailureMode.DROP))
			.generate(ModuleFormat.V3)
			.replace("failureMode: DROP", "failureMode: drop");
		assertThat(verifier(ModuleRuntime.FRANSKING).verify(text).errors()).extracting(ModuleFinding::expected)
			.containsExactly("one of [DROP, FAIL]");
	}

	@Test
	void templateHasReferencesInPlaceOfSecrets() {
		ModuleSettings plain = settings(ModuleRuntime.APACHE_3_3, ingress(null, null));
		ModuleSettings secret = new ModuleSettings(Carts.ENDPOINT + "/q7Rk2vXw-0123456789", "q7Rk2vXw-0123456789", 1000,
				false, plain.transport(), plain.batchTimeLimit(), plain.kafka(), plain.kinesis(), List.of(), null, null,
				null);
		ModuleTemplate template = generator(secret).generateTemplate(ModuleFormat.V3);
		assertThat(template.text()).doesNotContain("q7Rk2vXw")
			.contains("urlPathTemplate: " + Carts.ENDPOINT + "/${STATEFUN_SECURITY_SECRET}\n")
			.contains("    - sasl.jaas.config: |-\n        ${INGRESS_SHOP_ITEMS_SASL_JAAS_CONFIG}\n");
		assertThat(template.references()).containsExactly("STATEFUN_SECURITY_SECRET",
				"INGRESS_SHOP_ITEMS_SASL_JAAS_CONFIG");
		assertThat(generator(settings(ModuleRuntime.APACHE_3_3)).generateTemplate(ModuleFormat.V3)).isEqualTo(
				new ModuleTemplate(generator(settings(ModuleRuntime.APACHE_3_3)).generate(ModuleFormat.V3), List.of()));
	}

	private static void assertRefused(ModuleSettings settings, String message) {
		ModuleRuntime runtime = settings.runtime();
		assertThat(runtime).isNotNull();
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> generator(settings).generate(runtime.format()))
			.withMessage(message);
	}

	private static ModuleGenerator generator(ModuleSettings settings) {
		return new ModuleGenerator(Carts.functions("shop/cart"), settings);
	}

	private static ModuleVerifier verifier(@Nullable ModuleRuntime runtime) {
		ModuleVerifier verifier = ModuleVerifier.of(Carts.functions("shop/cart"));
		return (runtime != null) ? verifier.runtime(runtime) : verifier;
	}

	private static ModuleSettings settings(ModuleRuntime runtime) {
		return ModuleSettings.of(Carts.ENDPOINT).runtime(runtime);
	}

	private static ModuleSettings settings(ModuleRuntime runtime, KafkaIngress ingress) {
		return settings(runtime).kafka(new Kafka("kafka:9092", List.of(ingress), List.of()));
	}

	private static KafkaIngress ingress(@Nullable Boolean headers, @Nullable InvalidRecordHandling handling) {
		return new KafkaIngress("shop/items", null, "cart",
				List.of(new Route("items", "shop/AddItem", List.of("shop/cart"))), null, null,
				Map.of("sasl.jaas.config", "secret"), headers, handling);
	}

}
