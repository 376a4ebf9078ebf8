package dev.statefun.endpoint.access;

import java.time.InstantSource;
import java.util.Objects;

import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may reach the endpoint, or the rest of the application.
 * Counts and logs each refusal.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class EndpointAccess {

	private final EndpointRestrictions restrictions;

	private final RefusalLog log;

	private final TrafficListener listener;

	/**
	 * Create the rules.
	 * @param restrictions restrictions of requests
	 * @param clock measures the minute between two log lines of a reason
	 * @param listener receives each refusal
	 */
	public EndpointAccess(EndpointRestrictions restrictions, InstantSource clock, TrafficListener listener) {
		this.restrictions = Objects.requireNonNull(restrictions, "'restrictions' must not be null");
		this.log = new RefusalLog(Objects.requireNonNull(clock, "'clock' must not be null"));
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
	}

	/**
	 * Return the restrictions.
	 * @return restrictions of requests
	 */
	public EndpointRestrictions restrictions() {
		return this.restrictions;
	}

	/**
	 * Check a request for the endpoint.
	 * @param peerAddress address at the other end of the socket, in numbers
	 * @param ownPort whether its port serves only the endpoint
	 * @param rest rest of its path behind the endpoint's: empty, or {@code /} and the
	 * secret
	 * @return why it was refused, or {@code null} if it is admitted
	 */
	public @Nullable AccessRefusal check(String peerAddress, boolean ownPort, String rest) {
		AccessRefusal refusal = refusal(peerAddress, ownPort, rest);
		return (refusal != null) ? refuse(refusal, peerAddress) : null;
	}

	private @Nullable AccessRefusal refusal(String peerAddress, boolean ownPort, String rest) {
		if (this.restrictions.ownPort() && !ownPort) {
			return AccessRefusal.OTHER_PORT;
		}
		AllowedAddresses addresses = this.restrictions.addresses();
		if (addresses != null && !addresses.contain(peerAddress)) {
			return AccessRefusal.ADDRESS;
		}
		EndpointSecret secret = this.restrictions.secret();
		if (secret != null && !(rest.startsWith("/") && secret.isKnownBy(rest.substring(1)))) {
			return AccessRefusal.SECRET;
		}
		return null;
	}

	/**
	 * Check a request that is not for the endpoint.
	 * @param peerAddress address at the other end of the socket, in numbers
	 * @param ownPort whether its port serves only the endpoint
	 * @return why it was refused, or {@code null} if it is for the rest of the
	 * application
	 */
	public @Nullable AccessRefusal checkOther(String peerAddress, boolean ownPort) {
		return isHidden(ownPort) ? refuse(AccessRefusal.OTHER_PATH, peerAddress) : null;
	}

	/**
	 * Return whether a port serves nothing but the endpoint.
	 * @param ownPort whether it is the endpoint's own
	 * @return whether the rest of the application is hidden there
	 */
	public boolean isHidden(boolean ownPort) {
		return this.restrictions.ownPort() && ownPort;
	}

	/**
	 * Refuse a request that has bypassed the checks.
	 * @param peerAddress address at the other end of the socket, in numbers
	 * @return the refusal
	 */
	public AccessRefusal refuseUnchecked(String peerAddress) {
		return refuse(AccessRefusal.UNCHECKED, peerAddress);
	}

	private AccessRefusal refuse(AccessRefusal refusal, String peerAddress) {
		this.log.refused(refusal, peerAddress);
		this.listener.rejected(Rejection.FORBIDDEN);
		return refusal;
	}

}
