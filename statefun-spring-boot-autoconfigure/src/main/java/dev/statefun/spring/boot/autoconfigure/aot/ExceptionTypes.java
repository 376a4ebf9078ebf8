package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * Exception classes that properties name, and that are looked up by their names.
 *
 * @param names the names of the classes
 */
record ExceptionTypes(Set<String> names) {

	static ExceptionTypes of(Environment environment) {
		Binder binder = Binder.get(environment);
		Set<String> names = new LinkedHashSet<>(
				binder.bind("statefun.failure", Bindable.of(Failure.class)).orElse(Failure.NONE).exceptions().keySet());
		binder.bind("statefun.functions", Bindable.mapOf(String.class, Function.class))
			.orElse(Map.of())
			.values()
			.forEach((function) -> names.addAll(function.failure().exceptions().keySet()));
		return new ExceptionTypes(Set.copyOf(names));
	}

	void registerHints(ReflectionHints hints) {
		this.names.forEach((name) -> hints.registerType(TypeReference.of(name)));
	}

	/**
	 * Settings of a function, as far as they name exceptions.
	 *
	 * @param failure handling of failed messages
	 */
	record Function(@DefaultValue Failure failure) {

	}

	/**
	 * Handling of failed messages.
	 *
	 * @param exceptions decisions by class of the exception
	 */
	record Failure(@DefaultValue Map<String, String> exceptions) {

		private static final Failure NONE = new Failure(Map.of());

	}

}
