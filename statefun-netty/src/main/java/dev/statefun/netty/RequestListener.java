package dev.statefun.netty;

import org.jspecify.annotations.Nullable;

/**
 * Listener for the requests that a server receives, such as one that records metrics.
 * Must be fast and thread-safe, and must not throw exceptions.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestListener {

	/** Observes no request. */
	RequestListener NONE = (head, peerAddress) -> ReceivedRequest.UNOBSERVED;

	/**
	 * Called on the event loop when the head of a request has arrived, before the request
	 * is refused or its body is read.
	 * @param head the head, which may be kept; one that is not
	 * {@linkplain RequestHead#isValid() valid} may have other content
	 * @param peerAddress address at the other end of the connection, in numbers
	 * @return receives the further course of the request;
	 * {@link ReceivedRequest#UNOBSERVED} if that is of no interest
	 */
	ReceivedRequest received(RequestHead head, String peerAddress);

	/**
	 * Request that was received. Used by one thread at a time.
	 */
	interface ReceivedRequest {

		/** Does nothing. */
		ReceivedRequest UNOBSERVED = new ReceivedRequest() {

			@Override
			public ThreadScope enter() {
				return ThreadScope.NONE;
			}

			@Override
			public void ended(int status, long bytes, @Nullable Throwable failure) {
			}

		};

		/**
		 * Called when a thread begins to work on the request: the one that runs its
		 * batch, or the event loop when its failure is logged.
		 * @return called when this thread leaves the request
		 */
		ThreadScope enter();

		/**
		 * Called once, on the event loop, when the request was answered or its connection
		 * was lost.
		 * @param status status of the answer, or 0 if there was none
		 * @param bytes number of bytes of the answer's body that were written
		 * @param failure reason of a failed request, or {@code null}
		 */
		void ended(int status, long bytes, @Nullable Throwable failure);

	}

	/**
	 * Work of one thread on a request.
	 */
	@FunctionalInterface
	interface ThreadScope {

		/** Does nothing. */
		ThreadScope NONE = () -> {
		};

		/**
		 * Called when the thread leaves the request.
		 */
		void leave();

	}

}
