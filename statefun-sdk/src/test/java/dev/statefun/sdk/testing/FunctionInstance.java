package dev.statefun.sdk.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

import com.google.protobuf.Any;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Function instance {@code example/function/id-1} as a cluster keeps it: its states,
 * backlog, delayed messages and cancellation tokens (protocol.md §3.1, §5). A test moves
 * the time.
 */
public final class FunctionInstance {

	private static final String SELF = Cluster.FUNCTION + "/" + Cluster.ID;

	private final Dialect dialect;

	private final RequestReplyHandler handler;

	private final Map<String, @Nullable Any> states = new LinkedHashMap<>();

	private final Queue<Arrived> backlog = new ArrayDeque<>();

	private final List<Pending> delayed = new ArrayList<>();

	private long now;

	private int batchSize = Integer.MAX_VALUE;

	private int deliveries = 1;

	/**
	 * Create an instance without state values.
	 * @param dialect dialect of the cluster
	 * @param handler the handler that serves the function
	 * @param states names of the function's states
	 */
	public FunctionInstance(Dialect dialect, RequestReplyHandler handler, Collection<String> states) {
		this.dialect = dialect;
		this.handler = handler;
		states.forEach((name) -> this.states.put(name, null));
	}

	/**
	 * Set the maximum number of messages in a batch.
	 * @param batchSize the number
	 * @return this instance
	 */
	public FunctionInstance batchSize(int batchSize) {
		this.batchSize = batchSize;
		return this;
	}

	/**
	 * Set how often each batch is delivered; only the last reply is not lost.
	 * @param deliveries the number
	 * @return this instance
	 */
	public FunctionInstance deliveries(int deliveries) {
		this.deliveries = deliveries;
		return this;
	}

	/**
	 * Let a message arrive from an ingress.
	 * @param message the message
	 * @return this instance
	 */
	public FunctionInstance arrive(Any message) {
		this.backlog.add(new Arrived(message, false));
		return this;
	}

	/**
	 * Move the time, at which due messages arrive.
	 * @param millis the number of milliseconds
	 * @return this instance
	 */
	public FunctionInstance advance(long millis) {
		this.now += millis;
		List<Pending> due = this.delayed.stream()
			.filter((message) -> message.due() <= this.now)
			.sorted(Comparator.comparingLong(Pending::due))
			.toList();
		this.delayed.removeAll(due);
		due.forEach((message) -> this.backlog.add(new Arrived(message.message(), true)));
		return this;
	}

	/**
	 * Handle all messages that have arrived.
	 * @return the last reply
	 */
	public ClusterReply handle() {
		ClusterReply reply = ClusterReply.NOTHING;
		while (!this.backlog.isEmpty()) {
			reply = handleBatch();
		}
		return reply;
	}

	private ClusterReply handleBatch() {
		ClusterRequest request = Cluster.request();
		this.states.forEach((name, value) -> {
			if (value != null) {
				request.state(name, value);
			}
			else {
				request.absentState(name);
			}
		});
		for (int i = 0; i < this.batchSize && !this.backlog.isEmpty(); i++) {
			Arrived arrived = this.backlog.remove();
			if (arrived.delayed()) {
				request.messageFrom(Cluster.FUNCTION, Cluster.ID, arrived.message());
			}
			else {
				request.message(arrived.message());
			}
		}
		byte[] bytes = request.toByteArray(this.dialect == Dialect.V3);
		byte[] last = {};
		for (int i = 0; i < this.deliveries; i++) {
			last = Cluster.replyOf(this.handler.handle(bytes.clone()));
		}
		ClusterReply reply = ClusterReply.of(this.dialect == Dialect.V3, last);
		apply(reply);
		return reply;
	}

	private void apply(ClusterReply reply) {
		reply.delayed().forEach((message) -> {
			if (message.cancellation()) {
				this.delayed.removeIf((pending) -> pending.token().equals(message.token()));
			}
			else {
				add(message);
			}
		});
		reply.stateChanges().forEach((change) -> {
			assertThat(this.states).containsKey(change.name());
			this.states.put(change.name(), change.value());
		});
	}

	private void add(Delayed delayed) {
		assertThat(delayed.target()).isEqualTo(SELF);
		assertThat(this.delayed).as("messages with the token '%s'", delayed.token())
			.noneMatch((pending) -> !pending.token().isEmpty() && pending.token().equals(delayed.token()));
		this.delayed.add(new Pending(this.now + delayed.millis(), delayed.token(), delayed.message()));
	}

	/**
	 * Return the number of delayed messages.
	 * @return the number
	 */
	public int delayed() {
		return this.delayed.size();
	}

	/**
	 * Return the value of a state.
	 * @param name name of the state
	 * @return its value
	 */
	public Optional<Any> state(String name) {
		return Optional.ofNullable(this.states.get(name));
	}

	/**
	 * A message in the backlog.
	 *
	 * @param message the message
	 * @param delayed whether the instance has sent it to itself with a delay
	 */
	private record Arrived(Any message, boolean delayed) {

	}

	/**
	 * A delayed message.
	 *
	 * @param due time at which it arrives
	 * @param token its cancellation token, which may be empty
	 * @param message the message
	 */
	private record Pending(long due, String token, Any message) {

	}

}
