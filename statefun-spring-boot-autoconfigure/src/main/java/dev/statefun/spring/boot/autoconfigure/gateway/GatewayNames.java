package dev.statefun.spring.boot.autoconfigure.gateway;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.spring.gateway.GatewayName;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Names of the gateways of an application.
 *
 * @param own name of its own gateway, or {@code null} if it has none
 * @param client name of the gateway that its client sends to
 */
public record GatewayNames(@Nullable GatewayName own, GatewayName client) {

	private static final String APPLICATION = "spring.application.name";

	static GatewayNames of(StatefunGatewayProperties gateway, StatefunClientProperties client,
			Environment environment) {
		GatewayName own = gateway.enabled() ? ownName(gateway, environment) : null;
		String chosen = client.gateway();
		if (StringUtils.hasText(chosen)) {
			return new GatewayNames(own, parse(chosen, "statefun.client.gateway"));
		}
		if (own == null) {
			throw new InvalidDeclarationException("This application has no gateway, and its client has none to send to",
					"Set 'statefun.gateway.enabled' to true, or 'statefun.client.gateway' to the name of a gateway",
					null);
		}
		return new GatewayNames(own, own);
	}

	private static GatewayName ownName(StatefunGatewayProperties gateway, Environment environment) {
		if (StringUtils.hasText(gateway.name())) {
			return parse(gateway.name(), "statefun.gateway.name");
		}
		String application = environment.getProperty(APPLICATION);
		if (!StringUtils.hasText(application)) {
			throw new InvalidDeclarationException("The gateway has no name: there is no 'spring.application.name'",
					"Set 'statefun.gateway.name' to a name that no other application of the cluster uses", null);
		}
		return parse(application, APPLICATION);
	}

	private static GatewayName parse(String name, String property) {
		try {
			return new GatewayName(name);
		}
		catch (InvalidDeclarationException ex) {
			String where = property.equals(APPLICATION) ? ", in 'statefun.gateway.name'" : "";
			throw new InvalidDeclarationException("'" + property + "': " + ex.problem(), ex.action() + where, null);
		}
	}

	/**
	 * Return whether the client sends to the gateway of this application.
	 * @return whether it does
	 */
	public boolean clientUsesOwn() {
		return this.client.equals(this.own);
	}

}
