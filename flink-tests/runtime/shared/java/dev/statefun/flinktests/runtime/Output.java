package dev.statefun.flinktests.runtime;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Prints the lines that report events to the test. They are the only standard output; any
 * other output goes to the standard error.
 */
final class Output {

	private static volatile PrintStream lines = System.out;

	private Output() {
	}

	static void open() {
		lines = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		System.setOut(System.err);
	}

	// The source runs: messages sent from now on arrive
	static void ready() {
		print("ready");
	}

	// The source runs again, after a failure
	static void restarted() {
		print("restarted");
	}

	static void checkpoint(long id) {
		print("checkpoint " + id);
	}

	// Requests to functions, whether they are retried or not
	static void failures(long count) {
		print("failures " + count);
	}

	// The number of counted records equals the number of messages of all loads so far
	static void loaded(long nanos) {
		print("loaded " + nanos);
	}

	// Totals since the start
	static void count(long records, long requests, long failures) {
		print("count " + records + " " + requests + " " + failures);
	}

	static void egress(String name, String typename, byte[] value) {
		print("egress " + name + " " + typename + " " + Base64.getEncoder().encodeToString(value));
	}

	// The whole chain of causes in one line
	static void failed(Throwable cause) {
		List<String> chain = new ArrayList<>();
		// The bound is for causes that form a ring
		for (Throwable next = cause; next != null && chain.size() < 20; next = next.getCause()) {
			chain.add(next.toString());
		}
		print("failed " + String.join(" <- ", chain).replaceAll("\\s+", " "));
	}

	private static void print(String line) {
		PrintStream target = lines;
		synchronized (target) {
			target.println(line);
		}
	}

}
