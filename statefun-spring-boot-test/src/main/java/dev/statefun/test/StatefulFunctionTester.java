package dev.statefun.test;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import dev.statefun.local.Effects;
import dev.statefun.local.EgressKind;
import dev.statefun.local.FunctionEndpoint;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.client.FunctionRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to functions and returns their effects as a cluster would see them:
 * through the bytes of the protocol, with states, timers and several functions that send
 * messages to each other.
 *
 * <pre class="code">
 * StatefulFunctionTester tester = StatefulFunctionTester.of("example/count", new CountGreeter());
 * tester.given("example/count", "joe").state("count", count(1));
 * assertThat(tester.send(user).from("example/door", "front").to("example/count", "joe"))
 * 	.hasReply(greeting("Hello again!"))
 * 	.hasState("count", count(2));
 * </pre>
 * <p>
 * Messages to functions that are not under test leave and appear in the result, and every
 * egress is known; {@link #outside} and {@link #egress} restrict both. Time passes only
 * by {@link #advance}. Functions run on a thread of the tester.
 * <p>
 * The methods that configure a tester ({@link #protocol}, {@link #over} and so on) do not
 * change it but return another one, without states. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class StatefulFunctionTester {

	private final Setup setup;

	/** Counts resets of all testers derived from the same one. */
	private final AtomicInteger resets;

	private final Decoder decoder;

	private Recorder recorder = new Recorder();

	private @Nullable LocalRuntime runtime;

	private int resetsAtStart;

	private long steps;

	private long requests;

	/** Caller of the message that was sent last. */
	private @Nullable Address caller;

	private StatefulFunctionTester(Setup setup, AtomicInteger resets) {
		this.setup = setup;
		this.resets = resets;
		this.decoder = new Decoder(setup.functions(), setup.protocol());
	}

	/**
	 * Create a tester for one function.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param function an object with {@link dev.statefun.sdk.Handler @Handler} methods,
	 * or a {@link dev.statefun.sdk.FunctionHandler}
	 * @return the tester
	 * @throws IllegalArgumentException if the name is of another form
	 * @throws dev.statefun.sdk.registry.InvalidFunctionException if the function is
	 * invalid
	 */
	public static StatefulFunctionTester of(String typename, Object function) {
		return of(StatefulFunctions.builder().register(typename, function).build());
	}

	/**
	 * Create a tester for functions, which can send messages to each other.
	 * @param functions the functions
	 * @return the tester
	 */
	public static StatefulFunctionTester of(StatefulFunctions functions) {
		return new StatefulFunctionTester(new Setup(functions), new AtomicInteger());
	}

	/**
	 * Return a tester that emulates a cluster of another generation; 3.x by default.
	 * @param protocol the generation; {@link Protocol#AUTO} means 3.x
	 * @return another tester, without states
	 */
	public StatefulFunctionTester protocol(Protocol protocol) {
		return with(this.setup.protocol(protocol));
	}

	/**
	 * Return a tester that calls the functions over HTTP, as a cluster does.
	 * @param uri address of the endpoint, for example
	 * {@code http://localhost:8080/statefun}
	 * @return another tester, without states
	 */
	public StatefulFunctionTester over(URI uri) {
		return with(this.setup.over(uri));
	}

	/**
	 * Return a tester that calls the functions through an endpoint.
	 * @param endpoint endpoint for the requests, for example {@code handler::handle}
	 * @return another tester, without states
	 */
	public StatefulFunctionTester over(FunctionEndpoint endpoint) {
		return with(this.setup.over(endpoint));
	}

	/**
	 * Return a tester where only these functions exist besides those under test and the
	 * gateway: a message to any other function fails, as it fails the job of a cluster.
	 * @param typenames types of the functions; may be none
	 * @return another tester, without states
	 * @throws IllegalArgumentException if a name is not of the form
	 * {@code <namespace>/<name>}
	 */
	public StatefulFunctionTester outside(String... typenames) {
		Set<FunctionType> outside = Set.copyOf(Arrays.stream(typenames).map(FunctionType::parse).toList());
		return customize(
				(runtime) -> runtime.outside((type) -> outside.contains(type) || type.equals(GatewayCaller.TYPE)));
	}

	/**
	 * Return a tester that knows an egress. Once one is known, a record to any other
	 * egress fails, as it fails the job of a cluster.
	 * @param egress id of the egress, in the form {@code <namespace>/<name>}
	 * @param kind kind of records that it accepts
	 * @return another tester, without states
	 * @throws IllegalArgumentException if the id is of another form
	 */
	public StatefulFunctionTester egress(String egress, EgressKind kind) {
		EgressId id = EgressId.parse(egress);
		return customize((runtime) -> runtime.egress(id, kind));
	}

	/**
	 * Return a tester that sends every request twice and applies the second reply, as a
	 * cluster may: effects of functions outside of their states and messages happen
	 * twice.
	 * @return another tester, without states
	 */
	public StatefulFunctionTester deliverTwice() {
		return customize(LocalRuntime.Builder::deliverTwice);
	}

	/**
	 * Return a tester with other settings: limits, the size of batches, the initial time.
	 * By default, a reply times out after 10 s, and functions may handle 10,000 messages
	 * before they come to rest.
	 * @param settings customizes the settings of each runtime that the tester starts; the
	 * tester adds its own listener
	 * @return another tester, without states
	 */
	public StatefulFunctionTester customize(Consumer<LocalRuntime.Builder> settings) {
		return with(this.setup.and(settings));
	}

	private StatefulFunctionTester with(Setup other) {
		return new StatefulFunctionTester(other, this.resets);
	}

	/**
	 * Set states of a function instance.
	 * @param typename type of the function
	 * @param id id of the instance
	 * @return accepts the states
	 * @throws IllegalArgumentException if the name is not of the form
	 * {@code <namespace>/<name>}
	 */
	public GivenStates given(String typename, String id) {
		return new GivenStates(Address.of(typename, id));
	}

	/**
	 * Send messages that arrive together: one request contains them all, as if they had
	 * waited for their turn. Without a caller, as from an ingress.
	 * @param message a message: an {@link Any}, or a value of a mapped type
	 * @param more further messages
	 * @return accepts the sender and the receiver, and sends
	 */
	public Sending send(Object message, Object... more) {
		List<Object> messages = new ArrayList<>();
		messages.add(message);
		messages.addAll(Arrays.asList(more));
		return new Sending(List.copyOf(messages), null, Headers.empty());
	}

	/**
	 * Send a message as a {@code FunctionClient} does, and return the first reply to it.
	 * The same as {@link #send send(message)}.{@link Sending#fromGateway()
	 * fromGateway()}.{@link Sending#to(String, String) to(typename,
	 * id)}.{@link FunctionTestResult#reply reply(type)}.
	 * @param <R> type of the reply
	 * @param typename type of the receiver
	 * @param id id of the receiver; must not be empty
	 * @param message the message: an {@link Any}, or a value of a mapped type
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws FunctionRequestException with the reason {@code FAILED} if the function has
	 * skipped the message or made it a dead letter
	 * @throws AssertionError if there is no reply by the time that only delayed work is
	 * left, or it is of another type
	 * @throws IllegalArgumentException if there is no such function, the id is empty, a
	 * type has no mapping, or the reply can't be decoded
	 * @throws IllegalStateException as by {@link Sending#to(String, String)}
	 * @throws dev.statefun.local.LocalRuntimeException as by
	 * {@link Sending#to(String, String)}
	 */
	public <R> R request(String typename, String id, Object message, Class<R> reply) {
		return request(message, reply).to(typename, id).reply(reply);
	}

	/**
	 * Send a message as a {@code FunctionClient} does, and return the first reply to it.
	 * @param <R> type of the reply
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message: an {@link Any}, or a value of a mapped type
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws FunctionRequestException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws AssertionError as by {@link #request(String, String, Object, Class)}
	 * @throws IllegalArgumentException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws IllegalStateException as by {@link Sending#to(String, String)}
	 * @throws dev.statefun.local.LocalRuntimeException as by
	 * {@link Sending#to(String, String)}
	 */
	public <R> R request(Address target, Object message, Class<R> reply) {
		return request(target.type().toString(), target.id(), message, reply);
	}

	/**
	 * Send a message to a typed target as a {@code FunctionClient} does, and return the
	 * first reply to it.
	 * @param <M> type of the messages that the target takes
	 * @param <R> type of the reply
	 * @param target address of the receiver; its id must not be empty
	 * @param message the message
	 * @param reply type of the reply, or {@link Any} for any message in its raw form
	 * @return the reply
	 * @throws FunctionRequestException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws AssertionError as by {@link #request(String, String, Object, Class)}
	 * @throws IllegalArgumentException as by
	 * {@link #request(String, String, Object, Class)}
	 * @throws IllegalStateException as by {@link Sending#to(String, String)}
	 * @throws dev.statefun.local.LocalRuntimeException as by
	 * {@link Sending#to(String, String)}
	 */
	public <M, R> R request(TargetAddress<M> target, M message, Class<R> reply) {
		return request(message, reply).to(target).reply(reply);
	}

	// Nothing is sent if the reply could not be read
	private Sending request(Object message, Class<?> reply) {
		this.decoder.requireMapped(reply);
		return send(message).fromGateway();
	}

	/**
	 * Advance the clock: work that becomes due is done at its time, and failed requests
	 * are retried.
	 * @param duration time to advance, in whole milliseconds; must not be negative
	 * @return the effects in that time
	 * @throws dev.statefun.local.LocalRuntimeException as by {@link Sending#to}
	 */
	public FunctionTestResult advance(Duration duration) {
		LocalRuntime current = runtime();
		return run(null, this.caller, () -> current.advance(duration));
	}

	/**
	 * Take a checkpoint for {@link #restart()}.
	 */
	public void checkpoint() {
		runtime().checkpoint();
	}

	/**
	 * Recover as a cluster does after a failure: go back to the last checkpoint, or to
	 * the start, and read later input again. Time does not go back.
	 * @return the effects of the input that was read again
	 * @throws dev.statefun.local.LocalRuntimeException as by {@link Sending#to}
	 */
	public FunctionTestResult restart() {
		LocalRuntime current = runtime();
		this.recorder.forgetFailures();
		return run(null, this.caller, () -> {
			current.restart();
			current.runUntilIdle();
		});
	}

	/**
	 * Lose the reply to the next request for a function instance: the function is called,
	 * its effects are not applied, and {@link #advance} sends the request again.
	 * @param typename type of the function
	 * @param id id of the instance
	 */
	public void failOnce(String typename, String id) {
		runtime().failOnce(Address.of(typename, id));
	}

	/**
	 * Make all functions unreachable for a while; {@link #advance} retries the requests.
	 * @param duration how long from now
	 */
	public void unreachableFor(Duration duration) {
		runtime().unreachableFor(duration);
	}

	/**
	 * Return the value of a state.
	 * @param <T> type of the value
	 * @param typename type of the function
	 * @param id id of the instance
	 * @param name name of a state that the function declares
	 * @param type type of the value
	 * @return the value, or empty if it has none
	 * @throws IllegalArgumentException if there is no such function or state, or its
	 * value is of another type
	 */
	public <T> Optional<T> state(String typename, String id, String name, Class<T> type) {
		return runtime().state(Address.of(typename, id), name, type);
	}

	/**
	 * Return the value of a state whose type has type arguments.
	 * @param <T> type of the value
	 * @param typename type of the function
	 * @param id id of the instance
	 * @param name name of a state that the function declares
	 * @param type type of the value
	 * @return the value, or empty if it has none
	 * @throws IllegalArgumentException if there is no such function or state, or its
	 * value is of another type
	 */
	public <T> Optional<T> state(String typename, String id, String name, GenericType<T> type) {
		return runtime().state(Address.of(typename, id), name, type);
	}

	/**
	 * Forget everything: states, pending messages, failures and time. The next message
	 * goes to a new cluster. This applies to all testers derived from this one, and to
	 * those that it was derived from.
	 */
	public void reset() {
		this.resets.incrementAndGet();
		close();
	}

	/**
	 * Return the runtime that emulates the cluster until the next reset, for features
	 * without a method in this class.
	 * @return the runtime
	 */
	public LocalRuntime runtime() {
		LocalRuntime current = this.runtime;
		if (current == null || this.resetsAtStart != this.resets.get()) {
			close();
			this.recorder = new Recorder();
			this.resetsAtStart = this.resets.get();
			current = this.setup.start(this.recorder);
			this.runtime = current;
		}
		return current;
	}

	private void close() {
		this.steps++;
		this.caller = null;
		if (this.runtime != null) {
			this.runtime.close();
			this.runtime = null;
		}
	}

	private FunctionTestResult send(Address target, @Nullable Address caller, List<Object> messages, Headers headers) {
		if (caller != null && GatewayCaller.isGateway(caller) && target.id().isEmpty()) {
			throw new IllegalArgumentException("A message to '" + target.type() + "' needs an id that is not empty");
		}
		LocalRuntime current = runtime();
		this.recorder.requireNotFailed(target);
		this.caller = caller;
		return run(target, caller, () -> {
			if (caller != null) {
				current.sendTogetherFrom(caller, target, messages, headers);
			}
			else {
				current.sendTogether(target, messages, headers);
			}
			current.runUntilIdle();
		});
	}

	private FunctionTestResult run(@Nullable Address target, @Nullable Address caller, Runnable task) {
		this.steps++;
		this.recorder.startOver();
		try {
			task.run();
		}
		catch (RequestFailedException ex) {
			this.recorder.thrown(ex);
			throw ex;
		}
		List<Effects> replies = this.recorder.replies();
		List<String> remarks = pendingTimers(replies);
		remarks.addAll(this.recorder.failures());
		return new FunctionTestResult(this, this.steps, target, caller, replies, remarks);
	}

	// Describes the pending timers of the instances that have replied
	private List<String> pendingTimers(List<Effects> replies) {
		LocalRuntime current = runtime();
		List<String> lines = new ArrayList<>();
		for (Address self : new LinkedHashSet<>(replies.stream().map(Effects::self).toList())) {
			SortedMap<String, Instant> timers = current.pendingTimers(self);
			if (!timers.isEmpty()) {
				lines.add(Narrative.pendingTimers(self, timers, current.time()));
			}
		}
		return lines;
	}

	// Whether nothing has happened since a result
	boolean isAt(long step) {
		return this.steps == step && this.resetsAtStart == this.resets.get();
	}

	Decoder decoder() {
		return this.decoder;
	}

	/**
	 * Sets states of a function instance before it receives messages.
	 */
	public final class GivenStates {

		private final Address self;

		private GivenStates(Address self) {
			this.self = self;
		}

		/**
		 * Set a state, as if the function had set it earlier.
		 * @param name name of a state that the function declares
		 * @param value the value: an {@link Any}, or a value of a mapped type
		 * @return accepts further states
		 * @throws IllegalArgumentException if there is no such function or state, or the
		 * value is of another type than the state
		 * @throws IllegalStateException if the instance already has a message
		 */
		public GivenStates state(String name, Object value) {
			runtime().setState(this.self, name, value);
			return this;
		}

	}

	/**
	 * Messages to be sent.
	 */
	public final class Sending {

		private final List<Object> messages;

		private final @Nullable Address caller;

		private final Headers headers;

		private Sending(List<Object> messages, @Nullable Address caller, Headers headers) {
			this.messages = messages;
			this.caller = caller;
			this.headers = headers;
		}

		/**
		 * Set the sender: the function that replies go to.
		 * @param typename type of the caller, which does not have to be under test
		 * @param id id of the caller
		 * @return accepts the receiver, and sends
		 * @throws IllegalArgumentException if the name is not of the form
		 * {@code <namespace>/<name>}
		 */
		public Sending from(String typename, String id) {
			return new Sending(this.messages, Address.of(typename, id), this.headers);
		}

		/**
		 * Set the sender to a gateway, as with messages of a {@code FunctionClient}: a
		 * function that skips a message or makes it a dead letter tells the gateway so.
		 * Each call is another instance of the gateway.
		 * @return accepts the receiver, and sends
		 */
		public Sending fromGateway() {
			long request = ++StatefulFunctionTester.this.requests;
			return new Sending(this.messages, GatewayCaller.of(request), this.headers);
		}

		/**
		 * Add a header to each message. It replaces one with the same key.
		 * @param key key of the header
		 * @param value its value
		 * @return accepts the sender and the receiver, and sends
		 * @throws IllegalArgumentException if the key is not valid, or there are too many
		 * headers
		 */
		public Sending withHeader(String key, String value) {
			return withHeaders(Headers.of(key, value));
		}

		/**
		 * Add headers to each message. They replace those with the same keys.
		 * @param headers the headers
		 * @return accepts the sender and the receiver, and sends
		 * @throws IllegalArgumentException if there are too many headers
		 */
		public Sending withHeaders(Headers headers) {
			return new Sending(this.messages, this.caller, this.headers.and(headers));
		}

		/**
		 * Send the messages, and run functions until only delayed work is left.
		 * @param typename type of the receiver
		 * @param id id of the receiver
		 * @return the effects
		 * @throws IllegalArgumentException if there is no such function, or a message
		 * type has no mapping
		 * @throws IllegalStateException if the receiver still has a message that failed
		 * @throws RequestFailedException if a handler failed: in this process, its
		 * exception is among the causes. Nothing was applied, and {@link #advance} sends
		 * the request again
		 * @throws dev.statefun.local.JobFailedException if the job of a cluster would
		 * have failed
		 * @throws dev.statefun.local.LimitExceededException if the functions did not come
		 * to rest
		 */
		public FunctionTestResult to(String typename, String id) {
			Objects.requireNonNull(id, "'id' must not be null");
			return StatefulFunctionTester.this.send(Address.of(typename, id), this.caller, this.messages, this.headers);
		}

		/**
		 * Send the messages to a typed target, and run functions until only delayed work
		 * is left.
		 * @param target address of the receiver
		 * @return the effects
		 * @throws IllegalArgumentException if there is no such function, or the target is
		 * for messages of another type; an {@link Any} is sent unchecked
		 * @throws IllegalStateException as by {@link #to(String, String)}
		 * @throws dev.statefun.local.LocalRuntimeException as by
		 * {@link #to(String, String)}
		 */
		public FunctionTestResult to(TargetAddress<?> target) {
			Class<?> type = DeclaredTypes.classOf(target.target().messageType());
			for (Object message : this.messages) {
				if (!(message instanceof Any) && !type.isInstance(message)) {
					throw new IllegalArgumentException("A '" + message.getClass().getName() + "' can't be sent to '"
							+ target + "', whose target is for messages of the type '" + type.getName() + "'");
				}
			}
			return StatefulFunctionTester.this.send(target.address(), this.caller, this.messages, this.headers);
		}

	}

}
