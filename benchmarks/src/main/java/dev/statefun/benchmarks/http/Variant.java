package dev.statefun.benchmarks.http;

import java.nio.file.Path;
import java.util.List;

/**
 * A server to load.
 *
 * @param key how it is named on the command line
 * @param name how it is named in reports
 * @param main the program
 * @param path where requests go
 * @param arguments arguments of the program
 */
public record Variant(String key, String name, Class<?> main, String path, List<String> arguments) {

	/**
	 * A server to load.
	 * @param key how it is named on the command line
	 * @param name how it is named in reports
	 * @param main the program
	 * @param path where requests go
	 * @param arguments arguments of the program
	 * @return the variant
	 */
	public static Variant of(String key, String name, Class<?> main, String path, String... arguments) {
		return new Variant(key, name, main, path, List.of(arguments));
	}

	/**
	 * Start the server, on a port that is free.
	 * @param folder where its log is written
	 * @return the running server
	 */
	public ServerProcess start(Path folder) throws Exception {
		return ServerProcess.start(this.main, folder.resolve(this.key + ".log"), this.arguments.toArray(String[]::new));
	}

}
