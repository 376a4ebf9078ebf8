package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The last checkpoint and the input since then, which a source reads again after a
 * restart. Not thread-safe.
 */
final class InputLog {

	private final List<Consumer<Cluster>> sinceCheckpoint = new ArrayList<>();

	private byte @Nullable [] checkpoint;

	private int egressRecords;

	InputLog(byte @Nullable [] checkpoint) {
		this.checkpoint = checkpoint;
	}

	void add(Consumer<Cluster> input) {
		this.sinceCheckpoint.add(input);
	}

	void checkpoint(Cluster cluster, long now) {
		this.checkpoint = Snapshot.write(cluster, now, 0);
		this.egressRecords = cluster.egresses().size();
		this.sinceCheckpoint.clear();
	}

	// Fills a new cluster. Records sent since the checkpoint will be sent again. Returns
	// how much the clock of a restored runtime is ahead
	long recover(Cluster cluster) {
		long ahead = (this.checkpoint != null) ? SnapshotReader.read(this.checkpoint, cluster) : 0;
		cluster.egresses().truncate(this.egressRecords);
		this.sinceCheckpoint.forEach((input) -> input.accept(cluster));
		return ahead;
	}

}
