package dev.statefun.spring.boot.autoconfigure.security;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for access to the endpoint. Errors in them are reported
 * elsewhere, as a binding failure could show the secret.
 *
 * @param secret Last segment of the path that clusters call, behind 'statefun.path'; at
 * least 16 letters, digits, '-', '.', '_' or '~'. When not set, there is no secret.
 * @param allowedAddresses Comma-separated list of addresses and address ranges that
 * clusters call from; when not set, any.
 * @param csrf Protection against forged requests of a browser.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.security")
public record StatefunSecurityProperties(@Nullable String secret, @Nullable List<String> allowedAddresses,
		@DefaultValue Csrf csrf) {

	/**
	 * Create the properties.
	 * @param secret last segment of the path that clusters call
	 * @param allowedAddresses addresses that clusters call from
	 * @param csrf protection against forged requests of a browser
	 */
	public StatefunSecurityProperties {
		allowedAddresses = (allowedAddresses != null) ? List.copyOf(allowedAddresses) : null;
	}

	@Override
	public String toString() {
		return "StatefunSecurityProperties[secret=" + ((this.secret != null) ? "******" : "null")
				+ ", allowedAddresses=" + this.allowedAddresses + ", csrf=" + this.csrf + "]";
	}

	/**
	 * Protection against forged requests of a browser.
	 *
	 * @param enabled Whether Spring Security requires a CSRF token at the endpoint, which
	 * no cluster has.
	 */
	public record Csrf(@DefaultValue("false") boolean enabled) {

	}

}
