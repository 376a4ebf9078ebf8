package dev.statefun.sdk;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.google.protobuf.Any;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * The side of a cluster: sends requests in its dialect and reads what comes back. Waits
 * for pending stages, but not for ever.
 */
final class Cluster {

	// Where the functions of these tests are served, unless a test says otherwise
	static final String FUNCTION = "example/function";

	static final String ID = "id-1";

	static final Address CALLER = Address.of("example/caller", "c-1");

	static final Duration BOUND = Duration.ofSeconds(20);

	private final Dialect dialect;

	private final RequestReplyHandler handler;

	Cluster(Dialect dialect, StatefulFunctions functions) {
		this.dialect = dialect;
		this.handler = new RequestReplyHandler(functions);
	}

	static Cluster of(Dialect dialect, FunctionHandler function) {
		return of(dialect, FunctionSpec.of(FUNCTION), function);
	}

	static Cluster of(Dialect dialect, FunctionSpec spec, FunctionHandler function) {
		return new Cluster(dialect, StatefulFunctions.builder().register(spec, function).build());
	}

	static Cluster of(Dialect dialect, Object annotated) {
		return new Cluster(dialect, StatefulFunctions.builder().register(FUNCTION, annotated).build());
	}

	static ClusterRequest request() {
		return ClusterRequest.to(FUNCTION, ID);
	}

	static ClusterRequest request(Any message) {
		return request().message(message);
	}

	RequestReplyHandler handler() {
		return this.handler;
	}

	CompletionStage<byte[]> send(ClusterRequest request) {
		return this.handler.handle(request.in(this.dialect));
	}

	ClusterReply call(ClusterRequest request) {
		return ClusterReply.read(this.dialect, replyOf(send(request)));
	}

	ClusterReply call(Any message) {
		return call(request(message));
	}

	// Why a request was not answered
	Throwable failure(ClusterRequest request) {
		return failureOf(send(request));
	}

	Throwable failure(Any message) {
		return failure(request(message));
	}

	// What a handler did wrong: the cause of the InvocationFailedException
	Throwable mistake(ClusterRequest request) {
		Throwable failure = failure(request);
		Throwable cause = failure.getCause();
		if (!(failure instanceof InvocationFailedException) || cause == null) {
			throw new AssertionError("not an invocation that failed", failure);
		}
		return cause;
	}

	Throwable mistake(Any message) {
		return mistake(request(message));
	}

	static byte[] replyOf(CompletionStage<byte[]> stage) {
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

	static Throwable failureOf(CompletionStage<byte[]> stage) {
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
