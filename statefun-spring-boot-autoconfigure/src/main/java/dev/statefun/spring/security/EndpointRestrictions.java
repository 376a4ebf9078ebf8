package dev.statefun.spring.security;

import org.jspecify.annotations.Nullable;

/**
 * What a request must have to come to the endpoint, all of it.
 *
 * @param ownPort whether it must come on the port that serves nothing but the endpoint
 * @param addresses the addresses it may come from, or {@code null} for any
 * @param secret the secret it must know, or {@code null} for none
 * @since 0.1.0
 */
public record EndpointRestrictions(boolean ownPort, @Nullable AllowedAddresses addresses,
		@Nullable EndpointSecret secret) {

}
