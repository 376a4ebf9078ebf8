package dev.statefun.benchmarks.startup;

/**
 * What a start took.
 *
 * @param millis from the start of the JVM to an application that is ready
 * @param heap KiB of the heap that are in use afterwards
 * @param resident KiB of the process in memory then, or -1 where that is not known
 */
record Start(long millis, long heap, long resident) {

	// Finds the line with the figures in what the application printed
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
