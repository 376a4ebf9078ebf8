package dev.statefun.sdk;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * Named timers of one function instance. A timer sends a message to its own function when
 * it fires; that message has no caller. Starting a timer again replaces the one that is
 * pending under its name, and a timer that was replaced or cancelled is never delivered
 * to a handler, on clusters of StateFun 2.x and of 3.1 and later. A 3.0 cluster can't
 * cancel messages (protocol.md §5), so functions with timers fail there.
 * <p>
 * A function has timers if one of its handlers takes a {@code Timers} parameter, or by
 * {@link FunctionSpec#timers()} or {@link FunctionHandler#hasTimers()}. It then has the
 * state {@code statefun_timers}, which the {@code module.yaml} of a 2.x cluster must
 * list.
 *
 * <pre class="code">
 * &#64;Handler
 * void add(AddItem item, Timers timers) {
 * 	timers.start("remind", Duration.ofHours(1), new Remind());
 * }
 * </pre>
 * <p>
 * Starts and cancellations are applied when the whole batch has succeeded, after all
 * other delayed messages of the batch; if there are several for one name, the last one
 * counts.
 * <p>
 * Thread-safe, and usable as long as the {@link Context} of the invocation. After that
 * all methods throw an {@link IllegalStateException}.
 *
 * @since 0.1.0
 */
public interface Timers {

	/** Maximum length of a name. */
	int MAX_NAME_LENGTH = 128;

	/**
	 * Return the timers of an invocation. Their messages have the headers of the context:
	 * {@code Timers.of(context.withHeaders(headers))} adds headers to each.
	 * @param context context of the invocation
	 * @return the timers
	 * @throws IllegalStateException if the function does not declare timers, or the
	 * invocation has ended
	 * @throws IllegalArgumentException if the context is not the one that the function
	 * received
	 */
	static Timers of(Context context) {
		Objects.requireNonNull(context, "'context' must not be null");
		if (context instanceof Source source) {
			return source.timers();
		}
		throw new IllegalArgumentException("'context' is a '" + context.getClass().getName()
				+ "', which has no timers; expected the context that the function received");
	}

	/**
	 * Start a timer, or start it again: its former message is then not delivered.
	 * @param name name of the timer within the function instance: 1 to
	 * {@value #MAX_NAME_LENGTH} characters, not all blank
	 * @param delay time until the timer fires, truncated to milliseconds; must not be
	 * negative
	 * @param message message for this function instance
	 * @throws IllegalArgumentException if the name is not valid, the delay is negative or
	 * beyond 100 million years, the id of the function instance is empty, or the message
	 * has no mapping
	 * @throws IllegalStateException if the message can't be encoded, or the state with
	 * the pending timers can't be read
	 * @throws RuntimeException if the reply would be too large; like a message that is
	 * sent, this fails the message that is being handled
	 */
	void start(String name, Duration delay, Object message);

	/**
	 * Cancel a timer. Has no effect if it is not pending.
	 * @param name name of the timer
	 * @throws IllegalArgumentException if the name is not valid
	 * @throws IllegalStateException if the state with the pending timers can't be read
	 */
	void cancel(String name);

	/**
	 * Return the names of the timers that were started and have neither fired nor been
	 * cancelled. A timer whose message is being handled is not pending.
	 * @return the names, sorted; an unmodifiable copy
	 * @throws IllegalStateException if the state with the pending timers can't be read
	 */
	Set<String> pending();

	/**
	 * Internal: may change in any release. A context that gives access to timers.
	 */
	interface Source {

		/**
		 * Return the timers.
		 * @return the timers of the invocation
		 * @throws IllegalStateException if the function does not declare timers
		 */
		Timers timers();

	}

}
