package dev.statefun.spring.client;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.TargetAddress;

/**
 * Sends messages to functions and returns their replies, from controllers and other code
 * outside of functions. Inside a function, use its {@link dev.statefun.sdk.Context
 * Context}.
 *
 * <pre class="code">
 * CompletionStage&lt;Greeting&gt; greeting = client.to("example/count", "joe")
 * 	.timeout(Duration.ofSeconds(5))
 * 	.request(user, Greeting.class);
 * </pre>
 * <p>
 * Each method of {@link RequestSpec} returns a new one, so a specification can be kept
 * and used by several threads. Thread-safe.
 *
 * @since 0.1.0
 */
public interface FunctionClient {

	/**
	 * Begin a request to a function.
	 * @param target address of the function instance; its id must not be empty
	 * @return the specification of the request
	 * @throws IllegalArgumentException if the id is empty
	 */
	RequestSpec<Object> to(Address target);

	/**
	 * Begin a request to a function.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the function instance; must not be empty
	 * @return the specification of the request
	 * @throws IllegalArgumentException if the name has another form, or the id is empty
	 */
	default RequestSpec<Object> to(String typename, String id) {
		return to(Address.of(FunctionType.parse(typename), id));
	}

	/**
	 * Begin a request to a typed target.
	 * @param <M> type of the messages that the target takes
	 * @param target address of the function instance; its id must not be empty
	 * @return the specification of the request
	 * @throws IllegalArgumentException if the id is empty, or the function does not take
	 * all messages of the target
	 */
	<M> RequestSpec<M> to(TargetAddress<M> target);

	/**
	 * Send a message.
	 * @param target address of the function instance; its id must not be empty
	 * @param message the message
	 * @return the stage that {@link RequestSpec#send} returns
	 * @throws IllegalArgumentException if the id is empty or the message has no mapping
	 */
	default CompletionStage<Void> send(Address target, Object message) {
		return to(target).send(message);
	}

	/**
	 * Send a message to a typed target.
	 * @param <M> type of the messages that the target takes
	 * @param target address of the function instance; its id must not be empty
	 * @param message the message
	 * @return the stage that {@link RequestSpec#send} returns
	 * @throws IllegalArgumentException if the id is empty, the message has no mapping, or
	 * the function does not take all messages of the target
	 */
	default <M> CompletionStage<Void> send(TargetAddress<M> target, M message) {
		return to(target).send(message);
	}

	/**
	 * Send a message and return the function's reply.
	 * @param <R> type of the reply
	 * @param target address of the function instance; its id must not be empty
	 * @param message the message
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @param timeout maximum duration, from now to the reply
	 * @return the stage that {@link RequestSpec#request} returns
	 * @throws IllegalArgumentException if the id is empty, a type has no mapping, or the
	 * timeout is out of range
	 */
	default <R> CompletionStage<R> request(Address target, Object message, Class<R> reply, Duration timeout) {
		return to(target).timeout(timeout).request(message, reply);
	}

	/**
	 * Send a message to a typed target and return its reply.
	 * @param <M> type of the messages that the target takes
	 * @param <R> type of the reply
	 * @param target address of the function instance; its id must not be empty
	 * @param message the message
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @param timeout maximum duration, from now to the reply
	 * @return the stage that {@link RequestSpec#request} returns
	 * @throws IllegalArgumentException if the id is empty, a type has no mapping, the
	 * timeout is out of range, or the function does not take all messages of the target
	 */
	default <M, R> CompletionStage<R> request(TargetAddress<M> target, M message, Class<R> reply, Duration timeout) {
		return to(target).timeout(timeout).request(message, reply);
	}

	/**
	 * Specification of a request. Immutable.
	 *
	 * @param <M> type of the messages that the target takes
	 */
	interface RequestSpec<M> {

		/**
		 * Use an idempotency key. Of all requests with the same target, principal and
		 * key, only the first is executed; the others get its outcome, as long as the
		 * gateway keeps it ({@code statefun.gateway.keep}).
		 * @param key the key: 1 to 256 characters
		 * @return the specification
		 * @throws IllegalArgumentException if the key is empty or too long
		 */
		RequestSpec<M> idempotencyKey(String key);

		/**
		 * Make the request on behalf of a user. The idempotency keys of two users are not
		 * the same.
		 * @param name name of the user: 1 to 256 characters
		 * @return the specification
		 * @throws IllegalArgumentException if the name is empty or too long
		 */
		RequestSpec<M> principal(String name);

		/**
		 * Add headers to the message.
		 * @param headers the headers
		 * @return the specification
		 * @throws IllegalArgumentException if there are too many headers (see
		 * {@link Headers#and(Headers)})
		 */
		RequestSpec<M> headers(Headers headers);

		/**
		 * Set the maximum duration of a request, or of the sending of a message. The
		 * default is the property {@code statefun.client.timeout}. A request that the
		 * gateway reads later than that is not executed.
		 * @param timeout the duration: 1 ms to 1 day
		 * @return the specification
		 * @throws IllegalArgumentException if the duration is out of range
		 */
		RequestSpec<M> timeout(Duration timeout);

		/**
		 * Execute a request although the gateway reads it after its timeout. Nothing is
		 * returned then. {@link #send} always does this.
		 * @return the specification
		 */
		RequestSpec<M> executeLate();

		/**
		 * Send the message. Messages of this client to one target without idempotency key
		 * arrive in the order of the calls.
		 * @param message the message
		 * @return completes when the message will not be lost any more, or fails with a
		 * {@link FunctionRequestException}: then it may or may not arrive
		 * @throws IllegalArgumentException if the message has no mapping
		 */
		CompletionStage<Void> send(M message);

		/**
		 * Send the message and return the function's first reply to it. Canceling the
		 * stage stops the waiting, but not the function. Code that depends on the stage
		 * runs on threads of the client, and may block.
		 * <p>
		 * The order of two requests is not defined, unless the second one is made after
		 * the reply to the first.
		 * @param <R> type of the reply
		 * @param message the message
		 * @param reply type of the reply, or {@link Any} for any message in its raw form
		 * @return the reply, or fails with a {@link FunctionRequestException}
		 * @throws IllegalArgumentException if a type has no mapping
		 */
		<R> CompletionStage<R> request(M message, Class<R> reply);

		/**
		 * Send the message and wait for the function's reply, on this thread, which may
		 * be a virtual one.
		 * @param <R> type of the reply
		 * @param message the message
		 * @param reply type of the reply, or {@link Any} for any message in its raw form
		 * @return the reply
		 * @throws IllegalArgumentException if a type has no mapping
		 * @throws FunctionRequestException if there is no reply
		 */
		<R> R call(M message, Class<R> reply);

	}

}
