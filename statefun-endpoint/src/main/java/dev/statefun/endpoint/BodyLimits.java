package dev.statefun.endpoint;

import java.util.Objects;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.sdk.handler.RequestReplyHandler;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the bodies of requests: of all of them together by {@link Admission}, of each
 * one by its size, and of its sender by {@link ArrivalLimits}.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BodyLimits {

	private final Admission admission;

	private final long maxSize;

	private final ArrivalLimits arrival;

	/**
	 * Create the limits.
	 * @param admission provides room for bodies
	 * @param maxSize maximum number of bytes of a body, at most as many as may be in
	 * flight
	 * @param arrival limits on how slowly a body may arrive
	 */
	public BodyLimits(Admission admission, long maxSize, ArrivalLimits arrival) {
		this.admission = Objects.requireNonNull(admission, "'admission' must not be null");
		this.arrival = Objects.requireNonNull(arrival, "'arrival' must not be null");
		if (maxSize <= 0 || maxSize > Integer.MAX_VALUE || maxSize > admission.maxBytes()) {
			throw new IllegalArgumentException("'maxSize' is " + maxSize + " of " + admission.maxBytes());
		}
		this.maxSize = maxSize;
	}

	Admission admission() {
		return this.admission;
	}

	long maxSize() {
		return this.maxSize;
	}

	ArrivalLimits arrival() {
		return this.arrival;
	}

	/**
	 * Begin to receive a body. Its size must not be one that
	 * {@link Endpoint#refusal(String, long)} refuses.
	 * @param announced its number of bytes, or -1 if unknown
	 * @return the body, which has to be {@linkplain Arrival#end() ended} or
	 * {@linkplain Arrival#release() released}
	 */
	public Arrival begin(long announced) {
		return new Arrival(this, announced);
	}

	/**
	 * Return the refusal of a request that announces too large a body.
	 * @param announced number of bytes of the body
	 * @return the refusal, or {@code null} if there is none
	 */
	@Nullable UnexpectedRequestException refusal(long announced) {
		return (announced > this.maxSize) ? tooLarge(announced + " bytes") : null;
	}

	/**
	 * Return the memory that a request takes once it is decoded.
	 * @param body its body
	 * @return number of bytes; more than may be in flight if the request has too many
	 * entries
	 */
	long sizeInMemory(byte[] body) {
		long decoded = RequestReplyHandler.decodedSize(body);
		long all = body.length + decoded;
		long max = this.admission.maxBytes();
		// The maximum body size has room for some entries
		return (decoded <= max / 16) ? Math.min(all, max) : all;
	}

	UnexpectedRequestException tooManyEntries(int length, long size) {
		return new UnexpectedRequestException("A request of " + length + " bytes has so many entries that it takes "
				+ size + " bytes in memory (28 more for each message and 32 for each state), but at most "
				+ this.admission.maxBytes()
				+ " may be in flight ('statefun.max-in-flight-bytes'); let the cluster send "
				+ "smaller batches (maxNumBatchRequests in its module.yaml), or raise the limit");
	}

	UnexpectedRequestException tooLarge() {
		return tooLarge("more than " + this.maxSize + " bytes");
	}

	private UnexpectedRequestException tooLarge(String size) {
		return new UnexpectedRequestException("A request has " + size + ", but may have " + this.maxSize
				+ " ('statefun.max-request-size'); let the cluster send smaller batches (maxNumBatchRequests in its "
				+ "module.yaml), keep less in the states, or raise the limit");
	}

}
