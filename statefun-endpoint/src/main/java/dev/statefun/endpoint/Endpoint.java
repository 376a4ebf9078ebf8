package dev.statefun.endpoint;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.handler.InterruptFlag;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.protocol.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Endpoint that clusters call, without the server that serves it. A server takes each
 * request through these steps, and answers with the statuses that the runtime expects
 * (protocol.md §6.1):
 * <ol>
 * <li>Another method than {@link #METHOD}: 405.</li>
 * <li>A {@link #refusal(String, long) refusal} of its head: a {@link #fail(Throwable)
 * failure}.</li>
 * <li>Its body {@linkplain BodyLimits#begin(long) arrives}.</li>
 * <li>It is {@linkplain #admitted(Arrival, CompletableFuture) admitted}: the
 * {@link Exchange} leads to a reply, 200 with exactly {@link #CONTENT_TYPE}, or to a
 * failure.</li>
 * </ol>
 * While the endpoint {@linkplain #isDraining() drains}, connections are closed after the
 * answer.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Endpoint {

	/** Method of all requests. */
	public static final String METHOD = "POST";

	/**
	 * Content type of requests and replies. That of a reply must have no parameters:
	 * clusters would refuse it (protocol.md §6.1).
	 */
	public static final String CONTENT_TYPE = "application/octet-stream";

	private final BodyLimits bodies;

	private final Redeliveries redeliveries;

	private final FailureLog log;

	private final TrafficListener listener;

	private final long queueTimeoutNanos;

	/**
	 * Create the endpoint.
	 * @param bodies limits of the bodies of requests
	 * @param redeliveries knows the batches that run
	 * @param log logs failed requests
	 * @param listener receives requests that are queued or rejected
	 */
	public Endpoint(BodyLimits bodies, Redeliveries redeliveries, FailureLog log, TrafficListener listener) {
		this.bodies = Objects.requireNonNull(bodies, "'bodies' must not be null");
		this.redeliveries = Objects.requireNonNull(redeliveries, "'redeliveries' must not be null");
		this.log = Objects.requireNonNull(log, "'log' must not be null");
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
		this.queueTimeoutNanos = bodies.admission().queueTimeout().toNanos();
	}

	/**
	 * Return the problem of a request, as far as its head shows it.
	 * @param contentType its content type, or {@code null} if it has none
	 * @param announced number of bytes of its body, or -1 if unknown
	 * @return the problem, a {@linkplain #fail(Throwable) failure} of the request, or
	 * {@code null} if there is none
	 */
	public @Nullable UnexpectedRequestException refusal(@Nullable String contentType, long announced) {
		if (contentType != null && !isOctetStream(contentType)) {
			return new UnexpectedRequestException("Content type '" + Printable.of(contentType)
					+ "' is not what a StateFun cluster sends; expected '" + CONTENT_TYPE + "'");
		}
		return this.bodies.refusal(announced);
	}

	// With or without parameters
	private static boolean isOctetStream(String contentType) {
		int end = contentType.indexOf(';');
		return ((end < 0) ? contentType : contentType.substring(0, end)).strip().equalsIgnoreCase(CONTENT_TYPE);
	}

	/**
	 * Continue with a request whose body has arrived, or was refused.
	 * @param arrival its body
	 * @param turn the result of {@link Arrival#end()} or {@link Arrival#admitted()},
	 * which is done
	 * @return the exchange; one that has failed if the request was not admitted
	 */
	public Exchange admitted(Arrival arrival, CompletableFuture<?> turn) {
		Duration waited = arrival.permit().waited();
		if (!waited.isZero()) {
			boolean interrupted = InterruptFlag.isSet();
			this.listener.waited(waited);
			InterruptFlag.restore(interrupted);
		}
		try {
			turn.join();
		}
		catch (CompletionException | CancellationException ex) {
			return new Exchange(this, arrival.permit(), arrival.take(), ExceptionWrappers.unwrap(ex));
		}
		return new Exchange(this, arrival.permit(), arrival.take(), null);
	}

	/**
	 * Count and log a failed request.
	 * @param failure the failure
	 * @return the answer to the request
	 */
	public FailureAnswer fail(Throwable failure) {
		boolean interrupted = InterruptFlag.isSet();
		Rejection rejection = rejectionOf(failure);
		if (rejection != null) {
			this.listener.rejected(rejection);
		}
		FailureAnswer answer = new FailureAnswer(statusOf(failure), log(failure));
		// No server can write on a thread that a listener or an appender has interrupted
		InterruptFlag.restore(interrupted);
		return answer;
	}

	private static @Nullable Rejection rejectionOf(Throwable failure) {
		if (failure instanceof NotAdmittedException refused) {
			return refused.reason();
		}
		return (failure instanceof UnexpectedRequestException) ? Rejection.UNEXPECTED : null;
	}

	// The cluster sends the request again after any of these (protocol.md §6.1)
	private static int statusOf(Throwable failure) {
		if (failure instanceof NotAdmittedException refused) {
			return switch (refused.reason()) {
				case OVERLOADED, BUSY -> 429;
				case DRAINING -> 503;
				case INCOMPLETE, UNEXPECTED, FORBIDDEN -> 500;
			};
		}
		return 500;
	}

	// Returns the text that the sender of the request may see
	private String log(Throwable failure) {
		if (failure instanceof NotAdmittedException refusal) {
			if (refusal.reason() != Rejection.DRAINING) {
				this.log.notAdmitted(refusal);
			}
			return String.valueOf(refusal.getMessage());
		}
		if (failure instanceof RuntimeException refusal && (failure instanceof RequestRefusedException
				|| failure instanceof UnexpectedRequestException || failure instanceof InterruptedWaitException)) {
			this.log.refused(refusal);
			return String.valueOf(refusal.getMessage());
		}
		this.log.failed(failure);
		return "The function failed; see the log of this service.";
	}

	/**
	 * Return whether all new requests are rejected. Each answer then announces that its
	 * connection is closed, so that the cluster sends the next request to another
	 * instance.
	 * @return whether the endpoint drains
	 */
	public boolean isDraining() {
		return this.bodies.admission().isDraining();
	}

	/**
	 * Reject all requests from now on, including those that wait or still arrive.
	 * @return completes when no request is in flight
	 */
	public CompletionStage<@Nullable Void> drain() {
		return this.bodies.admission().drain();
	}

	Redeliveries redeliveries() {
		return this.redeliveries;
	}

	long queueTimeoutNanos() {
		return this.queueTimeoutNanos;
	}

}
