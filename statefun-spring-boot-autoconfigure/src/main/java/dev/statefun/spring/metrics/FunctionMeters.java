package dev.statefun.spring.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.listener.MessageKind;
import dev.statefun.sdk.listener.TimerOutcome;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one function. Thread-safe.
 */
final class FunctionMeters {

	private static final int OUTCOMES = InvocationOutcome.values().length;

	private final MeterRegistry registry;

	private final String function;

	/** Message types by index of the handler, with the unknown one first. */
	private final String[] types;

	/** Counters by index of the handler and outcome. */
	private final AtomicReferenceArray<@Nullable Counter> invocations;

	/** Names of functions and egresses. */
	private final Map<Object, String> names;

	private final List<Map<String, Counter>> messages;

	/** The first target of each kind, which for most functions is the only one. */
	private final AtomicReferenceArray<@Nullable CountedTarget> firstTargets;

	private final DistributionSummary batchSize;

	private final DistributionSummary requestSize;

	private final DistributionSummary replySize;

	private final Map<String, DistributionSummary> stateSizes = new HashMap<>();

	/** Counters by outcome; none if the function has no timers. */
	private final Map<TimerOutcome, Counter> timers = new EnumMap<>(TimerOutcome.class);

	FunctionMeters(MeterRegistry registry, FunctionDescriptor function, Map<Object, String> names) {
		this.registry = registry;
		this.function = function.type().toString();
		List<HandlerDescriptor> handlers = function.handlers();
		this.types = new String[handlers.size() + 1];
		this.types[0] = TagValues.OTHER;
		for (int i = 0; i < handlers.size(); i++) {
			String typename = handlers.get(i).typename();
			this.types[i + 1] = typename.equals("*") ? TagValues.OTHER : typename;
		}
		this.invocations = new AtomicReferenceArray<>(this.types.length * OUTCOMES);
		this.names = names;
		this.messages = Arrays.stream(MessageKind.values())
			.<Map<String, Counter>>map((kind) -> new ConcurrentHashMap<>())
			.toList();
		this.firstTargets = new AtomicReferenceArray<>(this.messages.size());
		this.batchSize = summary("statefun.batch.size", "Messages in a batch").register(registry);
		this.requestSize = bytes("statefun.request.size", "Size of requests").register(registry);
		this.replySize = bytes("statefun.reply.size", "Size of replies").register(registry);
		function.states()
			.forEach((state) -> this.stateSizes.put(state.name(),
					bytes("statefun.state.size", "Size of a state's value, as the cluster sends it")
						.tag("state", state.name())
						.register(registry)));
		if (this.stateSizes.containsKey(PendingTimers.STATE.name())) {
			for (TimerOutcome outcome : TimerOutcome.values()) {
				this.timers.put(outcome, timers(outcome));
			}
		}
	}

	private Counter timers(TimerOutcome outcome) {
		return Counter.builder("statefun.timers")
			.description(
					"Named timers that a function started or cancelled, and messages of timers that it received or dropped")
			.tag("function", this.function)
			.tag("outcome", TagValues.of(outcome))
			.register(this.registry);
	}

	private DistributionSummary.Builder bytes(String name, String description) {
		return summary(name, description).baseUnit("bytes");
	}

	private DistributionSummary.Builder summary(String name, String description) {
		return DistributionSummary.builder(name).description(description).tag("function", this.function);
	}

	void record(BatchReport report) {
		this.requestSize.record(report.requestSize());
		if (report.replySize() > 0) {
			this.replySize.record(report.replySize());
		}
		if (report.invocations() == 0) {
			return;
		}
		this.batchSize.record(report.invocations());
		report.forEachInvocation(this::countInvocations);
		report.forEachMessage(this::countMessages);
		if (!this.stateSizes.isEmpty()) {
			report.forEachState(this::recordState);
		}
		if (!this.timers.isEmpty()) {
			report.forEachTimer(this::countTimer);
		}
	}

	private void countTimer(String name, TimerOutcome outcome) {
		Counter counter = this.timers.get(outcome);
		if (counter != null) {
			counter.increment();
		}
	}

	private void countInvocations(int handler, InvocationOutcome outcome, int count) {
		int place = (handler + 1) * OUTCOMES + outcome.ordinal();
		Counter counter = this.invocations.get(place);
		if (counter == null) {
			counter = Counter.builder("statefun.invocations")
				.description("Messages that were passed to a function")
				.tag("function", this.function)
				.tag("type", this.types[handler + 1])
				.tag("outcome", TagValues.of(outcome))
				.register(this.registry);
			this.invocations.set(place, counter);
		}
		counter.increment(count);
	}

	private void countMessages(MessageKind kind, @Nullable FunctionType function, @Nullable EgressId egress,
			int count) {
		Object target = (function != null) ? function : (egress != null) ? egress : kind;
		CountedTarget first = this.firstTargets.get(kind.ordinal());
		if (first != null && first.target().equals(target)) {
			first.counter().increment(count);
			return;
		}
		String name = this.names.getOrDefault(target, (kind != MessageKind.CANCEL) ? TagValues.OTHER : "none");
		Counter counter = this.messages.get(kind.ordinal()).computeIfAbsent(name, (tag) -> counter(kind, tag));
		counter.increment(count);
		if (first == null) {
			this.firstTargets.set(kind.ordinal(), new CountedTarget(target, counter));
		}
	}

	private Counter counter(MessageKind kind, String target) {
		return Counter.builder("statefun.messages")
			.description("Messages that a function sent")
			.tag("function", this.function)
			.tag("kind", TagValues.of(kind))
			.tag("target", target)
			.register(this.registry);
	}

	private void recordState(String state, int size) {
		DistributionSummary summary = this.stateSizes.get(state);
		if (summary != null) {
			summary.record(size);
		}
	}

	/**
	 * Target of messages with their counter.
	 *
	 * @param target the function or egress, or the kind if it has neither
	 * @param counter the counter of messages of that kind
	 */
	private record CountedTarget(Object target, Counter counter) {

	}

}
