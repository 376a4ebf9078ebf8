package dev.statefun.flink.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.statefun.sdk.FunctionType;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SubmittedModule}, with the modules that the sample writes.
 */
class SubmittedModuleTests {

	private static final Path SAMPLE = Path.of("../sample-app");

	@Test
	void ingressAndEgressOf3xAreTakenOut() throws Exception {
		SubmittedModule module = SubmittedModule.of(Files.readString(SAMPLE.resolve("module-v3.yaml")));
		assertThat(module.release()).isEqualTo(FlinkRelease.STATEFUN_3_3);
		assertThat(module.egresses()).containsExactly("example/greets");
		assertThat(module.ingresses()).containsExactly("example/names");
		assertThat(module.serves(FunctionType.of("example", "hello"))).isTrue();
		assertThat(module.serves(FunctionType.of("example", "other"))).isFalse();
		assertThat(module.text()).contains("functions: example/hello", "call: 2min").doesNotContain("kafka");
		assertThat(new Yaml().loadAll(module.text())).hasSize(5);
	}

	@Test
	void ingressAndEgressOf2xAreTakenOut() throws Exception {
		SubmittedModule module = SubmittedModule.of(Files.readString(SAMPLE.resolve("module-v2.yaml")));
		assertThat(module.release()).isEqualTo(FlinkRelease.STATEFUN_2_2);
		assertThat(module.egresses()).containsExactly("example/greets");
		assertThat(module.ingresses()).containsExactly("example/names");
		assertThat(module.functions()).contains("example/hello").hasSize(5);
		assertThat(module.text()).contains("type: example/hello", "version: '2.0'").doesNotContain("kafka");
	}

	@Test
	void namespaceMayBeServedAsAWhole() {
		SubmittedModule module = SubmittedModule.of("kind: io.statefun.endpoints.v2/http\nspec: {functions: 'a.b/*'}");
		assertThat(module.serves(FunctionType.of("a.b", "any"))).isTrue();
		assertThat(module.serves(FunctionType.of("a", "any"))).isFalse();
	}

	@Test
	void textThatIsNoModuleIsRefused() {
		assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> SubmittedModule.of("a: ["))
			.withMessageContaining("The module is no YAML: ");
		assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> SubmittedModule.of("a: 1\na: 2"))
			.withMessageContaining("duplicate key a");
		assertThatExceptionOfType(FlinkClusterException.class).isThrownBy(() -> SubmittedModule.of("just text"))
			.withMessageContaining("has no functions");
		assertThatExceptionOfType(FlinkClusterException.class)
			.isThrownBy(() -> SubmittedModule.of("version: '3.0'\nmodule: {spec: {endpoints: []}}"))
			.withMessageContaining("Found a module of the format 3.0");
	}

}
