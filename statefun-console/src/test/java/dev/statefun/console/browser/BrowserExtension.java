package dev.statefun.console.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gives tests a browser, which all classes share, and fails a test whose pages did
 * something wrong. Without an installed browser the tests are skipped with one warning,
 * unless the environment says that there has to be one.
 */
final class BrowserExtension implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {

	/** Set where the browser was installed for the tests. */
	private static final String REQUIRED = "STATEFUN_BROWSER_REQUIRED";

	private static final Log logger = LogFactory.getLog(BrowserExtension.class);

	private static final Namespace NAMESPACE = Namespace.create(BrowserExtension.class);

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (context.getTestMethod().isPresent() || Browser.isInstalled() || System.getenv(REQUIRED) != null) {
			return ConditionEvaluationResult.enabled("There is a browser");
		}
		long tests = Arrays.stream(context.getRequiredTestClass().getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(Test.class))
			.count();
		context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(SkippedTests.class, (type) -> new SkippedTests(), SkippedTests.class)
			.add(tests);
		return ConditionEvaluationResult.disabled("No browser is installed");
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == Browser.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return browser(context);
	}

	private static Browser browser(ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(Browser.class, (type) -> new Browser(), Browser.class);
	}

	@Override
	public void afterTestExecution(ExtensionContext context) throws IOException {
		Browser browser = browser(context);
		if (context.getExecutionException().isPresent()) {
			Path file = Browser.reports().toPath().resolve(context.getRequiredTestMethod().getName() + ".png");
			Files.createDirectories(file.getParent());
			Files.write(file, browser.screenshot());
		}
		// The application of the page may end now
		browser.driver().get("about:blank");
		List<String> problems = browser.takeProblems();
		assertThat(problems).as("what the pages did wrong").isEmpty();
	}

	/** Warns once, at the end of the run. */
	private static final class SkippedTests implements AutoCloseable {

		private final AtomicLong count = new AtomicLong();

		void add(long tests) {
			this.count.addAndGet(tests);
		}

		@Override
		public void close() {
			logger.warn(this.count + " tests in the browser were not run: " + Browser.paths()
					+ " are not both installed (chromium and chromium-driver of Debian)");
		}

	}

}
