package dev.statefun.spring.boot.test.autoconfigure;

import java.util.Set;

import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/**
 * Type exclude filter for {@link StatefulFunctionTest @StatefulFunctionTest}. The types
 * that every such test includes are listed beside the annotation's imports.
 */
class StatefulFunctionTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<StatefulFunctionTest> {

	private final Set<Class<?>> functions;

	StatefulFunctionTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
		this.functions = Set.of(getAnnotation().getValue("functions", Class[].class).orElseGet(() -> new Class<?>[0]));
	}

	@Override
	protected Set<Class<?>> getKnownIncludes() {
		return this.functions.isEmpty() ? Set.of(StatefulFunction.class) : Set.of();
	}

	@Override
	protected Set<Class<?>> getComponentIncludes() {
		return this.functions;
	}

}
