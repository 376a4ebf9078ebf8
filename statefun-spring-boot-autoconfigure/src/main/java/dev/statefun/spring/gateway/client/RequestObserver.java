package dev.statefun.spring.gateway.client;

import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.spring.gateway.GatewayRequest;
import org.jspecify.annotations.Nullable;

/**
 * Observes requests from their begin to their reply. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RequestObserver {

	/**
	 * Begin to observe a request, on the thread that makes it.
	 * @param target the function instance
	 * @param kind kind of the request
	 * @return the request that is observed
	 */
	ObservedRequest begin(Address target, GatewayRequest.Kind kind);

	/**
	 * Combine observers.
	 * @param observers the observers; the headers of each are those that the next one
	 * gets
	 * @return one that calls them all
	 */
	static RequestObserver of(List<RequestObserver> observers) {
		return switch (observers.size()) {
			case 0 -> (target, kind) -> ObservedRequest.NONE;
			case 1 -> observers.get(0);
			default -> (target, kind) -> ObservedRequest
				.of(observers.stream().map((observer) -> observer.begin(target, kind)).toList());
		};
	}

	/**
	 * A request that is observed.
	 */
	interface ObservedRequest {

		/** A request that is not observed. */
		ObservedRequest NONE = new ObservedRequest() {
		};

		/**
		 * Combine observed requests.
		 * @param requests the same request, as each observer sees it
		 * @return one that calls them all
		 */
		static ObservedRequest of(List<ObservedRequest> requests) {
			return new ObservedRequest() {

				@Override
				public Headers headers(Headers headers) {
					Headers all = headers;
					for (ObservedRequest request : requests) {
						all = request.headers(all);
					}
					return all;
				}

				@Override
				public void end(String outcome, @Nullable Throwable failure) {
					requests.forEach((request) -> request.end(outcome, failure));
				}

			};
		}

		/**
		 * Return the headers to send.
		 * @param headers headers of the request
		 * @return the same, with those of the trace
		 */
		default Headers headers(Headers headers) {
			return headers;
		}

		/**
		 * End the observation, on any thread.
		 * @param outcome outcome of the request, in lower case with hyphens
		 * @param failure why there is no reply, or {@code null} if there is one
		 */
		default void end(String outcome, @Nullable Throwable failure) {
		}

	}

}
