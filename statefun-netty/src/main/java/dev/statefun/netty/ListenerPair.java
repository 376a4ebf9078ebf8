package dev.statefun.netty;

import org.jspecify.annotations.Nullable;

/**
 * Two listeners, the second one within the first one.
 *
 * @param outer listener that is called first at the beginning, and last at the end
 * @param inner the other one
 */
record ListenerPair(RequestListener outer, RequestListener inner) implements RequestListener {

	@Override
	public ReceivedRequest received(RequestHead head, String peerAddress) {
		ReceivedRequest first = this.outer.received(head, peerAddress);
		ReceivedRequest second = this.inner.received(head, peerAddress);
		if (first == ReceivedRequest.UNOBSERVED) {
			return second;
		}
		return (second != ReceivedRequest.UNOBSERVED) ? new Received(first, second) : first;
	}

	private record Received(ReceivedRequest outer, ReceivedRequest inner) implements ReceivedRequest {

		@Override
		public ThreadScope enter() {
			ThreadScope first = this.outer.enter();
			ThreadScope second = this.inner.enter();
			return () -> {
				second.leave();
				first.leave();
			};
		}

		@Override
		public void ended(int status, long bytes, @Nullable Throwable failure) {
			try {
				this.inner.ended(status, bytes, failure);
			}
			finally {
				this.outer.ended(status, bytes, failure);
			}
		}

	}

}
