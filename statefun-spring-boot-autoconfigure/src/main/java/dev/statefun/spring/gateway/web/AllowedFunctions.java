package dev.statefun.spring.gateway.web;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * The functions that can be reached over HTTP. Names are compared as they are, including
 * their case. Immutable.
 *
 * @since 0.1.0
 */
public final class AllowedFunctions {

	private static final String ANY = "*";

	private final Set<FunctionType> types;

	private final Set<String> namespaces;

	private AllowedFunctions(Set<FunctionType> types, Set<String> namespaces) {
		this.types = Set.copyOf(types);
		this.namespaces = Set.copyOf(namespaces);
	}

	/**
	 * Create the functions of a list.
	 * @param patterns each {@code <namespace>/<name>}, or {@code <namespace>/*} for all
	 * functions of exactly that namespace
	 * @return the functions
	 * @throws InvalidDeclarationException if a pattern has another form
	 */
	public static AllowedFunctions of(List<String> patterns) {
		Set<FunctionType> types = new HashSet<>();
		Set<String> namespaces = new HashSet<>();
		for (String pattern : patterns) {
			FunctionType type = FunctionType.parse(pattern);
			boolean all = type.name().equals(ANY);
			if (type.namespace().contains(ANY) || (!all && type.name().contains(ANY))) {
				throw new InvalidDeclarationException(
						"'" + pattern + "' in 'statefun.gateway.functions' has a '*' where none is possible",
						"Write '<namespace>/<name>', or '<namespace>/*' for all functions of a namespace", null);
			}
			if (type.namespace().equals("-") || type.namespace().startsWith("-/")) {
				throw new InvalidDeclarationException(
						"'" + pattern
								+ "' in 'statefun.gateway.functions' has the namespace '-', which the gateway uses",
						"Give the function another namespace, or leave it out", null);
			}
			if (!isReachable(all ? FunctionType.of(type.namespace(), "name") : type)) {
				throw new InvalidDeclarationException("'" + pattern
						+ "' in 'statefun.gateway.functions' has a part that no path has: an empty one, '.' or '..'",
						"Give the function another type, or leave it out", null);
			}
			if (all) {
				namespaces.add(type.namespace());
			}
			else {
				types.add(type);
			}
		}
		return new AllowedFunctions(types, namespaces);
	}

	/**
	 * Return whether a function can be reached.
	 * @param type type of the function
	 * @return whether it is in the list
	 */
	public boolean contain(FunctionType type) {
		return this.types.contains(type) || this.namespaces.contains(type.namespace());
	}

	/**
	 * Return whether a function can have a path at all: none of its parts between slashes
	 * is empty or would be a dot segment, and the gateway's own paths are not its.
	 * @param type type of the function
	 * @return whether it can
	 */
	public static boolean isReachable(FunctionType type) {
		List<String> parts = List.of(type.toString().split("/", -1));
		return !parts.get(0).equals(GatewayPath.RESERVED)
				&& parts.stream().noneMatch((part) -> part.isEmpty() || part.equals(".") || part.equals(".."));
	}

	/**
	 * Return the functions that are in the list by their own name.
	 * @return the types of the functions
	 */
	public Set<FunctionType> named() {
		return this.types;
	}

	/**
	 * Return whether the list is empty.
	 * @return whether no function can be reached
	 */
	public boolean isEmpty() {
		return this.types.isEmpty() && this.namespaces.isEmpty();
	}

}
