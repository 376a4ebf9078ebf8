package dev.statefun.spring.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.statefun.endpoint.Arrival;
import dev.statefun.endpoint.InterruptedWaitException;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Rejection;
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

	private final Arrival arrival;

	private @Nullable AsyncContext async;

	private boolean listening;

	ArrivingRequest(BodyReader reader, HttpServletRequest request) throws IOException {
		this.reader = reader;
		this.in = request.getInputStream();
		this.server = serverStream(request, this.in);
		this.inBulk = this.in == this.server || IN_BULK.get(this.in.getClass());
		long size = request.getContentLengthLong();
		this.announced = size >= 0;
		this.arrival = reader.limits().begin(size);
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
			boolean ended = false;
			while (!ended && isBuffered()) {
				if (!this.arrival.hasRoom()) {
					return this.arrival.admitted();
				}
				ended = readOnce();
			}
			return (ended || this.arrival.isComplete()) ? this.arrival.end() : this.arrival.admitted();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			this.arrival.fail(ex);
			return this.arrival.admitted();
		}
	}

	// A chunk may consist of its length only, or less than that
	private boolean isBuffered() throws IOException {
		if (this.arrival.isComplete()) {
			return false;
		}
		return (this.announced && this.server.available() > 0) || this.server.isFinished();
	}

	/**
	 * Read the rest: without a thread if the request has been started asynchronously,
	 * otherwise, or if its stream does not support that, on this one. Does not throw.
	 * @param request the request
	 */
	void readRest(HttpServletRequest request) {
		if (this.arrival.isEnded()) {
			return;
		}
		this.arrival.awaitSender();
		try {
			if (request.isAsyncStarted()) {
				this.async = request.getAsyncContext();
				this.arrival.watchSender();
				if (listen() || isAdmitted()) {
					return;
				}
			}
			readBlocking();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			this.arrival.fail(ex);
		}
		if (!this.arrival.isEnded()) {
			UnreadBody.leave(request);
		}
	}

	// Or refused, or given up
	private boolean isAdmitted() {
		return this.arrival.admitted().isDone();
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
		if (this.in != this.server && !isAdmitted() && takesAnother()) {
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
			while (!this.arrival.isEnded() && !isAdmitted() && this.in.isReady()) {
				if (!this.arrival.hasRoom()) {
					continueWithRoom();
					return;
				}
				if (readOnce()) {
					this.arrival.end();
				}
			}
		}
		catch (IOException ex) {
			onError(ex);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			this.arrival.fail(ex);
		}
	}

	private void continueWithRoom() {
		this.arrival.awaitRoom().whenComplete((room, ex) -> {
			if (ex != null) {
				this.arrival.fail(ex);
				return;
			}
			try {
				// Not on the thread of the request that released the room
				Objects.requireNonNull(this.async).start(this::onDataAvailable);
			}
			catch (RuntimeException ended) {
				this.arrival.fail(ended);
			}
		});
	}

	@Override
	public void onAllDataRead() {
		if (!this.listening || this.arrival.isEnded()) {
			return;
		}
		try {
			this.arrival.requireEnd();
			this.arrival.end();
		}
		catch (NotAdmittedException ex) {
			this.arrival.fail(ex);
		}
	}

	// Tomcat reports the error to the asynchronous request right after this, and must
	// not receive a dispatch before. Jetty does not report it
	@Override
	public void onError(Throwable ex) {
		this.arrival.release(ex);
		AFTER_ERROR.execute(() -> this.arrival.fail(ex));
	}

	private void readBlocking() throws IOException {
		if (!this.reader.blocked().tryAcquire()) {
			this.arrival.fail(new NotAdmittedException(Rejection.OVERLOADED, "The bodies of " + this.reader.maxBlocked()
					+ " requests are read on threads of the server already, a quarter of which may do that; a filter "
					+ "without asynchronous processing, or one that replaces the request's stream, is the cause"));
			return;
		}
		try {
			boolean ended = this.arrival.isComplete();
			while (!ended && !isAdmitted()) {
				awaitRoom();
				ended = readOnce();
				NotAdmittedException late = ended ? null : this.arrival.late();
				if (late != null) {
					this.arrival.fail(late);
				}
			}
			if (ended) {
				this.arrival.end();
			}
		}
		finally {
			this.reader.blocked().release();
		}
	}

	private void awaitRoom() {
		if (!this.arrival.hasRoom()) {
			try {
				this.arrival.awaitRoom().get();
			}
			catch (ExecutionException ex) {
				throw new CompletionException(ex.getCause());
			}
			catch (InterruptedException ex) {
				// The thread is interrupted again after the answer
				throw new InterruptedWaitException();
			}
		}
	}

	// Returns whether the body has ended
	private boolean readOnce() throws IOException {
		if (this.arrival.isFull()) {
			if (this.in.read() >= 0) {
				throw this.arrival.tooLarge();
			}
			return true;
		}
		int count = readInto(this.arrival.array(), this.arrival.length());
		if (count < 0) {
			this.arrival.requireEnd();
			return true;
		}
		return this.arrival.arrived(count);
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

	Arrival arrival() {
		return this.arrival;
	}

}
