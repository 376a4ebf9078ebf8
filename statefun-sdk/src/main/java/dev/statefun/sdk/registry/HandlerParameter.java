package dev.statefun.sdk.registry;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Parameter of a handler. Reflection reads the annotations and generic types of all
 * parameters whenever one of them is asked for its own; here they are read once.
 *
 * @param declaration the parameter
 * @param genericType its type, with type arguments
 * @param annotations its annotations
 */
record HandlerParameter(Parameter declaration, Type genericType, List<Annotation> annotations) {

	static List<HandlerParameter> of(Method method) {
		Parameter[] declarations = method.getParameters();
		Type[] types = method.getGenericParameterTypes();
		Annotation[][] annotations = method.getParameterAnnotations();
		List<HandlerParameter> parameters = new ArrayList<>();
		for (int i = 0; i < declarations.length; i++) {
			// A compiler may leave its own parameters out of the generic types
			Type type = (types.length == declarations.length) ? types[i] : declarations[i].getParameterizedType();
			parameters.add(new HandlerParameter(declarations[i], type, List.of(annotations[i])));
		}
		return parameters;
	}

	Class<?> type() {
		return this.declaration.getType();
	}

	<A extends Annotation> @Nullable A annotation(Class<A> type) {
		for (Annotation annotation : this.annotations) {
			if (annotation.annotationType() == type) {
				return type.cast(annotation);
			}
		}
		return null;
	}

}
