package dev.statefun.flink.cluster;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A program with a cluster, to be ended from outside.
 */
public final class ClusterProgram {

	private ClusterProgram() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		FlinkCluster.builder().folder(Path.of(arguments[0])).start();
		System.out.println("started");
		new CountDownLatch(1).await();
	}

}
