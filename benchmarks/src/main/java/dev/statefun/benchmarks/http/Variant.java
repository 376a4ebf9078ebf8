package dev.statefun.benchmarks.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.statefun.benchmarks.fork.Version;

/**
 * A server to load.
 *
 * @param key name on the command line
 * @param name name in reports
 * @param main the program
 * @param path path of the endpoint
 * @param arguments arguments of the program
 */
public record Variant(String key, String name, Class<?> main, String path, List<String> arguments) {

	/** The starter with its defaults. */
	public static final Variant BOOT = of("boot", "Boot with the starter", BootServer.class, "/statefun");

	/** The official SDK as in Apache's examples. */
	public static final Variant UNDERTOW = of("undertow", "Undertow, official SDK", UndertowServer.class, "/");

	/** The lean server with separate threads for functions. */
	public static final Variant LEAN = of("lean", "lean server: handed off", LeanServerProgram.class, "/");

	/** The lean server that runs functions on its event loop. */
	public static final Variant LEAN_INLINE = of("lean-inline", "lean server: on the event loop",
			LeanServerProgram.class, "/", "--execution=INLINE");

	/**
	 * Create a server to load.
	 * @param key name on the command line
	 * @param name name in reports
	 * @param main the program
	 * @param path path of the endpoint
	 * @param arguments arguments of the program
	 * @return the variant
	 */
	static Variant of(String key, String name, Class<?> main, String path, String... arguments) {
		return new Variant(key, name, main, path, List.of(arguments));
	}

	/**
	 * Start the server on a free port.
	 * @param folder directory for its log
	 * @return the running server
	 */
	public ServerProcess start(Path folder) throws Exception {
		return start(Version.current(), folder);
	}

	/**
	 * Start the server with a version of the libraries on a free port.
	 * @param version the version
	 * @param folder directory for its log
	 * @return the running server
	 */
	ServerProcess start(Version version, Path folder) throws Exception {
		return ServerProcess.start(version, this.main, folder.resolve(this.key + ".log"),
				this.arguments.toArray(String[]::new));
	}

	/**
	 * Measure servers in interleaved rounds. The order rotates with each round.
	 * @param variants the servers
	 * @param rounds number of measurements of each
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
