package dev.statefun.flinktests;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Utilities for processes that tests start.
 */
final class Processes {

	private Processes() {
	}

	/**
	 * Return the Java that runs the test.
	 * @return the path of its command
	 */
	static String java() {
		return command("java");
	}

	/**
	 * Return a command of the JDK that runs the test.
	 * @param name its name
	 * @return its path
	 */
	static String command(String name) {
		return Path.of(System.getProperty("java.home"), "bin", name).toString();
	}

	/**
	 * Give a process the time to end, also one that writes a class archive on a busy
	 * machine, and kill it if it does not.
	 * @param process the process
	 */
	static void end(Process process) {
		try {
			if (!process.waitFor(2, TimeUnit.MINUTES)) {
				destroy(process);
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	static void kill(Process process) {
		try {
			destroy(process);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void destroy(Process process) throws InterruptedException {
		process.destroyForcibly();
		if (!process.waitFor(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("Process " + process.pid() + " does not end");
		}
	}

}
