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
 * @param absent directories of libraries that are not on its class path
 */
public record Variant(String key, String name, Class<?> main, String path, List<String> arguments,
		List<String> absent) {

	/** Libraries of the servlet starter that the Netty starter does not bring. */
	private static final List<String> SERVLET_STACK = List.of("jakarta/servlet/", "org/apache/catalina/",
			"org/apache/tomcat/", "org/springframework/web/", "org/springframework/boot/webmvc/",
			"org/springframework/boot/tomcat/", "org/springframework/boot/servlet/",
			"org/springframework/boot/web/server/", "org/springframework/boot/http/");

	/** The starter with its defaults. */
	public static final Variant BOOT = of("boot", "Boot with the starter", BootServer.class, "/statefun");

	/** The official SDK as in Apache's examples. */
	public static final Variant UNDERTOW = of("undertow", "Undertow, official SDK", UndertowServer.class, "/");

	/** The Netty starter with its defaults, without a servlet container. */
	public static final Variant NETTY = of("netty", "Boot with the Netty starter", CounterService.class, "/statefun")
		.withoutServletStack();

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
		return new Variant(key, name, main, path, List.of(arguments), List.of());
	}

	/**
	 * Return this server with the class path of the Netty starter.
	 * @return the variant
	 */
	Variant withoutServletStack() {
		List<String> more = new ArrayList<>(this.arguments);
		more.add("--statefun.server.port=${server.port}");
		return new Variant(this.key, this.name, this.main, this.path, more, SERVLET_STACK);
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
		Version libraries = this.absent.isEmpty() ? version : version.without(this.absent);
		return ServerProcess.start(libraries, this.main, folder.resolve(this.key + ".log"),
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
