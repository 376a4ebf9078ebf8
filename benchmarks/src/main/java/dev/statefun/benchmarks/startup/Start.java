package dev.statefun.benchmarks.startup;

/**
 * Figures of one start.
 *
 * @param millis time from the start of the JVM to an application that is ready
 * @param heap used heap afterwards, in KiB
 * @param resident resident memory of the process then, in KiB, or -1 if unknown
 */
record Start(long millis, long heap, long resident) {

	// Finds the line with the figures in the output of the application
	static Start parse(String output) {
		return output.lines()
			.filter((line) -> line.startsWith(StartedApplication.FIGURES + " "))
			.map((line) -> line.split(" "))
			.map((figures) -> new Start(Long.parseLong(figures[1]), Long.parseLong(figures[2]),
					Long.parseLong(figures[3])))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("The application did not start:\n" + output));
	}

}
