package dev.statefun.local;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

import dev.statefun.sdk.failure.ExceptionWrappers;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight. Occupies the calling thread until the reply arrives.
 */
final class Attempt {

	private final Mailbox mailbox;

	private final Batch batch;

	private final Fault fault;

	private final FunctionEndpoint endpoint;

	private final byte[] request;

	private final Thread thread = Thread.currentThread();

	private volatile boolean givenUp;

	private final int number;

	private final boolean reported;

	/** Reports on the last call, unless no listener asks for them. */
	private @Nullable CallReports reports;

	private final long start = System.nanoTime();

	Attempt(Mailbox mailbox, FunctionEndpoint endpoint, Batch batch, byte[] request, Fault fault, boolean reported) {
		this.mailbox = mailbox;
		this.endpoint = endpoint;
		this.batch = batch;
		this.request = request;
		this.fault = fault;
		this.number = batch.failures() + 1;
		this.reported = reported;
	}

	Mailbox mailbox() {
		return this.mailbox;
	}

	Batch batch() {
		return this.batch;
	}

	// Number of the attempt, starting at 1
	int number() {
		return this.number;
	}

	@Nullable CallReports reports() {
		return this.reports;
	}

	byte[] call() throws Exception {
		// Clear an interrupt that an earlier handler left behind
		Thread.interrupted();
		if (this.fault == Fault.UNREACHABLE) {
			throw new InjectedFaultException("the function is made unreachable");
		}
		byte[] reply = send();
		return switch (this.fault) {
			case LOST_REPLY -> throw new InjectedFaultException("the reply is made to get lost");
			case SENT_TWICE -> send();
			default -> reply;
		};
	}

	private byte[] send() throws Exception {
		CompletableFuture<byte[]> reply = callEndpoint().toCompletableFuture();
		// Clear an interrupt left by the endpoint: only giving up this attempt counts
		Thread.interrupted();
		try {
			if (this.givenUp) {
				throw new InterruptedException();
			}
			return reply.get();
		}
		catch (ExecutionException ex) {
			throw cause(ex);
		}
		catch (InterruptedException ex) {
			reply.cancel(true);
			throw ex;
		}
	}

	private CompletionStage<byte[]> callEndpoint() {
		if (!this.reported) {
			return this.endpoint.call(this.request);
		}
		CallReports reports = new CallReports();
		this.reports = reports;
		return this.endpoint.call(this.request, reports);
	}

	private static Exception cause(ExecutionException failure) {
		Throwable cause = ExceptionWrappers.unwrap(failure);
		return (cause instanceof Exception exception) ? exception : failure;
	}

	long nanos() {
		return System.nanoTime() - this.start;
	}

	Duration duration() {
		return Duration.ofNanos(nanos());
	}

	// Shows where the function is, if it still runs
	StackTraceElement[] stackTrace() {
		return this.thread.getStackTrace();
	}

	void interrupt() {
		this.givenUp = true;
		if (this.thread != Thread.currentThread()) {
			this.thread.interrupt();
		}
	}

	/**
	 * A fault to inject.
	 */
	enum Fault {

		NONE, UNREACHABLE, LOST_REPLY, SENT_TWICE

	}

	/**
	 * Thrown in place of a reply when a fault is injected.
	 */
	static final class InjectedFaultException extends Exception {

		InjectedFaultException(String message) {
			super(message);
		}

	}

}
