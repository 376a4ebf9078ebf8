package dev.statefun.sdk.message;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A Java type with its type arguments, which a {@code Class} can't express. Subclasses
 * are anonymous:
 *
 * <pre class="code">
 * GenericType&lt;Set&lt;Integer&gt;&gt; numbers = new GenericType&lt;&gt;() {
 * };
 * </pre>
 *
 * Immutable.
 *
 * @param <T> the type
 * @since 0.1.0
 */
@SuppressWarnings("unused")
public abstract class GenericType<T> {

	private final Type type;

	/**
	 * Create a type from the type argument of the subclass.
	 * @throws IllegalArgumentException if the type has unbound type variables or
	 * wildcards
	 */
	protected GenericType() {
		if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parent)) {
			throw new InvalidDeclarationException("'" + getClass().getName() + "' is a GenericType without a type",
					"Create it as new GenericType<List<Item>>() {}", null);
		}
		this.type = DeclaredTypes.of(getClass()).resolve(parent.getActualTypeArguments()[0]);
	}

	/**
	 * Return the type.
	 * @return a class, or a class with its type arguments
	 */
	public final Type type() {
		return this.type;
	}

	@Override
	public final boolean equals(Object other) {
		return other instanceof GenericType<?> that && this.type.equals(that.type);
	}

	@Override
	public final int hashCode() {
		return this.type.hashCode();
	}

	@Override
	public final String toString() {
		return this.type.getTypeName();
	}

}
