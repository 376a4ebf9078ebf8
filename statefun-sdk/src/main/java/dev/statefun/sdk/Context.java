package dev.statefun.sdk;

import java.time.Duration;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.egress.BoundEgress;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.EgressRecord;
import dev.statefun.sdk.message.GenericType;

/**
 * Context of one invocation: addresses, states, and the messages to send. All effects are
 * applied when the whole batch has succeeded, or not at all. Their order is: messages,
 * delayed messages, egress records, states, and within each kind the order of the calls
 * (protocol.md §3.4).
 * <p>
 * Messages may be of any type that has a mapping (see
 * {@link dev.statefun.sdk.message.MessageMappings}); an {@link Any} is sent unchanged.
 * <p>
 * Thread-safe: parallel stages and other threads of the invocation may use it, and every
 * effect is kept, in an order consistent with happens-before. The context ends with its
 * invocation, that is when the handler returns or the stage it returned completes. After
 * that, all methods but those that return addresses or bind an egress throw an
 * {@link IllegalStateException}. They also throw it if a message can't be encoded.
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
	 * @return the address, or empty if the message came from an ingress or a named timer
	 * @throws IllegalStateException if the caller is a function inside the cluster whose
	 * type has no valid name; {@link #reply} reaches it all the same
	 */
	Optional<Address> caller();

	/**
	 * Return the headers of the message.
	 * @return the headers as received; empty if there are none, or headers are disabled
	 */
	Headers headers();

	/**
	 * Return a context of the same invocation whose messages and egress records have
	 * headers. They replace those that are propagated under the same keys, and those that
	 * a former call has added.
	 * @param headers headers to add to each message
	 * @return the context
	 * @throws IllegalArgumentException if there are too many headers (see
	 * {@link Headers#and(Headers)})
	 */
	Context withHeaders(Headers headers);

	/**
	 * Send the message of this invocation on, unchanged and with all its headers. While
	 * {@link #send} only keeps the headers that are propagated, this keeps all but those
	 * that {@link #withHeaders} and tracing replace.
	 * @param target address of the receiver; its id must not be empty
	 * @throws IllegalArgumentException if the id is empty
	 */
	void forward(Address target);

	/**
	 * Send the message of this invocation on, unchanged and with all its headers.
	 * @param type type of the receiver
	 * @param id id of the receiver; must not be empty
	 * @throws IllegalArgumentException if the id is empty
	 */
	default void forward(FunctionType type, String id) {
		forward(Address.of(type, id));
	}

	/**
	 * Send the message of this invocation on, unchanged and with all its headers.
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver; must not be empty
	 * @throws IllegalArgumentException if the name has another form, or the id is empty
	 */
	default void forward(String typename, String id) {
		forward(Address.of(typename, id));
	}

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
	 * @throws IllegalArgumentException if the name has another form, the id is empty, or
	 * the message has no mapping
	 */
	default void send(String typename, String id, Object message) {
		send(Address.of(typename, id), message);
	}

	/**
	 * Send a message to a typed target.
	 * @param <M> type of the messages that the target takes
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the id is empty, the message has no mapping, or
	 * the function does not take all messages of the target
	 */
	default <M> void send(TargetAddress<M> target, M message) {
		send(addressOf(target), message);
	}

	/**
	 * Return the address of a typed target, after checking that the function takes the
	 * target's messages. Functions of other services are not checked.
	 * @param target the target
	 * @return its address
	 * @throws IllegalArgumentException if the function does not take all messages of the
	 * target
	 */
	Address addressOf(TargetAddress<?> target);

	/**
	 * Send a message to the caller.
	 * @param message the message
	 * @throws IllegalArgumentException if the message has no mapping
	 * @throws IllegalStateException if there is no caller
	 */
	void reply(Object message);

	/**
	 * Send a message after a delay.
	 * @param delay the delay, truncated to milliseconds; must not be negative
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the delay is negative or beyond 100 million
	 * years, the id is empty, or the message has no mapping
	 */
	void sendAfter(Duration delay, Address target, Object message);

	/**
	 * Send a message after a delay.
	 * @param delay the delay, as in {@link #sendAfter(Duration, Address, Object)}
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
	 * @param delay the delay, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver; must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the delay is out of range, the name has another
	 * form, the id is empty, or the message has no mapping
	 */
	default void sendAfter(Duration delay, String typename, String id, Object message) {
		sendAfter(delay, Address.of(typename, id), message);
	}

	/**
	 * Send a message after a delay, unless it is cancelled before. Only clusters of 3.1
	 * and later can cancel.
	 * @param delay the delay, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @param token token for {@link #cancelDelayed}; must not be pending
	 * @throws IllegalArgumentException if the delay is out of range, the id is empty, or
	 * the message has no mapping
	 * @throws IllegalStateException if the cluster is of generation 2.x
	 */
	void sendAfter(Duration delay, Address target, Object message, CancellationToken token);

	/**
	 * Send a message to a typed target after a delay.
	 * @param <M> type of the messages that the target takes
	 * @param delay the delay, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @throws IllegalArgumentException if the delay is out of range, the id is empty, the
	 * message has no mapping, or the function does not take all messages of the target
	 */
	default <M> void sendAfter(Duration delay, TargetAddress<M> target, M message) {
		sendAfter(delay, addressOf(target), message);
	}

	/**
	 * Send a message to a typed target after a delay, unless it is cancelled before. Only
	 * clusters of 3.1 and later can cancel.
	 * @param <M> type of the messages that the target takes
	 * @param delay the delay, as in {@link #sendAfter(Duration, Address, Object)}
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @param token token for {@link #cancelDelayed}; must not be pending
	 * @throws IllegalArgumentException if the delay is out of range, the id is empty, the
	 * message has no mapping, or the function does not take all messages of the target
	 * @throws IllegalStateException if the cluster is of generation 2.x
	 */
	default <M> void sendAfter(Duration delay, TargetAddress<M> target, M message, CancellationToken token) {
		sendAfter(delay, addressOf(target), message, token);
	}

	/**
	 * Cancel a delayed message. Has no effect if the message was already delivered or
	 * never sent. Only clusters of 3.1 and later can cancel.
	 * @param token the token that the message was sent with, by a function of the same id
	 * @throws IllegalStateException if the cluster is of generation 2.x
	 */
	void cancelDelayed(CancellationToken token);

	/**
	 * Send a record to an egress of the cluster.
	 * @param egress id of the egress
	 * @param record an {@link EgressRecord} for the cluster's own Kafka and Kinesis
	 * egresses, or a message for other egresses
	 * @throws IllegalArgumentException if the record has no mapping
	 */
	void sendEgress(EgressId egress, Object record);

	/**
	 * Send a record to an egress of the cluster.
	 * @param typename id of the egress, in the form {@code <namespace>/<name>}
	 * @param record an {@link EgressRecord} for the cluster's own Kafka and Kinesis
	 * egresses, or a message for other egresses
	 * @throws IllegalArgumentException if the name has another form, or the record has no
	 * mapping
	 */
	default void sendEgress(String typename, Object record) {
		sendEgress(EgressId.parse(typename), record);
	}

	/**
	 * Send a value to a typed egress, without a key.
	 * @param <T> type of the values
	 * @param egress the egress
	 * @param value the value
	 * @throws IllegalArgumentException if the egress is not known, it is one of Kinesis,
	 * whose records need a key, or the value has no mapping
	 */
	default <T> void sendEgress(Egress<T> egress, T value) {
		BoundEgress<T> bound = bind(egress);
		sendEgress(bound.id(), bound.record(value));
	}

	/**
	 * Send a value to a typed egress.
	 * @param <T> type of the values
	 * @param egress the egress
	 * @param key the key of a Kafka record, or the partition key of a Kinesis record;
	 * must not be empty
	 * @param value the value
	 * @throws IllegalArgumentException if the egress is not known, the key is empty, or
	 * the value has no mapping
	 */
	default <T> void sendEgress(Egress<T> egress, String key, T value) {
		BoundEgress<T> bound = bind(egress);
		sendEgress(bound.id(), bound.record(key, value));
	}

	/**
	 * Return a typed egress with its destination, which is looked up when the egress is
	 * first used.
	 * @param <T> type of the values
	 * @param egress the egress
	 * @return the egress, which makes records
	 * @throws IllegalArgumentException if the egress is not known, or the type of its
	 * values has no mapping
	 */
	<T> BoundEgress<T> bind(Egress<T> egress);

	/**
	 * Return a state in its raw form, as an {@link Any} with type and bytes.
	 * @param name name of a state that the function declares, or, on a 2.x cluster, that
	 * only {@code module.yaml} declares
	 * @return the state
	 * @throws IllegalStateException if there is no such state
	 */
	PersistedValue<Any> state(String name);

	/**
	 * Return a state.
	 * @param <T> type of its value
	 * @param name name of a state that the function declares, or, on a 2.x cluster, that
	 * only {@code module.yaml} declares
	 * @param type the declared type of the state, or {@link Any} for its raw form
	 * @return the state
	 * @throws IllegalStateException if there is no such state, or it is declared with
	 * another type
	 */
	<T> PersistedValue<T> state(String name, Class<T> type);

	/**
	 * Return a state of a type that has type arguments.
	 * @param <T> type of its value
	 * @param name name of a state that the function declares, or, on a 2.x cluster, that
	 * only {@code module.yaml} declares
	 * @param type the declared type of the state
	 * @return the state
	 * @throws IllegalStateException if there is no such state, or it is declared with
	 * another type
	 */
	<T> PersistedValue<T> state(String name, GenericType<T> type);

	/**
	 * Return the state of a declaration.
	 * @param <T> type of its value
	 * @param spec declaration of the state
	 * @return the state
	 * @throws IllegalStateException if there is no such state, or it is declared with
	 * another type
	 */
	<T> PersistedValue<T> state(ValueSpec<T> spec);

	/**
	 * Return states of the function as a record.
	 * @param <R> type of the record
	 * @param record a record whose components are all {@link PersistedValue}
	 * @return the record
	 * @throws IllegalArgumentException if the record has other components
	 * @throws IllegalStateException if the function does not declare these states, in the
	 * same way
	 */
	<R extends Record> R states(Class<R> record);

	/**
	 * Return states of the function as a record that has type arguments.
	 * @param <R> type of the record
	 * @param record a record whose components are all {@link PersistedValue}
	 * @return the record
	 * @throws IllegalArgumentException if the record has other components
	 * @throws IllegalStateException if the function does not declare these states, in the
	 * same way
	 */
	<R extends Record> R states(GenericType<R> record);

	/**
	 * Pack a message under one of the names of its type, for a receiver that does not
	 * know the first one.
	 * @param message the message
	 * @param typename name of its type, or one of the type's aliases
	 * @return the packed message, which can be sent, replied or written to a raw state
	 * @throws IllegalArgumentException if the message has no mapping, or its type has
	 * other names
	 */
	Any pack(Object message, String typename);

}
