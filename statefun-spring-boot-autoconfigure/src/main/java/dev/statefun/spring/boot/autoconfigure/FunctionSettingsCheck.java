package dev.statefun.spring.boot.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.internal.Ancestors;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Stops the start-up if there are settings for a function that is not served, as its name
 * is probably misspelled.
 */
final class FunctionSettingsCheck implements InitializingBean {

	private final StatefunProperties properties;

	private final StatefulFunctions functions;

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create a check.
	 * @param properties has the settings
	 * @param functions the functions that are served
	 * @param beanFactory gives access to the functions of ancestors
	 */
	FunctionSettingsCheck(StatefunProperties properties, StatefulFunctions functions,
			ConfigurableListableBeanFactory beanFactory) {
		this.properties = properties;
		this.functions = functions;
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterPropertiesSet() {
		if (!this.properties.functions().isEmpty()) {
			requireServed();
		}
	}

	private void requireServed() {
		Set<String> served = typesOf(this.functions);
		Set<String> known = new TreeSet<>(served);
		// A child context inherits the properties of its ancestors
		Ancestors.of(this.beanFactory)
			.forEach((ancestor) -> ancestor.getBeanProvider(StatefulFunctions.class)
				.ifUnique((theirs) -> known.addAll(typesOf(theirs))));
		for (String type : new TreeSet<>(this.properties.functions().keySet())) {
			if (!known.contains(type)) {
				throw new FailureAnalyzedException(
						"'statefun.functions' has settings for '" + type + "', which is not served here.",
						"Remove them, or give one of " + served
								+ " in brackets: statefun.functions.\"[<namespace>/<name>]\".");
			}
		}
	}

	private static Set<String> typesOf(StatefulFunctions functions) {
		Set<String> types = new TreeSet<>();
		functions.functions().forEach((function) -> types.add(function.type().toString()));
		return types;
	}

}
