package dev.statefun.spring.web;

import java.io.IOException;
import java.util.concurrent.Semaphore;

import dev.statefun.endpoint.BodyLimits;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.Assert;

/**
 * Reads the bodies of requests within {@link BodyLimits}. A body in the server's buffer
 * is read at once; the rest of any other body is read without a thread, as it arrives. If
 * the server or a wrapper of the request does not allow that, the body is read on the
 * request's thread, for a few requests at a time.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BodyReader {

	private final BodyLimits limits;

	private final int maxBlocked;

	private final Semaphore blocked;

	/**
	 * Create a reader.
	 * @param limits limits of the bodies
	 * @param maxBlocked maximum number of threads that wait for bodies at a time, at
	 * least 1
	 */
	public BodyReader(BodyLimits limits, int maxBlocked) {
		Assert.notNull(limits, "'limits' must not be null");
		Assert.isTrue(maxBlocked > 0, "'maxBlocked' must be positive");
		this.limits = limits;
		this.maxBlocked = maxBlocked;
		this.blocked = new Semaphore(maxBlocked);
	}

	BodyLimits limits() {
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
	 * {@linkplain dev.statefun.endpoint.Endpoint#refusal refused}.
	 * @param request the request
	 * @return its body
	 * @throws IOException if the request has no body that can be read
	 */
	ArrivingRequest begin(HttpServletRequest request) throws IOException {
		return new ArrivingRequest(this, request);
	}

}
