package dev.statefun.console.browser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Runs axe-core in the page that is shown.
 */
final class Accessibility {

	private static final String SCRIPT = "/axe.min.js";

	private static final String RUN = "const done = arguments[0];"
			+ "axe.run(document, OPTIONS).then((result) => done(result.violations"
			+ ".filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')"
			+ ".map((violation) => violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; '))"
			+ "), (error) => done(['axe: ' + error]))";

	private Accessibility() {
	}

	static List<String> seriousViolations(Browser browser) throws IOException {
		return violations(browser, "{ resultTypes: ['violations'], preload: false }");
	}

	static List<String> lowContrasts(Browser browser) throws IOException {
		return violations(browser, "{ resultTypes: ['violations'], preload: false, runOnly: ['color-contrast'] }");
	}

	@SuppressWarnings("unchecked")
	private static List<String> violations(Browser browser, String options) throws IOException {
		if (!Boolean.TRUE.equals(browser.run("return typeof axe === 'object'"))) {
			browser.run(script());
		}
		return (List<String>) Objects.requireNonNull(browser.runAsync(RUN.replace("OPTIONS", options)));
	}

	private static String script() throws IOException {
		try (InputStream script = Accessibility.class.getResourceAsStream(SCRIPT)) {
			return new String(Objects.requireNonNull(script, SCRIPT).readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
