package dev.statefun.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.local.EgressMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.egress.BoundEgress;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisRecord;
import dev.statefun.test.Effect.Kind;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.presentation.StandardRepresentation;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on the effects of functions.
 * <p>
 * Each assertion finds one effect that no earlier assertion has found, in any order
 * unless {@link #inOrder()} is called; {@link #hasNothingElse()} then verifies that all
 * effects were found. Expected messages, states and values are either an {@link Any},
 * which must be equal in type and bytes, or values of mapped types, which are compared as
 * Java values.
 *
 * @since 0.1.0
 */
public final class FunctionTestResultAssert extends AbstractAssert<FunctionTestResultAssert, FunctionTestResult> {

	static final String NO_CALLER = "There was no caller to reply to; give one with 'send(…).from(typename, id)' or "
			+ "'send(…).fromGateway()'";

	private final Decoder decoder;

	private final Narrative narrative;

	private final List<Effect> effects;

	private final BitSet found = new BitSet();

	/** Start of the search for each kind; zero unless order matters. */
	private final Map<Kind, Integer> from = new EnumMap<>(Kind.class);

	private boolean inOrder;

	/** What the last assertion has found, or {@code null} if that is no effect. */
	private @Nullable Found last;

	FunctionTestResultAssert(FunctionTestResult actual) {
		super(actual, FunctionTestResultAssert.class);
		this.decoder = actual.decoder();
		this.narrative = new Narrative(this.decoder);
		this.effects = actual.effects().stream().flatMap((reply) -> Effect.allOf(reply).stream()).toList();
	}

	/**
	 * Search each kind in order from here on: every assertion finds only messages behind
	 * the last message found, records behind the last record found, and so on.
	 * @return this
	 */
	public FunctionTestResultAssert inOrder() {
		this.inOrder = true;
		return this;
	}

	/**
	 * Verify that a message was sent to the caller.
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not, or if there was no caller
	 */
	public FunctionTestResultAssert hasReply(Object message) {
		Address caller = requireCaller();
		Any expected = this.decoder.encode(message);
		return has(Kind.MESSAGE, "reply to " + caller + ": " + this.decoder.describe(expected),
				(effect) -> effect.sent().target().equals(caller)
						&& this.decoder.isEqual(effect.sent().message(), message));
	}

	/**
	 * Verify that no message was sent to the caller.
	 * @return this
	 * @throws AssertionError if one was, or if there was no caller
	 */
	public FunctionTestResultAssert hasNoReply() {
		Address caller = requireCaller();
		return hasNone("reply to " + caller, (effect) -> effect.isReplyTo(caller));
	}

	/**
	 * Return the messages of one type that were sent to the caller.
	 * @param <T> type of the messages
	 * @param type type of the messages
	 * @return assertions on the messages, in the order sent
	 * @throws AssertionError if there was no caller
	 */
	public <T> ListAssert<T> replies(Class<T> type) {
		Address caller = requireCaller();
		return list("replies",
				this.effects.stream()
					.filter((effect) -> effect.isReplyTo(caller))
					.map((effect) -> effect.sent().message()),
				type);
	}

	private Address requireCaller() {
		Address caller = this.actual.caller();
		if (caller == null) {
			throw failure(NO_CALLER);
		}
		return caller;
	}

	/**
	 * Verify that a message was sent to a function.
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasMessage(String typename, String id, Object message) {
		Address target = Address.of(typename, id);
		Any expected = this.decoder.encode(message);
		return has(Kind.MESSAGE, this.narrative.message(target, this.decoder.describe(expected)),
				(effect) -> effect.sent().target().equals(target)
						&& this.decoder.isEqual(effect.sent().message(), message));
	}

	/**
	 * Verify that a message was sent to a typed target.
	 * @param <M> type of the messages that the target takes
	 * @param target address of the receiver
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public <M> FunctionTestResultAssert hasMessage(TargetAddress<M> target, M message) {
		return hasMessage(target.target().type().toString(), target.address().id(), message);
	}

	/**
	 * Verify that no message was sent, immediate or delayed, and no timer started.
	 * @return this
	 * @throws AssertionError if there was one
	 */
	public FunctionTestResultAssert hasNoMessages() {
		return hasNone("message", (effect) -> effect.kind() == Kind.MESSAGE || effect.kind() == Kind.DELAYED_MESSAGE
				|| effect.kind() == Kind.TIMER);
	}

	/**
	 * Return the messages of one type that were sent without delay.
	 * @param <T> type of the messages
	 * @param type type of the messages
	 * @return assertions on the messages, in the order sent
	 */
	public <T> ListAssert<T> messages(Class<T> type) {
		return list("messages",
				this.effects.stream()
					.filter((effect) -> effect.kind() == Kind.MESSAGE)
					.map((effect) -> effect.sent().message()),
				type);
	}

	/**
	 * Verify that a delayed message without a token was sent to a function.
	 * @param delay the expected delay
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasDelayedMessage(Duration delay, String typename, String id, Object message) {
		return hasDelayedMessage(delay, typename, id, message, Optional.empty());
	}

	/**
	 * Verify that a delayed message that can be cancelled was sent to a function.
	 * @param delay the expected delay
	 * @param typename type of the receiver, in the form {@code <namespace>/<name>}
	 * @param id id of the receiver
	 * @param message the expected message
	 * @param token the expected token
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasDelayedMessage(Duration delay, String typename, String id, Object message,
			String token) {
		return hasDelayedMessage(delay, typename, id, message, Optional.of(token));
	}

	/**
	 * Verify that a delayed message without a token was sent to a typed target.
	 * @param <M> type of the messages that the target takes
	 * @param delay the expected delay
	 * @param target address of the receiver
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public <M> FunctionTestResultAssert hasDelayedMessage(Duration delay, TargetAddress<M> target, M message) {
		return hasDelayedMessage(delay, target.target().type().toString(), target.address().id(), message);
	}

	/**
	 * Verify that a delayed message that can be cancelled was sent to a typed target.
	 * @param <M> type of the messages that the target takes
	 * @param delay the expected delay
	 * @param target address of the receiver
	 * @param message the expected message
	 * @param token the expected token
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public <M> FunctionTestResultAssert hasDelayedMessage(Duration delay, TargetAddress<M> target, M message,
			String token) {
		return hasDelayedMessage(delay, target.target().type().toString(), target.address().id(), message, token);
	}

	private FunctionTestResultAssert hasDelayedMessage(Duration delay, String typename, String id, Object message,
			Optional<String> token) {
		Address target = Address.of(typename, id);
		Any expected = this.decoder.encode(message);
		return has(Kind.DELAYED_MESSAGE, this.narrative.delayed(delay, target, this.decoder.describe(expected), token),
				(effect) -> effect.sentLater().delay().equals(delay) && effect.sentLater().target().equals(target)
						&& effect.sentLater().token().equals(token)
						&& this.decoder.isEqual(effect.sentLater().message(), message));
	}

	/**
	 * Return the messages of one type that were sent with a delay.
	 * @param <T> type of the messages
	 * @param type type of the messages
	 * @return assertions on the messages, in the order sent
	 */
	public <T> ListAssert<T> delayedMessages(Class<T> type) {
		return list("delayed messages",
				this.effects.stream()
					.filter((effect) -> effect.kind() == Kind.DELAYED_MESSAGE)
					.map((effect) -> effect.sentLater().message()),
				type);
	}

	/**
	 * Verify that a named timer of the instance that received the message was started.
	 * @param name name of the timer
	 * @param delay the expected delay
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasTimer(String name, Duration delay, Object message) {
		return hasTimer(requireSelf("'hasTimer(typename, id, name, delay, message)'"), name, delay, message);
	}

	/**
	 * Verify that a named timer was started.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @param name name of the timer
	 * @param delay the expected delay
	 * @param message the expected message
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasTimer(String typename, String id, String name, Duration delay, Object message) {
		return hasTimer(Address.of(typename, id), name, delay, message);
	}

	private FunctionTestResultAssert hasTimer(Address self, String name, Duration delay, Object message) {
		Any expected = this.decoder.encode(message);
		return has(Kind.TIMER, this.narrative.timer(name, delay, this.decoder.describe(expected)) + " by " + self,
				(effect) -> effect.self().equals(self) && effect.timer().name().equals(name)
						&& effect.timer().delay().equals(delay)
						&& this.decoder.isEqual(effect.timer().message(), message));
	}

	/**
	 * Verify that a pending timer of the instance that received the message was
	 * cancelled.
	 * @param name name of the timer
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasCancelledTimer(String name) {
		return hasCancelledTimer(requireSelf("'hasCancelledTimer(typename, id, name)'"), name);
	}

	/**
	 * Verify that a pending timer was cancelled.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @param name name of the timer
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasCancelledTimer(String typename, String id, String name) {
		return hasCancelledTimer(Address.of(typename, id), name);
	}

	private FunctionTestResultAssert hasCancelledTimer(Address self, String name) {
		return has(Kind.TIMER_CANCELLATION, this.narrative.timerCancellation(name) + " by " + self,
				(effect) -> effect.self().equals(self) && effect.cancelledTimer().equals(name));
	}

	/**
	 * Verify that a named timer of any instance has fired, and that its message was
	 * passed to the function.
	 * @param name name of the timer
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert firesTimer(String name) {
		return firesTimer("a function", name, (self) -> true);
	}

	/**
	 * Verify that a named timer has fired, and that its message was passed to the
	 * function.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @param name name of the timer
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert firesTimer(String typename, String id, String name) {
		Address self = Address.of(typename, id);
		return firesTimer(self.toString(), name, self::equals);
	}

	private FunctionTestResultAssert firesTimer(String subject, String name, Predicate<Address> self) {
		this.last = null;
		boolean fired = this.actual.effects()
			.stream()
			.filter((reply) -> self.test(reply.self()))
			.flatMap((reply) -> reply.invocations().stream())
			.anyMatch((invocation) -> invocation.timer().equals(Optional.of(name)));
		if (!fired) {
			failWithMessage("%nExpecting %s to handle a message of the timer '%s'.%n%s", subject, name, happened());
		}
		return this;
	}

	/**
	 * Verify that the message or record that the assertion before has found has a header.
	 * If there are several equal ones, one of them must have it, and that is the one
	 * found.
	 * @param key key of the header; upper and lower case differ
	 * @param value the expected value, in UTF-8
	 * @return this
	 * @throws AssertionError if it has not
	 */
	public FunctionTestResultAssert withHeader(String key, String value) {
		return withHeader(key, ByteString.copyFromUtf8(value));
	}

	/**
	 * Verify that the message or record that the assertion before has found has a header.
	 * If there are several equal ones, one of them must have it, and that is the one
	 * found.
	 * @param key key of the header; upper and lower case differ
	 * @param value the expected value
	 * @return this
	 * @throws AssertionError if it has not
	 */
	public FunctionTestResultAssert withHeader(String key, ByteString value) {
		return foundAlso("with header " + this.narrative.header(key, value),
				(effect) -> effect.headers().bytes(key).equals(Optional.of(value)));
	}

	/**
	 * Verify that the message or record that the assertion before has found lacks a
	 * header. If there are several equal ones, one of them must lack it, and that is the
	 * one found.
	 * @param key key of the header; upper and lower case differ
	 * @return this
	 * @throws AssertionError if it has such a header
	 */
	public FunctionTestResultAssert withoutHeader(String key) {
		return foundAlso("without header " + key, (effect) -> !effect.headers().contains(key));
	}

	private FunctionTestResultAssert foundAlso(String expectation, Predicate<Effect> test) {
		Found before = this.last;
		if (before == null) {
			throw failure("There is no message or record whose headers could be verified; call 'withHeader' and "
					+ "'withoutHeader' after an assertion that finds one, such as 'hasMessage'");
		}
		this.found.clear(before.index());
		this.from.put(before.kind(), before.from());
		return has(before.kind(), before.expectation() + "\n" + expectation, before.test().and(test));
	}

	/**
	 * Verify that delayed messages were cancelled, whether or not any were pending.
	 * @param token the expected token
	 * @return this
	 * @throws AssertionError if they were not
	 */
	public FunctionTestResultAssert hasCancelled(String token) {
		return has(Kind.CANCELLATION, this.narrative.cancellation(token), (effect) -> effect.token().equals(token));
	}

	/**
	 * Verify that a record was sent to an egress.
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @param record the expected record: a value of a mapped type, an {@link Any}, or a
	 * {@link KafkaRecord} or {@link KinesisRecord}
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasEgressRecord(String egress, Object record) {
		Any expected = this.decoder.encode(record);
		return has(Kind.EGRESS_RECORD, this.narrative.egress(egress, this.decoder.describe(expected)),
				(effect) -> effect.egress().egress().equals(egress)
						&& this.decoder.isEqual(effect.egress().record(), record));
	}

	/**
	 * Verify that a value was sent to a typed egress, without a key.
	 * @param <T> type of the values
	 * @param egress the egress
	 * @param value the expected value
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public <T> FunctionTestResultAssert hasEgressRecord(Egress<T> egress, T value) {
		BoundEgress<T> bound = this.decoder.bind(egress);
		return hasEgressRecord(bound.id().toString(), bound.record(value));
	}

	/**
	 * Verify that a value was sent to a typed egress.
	 * @param <T> type of the values
	 * @param egress the egress
	 * @param key the expected key
	 * @param value the expected value
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public <T> FunctionTestResultAssert hasEgressRecord(Egress<T> egress, String key, T value) {
		BoundEgress<T> bound = this.decoder.bind(egress);
		return hasEgressRecord(bound.id().toString(), bound.record(key, value));
	}

	/**
	 * Verify that a record was sent to a Kafka egress.
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @param topic the expected topic
	 * @param key the expected key; empty if the record has none
	 * @param value the expected value: a text, bytes, a protobuf message for its bytes,
	 * or any other object for its JSON form
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasKafkaRecord(String egress, String topic, String key, Object value) {
		KafkaRecord.Builder record = KafkaRecord.forTopic(topic).key(key);
		return hasEgressRecord(egress,
				withValue(value, record::utf8Value, record::value, record::value, record::jsonValue).build());
	}

	/**
	 * Verify that a record without an explicit hash key was sent to a Kinesis egress.
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @param stream the expected stream
	 * @param partitionKey the expected partition key
	 * @param value the expected value: a text, bytes, a protobuf message for its bytes,
	 * or any other object for its JSON form
	 * @return this
	 * @throws AssertionError if it was not
	 */
	public FunctionTestResultAssert hasKinesisRecord(String egress, String stream, String partitionKey, Object value) {
		KinesisRecord.Builder record = KinesisRecord.forStream(stream).partitionKey(partitionKey);
		return hasEgressRecord(egress,
				withValue(value, record::utf8Value, record::value, record::value, record::jsonValue).build());
	}

	private static <B> B withValue(Object value, Function<String, B> text, Function<byte[], B> bytes,
			Function<Message, B> message, Function<Object, B> json) {
		if (value instanceof String string) {
			return text.apply(string);
		}
		if (value instanceof byte[] array) {
			return bytes.apply(array);
		}
		if (value instanceof ByteString string) {
			return bytes.apply(string.toByteArray());
		}
		return (value instanceof Message protobuf) ? message.apply(protobuf) : json.apply(value);
	}

	/**
	 * Verify that no record was sent to any egress.
	 * @return this
	 * @throws AssertionError if there was one
	 */
	public FunctionTestResultAssert hasNoEgressRecords() {
		return hasNone("egress record", (effect) -> effect.kind() == Kind.EGRESS_RECORD);
	}

	/**
	 * Return the records of one type that were sent to an egress.
	 * @param <T> type of the records
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @param type type of the records
	 * @return assertions on the records, in the order sent
	 */
	public <T> ListAssert<T> egressRecords(String egress, Class<T> type) {
		return list("records to egress " + egress, records(egress).stream().map(EgressMessage::record), type);
	}

	/**
	 * Return the Kafka records that were sent to an egress.
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @return assertions on the records, in the order sent
	 */
	public ListAssert<SentKafkaRecord> kafkaRecords(String egress) {
		return Assertions.assertThat(records(egress, SentKafkaRecord::from)).as(describe("Kafka records to " + egress));
	}

	/**
	 * Return the Kinesis records that were sent to an egress.
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @return assertions on the records, in the order sent
	 */
	public ListAssert<SentKinesisRecord> kinesisRecords(String egress) {
		return Assertions.assertThat(records(egress, SentKinesisRecord::from))
			.as(describe("Kinesis records to " + egress));
	}

	private List<EgressMessage> records(String egress) {
		return this.effects.stream()
			.filter((effect) -> effect.kind() == Kind.EGRESS_RECORD && effect.egress().egress().equals(egress))
			.map(Effect::egress)
			.toList();
	}

	private <T> List<T> records(String egress, Function<Any, @Nullable T> reader) {
		List<T> records = new ArrayList<>();
		for (EgressMessage record : records(egress)) {
			T content = reader.apply(record.record());
			if (content != null) {
				records.add(content);
			}
		}
		return records;
	}

	/**
	 * Verify the current value of a state of the instance that received the message,
	 * whether or not it has changed.
	 * @param name name of a state that the function declares
	 * @param value the expected value
	 * @return this
	 * @throws AssertionError if it has another value or none
	 */
	public FunctionTestResultAssert hasState(String name, Object value) {
		return hasState(requireSelf(), name, value);
	}

	/**
	 * Verify the current value of a state, whether or not it has changed.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @param name name of a state that the function declares
	 * @param value the expected value
	 * @return this
	 * @throws AssertionError if it has another value or none
	 */
	public FunctionTestResultAssert hasState(String typename, String id, String name, Object value) {
		return hasState(Address.of(typename, id), name, value);
	}

	private FunctionTestResultAssert hasState(Address self, String name, Object value) {
		String expected = this.decoder.describe(this.decoder.encodeState(self.type(), name, value));
		Optional<Any> state = this.actual.state(self, name);
		if (state.isEmpty() || !this.decoder.isEqualState(self.type(), name, state.get(), value)) {
			failWithMessage("%nExpecting state '%s' of %s to be:%n  %s%nbut it was:%n  %s%n%s", name, self, expected,
					state.map(this.decoder::describe).orElse("without a value"), happened());
		}
		return findChanges(self, name);
	}

	/**
	 * Verify that a state of the instance that received the message has no value now.
	 * @param name name of a state that the function declares
	 * @return this
	 * @throws AssertionError if it has one
	 */
	public FunctionTestResultAssert hasNoState(String name) {
		return hasNoState(requireSelf(), name);
	}

	/**
	 * Verify that a state has no value now.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @param name name of a state that the function declares
	 * @return this
	 * @throws AssertionError if it has one
	 */
	public FunctionTestResultAssert hasNoState(String typename, String id, String name) {
		return hasNoState(Address.of(typename, id), name);
	}

	private FunctionTestResultAssert hasNoState(Address self, String name) {
		Optional<Any> state = this.actual.state(self, name);
		if (state.isPresent()) {
			failWithMessage("%nExpecting state '%s' of %s to have no value, but it was:%n  %s%n%s", name, self,
					this.decoder.describe(state.get()), happened());
		}
		return findChanges(self, name);
	}

	private Address requireSelf() {
		return requireSelf("'hasState(typename, id, name, value)', 'hasNoState(typename, id, name)'");
	}

	private Address requireSelf(String alternatives) {
		Address self = this.actual.self();
		if (self == null) {
			throw failure("No message was sent, so name the function instance: " + alternatives);
		}
		return self;
	}

	private FunctionTestResultAssert findChanges(Address self, String name) {
		this.last = null;
		for (int i = 0; i < this.effects.size(); i++) {
			Effect effect = this.effects.get(i);
			if (effect.kind() == Kind.STATE_CHANGE && effect.self().equals(self)
					&& effect.stateChange().name().equals(name)) {
				this.found.set(i);
			}
		}
		return this;
	}

	/**
	 * Verify that no state was set or removed.
	 * @return this
	 * @throws AssertionError if one was
	 */
	public FunctionTestResultAssert hasNoStateChanges() {
		return hasNone("change of a state", (effect) -> effect.kind() == Kind.STATE_CHANGE);
	}

	/**
	 * Verify that there are no effects that no earlier assertion has found; without
	 * earlier assertions, that there are no effects at all.
	 * @return this
	 * @throws AssertionError if there are
	 */
	public FunctionTestResultAssert hasNothingElse() {
		List<String> others = new ArrayList<>();
		for (int i = this.found.nextClearBit(0); i < this.effects.size(); i = this.found.nextClearBit(i + 1)) {
			others.add(this.effects.get(i).self() + ": " + this.narrative.of(this.effects.get(i)));
		}
		if (!others.isEmpty()) {
			failWithMessage("%nExpecting nothing else, but there was:%n%s%n%s", indented(String.join("\n", others)),
					happened());
		}
		return this;
	}

	private FunctionTestResultAssert has(Kind kind, String expectation, Predicate<Effect> test) {
		this.last = null;
		boolean foundBefore = false;
		for (int i = 0; i < this.effects.size(); i++) {
			Effect effect = this.effects.get(i);
			if (effect.kind() == kind && test.test(effect)) {
				int begin = this.from.getOrDefault(kind, 0);
				if (!this.found.get(i) && i >= begin) {
					this.last = hasHeaders(kind) ? new Found(kind, expectation, test, i, begin) : null;
					this.found.set(i);
					this.from.put(kind, this.inOrder ? i + 1 : 0);
					return this;
				}
				foundBefore = true;
			}
		}
		failWithMessage("%nExpecting:%n%s%n%s%s", indented(expectation), foundBefore ? "which was there, but not "
				+ (this.inOrder ? "behind what" : "once more than") + " the assertions before have found\n" : "",
				happened());
		return this;
	}

	private static boolean hasHeaders(Kind kind) {
		return kind != Kind.CANCELLATION && kind != Kind.TIMER_CANCELLATION;
	}

	private FunctionTestResultAssert hasNone(String what, Predicate<Effect> test) {
		this.last = null;
		String unexpected = this.effects.stream()
			.filter(test)
			.map((effect) -> effect.self() + ": " + this.narrative.of(effect))
			.collect(Collectors.joining("\n"));
		if (!unexpected.isEmpty()) {
			failWithMessage("%nExpecting no %s, but there was:%n%s%n%s", what, indented(unexpected), happened());
		}
		return this;
	}

	private <T> ListAssert<T> list(String what, Stream<Any> values, Class<T> type) {
		List<T> decoded = values.filter((value) -> this.decoder.isOf(type, value))
			.map((value) -> this.decoder.decode(value, type))
			.toList();
		return Assertions.assertThat(decoded)
			.withRepresentation(new ReadableMessages())
			.as(describe(what + " of type " + type.getName()));
	}

	// The list inherits the description of this assertion
	private String describe(String what) {
		String given = descriptionText();
		return (given.isEmpty() ? "" : given + ", ") + what;
	}

	private String happened() {
		return this.actual.happened();
	}

	private static String indented(String lines) {
		return "  " + lines.replace("\n", "\n  ");
	}

	/**
	 * An effect that an assertion has found.
	 *
	 * @param kind its kind
	 * @param expectation description of it
	 * @param test what was searched for
	 * @param index its index
	 * @param from where the search began
	 */
	private record Found(Kind kind, String expectation, Predicate<Effect> test, int index, int from) {

	}

	/**
	 * Formats protobuf messages in one line.
	 */
	private static final class ReadableMessages extends StandardRepresentation {

		@Override
		protected String fallbackToStringOf(Object object) {
			return (object instanceof Message message)
					? message.getClass().getSimpleName() + " " + Decoder.show(message)
					: super.fallbackToStringOf(object);
		}

	}

}
