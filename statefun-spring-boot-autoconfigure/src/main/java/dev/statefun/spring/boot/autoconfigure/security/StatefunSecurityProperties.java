package dev.statefun.spring.boot.autoconfigure.security;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for who may call the endpoint. What is wrong with them is said
 * elsewhere, as a failure to bind them could show the secret.
 *
 * @param secret Last segment of the path that clusters call, behind 'statefun.path'; at
 * least 16 letters, digits, '-', '.', '_' or '~'. When not set, there is none.
 * @param allowedAddresses Comma-separated list of the addresses and ranges of addresses
 * that clusters call from; when not set, any.
 * @param csrf Protection against requests that a browser was made to send.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.security")
public record StatefunSecurityProperties(@Nullable String secret, @Nullable List<String> allowedAddresses,
		@DefaultValue Csrf csrf) {

	/**
	 * Create the properties.
	 * @param secret last segment of the path that clusters call
	 * @param allowedAddresses addresses that clusters call from
	 * @param csrf protection against requests that a browser was made to send
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
	 * Protection against requests that a browser was made to send.
	 *
	 * @param enabled Whether Spring Security asks for a CSRF token at the endpoint, which
	 * no cluster has.
	 */
	public record Csrf(@DefaultValue("false") boolean enabled) {

	}

}
