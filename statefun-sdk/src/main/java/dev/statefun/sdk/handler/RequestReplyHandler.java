package dev.statefun.sdk.handler;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.InvocationListener;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.RegisteredFunction;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of StateFun clusters of generations 2.x and 3.x, on any HTTP
 * server.
 * <p>
 * The server maps {@code POST} on one path to {@link #handle}. It sends a reply with
 * status 200 and the content type {@code application/octet-stream} without parameters,
 * and a failure with status 500, never with a 4xx, which fails the whole job on some
 * clusters (protocol.md §6.1).
 * <p>
 * Thread-safe; requests share nothing.
 *
 * @since 0.1.0
 */
public final class RequestReplyHandler {

	private final StatefulFunctions functions;

	private final Protocol protocol;

	private final HandlerOptions options;

	/**
	 * Create a handler with default options: for clusters of both generations, and a
	 * failed message fails its batch.
	 * @param functions the functions to serve
	 */
	public RequestReplyHandler(StatefulFunctions functions) {
		this(functions, Protocol.AUTO, HandlerOptions.PLAIN);
	}

	private RequestReplyHandler(StatefulFunctions functions, Protocol protocol, HandlerOptions options) {
		this.functions = Objects.requireNonNull(functions, "'functions' must not be null");
		this.protocol = protocol;
		this.options = options;
	}

	/**
	 * Create a builder of a handler.
	 * @param functions the functions to serve
	 * @return a builder
	 */
	public static Builder builder(StatefulFunctions functions) {
		return new Builder(Objects.requireNonNull(functions, "'functions' must not be null"));
	}

	/**
	 * Handle a request. Handlers run on the calling thread and, after a handler that
	 * returned a stage, on the thread that completes the stage.
	 * @param request the body of the request, which must not change until the reply is
	 * complete
	 * @return the body of the reply, which is complete unless a handler returned a
	 * pending stage. Fails with a {@link RequestRefusedException} or an
	 * {@link InvocationFailedException}; then nothing was applied. Completing or
	 * cancelling a pending reply ends the batch before its next message
	 */
	public CompletionStage<byte[]> handle(byte[] request) {
		return handle(request, this.options.batchTimeout());
	}

	/**
	 * Handle a request with its own time limit, otherwise as {@link #handle(byte[])}.
	 * @param request the body of the request, which must not change until the reply is
	 * complete
	 * @param timeout maximum duration of the batch, positive, in place of
	 * {@link Builder#batchTimeout(Duration)}; {@code null} for no limit
	 * @return the body of the reply
	 * @throws IllegalArgumentException if the limit is not positive
	 */
	public CompletionStage<byte[]> handle(byte[] request, @Nullable Duration timeout) {
		if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
			throw new IllegalArgumentException(
					"'timeout' is " + timeout + "; expected a positive time, or null for no limit");
		}
		return handle(request, timeout, null);
	}

	/**
	 * Handle a request and report which effects each of its messages has, otherwise as
	 * {@link #handle(byte[])}.
	 * @param request the body of the request
	 * @param listener receives the reports before the reply is complete
	 * @return the body of the reply
	 */
	public CompletionStage<byte[]> handle(byte[] request, InvocationListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		return handle(request, this.options.batchTimeout(), new InvocationLog(listener));
	}

	private CompletionStage<byte[]> handle(byte[] request, @Nullable Duration timeout, @Nullable InvocationLog log) {
		Objects.requireNonNull(request, "'request' must not be null");
		if (this.options.listener() == null && this.options.observer() == null) {
			return answer(request, timeout, null, log);
		}
		BatchRecord record = new BatchRecord(this.options.listener(), request.length);
		CompletionStage<byte[]> answer = answer(request, timeout, record, log);
		answer.whenComplete(record::end);
		return answer;
	}

	/**
	 * Return the bytes of the target address of a request. A cluster has one request in
	 * flight for each function instance (protocol.md §3.1), and always writes its address
	 * in the same way, so that requests for one instance have equal bytes.
	 * @param request the body of the request
	 * @return a read-only view of these bytes, or {@code null} if there is no address
	 */
	public static @Nullable ByteBuffer targetBytes(byte[] request) {
		Objects.requireNonNull(request, "'request' must not be null");
		return BatchRequest.target(request);
	}

	/**
	 * Return the target address of a request, for reports. The rest of the request is not
	 * read.
	 * @param request the body of the request
	 * @return the address, or {@code null} if there is none
	 */
	public static @Nullable Address targetAddress(byte[] request) {
		Objects.requireNonNull(request, "'request' must not be null");
		String[] parts = BatchRequest.targetParts(request);
		if (parts == null) {
			return null;
		}
		try {
			return Address.of(FunctionType.of(parts[0], parts[1]), parts[2]);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return the memory that {@link #handle} needs to decode a request, besides its body:
	 * 28 bytes for each message and 32 for each state. A small body can have many of
	 * them, so a server that limits the memory of requests in flight must count both.
	 * Allocates nothing.
	 * @param request the body of the request
	 * @return number of bytes; 0 for bytes that are no request
	 */
	public static long decodedSize(byte[] request) {
		Objects.requireNonNull(request, "'request' must not be null");
		return BatchRequest.tableSize(request);
	}

	private CompletionStage<byte[]> answer(byte[] bytes, @Nullable Duration timeout, @Nullable BatchRecord record,
			@Nullable InvocationLog log) {
		try {
			BatchRequest request = BatchRequest.decode(bytes, this.protocol.dialect());
			RegisteredFunction function = FunctionLookup.find(this.functions, request);
			if (function == null) {
				throw new RequestRefusedException("Function '"
						+ Printable.of(request.targetNamespace() + "/" + request.targetName())
						+ "' is not served here; check the function's name in the code and in the cluster's module.yaml",
						null);
			}
			if (record != null) {
				record.function(function.type());
			}
			int[] entries = MissingStates.locate(function, request);
			byte[] incomplete = MissingStates.reply(function, request, entries);
			if (incomplete != null) {
				if (record != null) {
					record.missingState();
				}
				return CompletableFuture.completedFuture(incomplete);
			}
			boolean interrupted = InterruptFlag.isSet();
			Batch batch = new Batch(this.functions, function, this.options, request, entries, timeout, log);
			if (record != null) {
				record.batch(batch);
			}
			return batch.run(interrupted);
		}
		catch (MalformedRequestException ex) {
			return CompletableFuture.failedFuture(
					new RequestRefusedException("Not a request of a StateFun cluster: " + ex.getMessage(), ex));
		}
		catch (RequestRefusedException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Builder of a handler. Not thread-safe.
	 */
	public static final class Builder {

		private final StatefulFunctions functions;

		private final List<InvocationInterceptor> interceptors = new ArrayList<>();

		private Protocol protocol = Protocol.AUTO;

		private @Nullable FailurePolicy policy;

		private @Nullable Duration batchTimeout;

		private @Nullable Duration invocationTimeout;

		private @Nullable Deadlines deadlines;

		private int maxReplySize = Integer.MAX_VALUE;

		private @Nullable Consumer<Address> interruptions;

		private HeaderOptions headers = HeaderOptions.DEFAULT;

		private LongSupplier timerNonces = HandlerOptions.RANDOM;

		private final List<BatchListener> listeners = new ArrayList<>();

		private final List<BatchObserver> observers = new ArrayList<>();

		private Builder(StatefulFunctions functions) {
			this.functions = functions;
		}

		/**
		 * Set the generations of clusters to serve; both by default.
		 * @param protocol the generations
		 * @return this builder
		 */
		public Builder protocol(Protocol protocol) {
			this.protocol = Objects.requireNonNull(protocol, "'protocol' must not be null");
			return this;
		}

		/**
		 * Add a listener; listeners are called in the order in which they are added.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(BatchListener listener) {
			this.listeners.add(Objects.requireNonNull(listener, "'listener' must not be null"));
			return this;
		}

		/**
		 * Add an observer; earlier ones enclose later ones.
		 * @param observer the observer
		 * @return this builder
		 */
		public Builder observer(BatchObserver observer) {
			this.observers.add(Objects.requireNonNull(observer, "'observer' must not be null"));
			return this;
		}

		/**
		 * Set the policy for failed messages; by default their batches fail.
		 * @param policy the policy
		 * @return this builder
		 */
		public Builder failurePolicy(FailurePolicy policy) {
			this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
			return this;
		}

		/**
		 * Add an interceptor; earlier ones wrap later ones.
		 * @param interceptor the interceptor
		 * @return this builder
		 */
		public Builder interceptor(InvocationInterceptor interceptor) {
			this.interceptors.add(Objects.requireNonNull(interceptor, "'interceptor' must not be null"));
			return this;
		}

		/**
		 * Set the maximum duration of a batch. After that no further message of it is
		 * handled, and it fails with a {@link BatchTimeoutException} as the cause. With
		 * {@linkplain #deadlines(Deadlines) deadlines}, the running handler is
		 * interrupted and a pending reply fails immediately; without them, the time is
		 * only checked after each message.
		 * @param batchTimeout the duration, positive; by default there is no limit
		 * @return this builder
		 */
		public Builder batchTimeout(Duration batchTimeout) {
			this.batchTimeout = requirePositive(batchTimeout, "batchTimeout");
			return this;
		}

		/**
		 * Set the maximum duration of a handler for one message, including the stage that
		 * it returns. The limit applies to each attempt of an interceptor anew. Exceeding
		 * it fails the batch, as with {@link #batchTimeout(Duration)}.
		 * @param invocationTimeout the duration, positive; by default there is no limit
		 * @return this builder
		 */
		public Builder invocationTimeout(Duration invocationTimeout) {
			this.invocationTimeout = requirePositive(invocationTimeout, "invocationTimeout");
			return this;
		}

		private static Duration requirePositive(Duration time, String name) {
			if (time.isZero() || time.isNegative()) {
				throw new IllegalArgumentException("'" + name + "' is " + time + "; expected a positive time");
			}
			return time;
		}

		/**
		 * Set the object that enforces the time limits while handlers run.
		 * @param deadlines the deadlines, to be closed by the caller
		 * @return this builder
		 */
		public Builder deadlines(Deadlines deadlines) {
			this.deadlines = Objects.requireNonNull(deadlines, "'deadlines' must not be null");
			return this;
		}

		/**
		 * Set the maximum size of a reply. A batch whose reply would be larger fails; a
		 * single message that exceeds the limit is a failed message.
		 * @param bytes number of bytes, positive; by default the maximum size of an array
		 * @return this builder
		 */
		public Builder maxReplySize(int bytes) {
			if (bytes < 1) {
				throw new IllegalArgumentException("'bytes' is " + bytes + "; expected a positive number");
			}
			this.maxReplySize = bytes;
			return this;
		}

		/**
		 * Set a listener for code that sets or clears the interrupt flag of its thread: a
		 * handler, an interceptor, a policy, a validator, a listener or an observer. The
		 * flag is restored before the listener is called, on the same thread.
		 * @param listener receives the address of the function instance; must be fast and
		 * not throw
		 * @return this builder
		 */
		public Builder interruptionListener(Consumer<Address> listener) {
			this.interruptions = Objects.requireNonNull(listener, "'listener' must not be null");
			return this;
		}

		/**
		 * Set the headers that go on by themselves, from the message of an invocation to
		 * all messages and egress records that the invocation sends.
		 * @param keys keys of the headers; by default none
		 * @return this builder
		 * @throws IllegalArgumentException if a key is not valid
		 */
		public Builder propagateHeaders(Collection<String> keys) {
			this.headers = this.headers.propagate(keys);
			return this;
		}

		/**
		 * Write headers into Kafka records too, where the egress of the cluster's runtime
		 * knows field 4 of a record. That of Apache StateFun drops it.
		 * @return this builder
		 */
		public Builder kafkaRecordHeaders() {
			this.headers = this.headers.inKafkaRecords();
			return this;
		}

		/**
		 * Neither read nor write headers, for a cluster that does not keep them.
		 * @return this builder
		 */
		public Builder withoutHeaders() {
			this.headers = HeaderOptions.DISABLED;
			return this;
		}

		// Sets the source of the numbers that distinguish the timers of a name. They must
		// not repeat after a timer was cancelled: the timer might still be delivered
		Builder timerNonces(LongSupplier nonces) {
			this.timerNonces = nonces;
			return this;
		}

		/**
		 * Build the handler.
		 * @return the handler
		 * @throws IllegalArgumentException if headers are disabled, and a handler of a
		 * function requires one
		 */
		public RequestReplyHandler build() {
			if (!this.headers.enabled()) {
				FunctionLookup.requireNoHeaders(this.functions);
			}
			return new RequestReplyHandler(this.functions, this.protocol,
					new HandlerOptions(this.policy, this.interceptors, BatchListeners.of(this.listeners),
							BatchObservers.of(this.observers), this.batchTimeout, this.invocationTimeout,
							this.deadlines, this.maxReplySize, this.interruptions, this.headers, this.timerNonces));
		}

	}

}
