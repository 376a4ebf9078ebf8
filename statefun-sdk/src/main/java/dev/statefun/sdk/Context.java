package dev.statefun.sdk;

import java.time.Duration;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.EgressRecord;
import dev.statefun.sdk.message.GenericType;

/**
 * What a function sees of one invocation, and how it has effects. All effects take place
 * when the whole batch has succeeded, or not at all; in the order messages, delayed
 * messages, egress records, states, and within each kind in the order of the calls
 * (protocol.md §3.4).
 * <p>
 * Messages may be of any type that has a mapping (see
 * {@link dev.statefun.sdk.message.MessageMappings}); an {@link Any} goes out as it is.
 * <p>
 * Thread-safe: parallel stages and other threads of the invocation may use it, and every
 * effect is kept, in an order consistent with happens-before. It ends with its
 * invocation, that is when the handler returns or the stage it returned completes; using
 * it after that, but to ask for an address, is an {@link IllegalStateException}, and so
 * is every mistake below that depends on the request.
 *
 * @since 0.1.0
 */
public interface Context {

	/**
	 * Return the address of this function instance.
	 * @return the address
	 */
	Address self();

	/**
	 * Return the address of the function that sent the message.
	 * @return the address, or empty if the message came from an ingress
	 * @throws IllegalStateException if the caller is a function inside the cluster whose
	 * type has no name that could be sent to; {@link #reply} reaches it all the same
	 */
	Optional<Address> caller();

	/**
	 * Send a message.
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the id is empty or the message has no mapping
	 */
	void send(Address target, Object message);

	/**
	 * Send a message.
	 * @param type type of the receiver
	 * @param id id of the receiver; must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the id is empty or the message has no mapping
	 */
	default void send(FunctionType type, String id, Object message) {
		send(Address.of(type, id), message);
	}

	/**
	 * Send a message.
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver; must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the name is of another form, the id is empty,
	 * or the message has no mapping
	 */
	default void send(String typename, String id, Object message) {
		send(Address.of(typename, id), message);
	}

	/**
	 * Send a message to the caller.
	 * @param message the message
	 * @throws IllegalArgumentException if the message has no mapping
	 * @throws IllegalStateException if there is no caller
	 */
	void reply(Object message);

	/**
	 * Send a message after a delay.
	 * @param delay how long to wait, in whole milliseconds; the rest is cut off, zero is
	 * allowed, negative is not
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the delay is negative or beyond 100 million
	 * years, the id is empty, or the message has no mapping
	 */
	void sendAfter(Duration delay, Address target, Object message);

	/**
	 * Send a message after a delay.
	 * @param delay how long to wait, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param type type of the receiver
	 * @param id id of the receiver; must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the delay is out of range, the id is empty, or
	 * the message has no mapping
	 */
	default void sendAfter(Duration delay, FunctionType type, String id, Object message) {
		sendAfter(delay, Address.of(type, id), message);
	}

	/**
	 * Send a message after a delay.
	 * @param delay how long to wait, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver; must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the delay is out of range, the name is of
	 * another form, the id is empty, or the message has no mapping
	 */
	default void sendAfter(Duration delay, String typename, String id, Object message) {
		sendAfter(delay, Address.of(typename, id), message);
	}

	/**
	 * Send a message after a delay, unless it is cancelled until then. Only clusters from
	 * 3.1 on can cancel.
	 * @param delay how long to wait, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @param token names the message for {@link #cancelDelayed}; must not be pending
	 * @throws IllegalArgumentException if the delay is out of range, the id is empty, or
	 * the message has no mapping
	 * @throws IllegalStateException if the cluster is of the generation 2.x
	 */
	void sendAfter(Duration delay, Address target, Object message, CancellationToken token);

	/**
	 * Cancel a delayed message. Nothing happens if it was delivered already, or never
	 * sent. Only clusters from 3.1 on can cancel.
	 * @param token the token that the message was sent with, by a function of the same id
	 * @throws IllegalStateException if the cluster is of the generation 2.x
	 */
	void cancelDelayed(CancellationToken token);

	/**
	 * Send a record to an egress of the cluster.
	 * @param egress id of the egress
	 * @param record an {@link EgressRecord} for the cluster's own Kafka and Kinesis
	 * egresses, or a message for an egress that takes it
	 * @throws IllegalArgumentException if the record has no mapping
	 */
	void sendEgress(EgressId egress, Object record);

	/**
	 * Send a record to an egress of the cluster.
	 * @param typename id of the egress, in the form {@code <namespace>/<name>}
	 * @param record an {@link EgressRecord} for the cluster's own Kafka and Kinesis
	 * egresses, or a message for an egress that takes it
	 * @throws IllegalArgumentException if the name is of another form, or the record has
	 * no mapping
	 */
	default void sendEgress(String typename, Object record) {
		sendEgress(EgressId.parse(typename), record);
	}

	/**
	 * Return a state in its raw form: type and bytes as an {@link Any}.
	 * @param name name of a state that the function declares; on a 2.x cluster also of
	 * one that only {@code module.yaml} declares
	 * @return the state
	 * @throws IllegalStateException if there is no such state
	 */
	PersistedValue<Any> state(String name);

	/**
	 * Return a state.
	 * @param <T> type of its value
	 * @param name name of a state that the function declares; on a 2.x cluster also of
	 * one that only {@code module.yaml} declares
	 * @param type the type it is declared with, or {@link Any} for its raw form
	 * @return the state
	 * @throws IllegalStateException if there is no such state, or it is declared with
	 * another type
	 */
	<T> PersistedValue<T> state(String name, Class<T> type);

	/**
	 * Return a state of a type that has type arguments.
	 * @param <T> type of its value
	 * @param name name of a state that the function declares; on a 2.x cluster also of
	 * one that only {@code module.yaml} declares
	 * @param type the type it is declared with
	 * @return the state
	 * @throws IllegalStateException if there is no such state, or it is declared with
	 * another type
	 */
	<T> PersistedValue<T> state(String name, GenericType<T> type);

	/**
	 * Return a state by its declaration.
	 * @param <T> type of its value
	 * @param spec what the function has declared
	 * @return the state
	 * @throws IllegalStateException if there is no such state, or it is declared with
	 * another type
	 */
	<T> PersistedValue<T> state(ValueSpec<T> spec);

	/**
	 * Pack a message under one of the names of its type, to be sent to a receiver that
	 * does not know the first one.
	 * @param message the message
	 * @param typename the name: that of its type, or one of the type's aliases
	 * @return the packed message, which can be sent, replied or put into a raw state
	 * @throws IllegalArgumentException if the message has no mapping, or its type has
	 * other names
	 */
	Any pack(Object message, String typename);

}
