package dev.statefun.local;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a runtime.
 *
 * @param mappings mappings of messages and values
 * @param functions the functions
 * @param outside functions that other services serve
 * @param egresses the egresses; empty if every egress is known
 * @param keptEgressRecords maximum number of records to keep, or 0
 * @param dialect the generation of the cluster
 * @param limits limits of the cluster
 * @param invocationsPerRun maximum number of messages until only delayed work is left
 * @param replyTimeout timeout of a request, by the wall clock
 * @param callTimeout how long a failing request is retried
 * @param restartDelay delay before a failed job goes on, or {@code null} if it does not
 * @param deliverTwice whether every request is sent twice
 * @param concurrency maximum number of concurrent requests
 * @param clockAhead whether the wall clock of the runtime can be moved forward
 * @param listeners listeners of the runtime
 */
record Settings(MessageMappings mappings, Map<FunctionType, Binding> functions, Predicate<FunctionType> outside,
		Map<String, EgressKind> egresses, int keptEgressRecords, Dialect dialect, ClusterLimits limits,
		long invocationsPerRun, Duration replyTimeout, Duration callTimeout, @Nullable Duration restartDelay,
		boolean deliverTwice, int concurrency, boolean clockAhead, Listeners listeners) {

}
