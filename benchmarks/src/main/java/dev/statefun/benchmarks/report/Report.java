package dev.statefun.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints a report in Markdown as it is produced.
 */
public final class Report {

	private Report() {
	}

	/**
	 * Print the heading: title, machine and date. Figures are meaningless without the
	 * machine and its load.
	 * @param title title of the measurement
	 */
	public static void heading(String title) {
		System.out.printf(Locale.ROOT, "%n## %s%n%s, %d processors, %s; %s %s; %s; load %.2f at the start%n", title,
				processor(), Runtime.getRuntime().availableProcessors(), memory(), System.getProperty("java.vm.name"),
				Runtime.version(), LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES), load());
	}

	/**
	 * Return the load of the machine.
	 * @return the average number of runnable threads of the last minute
	 */
	public static double load() {
		return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
	}

	/**
	 * Print the head of a table.
	 * @param caption text above the table
	 * @param columns the names of the columns
	 */
	public static void table(String caption, String... columns) {
		System.out.printf("%n%s%n%n", caption);
		row((Object[]) columns);
		System.out.println("|---".repeat(columns.length) + "|");
	}

	/**
	 * Print a row of a table.
	 * @param cells content of its columns
	 */
	public static void row(Object... cells) {
		System.out.println(Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |")));
	}

	/**
	 * Print a line of text.
	 * @param text the text
	 * @param arguments arguments of the text
	 */
	public static void text(String text, Object... arguments) {
		System.out.printf(Locale.ROOT, "%n" + text + "%n", arguments);
	}

	/**
	 * Format a number with a few digits.
	 * @param pattern a pattern for {@code String.format}
	 * @param number the number
	 * @return the text
	 */
	public static String number(String pattern, double number) {
		return String.format(Locale.ROOT, pattern, number);
	}

	private static String processor() {
		return firstValue("/proc/cpuinfo", "model name", System.getProperty("os.arch"));
	}

	private static String memory() {
		String total = firstValue("/proc/meminfo", "MemTotal", "memory unknown");
		return total.endsWith(" kB") ? Long.parseLong(total.split(" ")[0]) / 1024 / 1024 + " GiB" : total;
	}

	private static String firstValue(String file, String key, String otherwise) {
		Path path = Path.of(file);
		if (!Files.isReadable(path)) {
			return otherwise;
		}
		try (Stream<String> lines = Files.lines(path)) {
			return lines.filter((line) -> line.startsWith(key))
				.findFirst()
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.orElse(otherwise);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
