package dev.statefun.sdk.message;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Resolves declared types in the context of a class,
 * replacing type variables by the types that the class and its superclasses bind them to.
 *
 * @since 0.1.0
 */
public final class DeclaredTypes {

	private final Map<TypeVariable<?>, Type> bindings = new HashMap<>();

	private DeclaredTypes() {
	}

	/**
	 * Read the type variables that a type binds.
	 * @param type a class, or a class with its type arguments
	 * @return the declared types in its context
	 */
	public static DeclaredTypes of(Type type) {
		DeclaredTypes types = new DeclaredTypes();
		types.bind(type);
		return types;
	}

	private void bind(@Nullable Type type) {
		if (type == null || type == Object.class) {
			return;
		}
		Class<?> bound = classOf(type);
		if (type instanceof ParameterizedType parameterized) {
			TypeVariable<?>[] variables = bound.getTypeParameters();
			for (int i = 0; i < variables.length; i++) {
				this.bindings.putIfAbsent(variables[i], parameterized.getActualTypeArguments()[i]);
			}
		}
		bind(bound.getGenericSuperclass());
		for (Type implemented : bound.getGenericInterfaces()) {
			bind(implemented);
		}
	}

	/**
	 * Return the class of a type's values.
	 * @param type a class, a class with its type arguments, or another type, whose bound
	 * is used
	 * @return the class
	 */
	public static Class<?> classOf(Type type) {
		if (type instanceof Class<?> known) {
			return known;
		}
		if (type instanceof ParameterizedType parameterized) {
			return classOf(parameterized.getRawType());
		}
		if (type instanceof GenericArrayType array) {
			return classOf(array.getGenericComponentType()).arrayType();
		}
		if (type instanceof WildcardType wildcard) {
			return classOf(wildcard.getUpperBounds()[0]);
		}
		return (type instanceof TypeVariable<?> variable) ? classOf(variable.getBounds()[0]) : Object.class;
	}

	/**
	 * Resolve a type.
	 * @param declared the type of a parameter or a result
	 * @return a class, or a class with its type arguments
	 * @throws InvalidDeclarationException if a part of the type is unknown
	 */
	public Type resolve(Type declared) {
		return resolve(declared, new HashSet<>());
	}

	private Type resolve(Type declared, Set<TypeVariable<?>> open) {
		if (declared instanceof Class<?> type) {
			return requireArguments(type);
		}
		if (declared instanceof ParameterizedType parameterized) {
			Type[] arguments = parameterized.getActualTypeArguments();
			for (int i = 0; i < arguments.length; i++) {
				arguments[i] = resolve(arguments[i], open);
			}
			return new ClassWithArguments(classOf(declared), arguments, parameterized.getOwnerType());
		}
		if (declared instanceof GenericArrayType array
				&& resolve(array.getGenericComponentType(), open) instanceof Class<?> component) {
			return component.arrayType();
		}
		Type resolved = resolve(narrowed(declared, open), open);
		open.remove(declared);
		return resolved;
	}

	// Replaces a variable or wildcard by its binding or bound, if there is one
	private Type narrowed(Type declared, Set<TypeVariable<?>> open) {
		Type narrowed = Object.class;
		if (declared instanceof TypeVariable<?> variable && open.add(variable)) {
			Type bound = this.bindings.get(variable);
			if (bound != null) {
				return bound;
			}
			narrowed = variable.getBounds()[0];
		}
		else if (declared instanceof WildcardType wildcard) {
			narrowed = wildcard.getUpperBounds()[0];
		}
		if (narrowed == Object.class) {
			throw new InvalidDeclarationException("Java does not know what '" + declared.getTypeName() + "' is",
					"Declare a type that has no type variables, '?' or arrays of such types in it", null);
		}
		return narrowed;
	}

	private static Class<?> requireArguments(Class<?> type) {
		Class<?> element = type;
		while (element.isArray()) {
			element = element.getComponentType();
		}
		if (element.getTypeParameters().length > 0) {
			throw new InvalidDeclarationException("'" + element.getName() + "' has no type arguments",
					"Declare them, as in '" + element.getSimpleName() + "<String>'", null);
		}
		return type;
	}

	/**
	 * Return the type argument of a generic class that a type extends or implements.
	 * @param declared the type
	 * @param generic the generic class or interface; has one type parameter
	 * @return the type argument, yet to be resolved, or {@code null} if it is unknown
	 */
	public @Nullable Type argument(Type declared, Class<?> generic) {
		Type type = declared;
		if (type instanceof TypeVariable<?> variable) {
			type = this.bindings.getOrDefault(variable, variable);
		}
		Map<TypeVariable<?>, Type> own = of(type).bindings;
		Type argument = own.get(generic.getTypeParameters()[0]);
		// A class may be declared with its own variables, then bound to themselves
		Set<Type> met = new HashSet<>();
		while (argument instanceof TypeVariable<?> variable && met.add(variable)) {
			argument = own.getOrDefault(variable, this.bindings.get(variable));
		}
		if (argument instanceof WildcardType wildcard) {
			argument = wildcard.getUpperBounds()[0];
		}
		return (argument != Object.class) ? argument : null;
	}

}
