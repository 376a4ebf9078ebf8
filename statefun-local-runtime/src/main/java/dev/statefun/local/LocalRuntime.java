package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.TargetAddress;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * A StateFun runtime in this process, for development and tests. It keeps states, routes
 * messages and delays them as a cluster does, with the same bytes, and fails where a
 * cluster's job would (protocol.md §3 to §5). It keeps everything in memory; use Flink in
 * production.
 *
 * <pre class="code">
 * try (LocalRuntime runtime = LocalRuntime.of(functions).manualClock().start()) {
 * 	runtime.send(Address.of("example/count", "joe"), user);
 * 	runtime.runUntilIdle();
 * 	runtime.advance(Duration.ofHours(1));
 * }
 * </pre>
 * <p>
 * On the wall clock, or with a {@linkplain Builder#clockAhead() clock ahead of it}, it
 * calls functions as soon as they have messages, several instances at a time. With a
 * manual clock it calls them only during {@link #runUntilIdle()} and
 * {@link #advance(Duration)}, one at a time and in the same order in every run; only the
 * latter lets time pass.
 * <p>
 * Thread-safe. A runtime with a manual clock must be driven by one thread at a time.
 *
 * @since 0.1.0
 */
public final class LocalRuntime implements AutoCloseable {

	private static final Duration CENTURY = Duration.ofDays(36525);

	private final Settings settings;

	private final Ingress ingress;

	private final Dispatcher dispatcher;

	/** The dispatcher, or {@code null} on the wall clock. */
	private final @Nullable ManualClockDispatcher manual;

	private final StateAccess states;

	private final LocalRuntimeOperations operations;

	private LocalRuntime(Settings settings, @Nullable Instant manualStart, byte @Nullable [] snapshot) {
		this.settings = settings;
		InputLog input = new InputLog(snapshot);
		Cluster cluster = new Cluster(settings, new Egresses(settings.egresses(), settings.keptEgressRecords()),
				new MessageIds());
		long ahead = input.recover(cluster);
		this.manual = (manualStart != null)
				? new ManualClockDispatcher(settings, cluster, input, manualStart.toEpochMilli()) : null;
		this.dispatcher = (this.manual != null) ? this.manual : new WallClockDispatcher(settings, cluster, ahead);
		Packer packer = new Packer(settings.mappings());
		this.ingress = new Ingress(settings, this.dispatcher, packer);
		this.states = new StateAccess(settings, this.dispatcher, packer);
		this.operations = new ClusterOperations(settings, this.dispatcher, this.states);
	}

	/**
	 * Describe a runtime that calls functions in this process.
	 * @param functions the functions
	 * @return the description, to be completed
	 */
	public static Builder of(StatefulFunctions functions) {
		return new Builder(functions.mappings()).functions(functions,
				FunctionEndpoint.of(new RequestReplyHandler(functions)));
	}

	/**
	 * Describe a runtime without functions.
	 * @return the description, to be completed
	 */
	public static Builder builder() {
		return new Builder(StatefulFunctions.builder().build().mappings());
	}

	/**
	 * Return the functions that can receive messages.
	 * @return their types, in the order in which they were added
	 */
	public Set<FunctionType> functions() {
		return this.settings.functions().keySet();
	}

	/**
	 * Send a message as an ingress does, without a caller.
	 * @param target address of the receiver
	 * @param message the message: an {@link Any}, or a value of a mapped type
	 * @return the id of the message, larger than those of earlier ones
	 * @throws IllegalArgumentException if there is no such function, or the message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public long send(Address target, Object message) {
		return send(target, message, Headers.empty());
	}

	/**
	 * Send a message with headers as an ingress does, without a caller.
	 * @param target address of the receiver
	 * @param message the message: an {@link Any}, or a value of a mapped type
	 * @param headers headers of the message
	 * @return the id of the message, larger than those of earlier ones
	 * @throws IllegalArgumentException if there is no such function, or the message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public long send(Address target, Object message, Headers headers) {
		return this.ingress.accept(target, null, message, headers);
	}

	/**
	 * Send a message to a typed target as an ingress does, without a caller.
	 * @param <M> type of the messages that the target takes
	 * @param target address of the receiver
	 * @param message the message
	 * @return the id of the message, larger than those of earlier ones
	 * @throws IllegalArgumentException if there is no such function, or the message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public <M> long send(TargetAddress<M> target, M message) {
		return send(Objects.requireNonNull(target, "'target' must not be null").address(), message);
	}

	/**
	 * Send a message as a function does.
	 * @param target address of the receiver
	 * @param message the message: an {@link Any}, or a value of a mapped type
	 * @param caller address of the sender, which does not have to be served here
	 * @return the id of the message, larger than those of earlier ones
	 * @throws IllegalArgumentException if there is no such function, or the message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public long sendFrom(Address caller, Address target, Object message) {
		return sendFrom(caller, target, message, Headers.empty());
	}

	/**
	 * Send a message with headers as a function does.
	 * @param target address of the receiver
	 * @param message the message: an {@link Any}, or a value of a mapped type
	 * @param caller address of the sender, which does not have to be served here
	 * @param headers headers of the message
	 * @return the id of the message, larger than those of earlier ones
	 * @throws IllegalArgumentException if there is no such function, or the message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public long sendFrom(Address caller, Address target, Object message, Headers headers) {
		Objects.requireNonNull(caller, "'caller' must not be null");
		return this.ingress.accept(target, caller, message, headers);
	}

	/**
	 * Send messages that arrive together, as an ingress does: one request contains them
	 * all, as if they had waited while the instance was busy (protocol.md §3.1). With
	 * {@link #send(Address, Object)}, the first message would be sent alone.
	 * @param target address of the receiver
	 * @param messages the messages: each an {@link Any}, or a value of a mapped type
	 * @throws IllegalArgumentException if there is no such function, or a message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public void sendTogether(Address target, List<?> messages) {
		sendTogether(target, messages, Headers.empty());
	}

	/**
	 * Send messages with headers that arrive together, as an ingress does: see
	 * {@link #sendTogether(Address, List)}.
	 * @param target address of the receiver
	 * @param messages the messages: each an {@link Any}, or a value of a mapped type
	 * @param headers headers of each message
	 * @throws IllegalArgumentException if there is no such function, or a message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public void sendTogether(Address target, List<?> messages, Headers headers) {
		this.ingress.acceptTogether(target, null, messages, headers);
	}

	/**
	 * Send messages that arrive together, as a function does: see
	 * {@link #sendTogether(Address, List)}.
	 * @param caller address of the sender, which does not have to be served here
	 * @param target address of the receiver
	 * @param messages the messages: each an {@link Any}, or a value of a mapped type
	 * @throws IllegalArgumentException if there is no such function, or a message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public void sendTogetherFrom(Address caller, Address target, List<?> messages) {
		sendTogetherFrom(caller, target, messages, Headers.empty());
	}

	/**
	 * Send messages with headers that arrive together, as a function does: see
	 * {@link #sendTogether(Address, List)}.
	 * @param caller address of the sender, which does not have to be served here
	 * @param target address of the receiver
	 * @param messages the messages: each an {@link Any}, or a value of a mapped type
	 * @param headers headers of each message
	 * @throws IllegalArgumentException if there is no such function, or a message type
	 * has no mapping
	 * @throws LimitExceededException if too many messages are waiting
	 * @throws LocalRuntimeException if the runtime has failed
	 */
	public void sendTogetherFrom(Address caller, Address target, List<?> messages, Headers headers) {
		Objects.requireNonNull(caller, "'caller' must not be null");
		this.ingress.acceptTogether(target, caller, messages, headers);
	}

	/**
	 * Set a state, as if its function had set it earlier.
	 * @param self address of the function instance
	 * @param name name of a state that the function declares
	 * @param value the value: an {@link Any}, or a value of a mapped type
	 * @throws IllegalArgumentException if there is no such function or state, or the type
	 * of the value has no mapping
	 * @throws StateConflictException if the function is busy with a message
	 */
	public void setState(Address self, String name, Object value) {
		this.states.set(self, name, value);
	}

	/**
	 * Return the value of a state.
	 * @param self address of the function instance
	 * @param name name of a state that the function declares
	 * @return the value, or empty if it has none
	 * @throws IllegalArgumentException if there is no such function or state
	 */
	public Optional<Any> state(Address self, String name) {
		return this.states.get(self, name);
	}

	/**
	 * Return the value of a state.
	 * @param <T> type of the value
	 * @param self address of the function instance
	 * @param name name of a state that the function declares
	 * @param type type of the value
	 * @return the value, or empty if it has none
	 * @throws IllegalArgumentException if there is no such function or state, or its
	 * value is of another type
	 */
	public <T> Optional<T> state(Address self, String name, Class<T> type) {
		return this.states.get(self, name, type);
	}

	/**
	 * Return the value of a state whose type has type arguments.
	 * @param <T> type of the value
	 * @param self address of the function instance
	 * @param name name of a state that the function declares
	 * @param type type of the value
	 * @return the value, or empty if it has none
	 * @throws IllegalArgumentException if there is no such function or state, or its
	 * value is of another type
	 */
	public <T> Optional<T> state(Address self, String name, GenericType<T> type) {
		return this.states.get(self, name, type.type());
	}

	/**
	 * Return the states of a function instance that have a value.
	 * @param self address of the function instance
	 * @return the values by name, in the order in which the function declares the states
	 * @throws IllegalArgumentException if there is no such function
	 */
	public Map<String, Any> states(Address self) {
		return this.states.getAll(self);
	}

	/**
	 * Return the records that were sent to egresses, as far as they are kept, in the
	 * order in which their replies were applied.
	 * @return the records
	 */
	public List<EgressMessage> egress() {
		return this.dispatcher.locked(() -> this.dispatcher.cluster().egresses().kept());
	}

	/**
	 * Return the number of delayed messages that are pending.
	 * @return the number
	 */
	public int pendingDelayedMessages() {
		return this.dispatcher.locked(() -> this.dispatcher.cluster().timers().delayedSize());
	}

	/**
	 * Return the named timers of a function instance whose messages are still delayed.
	 * @param self address of the function instance
	 * @return times at which they fire by name, sorted by name
	 * @throws IllegalArgumentException if there is no such function
	 */
	public SortedMap<String, Instant> pendingTimers(Address self) {
		Objects.requireNonNull(self, "'self' must not be null");
		SortedMap<String, Instant> timers = new TreeMap<>();
		this.dispatcher.locked(() -> this.dispatcher.cluster().pendingTimers(self, this.dispatcher.now()))
			.forEach((name, due) -> timers.put(name, Instant.ofEpochMilli(due)));
		return timers;
	}

	/**
	 * Return the time of this runtime.
	 * @return the time, in whole milliseconds
	 */
	public Instant time() {
		return Instant.ofEpochMilli(this.dispatcher.locked(this.dispatcher::now));
	}

	/**
	 * Wait until only delayed work is left; with a manual clock, do the work.
	 * @throws RequestFailedException if a request failed: with a manual clock it is sent
	 * again when the clock reaches the time of the retry
	 * @throws JobFailedException if a cluster's job would have failed
	 * @throws LimitExceededException if functions would keep the runtime busy forever
	 */
	public void runUntilIdle() {
		this.dispatcher.runUntilIdle();
	}

	/**
	 * Advance the clock. With a manual clock, work that becomes due is done at its time,
	 * in order, as by {@link #runUntilIdle()}; with a {@linkplain Builder#clockAhead()
	 * clock ahead of the wall clock}, it is due at once, and this method does not wait.
	 * @param duration time to advance, in whole milliseconds; must not be negative
	 * @throws IllegalArgumentException if the duration is negative, or the clock would
	 * reach the end of its time, 146 million years after 1970
	 * @throws IllegalStateException if this runtime is on the wall clock
	 * @throws LocalRuntimeException as by {@link #runUntilIdle()}; the clock then stays
	 * at the time of the failure
	 */
	public void advance(Duration duration) {
		this.dispatcher.advance(duration);
	}

	/**
	 * Return operations for consoles: to look at instances, waiting messages and timers,
	 * and to intervene.
	 * @return the operations
	 */
	public LocalRuntimeOperations operations() {
		return this.operations;
	}

	/**
	 * Add a listener, called after those added before.
	 * @param listener the listener; events for a {@link MessageFlowListener} are created
	 * as long as there is one
	 */
	public void addListener(LocalRuntimeListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		this.dispatcher.runLocked(() -> this.settings.listeners().add(listener));
	}

	/**
	 * Remove a listener. It is not called any more when this method returns.
	 * @param listener the listener; without effect if it was not added
	 */
	public void removeListener(LocalRuntimeListener listener) {
		Objects.requireNonNull(listener, "'listener' must not be null");
		this.dispatcher.runLocked(() -> this.settings.listeners().remove(listener));
	}

	/**
	 * Take a checkpoint for {@link #restart()}.
	 * @throws IllegalStateException if this runtime is on the wall clock
	 */
	public void checkpoint() {
		requireManual().checkpoint();
	}

	/**
	 * Recover as a cluster does after a failure: go back to the last checkpoint, or to
	 * the start, send the batches that were in flight then once more, and read later
	 * input again. Time does not go back.
	 * @throws IllegalStateException if this runtime is on the wall clock
	 */
	public void restart() {
		requireManual().restart();
	}

	private ManualClockDispatcher requireManual() {
		if (this.manual == null) {
			throw new IllegalStateException(
					"This local runtime is on the wall clock; describe it with 'manualClock()'");
		}
		return this.manual;
	}

	/**
	 * Return a snapshot as bytes for {@link Builder#restore}: states, waiting and delayed
	 * messages with their ids, and batches in flight. Egress records are not included.
	 * @return the bytes
	 */
	public byte[] snapshot() {
		return this.dispatcher
			.locked(() -> Snapshot.write(this.dispatcher.cluster(), this.dispatcher.now(), this.dispatcher.ahead()));
	}

	/**
	 * Lose the reply to the next request for a function instance: the function is called,
	 * its effects are not applied, and the same request is sent again a few milliseconds
	 * later, as after a broken connection.
	 * @param self address of the function instance
	 */
	public void failOnce(Address self) {
		Objects.requireNonNull(self, "'self' must not be null");
		this.dispatcher.failOnce(self);
	}

	/**
	 * Make all functions unreachable for a while. Requests are retried until then.
	 * @param duration how long from now
	 */
	public void unreachableFor(Duration duration) {
		this.dispatcher.unreachableFor(duration);
	}

	/**
	 * Call functions from now on, after {@link Builder#create()} or {@link #pause}.
	 * @throws IllegalStateException if the runtime is closed
	 * @throws LocalRuntimeException if it has failed
	 */
	public void start() {
		this.dispatcher.start();
	}

	/**
	 * Call no function until {@link #start()}. Messages are still accepted, and work that
	 * becomes due waits. Without effect on a runtime with a manual clock, which calls
	 * functions only on request.
	 * @param atMost how long to wait for requests in flight
	 * @return whether they have ended; if not, they continue
	 */
	public boolean pause(Duration atMost) {
		return this.dispatcher.pause(atMostACentury(atMost));
	}

	/**
	 * Stop the runtime. Requests in flight are given up and their effects are not
	 * applied; a {@link #snapshot()} still contains them.
	 */
	@Override
	public void close() {
		this.dispatcher.close();
	}

	// Longer times could not be counted in nanoseconds, nor added to a time
	private static Duration atMostACentury(Duration time) {
		return (time.compareTo(CENTURY) > 0) ? CENTURY : time;
	}

	/**
	 * Builder for a {@link LocalRuntime}. Not thread-safe.
	 */
	public static final class Builder {

		private static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofMinutes(2);

		private static final Duration DEFAULT_REPLY_TIMEOUT = Duration.ofSeconds(30);

		private final MessageMappings mappings;

		private final Map<FunctionType, Binding> functions = new LinkedHashMap<>();

		private final Map<String, EgressKind> egresses = new HashMap<>();

		private Predicate<FunctionType> outside = (type) -> false;

		private Dialect dialect = Dialect.V3;

		private @Nullable Instant manualStart;

		private boolean clockAhead;

		private int batchSize = Integer.MAX_VALUE;

		private final Map<FunctionType, Integer> batchSizes = new HashMap<>();

		private long waitingMessages = 1 << 20;

		private int missingStateReplies = 10;

		private long invocationsPerRun = 1_000_000;

		private int keptEgressRecords = 1_000_000;

		private Duration replyTimeout = DEFAULT_REPLY_TIMEOUT;

		private Duration callTimeout = DEFAULT_CALL_TIMEOUT;

		private @Nullable Duration restartDelay;

		private boolean deliverTwice;

		private int concurrency = 16;

		private final List<LocalRuntimeListener> listeners = new ArrayList<>();

		private byte @Nullable [] snapshot;

		private Builder(MessageMappings mappings) {
			this.mappings = mappings;
		}

		/**
		 * Add functions with an endpoint of their own.
		 * @param functions the functions
		 * @param endpoint endpoint that their requests go to
		 * @return this builder
		 */
		public Builder functions(StatefulFunctions functions, FunctionEndpoint endpoint) {
			Objects.requireNonNull(endpoint, "'endpoint' must not be null");
			for (FunctionDescriptor function : functions.functions()) {
				this.functions.put(function.type(), new Binding(endpoint, function.states()));
			}
			return this;
		}

		/**
		 * Add a function that another service serves.
		 * @param function type of the function; its states only matter on 2.x, where
		 * {@code module.yaml} names them
		 * @param endpoint endpoint that its requests go to
		 * @return this builder
		 */
		public Builder function(FunctionSpec function, FunctionEndpoint endpoint) {
			Objects.requireNonNull(endpoint, "'endpoint' must not be null");
			List<StateDescriptor> states = function.states()
				.stream()
				.map((state) -> new StateDescriptor(state.name(),
						Objects.requireNonNullElseGet(state.typename(),
								() -> this.mappings.of(state.type()).typename()),
						state.type(), state.expiration()))
				.toList();
			this.functions.put(function.type(), new Binding(endpoint, states));
			return this;
		}

		/**
		 * Allow messages to functions that are served elsewhere; such messages leave this
		 * runtime. Messages to other functions that are not served here fail the job, as
		 * on a cluster.
		 * @param outside which functions are served elsewhere
		 * @return this builder
		 */
		public Builder outside(Predicate<FunctionType> outside) {
			this.outside = Objects.requireNonNull(outside, "'outside' must not be null");
			return this;
		}

		/**
		 * Add an egress. If none is added, every egress is known.
		 * @param egress id of the egress
		 * @param kind kind of records that it accepts
		 * @return this builder
		 */
		public Builder egress(EgressId egress, EgressKind kind) {
			this.egresses.put(egress.toString(), Objects.requireNonNull(kind, "'kind' must not be null"));
			return this;
		}

		/**
		 * Set the generation of the cluster to emulate; 3.x by default.
		 * @param protocol the generation; {@link Protocol#AUTO} means 3.x
		 * @return this builder
		 */
		public Builder protocol(Protocol protocol) {
			this.dialect = (protocol == Protocol.V2) ? Dialect.V2 : Dialect.V3;
			return this;
		}

		/**
		 * Use a clock that only {@link LocalRuntime#advance} moves. It starts at the
		 * epoch.
		 * @return this builder
		 */
		public Builder manualClock() {
			return manualClock(Instant.EPOCH);
		}

		/**
		 * Use a clock that only {@link LocalRuntime#advance} moves.
		 * @param start initial time
		 * @return this builder
		 */
		public Builder manualClock(Instant start) {
			this.manualStart = Objects.requireNonNull(start, "'start' must not be null");
			this.clockAhead = false;
			return this;
		}

		/**
		 * Use a clock that can be ahead of the wall clock: it goes on as the wall clock
		 * does, and {@link LocalRuntime#advance} moves it forward. Functions are called
		 * as soon as they have messages. Snapshots contain how far it is ahead.
		 * @return this builder
		 */
		public Builder clockAhead() {
			this.clockAhead = true;
			this.manualStart = null;
			return this;
		}

		/**
		 * Set the maximum number of messages in one request; by default all that wait, as
		 * on a cluster.
		 * @param batchSize the number, at least 1
		 * @return this builder
		 */
		public Builder batchSize(int batchSize) {
			this.batchSize = (int) requirePositive(batchSize, "batchSize");
			return this;
		}

		/**
		 * Set the maximum number of messages in one request for a function.
		 * @param type type of the function
		 * @param batchSize the number, at least 1
		 * @return this builder
		 */
		public Builder batchSize(FunctionType type, int batchSize) {
			this.batchSizes.put(Objects.requireNonNull(type, "'type' must not be null"),
					(int) requirePositive(batchSize, "batchSize"));
			return this;
		}

		/**
		 * Send every request twice and apply the second reply, as clusters may do when a
		 * connection breaks and after a restart (protocol.md §3.5).
		 * @return this builder
		 */
		public Builder deliverTwice() {
			this.deliverTwice = true;
			return this;
		}

		/**
		 * Set the maximum number of waiting messages; 1,048,576 by default. Delayed
		 * messages do not count until they are due.
		 * @param waitingMessages the number, at least 1
		 * @return this builder
		 */
		public Builder waitingMessages(long waitingMessages) {
			this.waitingMessages = requirePositive(waitingMessages, "waitingMessages");
			return this;
		}

		/**
		 * Set how often a function may reply to a batch by asking for missing states; 10
		 * by default. A cluster allows it forever (protocol.md §4.1).
		 * @param missingStateReplies the number, at least 1
		 * @return this builder
		 */
		public Builder missingStateReplies(int missingStateReplies) {
			this.missingStateReplies = (int) requirePositive(missingStateReplies, "missingStateReplies");
			return this;
		}

		/**
		 * Set how many messages functions may handle until {@link #runUntilIdle()} or
		 * {@link #advance} returns; 1,000,000 by default. With a manual clock, the next
		 * call continues with the rest.
		 * @param invocationsPerRun the number, at least 1
		 * @return this builder
		 */
		public Builder invocationsPerRun(long invocationsPerRun) {
			this.invocationsPerRun = requirePositive(invocationsPerRun, "invocationsPerRun");
			return this;
		}

		/**
		 * Set how many egress records are kept for {@link LocalRuntime#egress()};
		 * 1,000,000 by default. Exceeding it is an error.
		 * @param keptEgressRecords the number; 0 keeps none and accepts them all
		 * @return this builder
		 */
		public Builder keptEgressRecords(int keptEgressRecords) {
			this.keptEgressRecords = (int) requireNotNegative(keptEgressRecords, "keptEgressRecords");
			return this;
		}

		/**
		 * Set the timeout of a request, always by the wall clock; 30 s by default.
		 * @param replyTimeout the time, at least 1 ms; limited to a century
		 * @return this builder
		 */
		public Builder replyTimeout(Duration replyTimeout) {
			this.replyTimeout = requireTime(replyTimeout, 1, "replyTimeout");
			return this;
		}

		/**
		 * Set how long a failing request is retried, by the runtime's clock; 2 minutes by
		 * default, as in the async transport (protocol.md §6.3).
		 * @param callTimeout the time; zero disables retries; limited to a century
		 * @return this builder
		 */
		public Builder callTimeout(Duration callTimeout) {
			this.callTimeout = requireTime(callTimeout, 0, "callTimeout");
			return this;
		}

		/**
		 * Continue where a cluster's job fails: the request is sent again after a delay,
		 * and listeners are notified. By default the runtime fails permanently.
		 * @param restartDelay the delay, at least 1 ms; limited to a century
		 * @return this builder
		 */
		public Builder restartDelay(Duration restartDelay) {
			this.restartDelay = requireTime(restartDelay, 1, "restartDelay");
			return this;
		}

		/**
		 * Set the maximum number of concurrent requests on the wall clock; 16 by default.
		 * @param concurrency the number, at least 1
		 * @return this builder
		 */
		public Builder concurrency(int concurrency) {
			this.concurrency = (int) requirePositive(concurrency, "concurrency");
			return this;
		}

		/**
		 * Add a listener, called after those added before.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(LocalRuntimeListener listener) {
			this.listeners.add(Objects.requireNonNull(listener, "'listener' must not be null"));
			return this;
		}

		/**
		 * Start from the snapshot of an earlier runtime.
		 * @param snapshot the bytes of {@link LocalRuntime#snapshot()}
		 * @return this builder
		 */
		public Builder restore(byte[] snapshot) {
			this.snapshot = snapshot.clone();
			return this;
		}

		private static long requireNotNegative(long value, String name) {
			if (value < 0) {
				throw new IllegalArgumentException("'" + name + "' is " + value + "; expected at least 0");
			}
			return value;
		}

		private static Duration requireTime(Duration time, long minMillis, String name) {
			if (time.compareTo(Duration.ofMillis(minMillis)) < 0) {
				throw new IllegalArgumentException(
						"'" + name + "' is " + time + "; expected at least " + minMillis + " ms");
			}
			return atMostACentury(time);
		}

		private static long requirePositive(long value, String name) {
			if (value < 1) {
				throw new IllegalArgumentException("'" + name + "' is " + value + "; expected at least 1");
			}
			return value;
		}

		/**
		 * Start the runtime.
		 * @return the runtime, to be closed
		 * @throws SnapshotException if the snapshot can't be used
		 */
		public LocalRuntime start() {
			LocalRuntime runtime = create();
			runtime.start();
			return runtime;
		}

		/**
		 * Create the runtime without starting it: it accepts messages, but calls no
		 * function until {@link LocalRuntime#start()}. A runtime with a manual clock does
		 * not have to be started.
		 * @return the runtime, to be closed
		 * @throws SnapshotException if the snapshot can't be used
		 */
		public LocalRuntime create() {
			ClusterLimits limits = new ClusterLimits(this.batchSize, Map.copyOf(this.batchSizes), this.waitingMessages,
					this.missingStateReplies);
			Settings settings = new Settings(this.mappings,
					Collections.unmodifiableMap(new LinkedHashMap<>(this.functions)), this.outside,
					Map.copyOf(this.egresses), this.keptEgressRecords, this.dialect, limits, this.invocationsPerRun,
					this.replyTimeout, this.callTimeout, this.restartDelay, this.deliverTwice, this.concurrency,
					this.clockAhead, new Listeners(this.listeners));
			return new LocalRuntime(settings, this.manualStart, this.snapshot);
		}

	}

}
