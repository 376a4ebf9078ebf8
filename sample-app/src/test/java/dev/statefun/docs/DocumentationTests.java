package dev.statefun.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that all Java in the documentation is compiled, and that its links exist.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern JAVA = Pattern.compile("(?:<!-- (?:code|file): (\\S+) -->\\s)?```java\\n(.*?)```",
			Pattern.DOTALL);

	private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);$");

	private static final List<String> PUBLISHED = List.of("statefun-sdk", "statefun-module", "statefun-endpoint",
			"statefun-netty", "statefun-local-runtime", "statefun-flink-cluster", "statefun-spring-boot-autoconfigure",
			"statefun-spring-boot-test");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

	@Test
	void everySnippetIsPartOfACompiledFile() throws IOException {
		int pieces = 0;
		for (Path page : pages()) {
			for (Snippet piece : Snippet.of(page)) {
				pieces++;
				assertThat(piece.source()).as("source of a piece of Java in %s", page).isNotNull();
				if (page.equals(GettingStartedIT.PAGE)) {
					// Compiled by GettingStartedIT as a project of its own
					continue;
				}
				assertThat(withoutIndentation(Files.readString(ROOT.resolve(piece.source())))).as("%s", page)
					.containsSubsequence(paragraphs(piece.java()));
			}
		}
		assertThat(pieces).isGreaterThan(3);
	}

	@Test
	void snippetsHaveBalancedBrackets() throws IOException {
		for (Path page : pages()) {
			for (Snippet piece : Snippet.of(page)) {
				assertThat(piece.count('{')).as("%s: %s", page, piece.java()).isEqualTo(piece.count('}'));
			}
		}
	}

	@Test
	void snippetsUseOnlyNamesSeenBefore() throws IOException {
		List<String> unknown = new ArrayList<>();
		for (Path page : pages()) {
			SnippetNames names = new SnippetNames(declaredOnLinkedPages(page));
			for (Snippet piece : Snippet.of(page)) {
				names.unknownIn(piece.java()).forEach((name) -> unknown.add(page + ": " + name));
			}
		}
		assertThat(unknown).isEmpty();
	}

	@Test
	void everyPackageWithPublicTypesIsListed() throws IOException {
		String listed = Files.readString(ROOT.resolve("docs/reference/packages.md"));
		int packages = 0;
		for (Path type : publicTypes()) {
			String name = PACKAGE.matcher(Files.readString(type)).results().findFirst().orElseThrow().group(1);
			if (!name.equals("dev.statefun.sdk.protocol")) {
				packages++;
				assertThat(listed).contains("| `" + name + "` |");
			}
		}
		assertThat(packages).isGreaterThan(100);
	}

	@Test
	void everyLinkHasATarget() throws IOException {
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

	private static List<Path> publicTypes() throws IOException {
		List<Path> types = new ArrayList<>();
		for (String module : PUBLISHED) {
			try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
				types.addAll(sources.filter((file) -> file.toString().endsWith(".java")).toList());
			}
		}
		types.removeIf((file) -> !isPublic(file));
		return types;
	}

	private static boolean isPublic(Path source) {
		try {
			return Files.readString(source).contains("\npublic ");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Set<String> declaredOnLinkedPages(Path page) throws IOException {
		Set<String> declared = new TreeSet<>();
		Matcher link = LINK.matcher(Files.readString(page));
		while (link.find()) {
			Path target = page.resolveSibling(link.group(1));
			if (target.toString().endsWith(".md") && Files.isRegularFile(target)) {
				declared.addAll(SnippetNames.typesDeclaredIn(Files.readString(target)));
			}
		}
		return declared;
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

	// A snippet may leave out parts of the file between its paragraphs, and imports
	private static List<String> paragraphs(String piece) {
		List<String> paragraphs = new ArrayList<>();
		for (String paragraph : withoutIndentation(piece).split("\n{2,}")) {
			if (paragraph.startsWith("import ")) {
				paragraphs.addAll(paragraph.lines().toList());
			}
			else if (!paragraph.equals("// ...")) {
				paragraphs.add(paragraph);
			}
		}
		return paragraphs;
	}

	private static String withoutIndentation(String code) {
		return code.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
	}

	/**
	 * A snippet of Java on a page.
	 *
	 * @param source file named as its source
	 * @param java its text
	 */
	private record Snippet(@Nullable String source, String java) {

		static List<Snippet> of(Path page) throws IOException {
			return JAVA.matcher(Files.readString(page))
				.results()
				.map((match) -> new Snippet(match.group(1), match.group(2)))
				.toList();
		}

		long count(char wanted) {
			return this.java.chars().filter((character) -> character == wanted).count();
		}

	}

}
