package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Operations of a local runtime for consoles: look at instances, waiting messages and
 * timers, and intervene. Each call sees one moment, and changes take effect between two
 * requests. Thread-safe. A filter is called while the runtime waits, so it must be quick.
 * <p>
 * On a manual clock, {@link LocalRuntime#restart()} does not repeat {@link #fire} and
 * {@link #cancel}: the message is pending again if it was at the checkpoint.
 *
 * @since 0.1.0
 * @see LocalRuntime#operations()
 */
public interface LocalRuntimeOperations {

	/**
	 * Return the load of each function that is served here.
	 * @return the loads, in the order in which the functions were added
	 */
	List<FunctionLoad> functions();

	/**
	 * Return instances of a function that have a state or a message.
	 * @param type type of the function
	 * @param after id after which the page starts, or {@code null} for the first page
	 * @param limit maximum number of instances, at least 1
	 * @return the page, in the order of the ids
	 * @throws IllegalArgumentException if there is no such function
	 */
	default InstancePage instances(FunctionType type, @Nullable String after, int limit) {
		return instances(type, (id) -> true, after, limit);
	}

	/**
	 * Return instances of a function that have a state or a message.
	 * @param type type of the function
	 * @param ids filter of the ids
	 * @param after id after which the page starts, or {@code null} for the first page
	 * @param limit maximum number of instances, at least 1
	 * @return the page, in the order of the ids
	 * @throws IllegalArgumentException if there is no such function
	 */
	InstancePage instances(FunctionType type, Predicate<String> ids, @Nullable String after, int limit);

	/**
	 * Return the messages of an instance that are not handled yet.
	 * @param self address of the function instance
	 * @param limit maximum number of messages in each list, at least 1
	 * @return the messages; empty if the instance has none
	 * @throws IllegalArgumentException if there is no such function
	 */
	MailboxContent mailbox(Address self, int limit);

	/**
	 * Return the states that a function declares or has, with the values of an instance.
	 * The state that the SDK keeps timers in is left out.
	 * @param self address of the function instance
	 * @return the states, declared ones first
	 * @throws IllegalArgumentException if there is no such function
	 */
	List<InstanceState> states(Address self);

	/**
	 * Set a state if it has the expected value.
	 * @param self address of the function instance
	 * @param name name of a state that the function declares
	 * @param expected the value that it is expected to have, or empty for none
	 * @param value the new value: an {@link Any}, or a value of a mapped type
	 * @throws StateConflictException if it has another value, or the instance is busy
	 * @throws IllegalArgumentException if there is no such function or state, or the type
	 * of the value has no mapping
	 */
	void setState(Address self, String name, Optional<Any> expected, Object value);

	/**
	 * Remove a state if it has the expected value.
	 * @param self address of the function instance
	 * @param name name of a state that the function declares
	 * @param expected the value that it is expected to have
	 * @throws StateConflictException if it has another value, or the instance is busy
	 * @throws IllegalArgumentException if there is no such function or state
	 */
	void removeState(Address self, String name, Any expected);

	/**
	 * Return delayed messages and the messages of timers.
	 * @param after position after which the page starts, or {@code null} for the first
	 * page
	 * @param limit maximum number of messages, at least 1
	 * @return the page, in the order in which the messages will be delivered
	 */
	default TimerPage timers(@Nullable TimerPosition after, int limit) {
		return timers((target) -> true, after, limit);
	}

	/**
	 * Return delayed messages and the messages of timers for some receivers.
	 * @param targets filter of the addresses of the receivers
	 * @param after position after which the page starts, or {@code null} for the first
	 * page
	 * @param limit maximum number of messages, at least 1
	 * @return the page, in the order in which the messages will be delivered
	 */
	TimerPage timers(Predicate<Address> targets, @Nullable TimerPosition after, int limit);

	/**
	 * Return a delayed message or the message of a timer.
	 * @param id id of the message
	 * @return the message, or empty if it is not pending
	 */
	Optional<PendingTimer> timer(long id);

	/**
	 * Deliver a delayed message or the message of a timer now.
	 * @param id id of the message
	 * @return whether it was pending
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	boolean fire(long id);

	/**
	 * Cancel a delayed message or a timer, which is then no longer pending for its
	 * function either.
	 * @param id id of the message
	 * @return whether it was pending
	 * @throws StateConflictException if it is a timer of an instance that is busy
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	boolean cancel(long id);

	/**
	 * Return the clock.
	 * @return the clock, as of now
	 */
	RuntimeClock clock();

	/**
	 * Load of a function.
	 *
	 * @param type type of the function
	 * @param instances number of instances that have a state or a message
	 * @param busy number of instances that have a message
	 * @param messages number of messages that are not handled yet
	 * @param delayed number of delayed messages and timers for it
	 */
	record FunctionLoad(FunctionType type, int instances, int busy, long messages, int delayed) {

	}

	/**
	 * A page of instances.
	 *
	 * @param instances the instances, in the order of their ids
	 * @param more whether more instances follow
	 * @param total number of instances that the filter lets through, on all pages
	 */
	record InstancePage(List<Instance> instances, boolean more, int total) {

	}

	/**
	 * An instance.
	 *
	 * @param self its address
	 * @param inFlight number of messages in its request, which may also wait to be sent
	 * again
	 * @param waiting number of messages that wait behind the request
	 * @param states number of states that have a value
	 * @param delayed number of delayed messages and timers for it
	 */
	record Instance(Address self, int inFlight, int waiting, int states, int delayed) {

	}

	/**
	 * Messages of an instance that are not handled yet.
	 *
	 * @param inFlight the first messages of the request, which may also wait to be sent
	 * again
	 * @param inFlightSize number of messages in the request
	 * @param failures how often the request has failed since it was first sent
	 * @param waiting the first messages that wait behind the request
	 * @param waitingSize number of messages that wait behind the request
	 */
	record MailboxContent(List<QueuedMessage> inFlight, int inFlightSize, int failures, List<QueuedMessage> waiting,
			int waitingSize) {

	}

	/**
	 * A message that is not handled yet.
	 *
	 * @param id id of the message
	 * @param caller address of the sender, or empty if it came from an ingress or a named
	 * timer
	 * @param message the message; that of a named timer as the function gets it
	 * @param headers headers of the message
	 * @param timer name of the timer that sent it, if it was one
	 */
	record QueuedMessage(long id, Optional<Address> caller, Any message, Headers headers, Optional<String> timer) {

	}

	/**
	 * A state of an instance.
	 *
	 * @param name name of the state
	 * @param typename type name of its values, or empty if a 2.x runtime does not know it
	 * @param declared whether the function declares it, so that it can be set
	 * @param value its value, if it has one
	 * @param expires time at which the value expires, if it does
	 */
	record InstanceState(String name, String typename, boolean declared, Optional<Any> value,
			Optional<Instant> expires) {

	}

	/**
	 * A page of timers.
	 *
	 * @param timers the messages, in the order in which they will be delivered
	 * @param more whether more messages follow
	 * @param total number of all delayed messages of the runtime
	 */
	record TimerPage(List<PendingTimer> timers, boolean more, int total) {

	}

	/**
	 * A delayed message or the message of a timer.
	 *
	 * @param id id of the message
	 * @param due time of delivery
	 * @param target address of the receiver
	 * @param sender address of the sender
	 * @param message the message; that of a named timer as the function gets it
	 * @param headers headers of the message
	 * @param token token for cancellation, if it has one; not for a named timer
	 * @param timer name of the timer, if it is the message of one
	 * @param replaced whether the timer was replaced or cancelled, so that the function
	 * will drop the message; only on 2.x
	 */
	record PendingTimer(long id, Instant due, Address target, Address sender, Any message, Headers headers,
			Optional<String> token, Optional<String> timer, boolean replaced) {

		/**
		 * Return the position of this message.
		 * @return the position, for the next page
		 */
		public TimerPosition position() {
			return new TimerPosition(this.due, this.id);
		}

	}

	/**
	 * Position in the order of delivery.
	 *
	 * @param due time of delivery
	 * @param id id of the message
	 */
	record TimerPosition(Instant due, long id) {

	}

	/**
	 * Clock of the runtime.
	 *
	 * @param kind kind of the clock
	 * @param time time of the runtime
	 * @param ahead how much it is ahead of the wall clock; zero unless it is
	 * {@link ClockKind#AHEAD}
	 */
	record RuntimeClock(ClockKind kind, Instant time, Duration ahead) {

	}

	/**
	 * Kinds of clocks.
	 */
	enum ClockKind {

		/** The wall clock. */
		REAL,

		/** The wall clock plus a time that {@link LocalRuntime#advance} adds to. */
		AHEAD,

		/** A clock that only {@link LocalRuntime#advance} moves. */
		MANUAL

	}

}
