package dev.statefun.sdk;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks that the inputs of fuzz tests are replayed: without a folder of its name, a test
 * runs only once, with no bytes.
 */
class FuzzInputsTests {

	@ParameterizedTest
	@ValueSource(classes = { RequestDecodingFuzzTests.class, RequestHandlingFuzzTests.class })
	void eachTestHasAFolderOfInputs(Class<?> tests) throws Exception {
		List<String> methods = Arrays.stream(tests.getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(FuzzTest.class))
			.map(Method::getName)
			.toList();
		Path folder = Path.of("src/test/resources/dev/statefun/sdk", tests.getSimpleName() + "Inputs");
		try (Stream<Path> entries = Files.list(folder)) {
			assertThat(entries.map((entry) -> entry.getFileName().toString())).isEqualTo(methods);
		}
	}

}
