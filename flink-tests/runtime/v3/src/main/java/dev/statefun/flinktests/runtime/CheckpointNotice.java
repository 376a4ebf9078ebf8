package dev.statefun.flinktests.runtime;

import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Flink's listener, which moved to another package between the two releases.
 */
interface CheckpointNotice extends CheckpointListener {

}
