package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.statefun.flink.cluster.FlinkCluster;

/**
 * The cluster that the documentation shows.
 */
final class ClusterOnThisMachine {

	private ClusterOnThisMachine() {
	}

	static FlinkCluster start(Path module, Path folder) throws IOException {
		FlinkCluster cluster = FlinkCluster.builder().taskManagers(2).folder(folder).ports(8090, 8091).start();
		cluster.submit(Files.readString(module));
		return cluster;
	}

	static void tryFailures(FlinkCluster cluster) {
		cluster.killTaskManager(0);
		cluster.startTaskManager();
		cluster.killJobManager();
		String savepoint = cluster.stopWithSavepoint();
		cluster.resume(savepoint);
		cluster.rescale(1);
	}

}
