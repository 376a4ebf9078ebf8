package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that sources, pages and settings avoid the words that readers stumbled over.
 */
class PlainEnglishTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	/** Programs neither tell nor are told anything; the others have a plainer form. */
	private static final Pattern DIALECT = Pattern
		.compile("\\b([Nn]obody|(?i:whoever|somebody|befalls?|befell|befallen|becomes? of|became of"
				+ "|(?:is|are|was|were|be) told|tells? (?:itself|apart)|reflects never))\\b");

	private static final Set<String> KINDS = Set.of(".java", ".md", ".yml", ".properties");

	private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");

	/** File names of ADRs never change. */
	private static final String OLD_PAGE = "0016-batches-are-observed-when-somebody-looks";

	/** Allowed text by file, with the reason. */
	private static final Map<String, List<Allowed>> ALLOWED = Map.of( //
			"PlainEnglishTests.java", List.of(new Allowed(".*", "the word list itself")), //
			"README.md", List.of(new Allowed(OLD_PAGE, "name of a page")), //
			"observability.md", List.of(new Allowed(OLD_PAGE, "name of a page")));

	@Test
	void sourcesAndPagesUsePlainWords() throws IOException {
		List<Path> files = files();
		List<String> found = new ArrayList<>();
		for (Path file : files) {
			int number = 0;
			for (String line : Files.readAllLines(file)) {
				number++;
				if (isDialect(file.getFileName().toString(), line)) {
					found.add(ROOT.relativize(file) + ":" + number + ": " + line.strip());
				}
			}
		}
		assertThat(files).hasSizeGreaterThan(500);
		assertThat(found).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "// Nobody waits for it", "Whoever finds no room waits", "is told what befalls requests",
			"What became of one batch." })
	void theWordsAreFound(String line) {
		assertThat(isDialect("Any.java", line)).isTrue();
	}

	@Test
	void wordsThatContainOneOfThemAreNotFound() {
		assertThat(isDialect("Any.java", "BodyPublishers.noBody(), Nobodies")).isFalse();
	}

	@Test
	void allowedTextIsIgnoredInItsFileAlone() {
		String link = "(../adr/" + OLD_PAGE + ".md)";
		assertThat(isDialect("observability.md", link)).isFalse();
		assertThat(isDialect("traffic.md", link)).isTrue();
	}

	private static boolean isDialect(String file, String line) {
		String rest = line;
		for (Allowed allowed : ALLOWED.getOrDefault(file, List.of())) {
			rest = rest.replaceAll(allowed.text(), "");
		}
		return DIALECT.matcher(rest).find();
	}

	private static List<Path> files() throws IOException {
		List<Path> files = new ArrayList<>();
		Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
				return SKIPPED.contains(directory.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE
						: FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				if (KINDS.stream().anyMatch(file.toString()::endsWith)) {
					files.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

		});
		return files;
	}

	/**
	 * A text that may stand in a file although it has one of the words.
	 *
	 * @param text regular expression of the text
	 * @param reason why it stands there
	 */
	private record Allowed(String text, String reason) {

	}

}
