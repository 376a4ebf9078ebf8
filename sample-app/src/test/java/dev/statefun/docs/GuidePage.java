package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guide that asks the reader to create a project and run commands.
 *
 * @param files files of the project, by their paths
 * @param commands commands with the output shown on the page, in page order
 */
record GuidePage(Map<String, String> files, List<Command> commands) {

	private static final Pattern FILE = Pattern.compile("<!-- file: (\\S+) -->\\n```\\w+\\n(.*?)```", Pattern.DOTALL);

	private static final Pattern CONSOLE = Pattern.compile("```console\\n(.*?)```", Pattern.DOTALL);

	// A backslash at the end of a line continues it in the next
	private static final Pattern COMMAND = Pattern.compile("\\$ ((?:.*\\\\\\n)*.*)\\n((?:(?!\\$ ).*\\n)*)");

	private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

	static GuidePage read(Path page) throws IOException {
		String text = Files.readString(page);
		Map<String, String> files = new LinkedHashMap<>();
		FILE.matcher(text).results().forEach((file) -> files.put(file.group(1), file.group(2)));
		List<Command> commands = new ArrayList<>();
		CONSOLE.matcher(text)
			.results()
			.flatMap((console) -> COMMAND.matcher(console.group(1)).results())
			.forEach((command) -> commands.add(new Command(words(command.group(1)), command.group(2).strip())));
		return new GuidePage(files, commands);
	}

	/**
	 * Return the commands that begin with the given words.
	 * @param words the words
	 * @return the commands
	 */
	List<Command> commands(String... words) {
		List<String> beginning = List.of(words);
		return this.commands.stream()
			.filter((command) -> command.words().size() >= beginning.size()
					&& command.words().subList(0, beginning.size()).equals(beginning))
			.toList();
	}

	private static List<String> words(String line) {
		List<String> words = new ArrayList<>();
		Matcher word = WORD.matcher(line.replace("\\\n", " "));
		while (word.find()) {
			words.add((word.group(1) != null) ? word.group(1) : word.group(2));
		}
		return words;
	}

	/**
	 * A command of the page.
	 *
	 * @param words the command and its arguments
	 * @param answer output shown below it
	 */
	record Command(List<String> words, String answer) {

		List<String> arguments() {
			return this.words.subList(1, this.words.size());
		}

		@Override
		public String toString() {
			return String.join(" ", this.words);
		}

	}

}
