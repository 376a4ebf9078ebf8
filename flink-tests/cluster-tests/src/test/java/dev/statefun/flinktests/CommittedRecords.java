package dev.statefun.flinktests;

import java.time.Duration;

import dev.statefun.flink.cluster.FlinkCluster;
import org.awaitility.core.ConditionTimeoutException;

import static org.awaitility.Awaitility.await;

/**
 * Waits for the records of a cluster's egress.
 */
final class CommittedRecords {

	private CommittedRecords() {
	}

	// The failure tells how the job is, which the number of records does not
	static void awaitRecords(FlinkCluster cluster, String egress, int number, Duration limit) {
		try {
			await(egress).atMost(limit).until(() -> cluster.records(egress).size(), (records) -> records >= number);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError("Egress '" + egress + "' has " + cluster.records(egress).size() + " of " + number
					+ " records; " + cluster.jobStatus() + "; last failure: " + cluster.lastFailure(), ex);
		}
	}

}
