package dev.statefun.sdk.testing;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;

/**
 * Sends requests to functions as a cluster of one generation does, and reads the replies.
 * Waits for pending stages for a limited time.
 */
public final class Cluster {

	/** Type of the function in these tests, unless a test registers another one. */
	public static final String FUNCTION = "example/function";

	/** Id of the function instance. */
	public static final String ID = "id-1";

	/** Type of the caller. */
	public static final String CALLER_TYPE = "example/caller";

	/** Id of the caller. */
	public static final String CALLER_ID = "c-1";

	/** Address of the caller. */
	public static final Address CALLER = Address.of(CALLER_TYPE, CALLER_ID);

	/** Maximum time to wait for a reply. */
	public static final Duration BOUND = Duration.ofSeconds(20);

	private final Dialect dialect;

	private final RequestReplyHandler handler;

	/**
	 * Create a cluster that calls the functions of a registry.
	 * @param dialect dialect of the cluster
	 * @param functions the registry
	 */
	public Cluster(Dialect dialect, StatefulFunctions functions) {
		this.dialect = dialect;
		this.handler = new RequestReplyHandler(functions);
	}

	/**
	 * Create a cluster that calls a function without states.
	 * @param dialect dialect of the cluster
	 * @param function the function
	 * @return the cluster
	 */
	public static Cluster of(Dialect dialect, FunctionHandler function) {
		return of(dialect, FunctionSpec.of(FUNCTION), function);
	}

	/**
	 * Create a cluster that calls a function.
	 * @param dialect dialect of the cluster
	 * @param spec declaration of the function
	 * @param function the function
	 * @return the cluster
	 */
	public static Cluster of(Dialect dialect, FunctionSpec spec, FunctionHandler function) {
		return new Cluster(dialect, StatefulFunctions.builder().register(spec, function).build());
	}

	/**
	 * Create a cluster that calls an object with annotated methods.
	 * @param dialect dialect of the cluster
	 * @param annotated the object
	 * @return the cluster
	 */
	public static Cluster of(Dialect dialect, Object annotated) {
		return new Cluster(dialect, StatefulFunctions.builder().register(FUNCTION, annotated).build());
	}

	/**
	 * Start a request to the function.
	 * @return the request, without messages
	 */
	public static ClusterRequest request() {
		return ClusterRequest.to(FUNCTION, ID);
	}

	/**
	 * Start a request to the function.
	 * @param message a message from an ingress
	 * @return the request
	 */
	public static ClusterRequest request(Any message) {
		return request().message(message);
	}

	/**
	 * Return the handler that serves the functions.
	 * @return the handler
	 */
	public RequestReplyHandler handler() {
		return this.handler;
	}

	/**
	 * Send a request.
	 * @param request the request
	 * @return the reply
	 */
	public CompletionStage<byte[]> send(ClusterRequest request) {
		return this.handler.handle(request.toByteArray(this.dialect == Dialect.V3));
	}

	/**
	 * Send a request and wait for the reply.
	 * @param request the request
	 * @return the reply
	 */
	public ClusterReply call(ClusterRequest request) {
		return ClusterReply.of(this.dialect == Dialect.V3, replyOf(send(request)));
	}

	/**
	 * Send a message and wait for the reply.
	 * @param message the message, from an ingress
	 * @return the reply
	 */
	public ClusterReply call(Any message) {
		return call(request(message));
	}

	/**
	 * Send a request that fails.
	 * @param request the request
	 * @return the failure
	 */
	public Throwable failure(ClusterRequest request) {
		return failureOf(send(request));
	}

	/**
	 * Send a message that fails.
	 * @param message the message, from an ingress
	 * @return the failure
	 */
	public Throwable failure(Any message) {
		return failure(request(message));
	}

	/**
	 * Send a request whose handler fails.
	 * @param request the request
	 * @return the cause of the {@link InvocationFailedException}
	 */
	public Throwable mistake(ClusterRequest request) {
		Throwable failure = failure(request);
		Throwable cause = failure.getCause();
		if (!(failure instanceof InvocationFailedException) || cause == null) {
			throw new AssertionError("not an invocation that failed", failure);
		}
		return cause;
	}

	/**
	 * Send a message whose handler fails.
	 * @param message the message, from an ingress
	 * @return the cause of the {@link InvocationFailedException}
	 */
	public Throwable mistake(Any message) {
		return mistake(request(message));
	}

	/**
	 * Wait for a reply.
	 * @param stage the pending reply
	 * @return the reply
	 */
	public static byte[] replyOf(CompletionStage<byte[]> stage) {
		try {
			return stage.toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw new AssertionError("the request failed", ex.getCause());
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new AssertionError("the request was not answered", ex);
		}
	}

	/**
	 * Wait for the failure of a request.
	 * @param stage the pending reply
	 * @return the failure
	 */
	public static Throwable failureOf(CompletionStage<byte[]> stage) {
		try {
			byte[] reply = stage.toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
			throw new AssertionError("expected a failure, but got a reply of " + reply.length + " bytes");
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			return (cause != null) ? cause : ex;
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new AssertionError("the request was not answered", ex);
		}
	}

}
