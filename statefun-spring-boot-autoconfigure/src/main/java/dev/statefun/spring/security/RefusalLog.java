package dev.statefun.spring.security;

import java.net.InetAddress;
import java.time.InstantSource;

import dev.statefun.endpoint.failure.RateLimitedLog;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs refused requests: for each reason and minute one WARN, with the address at the
 * other end of the socket, and without any content of the request.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class RefusalLog {

	private static final Log logger = LogFactory.getLog(RefusalLog.class);

	private final RateLimitedLog<Reason> lines;

	/**
	 * Create a log.
	 * @param clock measures the minute
	 */
	public RefusalLog(InstantSource clock) {
		this.lines = new RateLimitedLog<>(clock, Reason.SECRET);
	}

	/**
	 * Log a request that reached the endpoint without passing its access filter.
	 * @param request the request
	 */
	public void refusedBehindTheFilter(HttpServletRequest request) {
		refused(Reason.PAST_THE_FILTER, ClusterConnection.of(request));
	}

	void refused(Reason reason, ClusterConnection connection) {
		this.lines.log(reason,
				(suppressed) -> logger.warn(RateLimitedLog.withSuppressed(
						"Refused a request from " + printable(connection.peerAddress()) + ": " + reason.text,
						suppressed)));
	}

	// A container behind a proxy may report the content of a header as the address
	private static String printable(String address) {
		InetAddress numbers = AddressRange.addressOf(address);
		return (numbers != null) ? numbers.getHostAddress() : "an unknown address";
	}

	/**
	 * Reason of a refusal.
	 */
	enum Reason {

		OTHER_PORT("it was sent to the endpoint on another port than 'statefun.server.port'"),

		OTHER_PATH("its path is not that of the endpoint on 'statefun.server.port'"),

		ADDRESS("its address is not in 'statefun.security.allowed-addresses'"),

		PAST_THE_FILTER("it reached the endpoint without the access checks"),

		SECRET("its path does not contain 'statefun.security.secret'");

		private final String text;

		Reason(String text) {
			this.text = text;
		}

	}

}
