package dev.statefun.spring.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.statefun.endpoint.traffic.Admission.Permit;
import dev.statefun.endpoint.traffic.ArrivalDeadline;
import dev.statefun.endpoint.traffic.ArrivingBody;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.sdk.failure.ExceptionWrappers;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Body of one request, read from its servlet stream: first the bytes in the server's
 * buffer, then the rest as it arrives, by a listener or on the request's thread.
 * <p>
 * One thread reads at a time. The timer, and other requests that need the room, may give
 * up the body at any time.
 */
final class ArrivingRequest implements ReadListener {

	private static final Log logger = LogFactory.getLog(ArrivingRequest.class);

	private static final byte[] NOTHING = {};

	private static final Executor AFTER_ERROR = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS, Runnable::run);

	/** Whether a class of streams reads more than one byte at a time. */
	private static final ClassValue<Boolean> IN_BULK = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			try {
				// The inherited method blocks until the whole array is filled
				return type.getMethod("read", byte[].class, int.class, int.class)
					.getDeclaringClass() != InputStream.class;
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException(ex);
			}
		}

	};

	private final BodyReader reader;

	private final ServletInputStream in;

	/** The server's own stream, which a filter may have wrapped. */
	private final ServletInputStream server;

	private final boolean inBulk;

	private final boolean announced;

	private final Permit permit;

	private final ArrivingBody body;

	private final CompletableFuture<@Nullable Void> admitted = new CompletableFuture<>();

	private @Nullable ArrivalDeadline deadline;

	private @Nullable AsyncContext async;

	private boolean listening;

	private volatile boolean read;

	private byte[] complete = NOTHING;

	ArrivingRequest(BodyReader reader, HttpServletRequest request) throws IOException {
		this.reader = reader;
		this.in = request.getInputStream();
		this.server = serverStream(request, this.in);
		this.inBulk = this.in == this.server || IN_BULK.get(this.in.getClass());
		long size = request.getContentLengthLong();
		this.announced = size >= 0;
		this.permit = reader.admission().begin();
		this.body = new ArrivingBody(this.permit, this.announced ? size : -1, reader.maxSize());
	}

	private static ServletInputStream serverStream(ServletRequest request, ServletInputStream own) throws IOException {
		ServletRequest innermost = request;
		while (innermost instanceof ServletRequestWrapper wrapper) {
			innermost = wrapper.getRequest();
		}
		if (innermost == request) {
			return own;
		}
		try {
			return innermost.getInputStream();
		}
		catch (IllegalStateException ex) {
			// A filter reads it as text, and has replaced the stream
			return own;
		}
	}

	/**
	 * Read the available bytes without waiting.
	 * @return completes when the body is complete and has its turn; fails if it was
	 * refused or given up, with the permit released. Bytes that are not available yet are
	 * left to {@link #readRest}
	 */
	CompletableFuture<@Nullable Void> readBuffered() {
		try {
			while (!this.read && isBuffered()) {
				if (!hasRoom()) {
					return this.admitted;
				}
				this.read = readOnce();
			}
			return (this.read || this.body.isComplete()) ? enter() : this.admitted;
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			fail(ex);
			return this.admitted;
		}
	}

	// A chunk may consist of its length only, or less than that
	private boolean isBuffered() throws IOException {
		if (this.body.isComplete()) {
			return false;
		}
		return (this.announced && this.server.available() > 0) || this.server.isFinished();
	}

	// The memory for decoding counts as well, before it is used
	private CompletableFuture<@Nullable Void> enter() {
		this.read = true;
		byte[] complete = this.body.take();
		this.complete = complete;
		long size = this.reader.sizeInMemory(complete);
		if (size > this.reader.admission().maxBytes()) {
			this.permit.release();
			return CompletableFuture.failedFuture(this.reader.tooManyEntries(complete.length, size));
		}
		CompletableFuture<@Nullable Void> room = this.body.makeRoomFor(size);
		return (room.isDone() && !room.isCompletedExceptionally()) ? this.permit.enter(size)
				: room.thenCompose((free) -> this.permit.enter(size));
	}

	/**
	 * Read the rest: without a thread if the request has been started asynchronously,
	 * otherwise, or if its stream does not support that, on this one. Does not throw.
	 * @param request the request
	 */
	void readRest(HttpServletRequest request) {
		if (this.read) {
			return;
		}
		ArrivalDeadline own = new ArrivalDeadline(this.reader.limits(), System::nanoTime);
		this.deadline = own;
		if (this.body.length() > 0) {
			own.arrived(this.body.length());
		}
		this.permit.awaitSender(this::fail);
		try {
			if (request.isAsyncStarted()) {
				this.async = request.getAsyncContext();
				own.watch(this::fail);
				if (listen() || this.admitted.isDone()) {
					return;
				}
			}
			readBlocking(own);
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			fail(ex);
		}
		if (!this.read) {
			UnreadBody.leave(request);
		}
	}

	private boolean listen() {
		this.listening = true;
		try {
			this.in.setReadListener(this);
		}
		catch (RuntimeException ex) {
			logger.debug(
					"A body is read on its request's thread, as " + this.in.getClass().getName() + " takes no listener",
					ex);
			this.listening = false;
			return false;
		}
		if (this.in != this.server && !this.admitted.isDone() && takesAnother()) {
			logger.debug("A body is read on its request's thread, as " + this.in.getClass().getName()
					+ " ignores the listener");
			this.listening = false;
		}
		return this.listening;
	}

	// The server's stream refuses a second listener. A wrapper that accepts it has not
	// passed on the first one
	private boolean takesAnother() {
		try {
			this.in.setReadListener(this);
			return true;
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	@Override
	public void onDataAvailable() {
		if (!this.listening) {
			return;
		}
		try {
			while (!this.read && !this.admitted.isDone() && this.in.isReady()) {
				if (!hasRoom()) {
					continueWithRoom();
					return;
				}
				if (readOnce()) {
					complete();
				}
			}
		}
		catch (IOException ex) {
			onError(ex);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			fail(ex);
		}
	}

	private void continueWithRoom() {
		ArrivalDeadline own = deadline();
		own.pause();
		this.body.makeRoom().whenComplete((room, ex) -> {
			own.resume();
			if (ex != null) {
				fail(ex);
				return;
			}
			try {
				// Not on the thread of the request that released the room
				Objects.requireNonNull(this.async).start(this::onDataAvailable);
			}
			catch (RuntimeException ended) {
				fail(ended);
			}
		});
	}

	@Override
	public void onAllDataRead() {
		if (!this.listening || this.read) {
			return;
		}
		if (this.body.mayEnd()) {
			complete();
		}
		else {
			fail(cut(null));
		}
	}

	// Tomcat reports the error to the asynchronous request right after this, and must
	// not receive a dispatch before. Jetty does not report it
	@Override
	public void onError(Throwable ex) {
		this.permit.release();
		AFTER_ERROR.execute(() -> fail(ex));
	}

	private void readBlocking(ArrivalDeadline own) throws IOException {
		if (!this.reader.blocked().tryAcquire()) {
			fail(new NotAdmittedException(Rejection.OVERLOADED, "The bodies of " + this.reader.maxBlocked()
					+ " requests are read on threads of the server already, a quarter of which may do that; a filter "
					+ "without asynchronous processing, or one that replaces the request's stream, is the cause"));
			return;
		}
		try {
			boolean ended = this.body.isComplete();
			while (!ended && !this.admitted.isDone()) {
				awaitRoom(own);
				ended = readOnce();
				NotAdmittedException late = ended ? null : own.check();
				if (late != null) {
					fail(late);
				}
			}
			if (ended) {
				complete();
			}
		}
		finally {
			this.reader.blocked().release();
		}
	}

	private void awaitRoom(ArrivalDeadline own) {
		if (!hasRoom()) {
			own.pause();
			try {
				this.body.makeRoom().get();
			}
			catch (ExecutionException ex) {
				throw new CompletionException(ex.getCause());
			}
			catch (InterruptedException ex) {
				// The thread is interrupted again after the answer
				throw new InterruptedWaitException();
			}
			finally {
				own.resume();
			}
		}
	}

	// Throws if there will be no room
	private boolean hasRoom() {
		if (this.body.isFull()) {
			return true;
		}
		CompletableFuture<@Nullable Void> room = this.body.makeRoom();
		if (!room.isDone()) {
			return false;
		}
		room.join();
		return true;
	}

	// Returns whether the body has ended
	private boolean readOnce() throws IOException {
		if (this.body.isFull()) {
			if (this.in.read() >= 0) {
				throw this.reader.tooLarge("more than " + this.reader.maxSize() + " bytes");
			}
			return true;
		}
		int count = readInto(this.body.array(), this.body.length());
		if (count < 0) {
			if (!this.body.mayEnd()) {
				throw cut(null);
			}
			return true;
		}
		this.body.arrived(count);
		ArrivalDeadline own = this.deadline;
		if (own != null && count > 0) {
			own.arrived(count);
		}
		return this.body.isComplete();
	}

	private int readInto(byte[] array, int offset) throws IOException {
		if (this.inBulk) {
			return this.in.read(array, offset, array.length - offset);
		}
		int next = this.in.read();
		if (next < 0) {
			return -1;
		}
		array[offset] = (byte) next;
		return 1;
	}

	private void complete() {
		deadline().end();
		enter().whenComplete((turn, ex) -> {
			if (ex != null) {
				this.admitted.completeExceptionally(ex);
			}
			else {
				this.admitted.complete(null);
			}
		});
	}

	/**
	 * Give up the body.
	 * @param failure reason
	 */
	void fail(Throwable failure) {
		ArrivalDeadline own = this.deadline;
		if (own != null) {
			own.end();
		}
		this.permit.release();
		Throwable cause = ExceptionWrappers.unwrap(failure);
		this.admitted.completeExceptionally((cause instanceof IOException) ? cut(cause) : cause);
	}

	private NotAdmittedException cut(@Nullable Throwable cause) {
		NotAdmittedException cut = new NotAdmittedException(Rejection.INCOMPLETE,
				"The body of a request ended after " + this.body.length() + " bytes, before its end");
		if (cause != null) {
			cut.initCause(cause);
		}
		return cut;
	}

	private ArrivalDeadline deadline() {
		return Objects.requireNonNull(this.deadline);
	}

	/**
	 * Return whether the body was read completely.
	 * @return whether nothing of it is left
	 */
	boolean isRead() {
		return this.read;
	}

	Permit permit() {
		return this.permit;
	}

	/**
	 * Take the bytes of the complete body.
	 * @return the bytes
	 */
	byte[] take() {
		byte[] bytes = this.complete;
		this.complete = NOTHING;
		return bytes;
	}

}
