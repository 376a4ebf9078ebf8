package dev.statefun.sdk.handler;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.sdk.registry.FunctionLookup;
import dev.statefun.sdk.registry.RegisteredFunction;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of StateFun clusters, of the generations 2.x and 3.x alike; any
 * HTTP server can carry it.
 * <p>
 * The server maps {@code POST} on one path to {@link #handle}. A reply goes out as status
 * 200 with the content type {@code application/octet-stream} and no parameter beside it;
 * a failure as status 500, never as a 4xx, which fails the whole job on some clusters
 * (protocol.md §6.1).
 * <p>
 * Thread-safe; requests share nothing.
 *
 * @since 0.1.0
 */
public final class RequestReplyHandler {

	private final StatefulFunctions functions;

	private final Protocol protocol;

	private final HandlerOptions handling;

	/**
	 * Create a handler for clusters of both generations, with nothing around it: a failed
	 * message fails its batch.
	 * @param functions the functions to serve
	 */
	public RequestReplyHandler(StatefulFunctions functions) {
		this(functions, Protocol.AUTO, HandlerOptions.PLAIN);
	}

	private RequestReplyHandler(StatefulFunctions functions, Protocol protocol, HandlerOptions handling) {
		this.functions = Objects.requireNonNull(functions, "'functions' must not be null");
		this.protocol = protocol;
		this.handling = handling;
	}

	/**
	 * Describe a handler.
	 * @param functions the functions to serve
	 * @return the description, to be completed
	 */
	public static Builder builder(StatefulFunctions functions) {
		return new Builder(Objects.requireNonNull(functions, "'functions' must not be null"));
	}

	/**
	 * Handle a request. Handlers run on the calling thread, and where they return stages,
	 * on the threads that complete these.
	 * @param request the body of the request, which must not change until the reply is
	 * there
	 * @return the body of the reply. Done already unless a handler returned a stage that
	 * is not. Fails with a {@link RequestRefusedException} or an
	 * {@link InvocationFailedException}; then nothing was applied. Completing or
	 * cancelling it while it is pending ends the batch before its next message
	 */
	public CompletionStage<byte[]> handle(byte[] request) {
		return handle(request, this.handling.batchTimeout());
	}

	/**
	 * Handle a request within a time of its own, as {@link #handle(byte[])} does.
	 * @param request the body of the request, which must not change until the reply is
	 * there
	 * @param timeout how long the batch may take, positive, in place of
	 * {@link Builder#batchTimeout(Duration)}; {@code null} for any time
	 * @return the body of the reply
	 */
	public CompletionStage<byte[]> handle(byte[] request, @Nullable Duration timeout) {
		Objects.requireNonNull(request, "'request' must not be null");
		if (this.handling.listener() == null && this.handling.observer() == null) {
			return answer(request, timeout, null);
		}
		BatchRecord record = new BatchRecord(this.handling.listener(), request.length);
		CompletionStage<byte[]> answer = answer(request, timeout, record);
		answer.whenComplete(record::end);
		return answer;
	}

	/**
	 * Return the part of a request that names the function instance it is for. A cluster
	 * has one request in flight for each (protocol.md §3.1), and writes it the same way
	 * every time, so two requests for one instance have equal addresses.
	 * @param request the body of the request
	 * @return a read-only view of those bytes, or {@code null} if the request has none
	 */
	public static @Nullable ByteBuffer addressOf(byte[] request) {
		Objects.requireNonNull(request, "'request' must not be null");
		return BatchRequest.target(request);
	}

	/**
	 * Return the function instance that a request is for, for reports. The rest of the
	 * request is not read.
	 * @param request the body of the request
	 * @return the address, or {@code null} if the bytes have none
	 */
	public static @Nullable Address targetOf(byte[] request) {
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
	 * Return the memory that {@link #handle} takes to decode a request, besides its body:
	 * 28 bytes for each message and 32 for each state. A small body can have many of
	 * them, so a server that limits the memory of requests in flight has to count both.
	 * Allocates nothing.
	 * @param request the body of the request
	 * @return number of bytes, at least 0; 0 for bytes that are no request
	 */
	public static long decodedSize(byte[] request) {
		Objects.requireNonNull(request, "'request' must not be null");
		return BatchRequest.tableSize(request);
	}

	private CompletionStage<byte[]> answer(byte[] bytes, @Nullable Duration timeout, @Nullable BatchRecord record) {
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
			Batch batch = new Batch(this.functions, function, this.handling, request, entries, timeout);
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
	 * Describes a handler. Not thread-safe.
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

		private final List<BatchListener> listeners = new ArrayList<>();

		private final List<BatchObserver> observers = new ArrayList<>();

		private Builder(StatefulFunctions functions) {
			this.functions = functions;
		}

		/**
		 * Set which clusters to serve; both generations by default.
		 * @param protocol the clusters
		 * @return this builder
		 */
		public Builder protocol(Protocol protocol) {
			this.protocol = Objects.requireNonNull(protocol, "'protocol' must not be null");
			return this;
		}

		/**
		 * Add a listener, which is told about every batch after those added before.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(BatchListener listener) {
			this.listeners.add(Objects.requireNonNull(listener, "'listener' must not be null"));
			return this;
		}

		/**
		 * Add an observer, which follows every batch around those added after it.
		 * @param observer the observer
		 * @return this builder
		 */
		public Builder observer(BatchObserver observer) {
			this.observers.add(Objects.requireNonNull(observer, "'observer' must not be null"));
			return this;
		}

		/**
		 * Set what decides about failed messages; by default their batches fail.
		 * @param policy the policy
		 * @return this builder
		 */
		public Builder failurePolicy(FailurePolicy policy) {
			this.policy = Objects.requireNonNull(policy, "'policy' must not be null");
			return this;
		}

		/**
		 * Add an interceptor, inside those added before.
		 * @param interceptor the interceptor
		 * @return this builder
		 */
		public Builder interceptor(InvocationInterceptor interceptor) {
			this.interceptors.add(Objects.requireNonNull(interceptor, "'interceptor' must not be null"));
			return this;
		}

		/**
		 * Set how long a batch may take. When the time is over, no further message of it
		 * is handled, and it fails with a {@link BatchTimeoutException} as the cause.
		 * With {@linkplain #deadlines(Deadlines) deadlines} the handler that runs is
		 * interrupted and a pending reply fails at once; without them the time is looked
		 * at after each message only.
		 * @param batchTimeout the time, positive; by default there is no limit
		 * @return this builder
		 */
		public Builder batchTimeout(Duration batchTimeout) {
			this.batchTimeout = requirePositive(batchTimeout, "batchTimeout");
			return this;
		}

		/**
		 * Set how long the handler of one message may take, the stage that it returns
		 * included; each attempt of an interceptor has this time anew. A handler that
		 * takes longer fails its batch, as {@link #batchTimeout(Duration)} does.
		 * @param invocationTimeout the time, positive; by default there is no limit
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
		 * Set what enforces the time limits while handlers run.
		 * @param deadlines the deadlines, to be closed by the caller
		 * @return this builder
		 */
		public Builder deadlines(Deadlines deadlines) {
			this.deadlines = Objects.requireNonNull(deadlines, "'deadlines' must not be null");
			return this;
		}

		/**
		 * Set how large a reply may be. A batch whose reply would be larger fails, and a
		 * message that sends more than that by itself is a failed message.
		 * @param bytes number of bytes, positive; by default what an array can hold
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
		 * Set a listener for code that leaves its thread interrupted, or takes an
		 * interruption from it: a handler, an interceptor, a policy, a validator, a
		 * listener or an observer. The interrupt flag is as it was before the call again
		 * when the listener is called, on the same thread.
		 * @param listener receives the address of the function instance; must be fast and
		 * not throw
		 * @return this builder
		 */
		public Builder interruptionListener(Consumer<Address> listener) {
			this.interruptions = Objects.requireNonNull(listener, "'listener' must not be null");
			return this;
		}

		/**
		 * Build the handler.
		 * @return the handler
		 */
		public RequestReplyHandler build() {
			return new RequestReplyHandler(this.functions, this.protocol,
					new HandlerOptions(this.policy, this.interceptors, BatchListeners.of(this.listeners),
							BatchObservers.of(this.observers), this.batchTimeout, this.invocationTimeout,
							this.deadlines, this.maxReplySize, this.interruptions));
		}

	}

}
