package dev.statefun.sdk.message;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A class with type arguments, equal to the {@code ParameterizedType} of reflection.
 */
final class ClassWithArguments implements ParameterizedType {

	private final Class<?> rawType;

	private final Type[] arguments;

	private final @Nullable Type owner;

	ClassWithArguments(Class<?> rawType, Type[] arguments, @Nullable Type owner) {
		this.rawType = rawType;
		this.arguments = arguments;
		this.owner = owner;
	}

	@Override
	public Type[] getActualTypeArguments() {
		return this.arguments.clone();
	}

	@Override
	public Type getRawType() {
		return this.rawType;
	}

	@Override
	public @Nullable Type getOwnerType() {
		return this.owner;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ParameterizedType that && this.rawType.equals(that.getRawType())
				&& Objects.equals(this.owner, that.getOwnerType())
				&& Arrays.equals(this.arguments, that.getActualTypeArguments());
	}

	// Same as in the JDK's own class
	@Override
	public int hashCode() {
		return Arrays.hashCode(this.arguments) ^ Objects.hashCode(this.owner) ^ this.rawType.hashCode();
	}

	@Override
	public String toString() {
		return Arrays.stream(this.arguments)
			.map(Type::getTypeName)
			.collect(Collectors.joining(", ", this.rawType.getName() + "<", ">"));
	}

}
