package dev.statefun.endpoint.access;

import java.net.InetAddress;
import java.time.InstantSource;

import dev.statefun.endpoint.failure.RateLimitedLog;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs refused requests: for each reason and minute one WARN, with the address at the
 * other end of the socket, and without any content of the request.
 * <p>
 * Thread-safe.
 */
final class RefusalLog {

	private static final Log logger = LogFactory.getLog(RefusalLog.class);

	private final RateLimitedLog<AccessRefusal> lines;

	/**
	 * Create a log.
	 * @param clock measures the minute
	 */
	RefusalLog(InstantSource clock) {
		this.lines = new RateLimitedLog<>(clock, AccessRefusal.SECRET);
	}

	void refused(AccessRefusal reason, String peerAddress) {
		this.lines.log(reason, (suppressed) -> logger.warn(RateLimitedLog
			.withSuppressed("Refused a request from " + printable(peerAddress) + ": " + reason.text(), suppressed)));
	}

	// A container behind a proxy may report the content of a header as the address
	private static String printable(String address) {
		InetAddress numbers = AddressRange.addressOf(address);
		return (numbers != null) ? numbers.getHostAddress() : "an unknown address";
	}

}
