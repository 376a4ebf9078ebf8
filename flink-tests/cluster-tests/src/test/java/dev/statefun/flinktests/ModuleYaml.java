package dev.statefun.flinktests;

import java.net.URI;
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
	 * For 3.x.
	 * @param endpoint where the functions are served
	 * @param transport {@code async} or {@code okhttp}
	 * @param functions names of functions, or {@code <namespace>/*}
	 * @return the text
	 */
	static String v3(URI endpoint, String transport, String... functions) {
		return Stream.of(functions).map((function) -> """
				kind: io.statefun.endpoints.v2/http
				spec:
				  functions: %s
				  urlPathTemplate: %s
				  transport:
				    type: io.statefun.transports.v1/%s
				""".formatted(function, endpoint, transport)).collect(Collectors.joining("---\n"));
	}

	/**
	 * For 2.x, where the states belong to this file.
	 * @param endpoint where the functions are served
	 * @param states the names of the states of each function, by its name
	 * @return the text
	 */
	static String v2(URI endpoint, Map<String, List<String>> states) {
		return """
				version: "2.0"
				module:
				  meta: {type: remote}
				  spec:
				    functions:
				""" + states.entrySet()
			.stream()
			.map((function) -> functionOfV2(endpoint, function.getKey(), function.getValue()))
			.collect(Collectors.joining());
	}

	private static String functionOfV2(URI endpoint, String name, List<String> states) {
		String list = states.stream().map("{name: %s}"::formatted).collect(Collectors.joining(", "));
		return "      - function: {meta: {kind: http, type: %s}, spec: {endpoint: '%s', states: [%s]}}\n"
			.formatted(name, endpoint, list);
	}

}
