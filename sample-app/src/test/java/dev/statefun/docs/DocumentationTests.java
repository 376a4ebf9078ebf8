package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation shows code that is compiled, and links to what exists.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern JAVA = Pattern.compile("(?:<!-- (?:code|file): (\\S+) -->\\s)?```java\\n(.*?)```",
			Pattern.DOTALL);

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

	@Test
	void everyPieceOfJavaStandsInACompiledFile() throws IOException {
		int pieces = 0;
		for (Path page : pages()) {
			Matcher java = JAVA.matcher(Files.readString(page));
			while (java.find()) {
				pieces++;
				assertThat(java.group(1)).as("source of a piece of Java in %s", page).isNotNull();
				if (page.equals(GettingStartedIT.PAGE)) {
					// Compiled there, as a project of its own
					continue;
				}
				String source = withoutIndentation(Files.readString(ROOT.resolve(java.group(1))));
				assertThat(source).as("%s", page).contains(withoutIndentation(java.group(2)));
			}
		}
		assertThat(pieces).isGreaterThan(3);
	}

	@Test
	void everyLinkLeadsSomewhere() throws IOException {
		List<Path> broken = new ArrayList<>();
		int links = 0;
		for (Path page : pages()) {
			Matcher link = LINK.matcher(Files.readString(page));
			while (link.find()) {
				links++;
				Path target = page.resolveSibling(link.group(1));
				if (!Files.exists(target)) {
					broken.add(target);
				}
			}
		}
		assertThat(links).isGreaterThan(5);
		assertThat(broken).isEmpty();
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
				Stream<Path> top = Files.list(ROOT);
				Stream<Path> sample = Files.list(Path.of("."))) {
			return Stream.of(docs, top, sample)
				.flatMap((files) -> files)
				.filter((file) -> file.toString().endsWith(".md"))
				.sorted()
				.toList();
		}
	}

	private static String withoutIndentation(String code) {
		return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
	}

}
