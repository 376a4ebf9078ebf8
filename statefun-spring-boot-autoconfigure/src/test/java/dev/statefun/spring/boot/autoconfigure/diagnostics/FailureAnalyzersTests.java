package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the registration of the failure analyzers.
 */
class FailureAnalyzersTests {

	private static final String PACKAGE = StatefunAutoConfiguration.class.getPackageName();

	@Test
	void otherFailuresAreIgnored() {
		for (FailureAnalyzer analyzer : own()) {
			assertThat(analyzer.analyze(new IllegalArgumentException("other"))).isNull();
		}
	}

	@Test
	void everyAnalyzerIsRegistered() throws Exception {
		Path classes = Path
			.of(DuplicateFunctionFailureAnalyzer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		try (Stream<Path> files = Files.walk(classes)) {
			List<String> found = files.map((file) -> classes.relativize(file).toString())
				.filter((name) -> name.endsWith("FailureAnalyzer.class"))
				.map((name) -> name.replace('/', '.').replaceAll("\\.class$", ""))
				.toList();
			assertThat(found).hasSizeGreaterThan(4).containsExactlyInAnyOrderElementsOf(listed(classes));
		}
		assertThat(own()).extracting((analyzer) -> analyzer.getClass().getName())
			.containsExactlyElementsOf(listed(classes));
	}

	@Test
	void everyRegisteredAnalyzerIsTested() {
		List<String> used = Stream
			.of(FunctionTypeFailuresTests.failures(), HandlerFailuresTests.failures(), StateFailuresTests.failures(),
					MessageTypeFailuresTests.failures(), RegistrationFailuresTests.failures(),
					VersionFailuresTests.failures(), PathFailuresTests.failures())
			.flatMap((failures) -> failures)
			.map(FailureAnalyzersTests::nameOfAnalyzer)
			.distinct()
			.toList();
		assertThat(own()).extracting((analyzer) -> analyzer.getClass().getSimpleName())
			.containsExactlyInAnyOrderElementsOf(used);
	}

	private static String nameOfAnalyzer(StartUpFailure failure) {
		StringBuilder name = new StringBuilder();
		StartUpFailure.contextRunner().withUserConfiguration(failure.configuration()).run((context) -> {
			for (FailureAnalyzer analyzer : StartUpFailure.analyzers()) {
				if (analyzer.analyze(Objects.requireNonNull(context.getStartupFailure())) != null) {
					name.append(analyzer.getClass().getSimpleName());
					break;
				}
			}
		});
		return name.toString();
	}

	private static List<String> listed(Path classes) throws IOException {
		return List.of(PropertiesLoaderUtils
			.loadProperties(new FileSystemResource(classes.resolve("META-INF/spring.factories")))
			.getProperty(FailureAnalyzer.class.getName())
			.split(","));
	}

	private static List<FailureAnalyzer> own() {
		return StartUpFailure.analyzers()
			.stream()
			.filter((analyzer) -> analyzer.getClass().getName().startsWith(PACKAGE))
			.toList();
	}

}
