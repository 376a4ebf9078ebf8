package dev.statefun.local;

/**
 * Limits of a runtime.
 *
 * @param batchSize maximum number of messages in one request
 * @param waitingMessages maximum number of messages waiting to be handled
 * @param missingStateReplies maximum number of replies in a row that ask for missing
 * states
 */
record ClusterLimits(int batchSize, long waitingMessages, int missingStateReplies) {

}
