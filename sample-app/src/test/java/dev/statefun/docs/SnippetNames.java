package dev.statefun.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that the snippets of one page use and introduce, from first to last. A
 * snippet may use names that it imports or declares, and names of earlier snippets on the
 * same page.
 */
final class SnippetNames {

	private static final Pattern NOT_CODE = Pattern
		.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])'|//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

	private static final Pattern IMPORT = Pattern
		.compile("(?m)^import (static )?[\\w.]+\\.(\\w+);$|^package [\\w.]+;$");

	private static final Pattern DECLARED_TYPE = Pattern.compile("\\b(?:class|interface|record|enum) (\\w+)");

	private static final Pattern DECLARED_METHOD = Pattern
		.compile("[\\w>\\]](?<!\\breturn|\\bnew|\\belse|\\bthrow) (\\w+)\\((?:[^()]|\\([^()]*\\))*\\)[\\w\\s,]*[{;]");

	private static final Pattern DECLARED_CONSTANT = Pattern.compile("\\b([A-Z][A-Z0-9_]+) =");

	private static final Pattern ENUM = Pattern.compile("\\benum \\w+ \\{([^{};]*)[;}]");

	private static final Pattern USED_TYPE = Pattern.compile("(?<![\\w.])([A-Z]\\w+)");

	private static final Pattern USED_METHOD = Pattern.compile("(?<![\\w.])([a-z]\\w*)\\(");

	private static final Set<String> KEYWORDS = Set.of("if", "for", "while", "switch", "catch", "try", "synchronized",
			"super", "this", "return");

	private final Set<String> types;

	private final Set<String> methods = new TreeSet<>();

	/**
	 * Start a page.
	 * @param seen types that readers know from elsewhere
	 */
	SnippetNames(Set<String> seen) {
		this.types = new TreeSet<>(seen);
	}

	/**
	 * Return the types that a text declares.
	 * @param java the text
	 * @return the simple names
	 */
	static Set<String> typesDeclaredIn(String java) {
		Set<String> types = new TreeSet<>();
		addAll(DECLARED_TYPE.matcher(java), types);
		return types;
	}

	/**
	 * Add the next snippet.
	 * @param java the snippet
	 * @return names in it that have not appeared on the page
	 */
	Set<String> unknownIn(String java) {
		Matcher imported = IMPORT.matcher(java);
		while (imported.find()) {
			if (imported.group(2) != null) {
				((imported.group(1) != null) ? this.methods : this.types).add(imported.group(2));
			}
		}
		String code = NOT_CODE.matcher(IMPORT.matcher(java).replaceAll("")).replaceAll("\"\"");
		addAll(DECLARED_TYPE.matcher(code), this.types);
		addAll(DECLARED_CONSTANT.matcher(code), this.types);
		addAll(DECLARED_METHOD.matcher(code), this.methods);
		Matcher constants = ENUM.matcher(code);
		while (constants.find()) {
			addAll(USED_TYPE.matcher(constants.group(1)), this.types);
		}
		Set<String> unknown = new TreeSet<>();
		addAll(USED_TYPE.matcher(code), unknown);
		unknown.removeIf((name) -> this.types.contains(name) || this.methods.contains(name) || isOfJavaLang(name));
		Set<String> calls = new TreeSet<>();
		addAll(USED_METHOD.matcher(code), calls);
		calls.removeIf((name) -> this.methods.contains(name) || KEYWORDS.contains(name));
		unknown.addAll(calls);
		return unknown;
	}

	private static void addAll(Matcher names, Set<String> result) {
		while (names.find()) {
			result.add(names.group(1));
		}
	}

	private static boolean isOfJavaLang(String type) {
		try {
			Class.forName("java.lang." + type);
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

}
