package dev.statefun.sdk.handler;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The batch that an invocation belongs to: its request, states and effects.
 */
interface OngoingBatch {

	Address self();

	FunctionType functionType();

	StatefulFunctions functions();

	BatchRequest request();

	BatchStates states();

	BatchEffects effects();

	// Null if there is no listener
	@Nullable BatchTally tally();

	void restoreInterruption(boolean before);

}
