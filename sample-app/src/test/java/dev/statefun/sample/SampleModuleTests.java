package dev.statefun.sample;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.statefun.manifest.StateManifest;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.test.StateManifestAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the module and state files beside the sample match its functions.
 */
@AutoConfigureMockMvc
@SpringBootTest
class SampleModuleTests {

	@ParameterizedTest
	@CsvSource({ "V2, module-v2.yaml", "V3, module-v3.yaml" })
	void modulesEqualTheWrittenOnes(ModuleFormat format, Path file, @Autowired ModuleGenerator generator)
			throws Exception {
		assertThat(generator.generate(format)).isEqualTo(Files.readString(file));
	}

	@ParameterizedTest
	@CsvSource({ "V2, module-v2.yaml", "V3, module-v3.yaml" })
	void modulesGoWithTheFunctions(ModuleFormat format, Path file, @Autowired ModuleVerifier verifier) {
		assertThat(verifier.verify(file, format).errors()).isEmpty();
	}

	@Test
	void statesAreThoseOfTheLastRelease(@Autowired StatefulFunctions functions) {
		StateManifestAssert.assertThat(StateManifest.of(functions)).isCompatibleWith(Path.of("states.json"));
	}

	@Test
	void statesEqualTheWrittenOnes(@Autowired StatefulFunctions functions) throws Exception {
		assertThat(StateManifest.of(functions).toJson()).isEqualTo(Files.readString(Path.of("states.json")));
	}

	@ParameterizedTest
	@CsvSource({ "?format=v2, module-v2.yaml", "?format=v3, module-v3.yaml", "'', module-v3.yaml" })
	void actuatorShowsTheModules(String query, Path file, @Autowired MockMvcTester mvc) throws Exception {
		assertThat(mvc.get().uri("/actuator/statefunmodule" + query)).hasStatusOk()
			.hasContentTypeCompatibleWith("application/yaml")
			.bodyText()
			.isEqualTo(Files.readString(file));
	}

	@Test
	void actuatorReturnsTextAndRejectsOtherFormats(@Autowired MockMvcTester mvc) {
		assertThat(mvc.get().uri("/actuator/statefunmodule").header(HttpHeaders.ACCEPT, "text/yaml")).hasStatusOk()
			.hasContentTypeCompatibleWith("text/yaml");
		assertThat(mvc.get().uri("/actuator/statefunmodule?format=v1")).hasStatus(400);
		assertThat(mvc.get().uri("/actuator/statefunmodule").accept(MediaType.APPLICATION_JSON)).hasStatus(406);
	}

}
