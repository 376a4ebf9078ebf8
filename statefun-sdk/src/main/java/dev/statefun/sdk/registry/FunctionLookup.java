package dev.statefun.sdk.registry;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Target;
import dev.statefun.sdk.egress.BoundEgress;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.BatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Gives the request-reply handler access to the
 * functions of a registry.
 *
 * @since 0.1.0
 */
public final class FunctionLookup {

	private FunctionLookup() {
	}

	/**
	 * Find the function that a request is for.
	 * @param functions the registry
	 * @param request the request
	 * @return the function, or {@code null} if the registry has none of that type
	 */
	public static @Nullable RegisteredFunction find(StatefulFunctions functions, BatchRequest request) {
		return functions.find(request);
	}

	/**
	 * Check that a function takes the messages of a target. Functions that the registry
	 * does not have are not checked.
	 * @param functions the registry
	 * @param target the target
	 * @throws IllegalArgumentException if the function has no handler for them
	 */
	public static void require(StatefulFunctions functions, Target<?> target) {
		functions.targets().require(target);
	}

	/**
	 * Return whether a function takes messages of a type.
	 * @param functions the registry
	 * @param type type of the function
	 * @param typename name of the message type
	 * @return {@code false} if the registry has the function, without a handler for such
	 * messages
	 */
	public static boolean takes(StatefulFunctions functions, FunctionType type, String typename) {
		return functions.registered()
			.stream()
			.filter((function) -> function.type().equals(type))
			.allMatch((function) -> function.invoker().takes(typename));
	}

	/**
	 * Bind an egress to its destination.
	 * @param <T> type of the values
	 * @param functions the registry
	 * @param egress the egress
	 * @return the bound egress
	 * @throws IllegalArgumentException if the registry does not have the egress, or the
	 * values have no mapping
	 */
	public static <T> BoundEgress<T> bind(StatefulFunctions functions, Egress<T> egress) {
		return functions.boundEgresses().bind(egress);
	}

	/**
	 * Check that an egress is known and that its values can be written.
	 * @param functions the registry
	 * @param origin the declaration of the egress, for error messages
	 * @param egress the egress
	 * @throws IllegalArgumentException if the registry does not have the egress, or the
	 * values have no mapping
	 */
	public static void require(StatefulFunctions functions, String origin, Egress<?> egress) {
		functions.boundEgresses().requireDeclared(origin, egress);
	}

	/**
	 * Check that no handler requires a header, where headers are disabled.
	 * @param functions the registry
	 * @throws InvalidDeclarationException if a handler requires one
	 */
	public static void requireNoHeaders(StatefulFunctions functions) {
		functions.registered().forEach((function) -> function.invoker().requiredHeaders().forEach((handler, key) -> {
			throw new InvalidDeclarationException(
					"Headers are disabled, but handler '" + handler + "' of function '" + function.type()
							+ "' requires the header '" + key + "', so each of its messages would fail",
					"Enable headers, or make the parameter an Optional", null);
		}));
	}

}
