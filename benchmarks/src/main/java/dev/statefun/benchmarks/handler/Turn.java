package dev.statefun.benchmarks.handler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.statefun.benchmarks.fork.JavaCommand;
import org.jspecify.annotations.Nullable;

/**
 * A measurement in a JVM of its own, which takes turns with others: what else the machine
 * does meets all of them.
 */
final class Turn {

	// Volatile, so that every reply has to be there
	private static volatile @Nullable Object reply;

	private Turn() {
	}

	/**
	 * Run a program that prints what {@link #measure} has returned.
	 * @param program the program
	 * @param arguments its arguments
	 * @return what it printed
	 */
	static double fork(Class<?> program, String... arguments) throws IOException, InterruptedException {
		Process process = JavaCommand.steady()
			.run(program, arguments)
			.process()
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IllegalStateException(List.of(arguments) + " failed: " + output);
		}
		return Double.parseDouble(output.strip());
	}

	/**
	 * Measure processor time, of all threads: what collects the garbage of a request is
	 * part of its cost, what other machines on the same processor do is not. The second
	 * half of the time counts, when everything is compiled.
	 * @param request handles a request
	 * @param seconds how long
	 * @return nanoseconds for each request
	 */
	static double measure(Supplier<?> request, int seconds) {
		long half = TimeUnit.SECONDS.toNanos(seconds) / 2;
		run(request, half);
		Duration before = cpu();
		long requests = run(request, half);
		return cpu().minus(before).toNanos() / (double) requests;
	}

	private static long run(Supplier<?> request, long nanos) {
		long start = System.nanoTime();
		long requests = 0;
		while (System.nanoTime() - start < nanos) {
			for (int i = 0; i < 100; i++) {
				reply = request.get();
			}
			requests += 100;
		}
		return requests;
	}

	private static Duration cpu() {
		return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
	}

}
