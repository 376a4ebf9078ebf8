package dev.statefun.local;

import java.util.Map;

import dev.statefun.sdk.FunctionType;

/**
 * Limits of a runtime.
 *
 * @param batchSize maximum number of messages in one request
 * @param batchSizes the same for single functions
 * @param waitingMessages maximum number of messages waiting to be handled
 * @param missingStateReplies maximum number of replies in a row that ask for missing
 * states
 */
record ClusterLimits(int batchSize, Map<FunctionType, Integer> batchSizes, long waitingMessages,
		int missingStateReplies) {

	int batchSize(HostedFunction function) {
		return this.batchSizes.getOrDefault(function.type(), this.batchSize);
	}

}
