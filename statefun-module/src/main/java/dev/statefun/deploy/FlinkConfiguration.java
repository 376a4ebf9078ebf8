package dev.statefun.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Configuration of Flink. The settings that all targets have in common are those that
 * {@code statefun-flink-cluster} runs its clusters with, and some of the image's own
 * configuration, which these files replace.
 */
final class FlinkConfiguration {

	/** Port for calls of the JobManager. */
	static final int RPC = 6123;

	/** Port for files of the JobManager. */
	static final int BLOB = 6124;

	/** Port of the REST API and the web interface. */
	static final int REST = 8081;

	/** Port for calls of a TaskManager. */
	static final int TASK_MANAGER = 6122;

	/** Memory of a JobManager in MiB: Flink's own default. */
	static final int JOB_MANAGER_MEMORY = 1600;

	/** Memory of a TaskManager in MiB: Flink's own default. */
	static final int TASK_MANAGER_MEMORY = 1728;

	private final boolean flink2;

	private final boolean ignoresUnclaimedState;

	FlinkConfiguration(RuntimeTraits traits) {
		this.flink2 = traits.flink2();
		this.ignoresUnclaimedState = traits.ignoresUnclaimedState();
	}

	Map<String, String> common() {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("cluster.evenly-spread-out-slots", "true");
		all.put("classloader.parent-first-patterns.additional",
				"org.apache.flink.statefun;org.apache.kafka;com.google.protobuf");
		all.put(key("state.backend"), "rocksdb");
		all.put(this.flink2 ? "execution.checkpointing.incremental" : "state.backend.incremental", "true");
		all.put("state.checkpoints.num-retained", "3");
		all.put("execution.checkpointing.interval", "10 s");
		all.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
		// The default of 100 ms is added to each hop
		all.put(this.flink2 ? "execution.buffer-timeout.interval" : "execution.buffer-timeout", "1 ms");
		all.put(key("restart-strategy"), "fixed-delay");
		all.put("restart-strategy.fixed-delay.attempts", String.valueOf(Integer.MAX_VALUE));
		all.put("restart-strategy.fixed-delay.delay", "1 s");
		if (this.ignoresUnclaimedState) {
			// Lets a job start from states of ingresses and egresses that its module lost
			all.put("pipeline.auto-generate-uids", "false");
			all.put("execution.savepoint.ignore-unclaimed-state", "true");
		}
		return all;
	}

	// Flink 2 has '.type' where a name was also the prefix of others
	private String key(String name) {
		return this.flink2 ? name + ".type" : name;
	}

	Map<String, String> inContainers(String jobManager, int taskManagers, String checkpoints) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("jobmanager.rpc.address", jobManager);
		all.put("jobmanager.rpc.port", String.valueOf(RPC));
		all.put("blob.server.port", String.valueOf(BLOB));
		all.put("rest.port", String.valueOf(REST));
		all.put("taskmanager.rpc.port", String.valueOf(TASK_MANAGER));
		all.put("jobmanager.memory.process.size", JOB_MANAGER_MEMORY + "m");
		all.put("taskmanager.memory.process.size", TASK_MANAGER_MEMORY + "m");
		all.putAll(slots(taskManagers));
		all.putAll(common());
		all.putAll(directories(checkpoints));
		return all;
	}

	static Map<String, String> slots(int taskManagers) {
		Map<String, String> slots = new LinkedHashMap<>();
		slots.put("taskmanager.numberOfTaskSlots", "1");
		slots.put("parallelism.default", String.valueOf(taskManagers));
		return slots;
	}

	static Map<String, String> directories(String checkpoints) {
		Map<String, String> directories = new LinkedHashMap<>();
		directories.put("state.checkpoints.dir", checkpoints + "/checkpoints");
		directories.put("state.savepoints.dir", checkpoints + "/savepoints");
		return directories;
	}

	/**
	 * Return the settings with which a JobManager finds its job and its states again.
	 * @param checkpoints location of the directory for checkpoints
	 * @return the settings of Kubernetes high availability
	 */
	Map<String, String> highAvailability(String checkpoints) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put(key("high-availability"), this.flink2 ? "kubernetes"
				: "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory");
		all.put("high-availability.storageDir", checkpoints + "/ha");
		return all;
	}

	/**
	 * Return where the runtime finds its module without an entry point of its own.
	 * @return the setting
	 */
	static Map<String, String> moduleLocation() {
		return Map.of("statefun.remote.module-name", "file://" + Deployment.MODULE_FILE);
	}

	static String text(Map<String, String> settings) {
		return settings.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + ": " + entry.getValue())
			.collect(Collectors.joining("\n", "", "\n"));
	}

}
