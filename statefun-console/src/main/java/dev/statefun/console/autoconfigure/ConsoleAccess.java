package dev.statefun.console.autoconfigure;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;

import dev.statefun.endpoint.access.AllowedAddresses;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Decides who may use the console, and stops the start-up where the local runtime is
 * forbidden and everyone could.
 */
final class ConsoleAccess implements Predicate<String>, SmartInitializingSingleton {

	private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

	private final String path;

	private final @Nullable AllowedAddresses addresses;

	private final AllowedAddresses loopback = AllowedAddresses.parse(LOOPBACK);

	private final BiFunction<String, String, SecurityChainDecision> decision;

	private final @Nullable String forbiddenProfile;

	private volatile @Nullable Boolean covered;

	/**
	 * Create the rules.
	 * @param path path of the console within the context
	 * @param addresses addresses that are allowed; empty if not configured
	 * @param decision decision of Spring Security about requests without credentials, by
	 * path and method
	 * @param forbiddenProfile active profile in which the local runtime is forbidden, if
	 * there is one
	 */
	ConsoleAccess(String path, List<String> addresses, BiFunction<String, String, SecurityChainDecision> decision,
			@Nullable String forbiddenProfile) {
		this.path = path;
		this.addresses = addresses.isEmpty() ? null : AllowedAddresses.parse(addresses);
		this.decision = decision;
		this.forbiddenProfile = forbiddenProfile;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.forbiddenProfile != null && !isCovered()) {
			throw new FailureAnalyzedException("The console is enabled, the profile '" + this.forbiddenProfile
					+ "' is active, and no security chain keeps requests without credentials from " + this.path + ".",
					"Add a rule to the security filter chain, such as "
							+ "requests.requestMatchers(StatefunConsoleRequest.toConsole()).hasRole(\"ADMIN\"), "
							+ "or remove 'statefun.console.enabled=true'.");
		}
	}

	private boolean isCovered() {
		Boolean known = this.covered;
		if (known == null) {
			known = isClosed("/", "GET") && isClosed("/api/info", "GET") && isClosed("/api/events", "GET")
					&& isClosed("/api/send", "POST") && isClosed("/api/instance/state", "PUT");
			this.covered = known;
		}
		return known;
	}

	private boolean isClosed(String rest, String method) {
		return this.decision.apply(this.path + rest, method) != SecurityChainDecision.PERMITS;
	}

	@Override
	public boolean test(String address) {
		AllowedAddresses allowed = this.addresses;
		return (allowed != null) ? allowed.contain(address) : this.loopback.contain(address) || isCovered();
	}

}
