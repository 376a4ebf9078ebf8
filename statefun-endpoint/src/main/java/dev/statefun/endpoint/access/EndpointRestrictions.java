package dev.statefun.endpoint.access;

import org.jspecify.annotations.Nullable;

/**
 * Restrictions that a request for the endpoint must satisfy, all of them.
 *
 * @param ownPort whether it must use the port that serves only the endpoint
 * @param addresses allowed addresses, or {@code null} for any
 * @param secret required secret, or {@code null} for none
 * @since 0.1.0
 */
public record EndpointRestrictions(boolean ownPort, @Nullable AllowedAddresses addresses,
		@Nullable EndpointSecret secret) {

}
