package dev.statefun.flink.cluster;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is submitted as a job.
 *
 * @param module its module.yaml
 * @param egresses ids of its egresses
 * @param parallelism number of parallel tasks
 * @param restoredFrom savepoint or checkpoint that it begins with
 */
record Job(String module, Set<String> egresses, int parallelism, @Nullable String restoredFrom) {

	Job from(@Nullable String snapshot) {
		return new Job(this.module, this.egresses, this.parallelism, snapshot);
	}

	Job with(int parallelism) {
		return new Job(this.module, this.egresses, parallelism, this.restoredFrom);
	}

}
