package dev.statefun.spring.boot.test.autoconfigure;

import dev.statefun.flink.cluster.FlinkCluster;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;
import org.springframework.util.ClassUtils;

/**
 * Adds the end of a cluster's logs to the failure of a test.
 */
final class FlinkClusterTestExecutionListener extends AbstractTestExecutionListener {

	private static final boolean PRESENT = ClassUtils.isPresent("dev.statefun.flink.cluster.FlinkCluster",
			FlinkClusterTestExecutionListener.class.getClassLoader());

	@Override
	public void afterTestMethod(TestContext testContext) {
		Throwable failure = testContext.getTestException();
		if (PRESENT && failure != null && testContext.hasApplicationContext()) {
			testContext.getApplicationContext()
				.getBeanProvider(FlinkCluster.class)
				.ifAvailable((cluster) -> failure.addSuppressed(new ClusterLogs(cluster.logTails())));
		}
	}

	/**
	 * The end of the logs of a cluster, as part of a failure.
	 */
	private static final class ClusterLogs extends RuntimeException {

		private ClusterLogs(String logs) {
			super(logs, null, false, false);
		}

		@Override
		public String toString() {
			return "Logs of the cluster:\n" + getMessage();
		}

	}

}
