package dev.statefun.spring.metrics;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.registry.StatefulFunctions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.util.Assert;

/**
 * Counts messages by outcome, messages that functions send, and sizes: everything about
 * batches except their duration. Names that a cluster or a message could choose freely
 * are not used as tags: ids are left out, and types of messages, functions and egresses
 * that neither the registry nor the settings know are counted as {@code other}.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BatchMetrics implements BatchListener {

	private final MeterRegistry registry;

	private final Map<FunctionType, FunctionMeters> functions = new HashMap<>();

	private final Map<FailureKey, Counter> failures = new ConcurrentHashMap<>();

	/**
	 * Create the meters.
	 * @param registry registry of the meters, each registered when it first counts
	 * @param functions the functions that are served
	 * @param targets further functions and egresses to name in tags, in the form
	 * {@code <namespace>/<name>}
	 */
	public BatchMetrics(MeterRegistry registry, StatefulFunctions functions, Collection<String> targets) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(targets, "'targets' must not be null");
		this.registry = registry;
		Map<Object, String> names = new HashMap<>();
		functions.functions().forEach((function) -> names.put(function.type(), function.type().toString()));
		for (String target : targets) {
			names.put(FunctionType.parse(target), target);
			names.put(EgressId.parse(target), target);
		}
		Map<Object, String> known = Map.copyOf(names);
		functions.functions()
			.forEach((function) -> this.functions.put(function.type(), new FunctionMeters(registry, function, known)));
	}

	@Override
	public void batchEnded(BatchReport report) {
		if (report.function() == null || report.outcome() == BatchOutcome.REFUSED) {
			return;
		}
		FunctionMeters meters = this.functions.get(report.function());
		if (meters != null) {
			meters.record(report);
		}
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		this.failures
			.computeIfAbsent(new FailureKey(failed.self().type(), failed.kind(), TagValues.of(action)), this::counter)
			.increment();
	}

	private Counter counter(FailureKey key) {
		return Counter.builder("statefun.failures")
			.description("Messages that failed")
			.tag("function", key.function().toString())
			.tag("kind", TagValues.of(key.kind()))
			.tag("action", key.action())
			.register(this.registry);
	}

	private record FailureKey(FunctionType function, FailureKind kind, String action) {

	}

}
