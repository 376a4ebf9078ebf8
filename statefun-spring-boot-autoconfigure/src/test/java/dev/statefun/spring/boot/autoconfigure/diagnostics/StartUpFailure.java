package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.List;
import java.util.Objects;

import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that does not start, and the expected failure analysis.
 *
 * @param name name of the failure
 * @param configuration configuration of the application
 * @param description expected description; {@code %s} stands for the name of the bean
 * @param action expected action
 */
record StartUpFailure(String name, Class<?> configuration, String description, String action) {

	static StartUpFailure of(Class<?> configuration, String description, String action) {
		return new StartUpFailure(configuration.getSimpleName(), configuration,
				description.replace("%s", beanName(configuration)), action);
	}

	static StartUpFailure notServed(Class<?> configuration, String problem, String action) {
		return of(configuration, "Bean '%s' can't be served as a stateful function: " + problem, action);
	}

	static String beanName(Class<?> nested) {
		return StringUtils.uncapitalize(ClassUtils.getShortName(nested));
	}

	static WebApplicationContextRunner contextRunner() {
		return new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
					StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class,
					StatefunJacksonAutoConfiguration.class, JacksonAutoConfiguration.class,
					WebMvcAutoConfiguration.class, DispatcherServletAutoConfiguration.class));
	}

	void requireExplanation(WebApplicationContextRunner contextRunner) {
		contextRunner.withUserConfiguration(this.configuration).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).isEqualTo(this.description);
			assertThat(analysis.getAction()).isEqualTo(this.action);
		});
	}

	// As Boot does it: the first analyzer that recognizes the failure
	static FailureAnalysis analyze(Throwable failure) {
		for (FailureAnalyzer analyzer : analyzers()) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				return analysis;
			}
		}
		throw new AssertionError("not explained", failure);
	}

	static List<FailureAnalyzer> analyzers() {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.ArgumentResolver
						.of(BeanFactory.class, new StaticApplicationContext().getBeanFactory())
						.and(Environment.class, new StandardEnvironment()));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
