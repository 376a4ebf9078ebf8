package dev.statefun.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import dev.statefun.sdk.failure.ExceptionWrappers;

/**
 * One request on its way. It occupies the thread that makes it until the reply is there.
 */
final class Attempt {

	final Mailbox mailbox;

	final Batch batch;

	final Fault fault;

	private final FunctionEndpoint endpoint;

	private final byte[] request;

	private final Thread thread = Thread.currentThread();

	private volatile boolean givenUp;

	private final long start = System.nanoTime();

	Attempt(Mailbox mailbox, FunctionEndpoint endpoint, Batch batch, byte[] request, Fault fault) {
		this.mailbox = mailbox;
		this.endpoint = endpoint;
		this.batch = batch;
		this.request = request;
		this.fault = fault;
	}

	byte[] call() throws Exception {
		// A handler before may have left it behind
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
		CompletableFuture<byte[]> reply = this.endpoint.call(this.request).toCompletableFuture();
		// What the endpoint has left behind; unless this is given up, it is not meant
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

	private static Exception cause(ExecutionException failure) {
		Throwable cause = ExceptionWrappers.unwrap(failure);
		return (cause instanceof Exception exception) ? exception : failure;
	}

	long nanos() {
		return System.nanoTime() - this.start;
	}

	// Where the function is, if it is still there
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
	 * What is made to go wrong.
	 */
	enum Fault {

		NONE, UNREACHABLE, LOST_REPLY, SENT_TWICE

	}

	/**
	 * Something was made to go wrong.
	 */
	static final class InjectedFaultException extends Exception {

		InjectedFaultException(String message) {
			super(message);
		}

	}

}
