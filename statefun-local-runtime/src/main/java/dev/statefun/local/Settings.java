package dev.statefun.local;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * How a runtime was described.
 *
 * @param mappings how values travel
 * @param functions the functions
 * @param outside which functions other services serve
 * @param egresses the egresses; none if all are known
 * @param keptEgressRecords how many records are kept, or 0
 * @param dialect the generation of the cluster
 * @param limits bounds
 * @param invocationsPerRun messages until nothing is left to do
 * @param replyTimeout how long a request may take, by the wall clock
 * @param callTimeout how long a request is sent again
 * @param restartDelay when a failed job goes on, or {@code null} if it does not
 * @param deliverTwice whether every request is sent twice
 * @param concurrency requests at a time
 * @param listeners are told what happens
 */
record Settings(MessageMappings mappings, Map<FunctionType, Binding> functions, Predicate<FunctionType> outside,
		Map<String, EgressKind> egresses, int keptEgressRecords, Dialect dialect, ClusterLimits limits,
		long invocationsPerRun, Duration replyTimeout, Duration callTimeout, @Nullable Duration restartDelay,
		boolean deliverTwice, int concurrency, Listeners listeners) {

}
