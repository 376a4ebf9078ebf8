package dev.statefun.local;

/**
 * Bounds of a runtime.
 *
 * @param batchSize messages in one request
 * @param waitingMessages messages that wait to be handled
 * @param missingStateReplies how often a function may ask for missing states in a row
 */
record ClusterLimits(int batchSize, long waitingMessages, int missingStateReplies) {

}
