package dev.statefun.flink.cluster;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobFailure}. The stack trace is the beginning of what StateFun 3.3.0
 * reports; 2.2.2 differs in the class of the egress alone ({@code FlinkClusterIT}).
 */
class JobFailureTests {

	private static final String UNKNOWN_EGRESS = """
			org.apache.flink.statefun.flink.core.functions.StatefulFunctionInvocationException: An error occurred when attempting to invoke function FunctionType(test, counter).
				at org.apache.flink.statefun.flink.core.functions.StatefulFunction.receive(StatefulFunction.java:50)
			Caused by: java.lang.IllegalArgumentException: Unknown egress EgressKey(test, counts, class org.apache.flink.statefun.sdk.reqreply.generated.TypedValue)
				at org.apache.flink.statefun.flink.core.functions.SideOutputSink.accept(SideOutputSink.java:44)
			""";

	@Test
	void egressThatWasNotNamedIsExplained() {
		assertThat(JobFailure.explain(UNKNOWN_EGRESS)).startsWith(
				"The function 'test/counter' sends to the egress 'test/counts', which neither the module nor the cluster has")
			.endsWith(UNKNOWN_EGRESS);
	}

	@Test
	void otherFailureIsUnchanged() {
		assertThat(JobFailure.explain("java.io.IOException: Disk full")).isEqualTo("java.io.IOException: Disk full");
		assertThat(JobFailure.explain("")).isEmpty();
	}

}
