package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a {@code module.yaml} that names one endpoint.
 */
final class ModuleYaml {

	private ModuleYaml() {
	}

	/**
	 * Create a module for 3.x.
	 * @param endpoint URL of the functions
	 * @param transport {@code async} or {@code okhttp}
	 * @param functions names of functions, or {@code <namespace>/*}
	 * @return the text
	 */
	static String v3(URI endpoint, String transport, String... functions) {
		return endpoints(endpoint, "{type: io.statefun.transports.v1/%s}".formatted(transport), functions);
	}

	/**
	 * Create a module for 3.x with its asynchronous transport.
	 * @param endpoint URL of the functions
	 * @param call how long a failing batch is retried
	 * @param functions names of functions, or {@code <namespace>/*}
	 * @return the text
	 */
	static String v3(URI endpoint, Duration call, String... functions) {
		return endpoints(endpoint, "{type: io.statefun.transports.v1/async, call: %ds}".formatted(call.toSeconds()),
				functions);
	}

	/**
	 * Create a module for 3.x with OkHttp.
	 * @param endpoint URL of the functions
	 * @param read timeout for a request without a response
	 * @param functions names of functions, or {@code <namespace>/*}
	 * @return the text
	 */
	static String v3OkHttp(URI endpoint, Duration read, String... functions) {
		return endpoints(endpoint,
				"{type: io.statefun.transports.v1/okhttp, timeouts: {read: %ds}}".formatted(read.toSeconds()),
				functions);
	}

	/**
	 * Create a module for 3.3 with its asynchronous transport and TLS.
	 * @param endpoint URL of the functions
	 * @param call how long a failing batch is retried
	 * @param files locations of certificates and keys by their names in the transport
	 * @param functions names of functions, or {@code <namespace>/*}
	 * @return the text
	 */
	static String v3(URI endpoint, Duration call, Map<String, Path> files, String... functions) {
		String tls = files.entrySet()
			.stream()
			.map((file) -> ", %s: '%s'".formatted(file.getKey(), file.getValue()))
			.collect(Collectors.joining());
		return endpoints(endpoint,
				"{type: io.statefun.transports.v1/async, call: %ds%s}".formatted(call.toSeconds(), tls), functions);
	}

	private static String endpoints(URI endpoint, String transport, String... functions) {
		return Stream.of(functions).map((function) -> """
				kind: io.statefun.endpoints.v2/http
				spec:
				  functions: %s
				  urlPathTemplate: %s
				  transport: %s
				""".formatted(function, endpoint, transport)).collect(Collectors.joining("---\n"));
	}

	/**
	 * Create a module for 2.x, which declares the states.
	 * @param endpoint URL of the functions
	 * @param states the names of the states of each function, by its name
	 * @return the text
	 */
	static String v2(URI endpoint, Map<String, List<String>> states) {
		return functions("endpoint: '%s'".formatted(endpoint), states);
	}

	/**
	 * Create a module for 2.x, which declares the states.
	 * @param endpoint URL of the functions
	 * @param call how long a failing batch is retried, and the timeout of a request
	 * @param states the names of the states of each function, by its name
	 * @return the text
	 */
	static String v2(URI endpoint, Duration call, Map<String, List<String>> states) {
		String time = call.toSeconds() + "s";
		return functions("endpoint: '%s', timeout: %s, connectTimeout: %s, readTimeout: %s, writeTimeout: %s"
			.formatted(endpoint, time, time, time, time), states);
	}

	/**
	 * Create a module for 2.2.
	 * @param endpoint URL of the functions
	 * @param read timeout for a request without a response
	 * @param states the names of the states of each function, by its name
	 * @return the text
	 */
	static String v2OkHttp(URI endpoint, Duration read, Map<String, List<String>> states) {
		return functions("endpoint: '%s', readTimeout: %ds".formatted(endpoint, read.toSeconds()), states);
	}

	private static String functions(String spec, Map<String, List<String>> states) {
		return """
				version: "2.0"
				module:
				  meta: {type: remote}
				  spec:
				    functions:
				""" + states.entrySet()
			.stream()
			.map((function) -> functionOfV2(spec, function.getKey(), function.getValue()))
			.collect(Collectors.joining());
	}

	private static String functionOfV2(String spec, String name, List<String> states) {
		String list = states.stream().map("{name: %s}"::formatted).collect(Collectors.joining(", "));
		return "      - function: {meta: {kind: http, type: %s}, spec: {%s, states: [%s]}}\n".formatted(name, spec,
				list);
	}

}
