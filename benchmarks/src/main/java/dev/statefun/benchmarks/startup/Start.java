package dev.statefun.benchmarks.startup;

/**
 * Figures of one start.
 *
 * @param processor processor time of all threads of the JVM until the application is
 * ready, in milliseconds
 * @param millis time from the start of the JVM until then
 * @param heap used heap afterwards, in KiB
 * @param resident resident memory of the process then, in KiB, or -1 if unknown
 */
record Start(long processor, long millis, long heap, long resident) {

	// Finds the line with the figures in the output of the application
	static Start parse(String output) {
		return output.lines()
			.filter((line) -> line.startsWith(StartedApplication.FIGURES + " "))
			.map((line) -> line.split(" "))
			.map((figures) -> new Start(Long.parseLong(figures[1]), Long.parseLong(figures[2]),
					Long.parseLong(figures[3]), Long.parseLong(figures[4])))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("The application did not start:\n" + output));
	}

}
