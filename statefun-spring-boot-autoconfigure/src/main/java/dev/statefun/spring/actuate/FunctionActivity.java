package dev.statefun.spring.actuate;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.listener.TimerOutcome;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.metrics.TagValues;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Counts the batches, messages and named timers of each function since the start, and
 * keeps its last failure. Needs no meters, and keeps nothing of a message but its type,
 * and the names that functions give to timers.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class FunctionActivity implements BatchListener {

	/** Maximum number of names, as a function may derive them from messages. */
	private static final int MAX_TIMERS = 100;

	private final Map<FunctionType, Counts> functions = new HashMap<>();

	private final InstantSource clock;

	/**
	 * Start counting.
	 * @param functions the functions that are served
	 * @param clock provides the times of failures
	 */
	public FunctionActivity(StatefulFunctions functions, InstantSource clock) {
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(clock, "'clock' must not be null");
		functions.functions().forEach((function) -> this.functions.put(function.type(), new Counts()));
		this.clock = clock;
	}

	@Override
	public void batchEnded(BatchReport report) {
		Counts counts = (report.function() != null) ? this.functions.get(report.function()) : null;
		if (counts == null) {
			return;
		}
		counts.batches.count(report.outcome(), 1);
		report.forEachInvocation((handler, outcome, count) -> counts.messages.count(outcome, count));
		report.forEachTimer(counts::timer);
		Throwable failure = report.failure();
		if (failure != null) {
			Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
			counts.failed(report.outcome(), ExceptionWrappers.unwrap(cause), this.clock.instant());
		}
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		Counts counts = this.functions.get(failed.self().type());
		if (counts != null) {
			counts.lastFailure = new LastFailure(this.clock.instant(), failed.cause().getClass().getName(),
					failed.message().getTypeUrl(), TagValues.of(failed.kind()), TagValues.of(action));
		}
	}

	/**
	 * Return the numbers of a function's batches.
	 * @param function its type
	 * @return numbers by outcome, without zeros
	 */
	public Map<String, Long> batches(FunctionType function) {
		Counts counts = this.functions.get(function);
		return (counts != null) ? counts.batches.toMap() : Map.of();
	}

	/**
	 * Return the numbers of a function's messages.
	 * @param function its type
	 * @return numbers by outcome, without zeros
	 */
	public Map<String, Long> messages(FunctionType function) {
		Counts counts = this.functions.get(function);
		return (counts != null) ? counts.messages.toMap() : Map.of();
	}

	/**
	 * Return what happened to a function's named timers.
	 * @param function its type
	 * @return numbers by outcome, without zeros, by the name of the timer; names after
	 * the first 100 are not included
	 */
	public Map<String, Map<String, Long>> timers(FunctionType function) {
		Map<String, Map<String, Long>> timers = new TreeMap<>();
		Counts counts = this.functions.get(function);
		if (counts != null) {
			counts.timers.forEach((name, adders) -> timers.put(name, adders.toMap()));
		}
		return timers;
	}

	/**
	 * Return the last failure of a function.
	 * @param function its type
	 * @return the failure, or {@code null} if there was none
	 */
	public @Nullable LastFailure lastFailure(FunctionType function) {
		Counts counts = this.functions.get(function);
		return (counts != null) ? counts.lastFailure : null;
	}

	/**
	 * Failure of a function.
	 *
	 * @param time time of the failure
	 * @param exception class of the exception
	 * @param type type of the message, if the failure was one message's
	 * @param kind what failed: {@code handler}, {@code unknown-type},
	 * {@code undecodable}, {@code invalid}, {@code unreadable-state}, {@code reply} or
	 * {@code states}
	 * @param action what was done: {@code retry}, {@code skip} or {@code dead-letter}
	 */
	public record LastFailure(Instant time, String exception, @Nullable String type, String kind, String action) {

	}

	private static final class Counts {

		private final Adders<BatchOutcome> batches = new Adders<>(BatchOutcome.class);

		private final Adders<InvocationOutcome> messages = new Adders<>(InvocationOutcome.class);

		/** Counts by the name of the timer. */
		private final Map<String, Adders<TimerOutcome>> timers = new ConcurrentHashMap<>();

		private volatile @Nullable LastFailure lastFailure;

		// A message that is dropped may have any name
		private void timer(String name, TimerOutcome outcome) {
			Adders<TimerOutcome> adders = this.timers.get(name);
			if (adders == null && outcome != TimerOutcome.DROPPED) {
				adders = addTimer(name);
			}
			if (adders != null) {
				adders.count(outcome, 1);
			}
		}

		private synchronized @Nullable Adders<TimerOutcome> addTimer(String name) {
			return (this.timers.size() < MAX_TIMERS)
					? this.timers.computeIfAbsent(name, (key) -> new Adders<>(TimerOutcome.class))
					: this.timers.get(name);
		}

		// The failure of a message has been recorded already, with more details
		private void failed(BatchOutcome outcome, Throwable cause, Instant now) {
			LastFailure last = this.lastFailure;
			String exception = cause.getClass().getName();
			if (last == null || !last.exception().equals(exception)) {
				this.lastFailure = new LastFailure(now, exception, null,
						(outcome == BatchOutcome.REFUSED) ? "states" : "reply", "retry");
			}
		}

	}

	private static final class Adders<E extends Enum<E>> {

		private final EnumMap<E, LongAdder> adders;

		private Adders(Class<E> type) {
			this.adders = new EnumMap<>(type);
			for (E value : type.getEnumConstants()) {
				this.adders.put(value, new LongAdder());
			}
		}

		private void count(E value, int number) {
			LongAdder adder = this.adders.get(value);
			if (adder != null) {
				adder.add(number);
			}
		}

		private Map<String, Long> toMap() {
			Map<String, Long> numbers = new TreeMap<>();
			this.adders.forEach((value, adder) -> {
				if (adder.sum() > 0) {
					numbers.put(TagValues.of(value), adder.sum());
				}
			});
			return numbers;
		}

	}

}
