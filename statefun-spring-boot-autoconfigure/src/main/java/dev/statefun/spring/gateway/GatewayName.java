package dev.statefun.spring.gateway;

import java.util.regex.Pattern;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Name of a gateway, from which its function, ingress and egress have their names.
 *
 * @param value the name: letters, digits, {@code .}, {@code _} and {@code -}; up to
 * {@value #MAX_LENGTH} characters
 * @since 0.1.0
 */
public record GatewayName(String value) {

	/** Namespace of all gateways. */
	public static final String NAMESPACE = "statefun.gateway";

	/** Maximum length of a name. */
	public static final int MAX_LENGTH = 100;

	private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_LENGTH - 1) + "}");

	/**
	 * Create a name.
	 * @param value the name
	 * @throws InvalidDeclarationException if the name has another form
	 */
	public GatewayName {
		if (!PATTERN.matcher(value).matches()) {
			throw new InvalidDeclarationException("'" + value + "' is not the name of a gateway",
					"Use 1 to " + MAX_LENGTH
							+ " letters, digits, dots, underscores and hyphens, and begin with a letter or a digit",
					null);
		}
	}

	/**
	 * Return the type of the gateway function.
	 * @return the type
	 */
	public FunctionType functionType() {
		return FunctionType.of(NAMESPACE, this.value);
	}

	/**
	 * Return the id of the ingress with the requests.
	 * @return the id, in the form {@code <namespace>/<name>}
	 */
	public String ingress() {
		return NAMESPACE + "/" + this.value + "-requests";
	}

	/**
	 * Return the id of the egress for the replies.
	 * @return the id
	 */
	public EgressId egress() {
		return EgressId.parse(NAMESPACE + "/" + this.value + "-replies");
	}

	@Override
	public String toString() {
		return this.value;
	}

}
