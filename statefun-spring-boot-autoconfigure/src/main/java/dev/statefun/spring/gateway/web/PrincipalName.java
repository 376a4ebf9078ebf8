package dev.statefun.spring.gateway.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.Base64;

import dev.statefun.spring.gateway.GatewayRequest;
import org.jspecify.annotations.Nullable;

/**
 * Name under which a gateway knows a user.
 */
final class PrincipalName {

	private static final String DIGEST = "sha256:";

	private PrincipalName() {
	}

	/**
	 * Return the name of a user.
	 * @param principal the user, or {@code null} for none
	 * @return the name; empty for none. A digest of the name where it is too long, or
	 * could be taken for such a digest
	 */
	static String of(@Nullable Principal principal) {
		String name = (principal != null) ? principal.getName() : null;
		if (name == null) {
			return "";
		}
		return (name.length() > GatewayRequest.MAX_KEY_LENGTH || name.startsWith(DIGEST)) ? DIGEST + digest(name)
				: name;
	}

	private static String digest(String name) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
