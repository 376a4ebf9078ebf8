package dev.statefun.spring.web;

import java.io.IOException;
import java.util.concurrent.Semaphore;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.sdk.handler.RequestReplyHandler;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Reads the bodies of requests within the limits of {@link Admission} and
 * {@link ArrivalLimits}. A body in the server's buffer is read at once; the rest of any
 * other body is read without a thread, as it arrives. If the server or a wrapper of the
 * request does not allow that, the body is read on the request's thread, for a few
 * requests at a time.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BodyReader {

	private final Admission admission;

	private final long maxSize;

	private final ArrivalLimits limits;

	private final int maxBlocked;

	private final Semaphore blocked;

	/**
	 * Create a reader.
	 * @param admission provides room for bodies
	 * @param maxSize maximum number of bytes of a body, at most as many as may be in
	 * flight
	 * @param limits limits on how slowly a body may arrive
	 * @param maxBlocked maximum number of threads that wait for bodies at a time, at
	 * least 1
	 */
	public BodyReader(Admission admission, long maxSize, ArrivalLimits limits, int maxBlocked) {
		Assert.notNull(admission, "'admission' must not be null");
		Assert.isTrue(maxSize > 0 && maxSize <= Integer.MAX_VALUE && maxSize <= admission.maxBytes(),
				() -> "'maxSize' is " + maxSize + " of " + admission.maxBytes());
		Assert.notNull(limits, "'limits' must not be null");
		Assert.isTrue(maxBlocked > 0, "'maxBlocked' must be positive");
		this.admission = admission;
		this.maxSize = maxSize;
		this.limits = limits;
		this.maxBlocked = maxBlocked;
		this.blocked = new Semaphore(maxBlocked);
	}

	Admission admission() {
		return this.admission;
	}

	long maxSize() {
		return this.maxSize;
	}

	ArrivalLimits limits() {
		return this.limits;
	}

	int maxBlocked() {
		return this.maxBlocked;
	}

	Semaphore blocked() {
		return this.blocked;
	}

	/**
	 * Begin to read a body. Must not be called for a request whose size was
	 * {@linkplain #refusal refused}.
	 * @param request the request
	 * @return its body
	 * @throws IOException if the request has no body that can be read
	 */
	ArrivingRequest begin(HttpServletRequest request) throws IOException {
		return new ArrivingRequest(this, request);
	}

	/**
	 * Return the refusal of a request that announces too large a body.
	 * @param request the request
	 * @return the refusal, or {@code null} if there is none
	 */
	@Nullable UnexpectedRequestException refusal(HttpServletRequest request) {
		long announced = request.getContentLengthLong();
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

	UnexpectedRequestException tooLarge(String size) {
		return new UnexpectedRequestException("A request has " + size + ", but may have " + this.maxSize
				+ " ('statefun.max-request-size'); let the cluster send smaller batches (maxNumBatchRequests in its "
				+ "module.yaml), keep less in the states, or raise the limit");
	}

}
