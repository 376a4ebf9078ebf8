package dev.statefun.sdk.message;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * Makes codecs for the Java types it knows. Factories are asked in the order of their
 * registration, before the built-in types; the first that answers wins. Answers are kept.
 * A factory is called by any thread, and must be thread-safe.
 *
 * @since 0.1.0
 * @see MessageCodec#of
 */
@FunctionalInterface
public interface MessageCodecFactory {

	/**
	 * Make a codec.
	 * @param type the Java type of a message or a state: a class, or a class with its
	 * type arguments; type variables and wildcards are resolved
	 * @return its codec, or {@code null} if this factory does not take the type
	 */
	@Nullable MessageCodec<?> codecFor(Type type);

	/**
	 * Make a codec for a state of a type that has no name of its own, such as a
	 * collection: the declaration of the state gives the name.
	 * @param type the Java type of the state, for which no factory has a codec
	 * @param typename name of the state's type, in the form {@code <namespace>/<name>}
	 * @return its codec, which has the name, or {@code null} if this factory does not
	 * take the type; that is the default
	 */
	default @Nullable MessageCodec<?> codecFor(Type type, String typename) {
		return null;
	}

}
