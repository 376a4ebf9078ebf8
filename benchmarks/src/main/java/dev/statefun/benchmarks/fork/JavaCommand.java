package dev.statefun.benchmarks.fork;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Command that starts another JVM with the Java installation of this program.
 */
public final class JavaCommand {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private final List<String> command = new ArrayList<>(List.of(JAVA));

	private JavaCommand() {
	}

	/**
	 * Start a command.
	 * @param options options of the JVM
	 * @return the command
	 */
	public static JavaCommand with(String... options) {
		return new JavaCommand().and(List.of(options));
	}

	/**
	 * Start a command with a heap of fixed size and serial garbage collection, so that
	 * two runs differ only in their programs.
	 * @return the command
	 */
	public static JavaCommand steady() {
		return with("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn64m", "-XX:+AlwaysPreTouch");
	}

	/**
	 * Add options, or arguments behind the program.
	 * @param others the options or arguments
	 * @return this command
	 */
	public JavaCommand and(Collection<String> others) {
		this.command.addAll(others);
		return this;
	}

	/**
	 * Add the program.
	 * @param classPath its class path
	 * @param program its class
	 * @param arguments its arguments
	 * @return this command
	 */
	public JavaCommand run(String classPath, String program, String... arguments) {
		this.command.addAll(List.of("-cp", classPath, program));
		return and(List.of(arguments));
	}

	/**
	 * Add a program of this build.
	 * @param version the version of the libraries it runs with
	 * @param program its class
	 * @param arguments its arguments
	 * @return this command
	 */
	public JavaCommand run(Version version, Class<?> program, String... arguments) {
		return run(version.classPath(), program.getName(), arguments);
	}

	/**
	 * Create a process builder for the command.
	 * @return a builder, which inherits nothing yet
	 */
	public ProcessBuilder process() {
		return new ProcessBuilder(this.command);
	}

}
