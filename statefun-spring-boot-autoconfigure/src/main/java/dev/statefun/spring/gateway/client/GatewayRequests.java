package dev.statefun.spring.gateway.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.ByteString;
import dev.statefun.endpoint.failure.RateLimitedLog;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import dev.statefun.spring.gateway.client.RequestObserver.ObservedRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a gateway and waits for their replies. A reply to no request that
 * waits, because it came twice or too late, is only counted.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayRequests implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(GatewayRequests.class);

	private final GatewayTransport transport;

	private final GatewayRequestsListener listener;

	private final RequestObserver observer;

	private final int maxRequestSize;

	private final int maxWaiting;

	private final GatewayThreads threads;

	private final SecureRandom random = new SecureRandom();

	private final AtomicInteger waiting = new AtomicInteger();

	private final RateLimitedLog<String> garbage = new RateLimitedLog<>(InstantSource.system(), "garbage");

	private volatile boolean closed;

	private final ConcurrentMap<String, PendingRequest> pending = new ConcurrentHashMap<>();

	/**
	 * Create the client side of a gateway, and begin to receive replies.
	 * @param transport carries requests and replies
	 * @param listener receives replies that nothing waits for
	 * @param observer observes requests
	 * @param maxRequestSize maximum size of a request in bytes
	 * @param maxWaiting maximum number of requests that wait for a reply
	 * @param threads threads for timeouts, and for code that depends on a reply
	 */
	public GatewayRequests(GatewayTransport transport, GatewayRequestsListener listener, RequestObserver observer,
			int maxRequestSize, int maxWaiting, GatewayThreads threads) {
		this.transport = transport;
		this.listener = listener;
		this.observer = observer;
		this.maxRequestSize = maxRequestSize;
		this.maxWaiting = maxWaiting;
		this.threads = threads;
		transport.receive(this::receive);
	}

	/**
	 * Return a new id of a request.
	 * @return 128 random bits as 32 hexadecimal digits
	 */
	public String newId() {
		byte[] id = new byte[16];
		this.random.nextBytes(id);
		return HexFormat.of().formatHex(id);
	}

	/**
	 * Return where replies go.
	 * @return the destination
	 */
	public ReplyDestination replyDestination() {
		return this.transport.replyDestination();
	}

	/**
	 * Return the number of requests that wait for a reply.
	 * @return the number
	 */
	public int waiting() {
		return this.waiting.get();
	}

	/**
	 * Send a request without reply.
	 * @param request the request
	 * @param timeout maximum duration
	 * @return completes when the request will not be lost any more, or fails with a
	 * {@link FunctionRequestException}
	 */
	public CompletableFuture<Void> send(GatewayRequest request, Duration timeout) {
		ObservedRequest observed = observe(request);
		ByteString bytes = request.headers(observed.headers(request.headers())).toBytes();
		FunctionRequestException refusal = refusal(bytes);
		if (refusal == null && !this.transport.isReady()) {
			refusal = notReady();
		}
		if (refusal != null) {
			observed.end(tag(refusal.reason()), refusal);
			return CompletableFuture.failedFuture(refusal);
		}
		CompletableFuture<Void> sent = new CompletableFuture<>();
		transmit(request, bytes, timeout)
			.whenComplete((done, ex) -> this.threads.execute(() -> sent(observed, sent, ex)));
		return sent;
	}

	private static void sent(ObservedRequest observed, CompletableFuture<Void> sent, @Nullable Throwable failure) {
		if (failure == null) {
			observed.end("sent", null);
			sent.complete(null);
			return;
		}
		FunctionRequestException unavailable = unavailable(failure);
		observed.end(tag(unavailable.reason()), unavailable);
		sent.completeExceptionally(unavailable);
	}

	/**
	 * Send a request and wait for the reply. Canceling the future ends the waiting.
	 * @param request the request
	 * @param wait maximum duration of the waiting; may be shorter than the time until the
	 * request's deadline
	 * @return the reply, or fails with a {@link FunctionRequestException} whose reason is
	 * {@code TIMED_OUT}, {@code UNAVAILABLE}, {@code BUSY} or {@code REQUEST_TOO_LARGE}
	 */
	public CompletableFuture<GatewayReply> request(GatewayRequest request, Duration wait) {
		PendingRequest pending = new PendingRequest(request.id(), observe(request));
		ByteString bytes = request.headers(pending.observed.headers(request.headers())).toBytes();
		FunctionRequestException refusal = refusal(bytes);
		if (refusal == null && this.closed) {
			refusal = stopped();
		}
		if (refusal == null && !this.transport.isReady()) {
			refusal = notReady();
		}
		if (refusal == null && !pending.begin(wait)) {
			refusal = new FunctionRequestException(Reason.BUSY, null,
					this.maxWaiting
							+ " requests wait for their replies already; 'statefun.client.max-waiting' limits them",
					null);
		}
		if (refusal != null) {
			pending.fail(refusal);
		}
		else {
			if (this.closed) {
				pending.failLater(stopped());
			}
			transmit(request, bytes, wait).whenComplete((done, ex) -> {
				if (ex != null) {
					pending.failLater(unavailable(ex));
				}
			});
		}
		return pending.reply;
	}

	private static FunctionRequestException notReady() {
		return new FunctionRequestException(Reason.UNAVAILABLE, null,
				"The topics of the gateway have not been reached yet, or are missing, so the message was not sent",
				null);
	}

	private ObservedRequest observe(GatewayRequest request) {
		return (request.target() != null) ? this.observer.begin(request.target(), request.kind())
				: ObservedRequest.NONE;
	}

	private static String tag(Enum<?> outcome) {
		return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private CompletionStage<Void> transmit(GatewayRequest request, ByteString bytes, Duration timeout) {
		try {
			return this.transport.send(request.instance(), bytes.toByteArray(), timeout);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private @Nullable FunctionRequestException refusal(ByteString bytes) {
		if (bytes.size() <= this.maxRequestSize) {
			return null;
		}
		return new FunctionRequestException(Reason.REQUEST_TOO_LARGE, null, "The request has " + bytes.size()
				+ " bytes with its envelope, and 'statefun.gateway.max-request-size' allows " + this.maxRequestSize,
				null);
	}

	private static FunctionRequestException timedOut(Duration wait) {
		return new FunctionRequestException(Reason.TIMED_OUT, null,
				"There was no reply within " + wait.toMillis()
						+ " ms. The message may or may not have been handled; use an idempotency key to ask again",
				null);
	}

	private static FunctionRequestException unavailable(Throwable failure) {
		Throwable cause = ExceptionWrappers.unwrap(failure);
		return new FunctionRequestException(Reason.UNAVAILABLE, null,
				"The request could not be sent to the gateway, or it is unknown whether it was: " + cause, cause);
	}

	private void receive(byte[] bytes) {
		GatewayReply reply;
		try {
			reply = GatewayReply.parse(ByteString.copyFrom(bytes));
		}
		catch (IllegalArgumentException ex) {
			this.garbage.log("garbage",
					(suppressed) -> logger.warn(
							RateLimitedLog.withSuppressed(
									"Ignored a record on the reply topic '" + replyDestination().topic()
											+ "' that is no reply this release can read: " + ex.getMessage(),
									suppressed)));
			return;
		}
		PendingRequest waiting = this.pending.get(reply.id());
		if (waiting == null || !waiting.replyLater(reply)) {
			this.listener.unexpectedReply();
		}
	}

	/**
	 * End all waiting, with the reason {@code UNAVAILABLE}.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.pending.values().forEach((pending) -> pending.failLater(stopped()));
	}

	private static FunctionRequestException stopped() {
		return new FunctionRequestException(Reason.UNAVAILABLE, null,
				"The application stopped before the reply came. A message that was sent may have been handled", null);
	}

	/**
	 * A request that waits for its reply. The request itself is not kept, as it may be
	 * large.
	 */
	private final class PendingRequest {

		private final String id;

		private final ObservedRequest observed;

		private final CompletableFuture<GatewayReply> reply = new CompletableFuture<>();

		private final AtomicBoolean ended = new AtomicBoolean();

		private volatile boolean begun;

		private volatile @Nullable ScheduledFuture<?> timeout;

		private PendingRequest(String id, ObservedRequest observed) {
			this.id = id;
			this.observed = observed;
			this.reply.whenComplete((done, ex) -> {
				if (this.reply.isCancelled()) {
					end("canceled", ex);
				}
			});
		}

		// Whether there is room for one more request
		private boolean begin(Duration wait) {
			if (GatewayRequests.this.waiting.incrementAndGet() > GatewayRequests.this.maxWaiting) {
				GatewayRequests.this.waiting.decrementAndGet();
				return false;
			}
			this.begun = true;
			GatewayRequests.this.pending.put(this.id, this);
			this.timeout = GatewayRequests.this.threads.schedule(() -> failLater(timedOut(wait)), wait);
			return true;
		}

		// Before the reply, so that code that depends on it sees the end
		private boolean end(String outcome, @Nullable Throwable failure) {
			if (!this.ended.compareAndSet(false, true)) {
				return false;
			}
			ScheduledFuture<?> timeout = this.timeout;
			if (timeout != null) {
				timeout.cancel(false);
			}
			if (this.begun) {
				GatewayRequests.this.pending.remove(this.id, this);
				GatewayRequests.this.waiting.decrementAndGet();
			}
			this.observed.end(outcome, failure);
			return true;
		}

		private boolean replyLater(GatewayReply reply) {
			boolean first = end(tag(reply.outcome()), null);
			if (first) {
				GatewayRequests.this.threads.execute(() -> this.reply.complete(reply));
			}
			return first;
		}

		private void fail(FunctionRequestException failure) {
			if (end(tag(failure.reason()), failure)) {
				this.reply.completeExceptionally(failure);
			}
		}

		private void failLater(FunctionRequestException failure) {
			GatewayRequests.this.threads.execute(() -> fail(failure));
		}

	}

}
