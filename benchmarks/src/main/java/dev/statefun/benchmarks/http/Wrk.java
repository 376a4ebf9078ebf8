package dev.statefun.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Generates load with the program {@code wrk}, which Debian has as a package: one thread,
 * so that the other processor is left for the server.
 */
final class Wrk {

	private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

	private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");

	private static final Pattern LATENCY = Pattern.compile("(50|99)%\\s+([0-9.]+)(us|ms|s)");

	private static final Pattern FAULT = Pattern.compile("(Non-2xx.*|Socket errors.*)");

	private final Path script;

	private final Path body;

	Wrk(Path folder, byte[] body) throws IOException {
		this.script = folder.resolve("post.lua");
		try (InputStream source = Wrk.class.getResourceAsStream("post.lua")) {
			Files.write(this.script, Objects.requireNonNull(source).readAllBytes());
		}
		this.body = Files.write(folder.resolve("body.bin"), body);
	}

	Result run(String url, int connections, int seconds) throws Exception {
		Process process = new ProcessBuilder("wrk", "--threads", "1", "--connections", String.valueOf(connections),
				"--duration", seconds + "s", "--timeout", "10s", "--latency", "--script", this.script.toString(), url,
				"--", this.body.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("wrk failed:\n" + output);
		}
		Matcher fault = FAULT.matcher(output);
		if (fault.find()) {
			throw new IllegalStateException("Not every request was answered with 200: " + fault.group());
		}
		return new Result(Double.parseDouble(first(RATE, output)), Long.parseLong(first(COUNT, output)),
				latency(output, "50"), latency(output, "99"));
	}

	private static String first(Pattern pattern, String output) {
		Matcher matcher = pattern.matcher(output);
		if (!matcher.find()) {
			throw new IllegalStateException("wrk does not print '" + pattern + "':\n" + output);
		}
		return matcher.group(1);
	}

	private static double latency(String output, String percentile) {
		Matcher matcher = LATENCY.matcher(output);
		while (matcher.find()) {
			if (matcher.group(1).equals(percentile)) {
				double micros = switch (matcher.group(3)) {
					case "s" -> 1_000_000;
					case "ms" -> 1_000;
					default -> 1;
				};
				return Double.parseDouble(matcher.group(2)) * micros;
			}
		}
		throw new IllegalStateException("wrk does not print the percentile " + percentile + ":\n" + output);
	}

	/**
	 * Result of a load.
	 *
	 * @param perSecond requests per second
	 * @param requests total number of requests
	 * @param p50Micros median response time, in microseconds
	 * @param p99Micros 99th percentile of the response time, in microseconds
	 */
	record Result(double perSecond, long requests, double p50Micros, double p99Micros) {

	}

}
