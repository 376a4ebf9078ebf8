package dev.statefun.deploy;

import dev.statefun.module.ModuleRuntime;
import org.jspecify.annotations.Nullable;

/**
 * Differences of runtimes that deployment files depend on.
 *
 * @param runtime the runtime
 * @param image container image
 * @param configFile name of the file that Flink reads its configuration from
 * @param flink2 whether Flink has the names of settings of 2.x
 * @param operatorVersion version of Flink as the operator names it, or {@code null} if
 * Flink has no high availability on Kubernetes
 * @param ownEntryPoint whether the image has an entry point of StateFun, which takes its
 * role from the environment
 * @param ignoresUnclaimedState whether the image's own configuration lets a job start
 * from states that it no longer has
 * @param jobJar jar of the job in the image
 */
record RuntimeTraits(ModuleRuntime runtime, String image, String configFile, boolean flink2,
		@Nullable String operatorVersion, boolean ownEntryPoint, boolean ignoresUnclaimedState, String jobJar) {

	static final String JOB_CLASS = "org.apache.flink.statefun.flink.core.StatefulFunctionsJob";

	private static final String FLINK_CONF = "flink-conf.yaml";

	private static final String CONFIG = "config.yaml";

	private static final String CORE_JAR = "/opt/flink/lib/statefun-flink-core.jar";

	static RuntimeTraits of(ModuleRuntime runtime) {
		return switch (runtime) {
			case APACHE_3_3 -> new RuntimeTraits(runtime, "apache/flink-statefun:3.3.0", FLINK_CONF, false, "v1_16",
					true, true, CORE_JAR);
			case APACHE_2_2 -> new RuntimeTraits(runtime, "apache/flink-statefun:2.2.2", FLINK_CONF, false, null, true,
					false, CORE_JAR);
			// The jar is where statefun-docker/src/main/docker/Dockerfile puts it
			case KZMLABS -> new RuntimeTraits(runtime, "ghcr.io/kzmlabs/flink-statefun:3.4.0-KZM-3.5", CONFIG, true,
					"v2_2", false, false, "/opt/flink/statefun-flink-runner.jar");
			// As its build script names it
			case FRANSKING -> new RuntimeTraits(runtime, "fransking/flink-statefun:3.4.0", CONFIG, true, "v2_2", true,
					true, CORE_JAR);
		};
	}

}
