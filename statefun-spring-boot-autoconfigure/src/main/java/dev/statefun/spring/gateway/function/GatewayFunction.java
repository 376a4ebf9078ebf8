package dev.statefun.spring.gateway.function;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.endpoint.failure.RateLimitedLog;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.Printable;
import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.GatewayInstance;
import dev.statefun.spring.gateway.GatewayName;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayRequest.Kind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests of clients to functions, and their replies back. There are three kinds
 * of instances:
 * <ul>
 * <li>An <em>exchange</em> sends one message to a target, which sees it as its caller. As
 * it has the random id of the request, no reply can get to another exchange.</li>
 * <li>A <em>key</em> knows whether an idempotency key was used. It sends the first
 * message on to an exchange, and lets later requests wait there.</li>
 * <li>The instance for <em>sends</em> passes messages on, in their order.</li>
 * </ul>
 * What is not valid is dropped, logged and counted: a failure would be repeated by the
 * cluster for ever.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayFunction implements FunctionHandler {

	/** Number of messages in a batch up to which only what they contain counts. */
	private static final int SMALL_BATCH = 1000;

	/** What a message leads to besides its own bytes: addresses, timers and state. */
	private static final long OVERHEAD = 4096;

	/** Deadlines that are farther away are taken for this one. */
	private static final Duration MAX_DEADLINE = Duration.ofDays(1);

	/** An exchange has to live longer than the key that points to it. */
	private static final Duration AFTER_KEY = Duration.ofMinutes(1);

	private static final Duration SECOND_LOOK = Duration.ofMillis(500);

	/** Clients and gateways have different clocks. */
	private static final Duration AFTER_DEADLINE = Duration.ofSeconds(5);

	private static final String PREFIX = "type.googleapis.com/dev.statefun.gateway.";

	private static final String EXCHANGE = PREFIX + "Exchange";

	private static final String USED_KEY = PREFIX + "UsedKey";

	private static final String POINTER = PREFIX + "Pointer";

	private static final String START = PREFIX + "Start";

	private static final String JOIN = PREFIX + "Join";

	private static final String POLL_AGAIN = PREFIX + "PollAgain";

	private static final String END = PREFIX + "End";

	private static final String FAILED = PREFIX + "Failed";

	private static final String FLUSH = PREFIX + "Flush";

	private static final String END_TIMER = "end";

	private static final String FLUSH_TIMER = "flush";

	/**
	 * Size of a kept reply that a batch may write any number of times. The cluster's
	 * limit for waiting messages does not hold for messages of its own functions
	 * (protocol.md §3.2), and a reply of the endpoint that is too large is repeated for
	 * ever.
	 */
	private static final int SMALL_REPLY = 16 << 10;

	private static final int MAX_KIND_LENGTH = 64;

	private static final Log logger = LogFactory.getLog(GatewayFunction.class);

	private final GatewaySettings settings;

	private final FunctionType type;

	private final GatewayTargets targets;

	private final GatewayListener listener;

	private final InstantSource clock;

	private final RateLimitedLog<String> refusals;

	private final ValueSpec<Any> state;

	/**
	 * Create a gateway function.
	 * @param settings its settings
	 * @param targets functions that it sends to
	 * @param listener receives what the gateway does
	 * @param clock tells whether a deadline has passed
	 */
	public GatewayFunction(GatewaySettings settings, GatewayTargets targets, GatewayListener listener,
			InstantSource clock) {
		this.settings = settings;
		this.type = settings.name().functionType();
		this.targets = targets;
		this.listener = listener;
		this.clock = clock;
		this.refusals = new RateLimitedLog<>(clock, "others");
		// Timers remove the state; the expiration is for those that a cluster lost
		this.state = ValueSpec.of("gateway", Any.class)
			.expireAfterWrite(settings.keep().plus(MAX_DEADLINE).plus(MAX_DEADLINE));
	}

	/**
	 * Return the maximum number of messages that the cluster may let wait for one
	 * instance, so that the endpoint takes the request with a batch and can write its
	 * reply.
	 * @param maxRequestSize maximum size of a request to the endpoint, in bytes
	 * @param maxReplySize maximum size of a reply of the endpoint, in bytes
	 * @return the number
	 * @throws InvalidDeclarationException if the limits of the gateway are too large for
	 * the endpoint
	 */
	public int maxBatch(long maxRequestSize, long maxReplySize) {
		return maxBatch(maxRequestSize, maxReplySize, "statefun.max-reply-size");
	}

	/**
	 * Return the maximum number of messages, as {@link #maxBatch(long, long)}.
	 * @param maxRequestSize maximum size of a request to the endpoint, in bytes
	 * @param maxReplySize maximum size of a reply of the endpoint, in bytes
	 * @param replyProperty name of the property that limits replies
	 * @return the number
	 * @throws InvalidDeclarationException if the limits of the gateway are too large for
	 * the endpoint
	 */
	public int maxBatch(long maxRequestSize, long maxReplySize, String replyProperty) {
		long largest = Math.max(this.settings.maxRequestSize(), this.settings.maxReplySize());
		// A kept reply goes to those who wait for it, twice, and to the state
		requireTimes(2 * Exchange.MAX_WAITERS + 2, largest, maxReplySize, replyProperty);
		requireTimes(4, largest, maxRequestSize, "statefun.max-request-size");
		// A request has the state too
		long limit = Math.min(maxReplySize, maxRequestSize);
		long number = limit / largest - 2;
		return (int) ((number <= SMALL_BATCH) ? number
				: Math.min(Math.max(limit / (largest + OVERHEAD) - 2, SMALL_BATCH), Integer.MAX_VALUE));
	}

	private static void requireTimes(int times, long largest, long limit, String property) {
		if (limit / times < largest) {
			throw new InvalidDeclarationException(
					"'" + property + "' is " + limit + " bytes, and the gateway needs " + times * largest + ": " + times
							+ " times the larger one of 'statefun.gateway.max-request-size' "
							+ "and 'statefun.gateway.max-reply-size'",
					"Set '" + property + "' to " + times * largest + "B or more, or the other two to " + limit / times
							+ "B or less",
					null);
		}
	}

	/**
	 * Return the declaration of the function.
	 * @return its type, state and timers
	 */
	public FunctionSpec spec() {
		return FunctionSpec.of(this.type).state(this.state).timers();
	}

	/**
	 * Return the egress that replies go to.
	 * @return its id
	 */
	public EgressId egress() {
		return this.settings.name().egress();
	}

	@Override
	public void handle(Context context, Any message) {
		Optional<Address> caller = callerOf(context);
		String typename = message.getTypeUrl();
		if (caller.isPresent() && !caller.get().type().equals(this.type)) {
			receiveReply(context, message);
		}
		else if (caller.isPresent() && typename.equals(START)) {
			begin(context, GatewayRequest.parse(message.getValue()), true);
		}
		else if (caller.isPresent() && typename.equals(JOIN)) {
			join(context, Waiter.parse(Envelope.parse(message.getValue())));
		}
		else if (caller.isPresent() && typename.equals(POLL_AGAIN)) {
			pollAgain(context, message);
		}
		else if (caller.isPresent() && typename.equals(POINTER)) {
			keepPointer(context, message);
		}
		else if (caller.isEmpty() && typename.equals(END)) {
			end(context);
		}
		else if (caller.isEmpty() && typename.equals(FLUSH)) {
			flush(context);
		}
		else {
			receiveRequest(context, message);
		}
	}

	// A function inside the cluster may have a type without a valid name
	private static Optional<Address> callerOf(Context context) {
		try {
			return context.caller();
		}
		catch (IllegalStateException ex) {
			return Optional.of(Address.of("unknown/unknown", "unknown"));
		}
	}

	private void receiveRequest(Context context, Any message) {
		GatewayRequest request = read(context, message);
		if (request == null) {
			return;
		}
		if (request.target() != null && !isReachable(request, context)) {
			return;
		}
		switch (request.kind()) {
			case SEND, REQUEST -> {
				if (!request.idempotencyKey().isEmpty()) {
					useKey(context, request);
				}
				else if (request.kind() == Kind.SEND) {
					forward(context, request);
				}
				else {
					request(context, request);
				}
			}
			case POLL, AWAIT -> pollFirst(context, request, message);
		}
	}

	private @Nullable GatewayRequest read(Context context, Any message) {
		if (message.getValue().size() > this.settings.maxRequestSize()) {
			refuse("it is larger than 'statefun.gateway.max-request-size'", message.getValue().size() + " bytes");
			return null;
		}
		GatewayRequest request;
		try {
			request = GatewayRequest.parse(message.getValue());
		}
		catch (IllegalArgumentException ex) {
			refuse("it is not valid", String.valueOf(ex.getMessage()));
			return null;
		}
		if (!withoutPrefix(message.getTypeUrl()).equals(withoutPrefix(GatewayRequest.TYPENAME))) {
			refuse("its type is not " + GatewayRequest.TYPENAME, message.getTypeUrl());
			return null;
		}
		if (!request.instance().equals(context.self().id())) {
			refuse("the key of its record is not the one that gateway.proto demands", context.self().id());
			return null;
		}
		if (request.kind() != Kind.SEND
				&& !this.settings.replyTopics().contains(Objects.requireNonNull(request.replyTo()).topic())) {
			refuse("its reply topic is not in 'statefun.gateway.reply-topics'", request.replyTo().topic());
			return null;
		}
		return request;
	}

	// Clusters of 2.x may have another prefix (protocol.md §7.4)
	private static String withoutPrefix(String typeUrl) {
		return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
	}

	private void refuse(String problem, String found) {
		this.listener.happened(GatewayEvent.REFUSED, null);
		this.refusals.log(problem, (suppressed) -> logger.warn(RateLimitedLog.withSuppressed(
				"The gateway '" + this.settings.name() + "' dropped a request: " + problem + ": " + Printable.of(found),
				suppressed)));
	}

	private boolean isReachable(GatewayRequest request, Context context) {
		FunctionType target = targetOf(request).type();
		if (target.namespace().equals(GatewayName.NAMESPACE) || !this.targets.reaches(target)) {
			this.listener.happened(GatewayEvent.UNKNOWN_FUNCTION, null);
			answer(context, request, Outcome.UNKNOWN_FUNCTION);
			return false;
		}
		if (!this.targets.takes(target, Objects.requireNonNull(request.message()).getTypeUrl())) {
			// It would be repeated for ever, unless a failure policy decides otherwise
			this.listener.happened(GatewayEvent.FAILED, target);
			if (request.kind() == Kind.REQUEST) {
				reply(context, waiter(request),
						new GatewayReply(request.id(), Outcome.FAILED, null, FailureKind.UNKNOWN_TYPE.name()));
			}
			return false;
		}
		return true;
	}

	private static Address targetOf(GatewayRequest request) {
		return Objects.requireNonNull(request.target());
	}

	private void useKey(Context context, GatewayRequest request) {
		String fingerprint = GatewayInstance.fingerprint(Objects.requireNonNull(request.message()));
		UsedKey used = valueOf(context, USED_KEY).map(UsedKey::parse).orElse(null);
		if (used == null) {
			if (!isLate(request) || request.executeLate()) {
				set(context, USED_KEY, new UsedKey(fingerprint, request.id()).toBytes(), keep(request));
				send(context, request.id(), START, request.toBytes());
			}
			else {
				expire(context, request);
			}
		}
		else if (!used.fingerprint().equals(fingerprint)) {
			this.listener.happened(GatewayEvent.CONFLICT, targetOf(request).type());
			answer(context, request, Outcome.CONFLICT);
		}
		else {
			this.listener.happened(GatewayEvent.DUPLICATE, targetOf(request).type());
			// A record that was read twice has the exchange's own id
			if (request.kind() == Kind.REQUEST && !request.id().equals(used.exchange())) {
				joinLater(context, request, used.exchange());
			}
		}
	}

	private void joinLater(Context context, GatewayRequest request, String exchange) {
		send(context, exchange, JOIN, waiter(request).write().toBytes());
		if (request.pollable()) {
			send(context, request.id(), POINTER,
					new Envelope.Writer().text(1, exchange)
						.text(2, request.principal())
						.number(3, keep(request).toMillis())
						.toBytes());
		}
	}

	private static void send(Context context, String exchange, String typename, ByteString value) {
		context.send(context.self().type(), GatewayInstance.exchange(exchange), any(typename, value));
	}

	private void request(Context context, GatewayRequest request) {
		if (context.state(this.state).get().isPresent()) {
			this.listener.happened(GatewayEvent.DUPLICATE, targetOf(request).type());
		}
		else if (!isLate(request)) {
			begin(context, request, false);
		}
		else if (request.executeLate()) {
			forward(context, request);
		}
		else {
			expire(context, request);
		}
	}

	private void expire(Context context, GatewayRequest request) {
		this.listener.happened(GatewayEvent.EXPIRED, targetOf(request).type());
		answer(context, request, Outcome.EXPIRED);
	}

	private boolean isLate(GatewayRequest request) {
		return request.deadline() != null && !request.deadline().isAfter(this.clock.instant());
	}

	private void begin(Context context, GatewayRequest request, boolean keyed) {
		if (context.state(this.state).get().isPresent()) {
			this.listener.happened(GatewayEvent.DUPLICATE, targetOf(request).type());
			return;
		}
		List<Waiter> waiters = (request.kind() == Kind.REQUEST) ? List.of(waiter(request)) : List.of();
		Exchange exchange = new Exchange(targetOf(request).type(), request.principal(), keyed || request.pollable(),
				waiters, null);
		set(context, EXCHANGE, exchange.toBytes(), keyed ? keep(request).plus(AFTER_KEY) : untilDeadline(request));
		forward(context, request);
	}

	private Duration keep(GatewayRequest request) {
		Duration keep = this.settings.keep();
		Duration deadline = (request.deadline() != null) ? untilDeadline(request) : Duration.ZERO;
		return (deadline.compareTo(keep) > 0) ? deadline : keep;
	}

	private Duration untilDeadline(GatewayRequest request) {
		Duration left = Duration.between(this.clock.instant(), Objects.requireNonNull(request.deadline()));
		Duration bounded = (left.compareTo(MAX_DEADLINE) > 0) ? MAX_DEADLINE : left;
		return bounded.isNegative() ? AFTER_DEADLINE : bounded.plus(AFTER_DEADLINE);
	}

	private static Waiter waiter(GatewayRequest request) {
		return new Waiter(request.id(), Objects.requireNonNull(request.replyTo()),
				Objects.requireNonNull(request.deadline()));
	}

	private void forward(Context context, GatewayRequest request) {
		Address target = targetOf(request);
		context.withHeaders(request.headers()).send(target, Objects.requireNonNull(request.message()));
		this.listener.happened(GatewayEvent.FORWARDED, target.type());
	}

	private void join(Context context, Waiter waiter) {
		Exchange exchange = valueOf(context, EXCHANGE).map(Exchange::parse).orElse(null);
		if (exchange == null) {
			reply(context, waiter, Outcome.EXPIRED);
		}
		else if (exchange.outcome() != null && exchange.outcome().toBytes().size() <= SMALL_REPLY) {
			reply(context, waiter, exchange.outcome());
		}
		else if (exchange.hasRoom(this.clock.instant())) {
			update(context, exchange.with(waiter, this.clock.instant()));
			if (exchange.outcome() != null) {
				flushLater(context);
			}
		}
		else {
			this.listener.happened(GatewayEvent.BUSY, exchange.target());
			reply(context, waiter, Outcome.BUSY);
		}
	}

	private static void flushLater(Context context) {
		Timers timers = Timers.of(context);
		if (!timers.pending().contains(FLUSH_TIMER)) {
			timers.start(FLUSH_TIMER, Duration.ofMillis(1), any(FLUSH, ByteString.EMPTY));
		}
	}

	private void flush(Context context) {
		Exchange exchange = valueOf(context, EXCHANGE).map(Exchange::parse).orElse(null);
		if (exchange != null && exchange.outcome() != null) {
			GatewayReply outcome = exchange.outcome();
			exchange.waiters().forEach((waiter) -> reply(context, waiter, outcome));
			update(context, exchange.ended(outcome));
		}
	}

	// A poll may overtake the request, which takes another way if it has a key
	private void pollFirst(Context context, GatewayRequest request, Any message) {
		if (context.state(this.state).get().isPresent()) {
			poll(context, request);
		}
		else {
			context.sendAfter(SECOND_LOOK, context.self(), any(POLL_AGAIN, message.getValue()));
		}
	}

	private void pollAgain(Context context, Any message) {
		poll(context, GatewayRequest.parse(message.getValue()));
	}

	private void poll(Context context, GatewayRequest request) {
		Any pointer = context.state(this.state).get().orElse(null);
		if (pointer != null && pointer.getTypeUrl().equals(POINTER)) {
			Envelope fields = Envelope.parse(pointer.getValue());
			if (fields.text(2).equals(request.principal())) {
				GatewayRequest moved = follow(request, fields.text(1));
				context.send(this.type, moved.instance(), any(GatewayRequest.TYPENAME, moved.toBytes()));
			}
			else {
				answer(context, request, Outcome.NOT_FOUND);
			}
			return;
		}
		Exchange exchange = valueOf(context, EXCHANGE).map(Exchange::parse).orElse(null);
		if (exchange == null || !exchange.kept() || !exchange.principal().equals(request.principal())) {
			answer(context, request, Outcome.NOT_FOUND);
		}
		else if (exchange.outcome() == null && request.kind() == Kind.POLL) {
			answer(context, request, Outcome.PENDING);
		}
		else {
			join(context, waiter(request));
		}
	}

	private static GatewayRequest follow(GatewayRequest request, String exchange) {
		return new GatewayRequest(request.id(), request.kind(), null, null, request.headers(), request.replyTo(),
				request.deadline(), false, false, "", request.principal(), exchange);
	}

	private void keepPointer(Context context, Any pointer) {
		if (context.state(this.state).get().isEmpty()) {
			set(context, POINTER, pointer.getValue(), Duration.ofMillis(Envelope.parse(pointer.getValue()).number(3)));
		}
	}

	private void receiveReply(Context context, Any message) {
		if (!GatewayInstance.isExchange(context.self().id())) {
			// A target replies although the message was only sent
			return;
		}
		Exchange exchange = valueOf(context, EXCHANGE).map(Exchange::parse).orElse(null);
		if (exchange == null || exchange.outcome() != null) {
			this.listener.happened(GatewayEvent.UNEXPECTED_REPLY, (exchange != null) ? exchange.target() : null);
			return;
		}
		GatewayReply outcome = outcomeOf(context, message, exchange.target());
		exchange.waiters().forEach((waiter) -> reply(context, waiter, outcome));
		if (exchange.kept()) {
			update(context, exchange.ended(outcome));
		}
		else {
			context.state(this.state).remove();
			Timers.of(context).cancel(END_TIMER);
		}
	}

	private GatewayReply outcomeOf(Context context, Any message, FunctionType target) {
		String request = context.self().id().substring(GatewayInstance.exchange("").length());
		if (message.getTypeUrl().equals(FAILED)) {
			this.listener.happened(GatewayEvent.FAILED, target);
			return new GatewayReply(request, Outcome.FAILED, null, kindOf(message));
		}
		GatewayReply reply = new GatewayReply(request, Outcome.REPLIED, message, null);
		if (reply.toBytes().size() > this.settings.maxReplySize()) {
			this.listener.happened(GatewayEvent.REPLY_TOO_LARGE, target);
			return GatewayReply.of(request, Outcome.REPLY_TOO_LARGE);
		}
		this.listener.happened(GatewayEvent.REPLIED, target);
		return reply;
	}

	private static String kindOf(Any failed) {
		try {
			String kind = Envelope.parse(failed.getValue()).text(1);
			return (kind.length() <= MAX_KIND_LENGTH) ? kind : "";
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	private void end(Context context) {
		Exchange exchange = valueOf(context, EXCHANGE).map(Exchange::parse).orElse(null);
		if (exchange != null && exchange.outcome() == null) {
			this.listener.happened(GatewayEvent.ABANDONED, exchange.target());
		}
		context.state(this.state).remove();
	}

	private void answer(Context context, GatewayRequest request, Outcome outcome) {
		if (request.kind() != Kind.SEND) {
			reply(context, waiter(request), outcome);
		}
	}

	private void reply(Context context, Waiter waiter, Outcome outcome) {
		reply(context, waiter, GatewayReply.of(waiter.request(), outcome));
	}

	private void reply(Context context, Waiter waiter, GatewayReply reply) {
		context.sendEgress(egress(),
				KafkaRecord.forTopic(waiter.replyTo().topic())
					.key(waiter.replyTo().client())
					.value(reply.to(waiter.request()).toBytes().toByteArray())
					.build());
	}

	private Optional<ByteString> valueOf(Context context, String typename) {
		return context.state(this.state)
			.get()
			.filter((value) -> value.getTypeUrl().equals(typename))
			.map(Any::getValue);
	}

	private void set(Context context, String typename, ByteString value, Duration keep) {
		context.state(this.state).set(any(typename, value));
		Timers.of(context).start(END_TIMER, keep, any(END, ByteString.EMPTY));
	}

	private void update(Context context, Exchange exchange) {
		PersistedValue<Any> state = context.state(this.state);
		state.set(any(EXCHANGE, exchange.toBytes()));
	}

	private static Any any(String typename, ByteString value) {
		return Any.newBuilder().setTypeUrl(typename).setValue(value).build();
	}

}
