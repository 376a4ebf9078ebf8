package dev.statefun.sdk;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.MalformedRequestException;
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

	private final @Nullable BatchListener listener;

	/**
	 * Create a handler for clusters of both generations.
	 * @param functions the functions to serve
	 */
	public RequestReplyHandler(StatefulFunctions functions) {
		this(functions, Protocol.AUTO, null);
	}

	/**
	 * Create a handler.
	 * @param functions the functions to serve
	 * @param protocol which clusters to serve
	 * @param listener is told about every batch, or {@code null}
	 */
	public RequestReplyHandler(StatefulFunctions functions, Protocol protocol, @Nullable BatchListener listener) {
		this.functions = Objects.requireNonNull(functions, "'functions' must not be null");
		this.protocol = Objects.requireNonNull(protocol, "'protocol' must not be null");
		this.listener = listener;
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
		Objects.requireNonNull(request, "'request' must not be null");
		if (this.listener == null) {
			return answer(request, null);
		}
		Timing timing = new Timing(this.listener);
		CompletionStage<byte[]> answer = answer(request, timing);
		answer.whenComplete((reply, ex) -> timing.end(ex));
		return answer;
	}

	private CompletionStage<byte[]> answer(byte[] bytes, @Nullable Timing timing) {
		try {
			BatchRequest request = BatchRequest.decode(bytes, this.protocol.dialect());
			RegisteredFunction function = this.functions.find(request);
			if (function == null) {
				throw new RequestRefusedException("Function '"
						+ Printable.of(request.targetNamespace() + "/" + request.targetName())
						+ "' is not served here; check the function's name in the code and in the cluster's module.yaml",
						null);
			}
			if (timing != null) {
				timing.function = function.type();
			}
			int[] entries = MissingStates.locate(function, request);
			byte[] incomplete = MissingStates.reply(function, request, entries);
			if (incomplete != null) {
				if (timing != null) {
					timing.missingState = true;
				}
				return CompletableFuture.completedFuture(incomplete);
			}
			return new Batch(this.functions, function, request, entries).run();
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
	 * What the listener will be told about a batch.
	 */
	private static final class Timing {

		private final BatchListener listener;

		private final long start = System.nanoTime();

		private @Nullable FunctionType function;

		private boolean missingState;

		private Timing(BatchListener listener) {
			this.listener = listener;
		}

		private void end(@Nullable Throwable ex) {
			this.listener.batchEnded(
					new BatchReport(this.function, outcome(ex), Duration.ofNanos(System.nanoTime() - this.start)));
		}

		private BatchOutcome outcome(@Nullable Throwable ex) {
			if (ex == null) {
				return this.missingState ? BatchOutcome.MISSING_STATE : BatchOutcome.REPLIED;
			}
			return (ex instanceof RequestRefusedException) ? BatchOutcome.REFUSED : BatchOutcome.RETRIED;
		}

	}

}
