package dev.statefun.netty;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.protocol.Printable;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs each answered request in the common log format, followed by its duration in
 * microseconds, on the level INFO:
 * <pre>127.0.0.1 - - [30/Nov/2026:06:03:49 +0000] "POST /statefun HTTP/1.1" 200 123 456</pre>
 * The log category is the name of this class. A request that is not one of HTTP is shown
 * as {@code "-"}. Neither secrets nor wrong ones are shown, nor is the query.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class AccessLog implements RequestListener {

	private static final Log logger = LogFactory.getLog(AccessLog.class);

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);

	private final EndpointPath path;

	private final InstantSource clock;

	private final ZoneId zone;

	/**
	 * Create a log.
	 * @param path path of the endpoint
	 * @param clock time at which requests were received
	 * @param zone time zone of the lines
	 */
	public AccessLog(EndpointPath path, InstantSource clock, ZoneId zone) {
		this.path = Objects.requireNonNull(path, "'path' must not be null");
		this.clock = Objects.requireNonNull(clock, "'clock' must not be null");
		this.zone = Objects.requireNonNull(zone, "'zone' must not be null");
	}

	@Override
	public ReceivedRequest received(RequestHead head, String peerAddress) {
		return logger.isInfoEnabled() ? new Entry(head, peerAddress, this.clock.instant(), System.nanoTime())
				: ReceivedRequest.UNOBSERVED;
	}

	private String line(Entry request, int status, long bytes) {
		long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - request.since);
		return request.peerAddress + " - - [" + TIME.format(request.received.atZone(this.zone)) + "] \""
				+ firstLine(request.head) + "\" " + status + " " + bytes + " " + micros;
	}

	private String firstLine(RequestHead head) {
		if (!head.isValid()) {
			return "-";
		}
		// Masked before it is cut: half of a secret would be a hint
		return printable(head.method()) + " " + printable(this.path.shown(head.target())) + " "
				+ printable(head.version());
	}

	// A quotation mark would end the field
	private static String printable(String text) {
		return Printable.of(text).replace("\"", "%22");
	}

	/**
	 * Request of a line.
	 */
	private final class Entry implements ReceivedRequest {

		private final RequestHead head;

		private final String peerAddress;

		private final Instant received;

		private final long since;

		private Entry(RequestHead head, String peerAddress, Instant received, long since) {
			this.head = head;
			this.peerAddress = peerAddress;
			this.received = received;
			this.since = since;
		}

		@Override
		public ThreadScope enter() {
			return ThreadScope.NONE;
		}

		@Override
		public void ended(int status, long bytes, @Nullable Throwable failure) {
			if (status > 0) {
				logger.info(line(this, status, bytes));
			}
		}

	}

}
