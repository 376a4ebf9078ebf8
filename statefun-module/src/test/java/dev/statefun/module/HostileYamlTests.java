package dev.statefun.module;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for malicious files: each yields one finding, or a limited number of them.
 */
class HostileYamlTests {

	private final ModuleVerifier verifier = ModuleVerifier.of(Carts.functions("shop/cart"));

	@ParameterizedTest
	@ValueSource(strings = { "&a\n? *a\n: b\n", "? &a [ *a ]\n: b\n", "&a { ? { ? *a : c } : b }" })
	void mapThatIsItsOwnKeyIsNotAModule(String yaml) {
		assertThat(this.verifier.verify(yaml).findings()).extracting(ModuleFinding::found)
			.containsExactly("no 'kind'", "no function 'shop/cart'");
	}

	@Test
	void keyThatIsAMapIsIgnored() {
		ModuleReport report = this.verifier
			.verify("kind: io.statefun.endpoints.v2/http\nspec:\n  functions: shop/*\n" + "? &a { ? *a : b }\n: c\n");
		assertThat(report.findings())
			.anySatisfy((finding) -> assertThat(finding.toString()).contains("(a key that is no text)"));
	}

	@Test
	void deepYamlIsOneFinding() {
		assertThat(this.verifier.verify("[".repeat(100_000)).findings()).singleElement()
			.hasToString("ERROR at the file: found no YAML: Nesting Depth exceeded max 50; "
					+ "expected a file that can be parsed. Correct it.");
	}

	@Test
	void manyAliasesAreOneFinding() {
		String bomb = "a: &a [ x, x ]\nb: &b [ " + "*a, ".repeat(60) + "x ]\n";
		assertThat(this.verifier.verify(bomb).findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.found()).startsWith("no YAML: Number of aliases"));
	}

	@Test
	void manyDocumentsAreOneFinding() {
		assertThat(this.verifier.verify("---\na: b\n".repeat(200_000)).findings()).singleElement()
			.hasToString("ERROR at the file: found no YAML: it has more than 10000 documents; "
					+ "expected a file that can be parsed. Correct it.");
	}

	@Test
	void furtherFindingsAreCounted() {
		List<ModuleFinding> findings = this.verifier.verify("---\nkind: a\n".repeat(5_000)).findings();
		assertThat(findings).hasSize(1_001);
		assertThat(findings.get(1_000).toString()).startsWith("ERROR at the file: found ")
			.endsWith(" more findings, left out here; expected a file that goes with this application. "
					+ "Correct the others first.");
	}

	@Test
	void oversizedTextIsOneFinding() {
		assertThat(this.verifier.verify("a: " + "x".repeat(4_000_000)).findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.found())
				.startsWith("no YAML: it has more than 3000000 characters"));
	}

	@Test
	void oversizedFileIsNotRead(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("module.yaml");
		try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
			content.setLength(100L << 20);
		}
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> this.verifier.verify(file))
			.withRootCauseInstanceOf(IOException.class)
			.havingRootCause()
			.withMessage("it has more than 16 MB, far more than a module");
	}

}
