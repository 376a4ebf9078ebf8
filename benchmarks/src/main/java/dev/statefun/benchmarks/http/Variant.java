package dev.statefun.benchmarks.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.statefun.benchmarks.fork.Version;

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

	/** The starter as it comes. */
	public static final Variant BOOT = of("boot", "Boot with the starter", BootServer.class, "/statefun");

	/** The official SDK as Apache's examples serve it. */
	public static final Variant UNDERTOW = of("undertow", "Undertow, official SDK", UndertowServer.class, "/");

	/** The lean server with threads for the functions. */
	public static final Variant LEAN = of("lean", "lean server: handed off", LeanServerProgram.class, "/");

	/** The lean server without. */
	public static final Variant LEAN_INLINE = of("lean-inline", "lean server: on the event loop",
			LeanServerProgram.class, "/", "--execution=INLINE");

	/**
	 * A server to load.
	 * @param key how it is named on the command line
	 * @param name how it is named in reports
	 * @param main the program
	 * @param path where requests go
	 * @param arguments arguments of the program
	 * @return the variant
	 */
	static Variant of(String key, String name, Class<?> main, String path, String... arguments) {
		return new Variant(key, name, main, path, List.of(arguments));
	}

	/**
	 * Start the server, on a port that is free.
	 * @param folder where its log is written
	 * @return the running server
	 */
	public ServerProcess start(Path folder) throws Exception {
		return start(Version.current(), folder);
	}

	/**
	 * Start the server with a version of the libraries, on a port that is free.
	 * @param version the version
	 * @param folder where its log is written
	 * @return the running server
	 */
	ServerProcess start(Version version, Path folder) throws Exception {
		return ServerProcess.start(version, this.main, folder.resolve(this.key + ".log"),
				this.arguments.toArray(String[]::new));
	}

	/**
	 * Measure servers in turns. Whoever comes first in a round does not always.
	 * @param variants the servers
	 * @param rounds how often each of them is measured
	 * @param measurement starts and measures one
	 */
	public static void inTurns(List<Variant> variants, int rounds, Measurement measurement) throws Exception {
		for (int round = 0; round < rounds; round++) {
			List<Variant> order = new ArrayList<>(variants);
			Collections.rotate(order, -round);
			for (Variant variant : order) {
				System.err.printf("round %d of %d, %s%n", round + 1, rounds, variant.name());
				measurement.measure(variant);
			}
		}
	}

	/**
	 * Measures a server.
	 */
	@FunctionalInterface
	public interface Measurement {

		/**
		 * Measure a server once.
		 * @param variant the server
		 */
		void measure(Variant variant) throws Exception;

	}

}
