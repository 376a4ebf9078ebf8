package dev.statefun.benchmarks.handler;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;
import dev.statefun.benchmarks.fork.JavaCommand;
import dev.statefun.benchmarks.fork.Version;
import org.jspecify.annotations.Nullable;

/**
 * A measurement in a JVM of its own, interleaved with others, so that other load on the
 * machine affects all of them.
 */
final class Turn {

	private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	// Volatile, so that no reply is optimized away
	private static volatile @Nullable Object reply;

	private Turn() {
	}

	/**
	 * Run a program that prints the result of {@link #measure}.
	 * @param program the program
	 * @param arguments its arguments
	 * @return the printed cost
	 */
	static Cost fork(Class<?> program, String... arguments) throws IOException, InterruptedException {
		return fork(Version.current(), program, arguments);
	}

	/**
	 * Run such a program with a version of the libraries. It compiles in the foreground:
	 * in the background, other load decides how much is compiled before measuring, and
	 * timing decides on inlining, and with it on a few percent of the bytes that a
	 * request allocates.
	 * @param version the version
	 * @param program the program
	 * @param arguments its arguments
	 * @return the printed cost
	 */
	static Cost fork(Version version, Class<?> program, String... arguments) throws IOException, InterruptedException {
		Process process = JavaCommand.steady()
			.and(List.of("-Xbatch"))
			.run(version, program, arguments)
			.process()
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IllegalStateException(
					List.of(arguments) + " failed with the " + version.name() + " version: " + output);
		}
		return Cost.parse(output);
	}

	/**
	 * Measure processor time of all threads: collecting the garbage of a request is part
	 * of its cost, load of other machines on the same processor is not. Only the second
	 * half of the time counts, when everything is compiled.
	 * @param request handles one request
	 * @param seconds duration in processor time of the calling thread
	 * @return the cost per request
	 */
	static Cost measure(Supplier<?> request, int seconds) {
		long half = TimeUnit.SECONDS.toNanos(seconds) / 2;
		run(request, half);
		Duration cpuBefore = cpu();
		long allocatedBefore = allocated();
		double requests = run(request, half);
		long allocated = allocated() - allocatedBefore;
		return new Cost(cpu().minus(cpuBefore).toNanos() / requests, allocated / requests);
	}

	// Uses the thread's own time, not the clock: on a busy machine, as much is
	// compiled before measuring as on a quiet one
	private static long run(Supplier<?> request, long nanos) {
		long end = THREADS.getCurrentThreadCpuTime() + nanos;
		long requests = 0;
		while (THREADS.getCurrentThreadCpuTime() < end) {
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

	// Sums all live threads, in case a request is handled by other threads too
	private static long allocated() {
		return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
			.filter((bytes) -> bytes > 0)
			.sum();
	}

	/**
	 * Cost per request.
	 *
	 * @param nanos processor time in nanoseconds
	 * @param bytes bytes allocated
	 */
	record Cost(double nanos, double bytes) {

		private static Cost parse(String output) {
			String[] parts = output.strip().split(" ");
			if (parts.length != 2) {
				throw new IllegalStateException("Found '" + output + "', expected '<nanos> <bytes>'");
			}
			return new Cost(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
		}

		@Override
		public String toString() {
			return this.nanos + " " + this.bytes;
		}

	}

}
