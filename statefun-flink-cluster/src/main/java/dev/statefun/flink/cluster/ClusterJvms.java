package dev.statefun.flink.cluster;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The JobManager and the TaskManagers of a cluster.
 */
final class ClusterJvms implements AutoCloseable {

	private static final List<String> ADDRESSES = List.of("jobmanager.rpc.address", "jobmanager.bind-host",
			"taskmanager.bind-host", "taskmanager.host", "rest.address", "rest.bind-address");

	static final List<String> HEAP = List.of("-Xmx192m", "-XX:MaxMetaspaceSize=160m");

	private final ClusterLayout layout;

	private final int rpcPort;

	private final int restPort;

	private final int blobPort;

	private final Map<Integer, ChildJvm> taskManagers = new TreeMap<>();

	private final Runnable taskManagerEnded;

	private @Nullable ChildJvm jobManager;

	/**
	 * Choose ports. The JobManager keeps them when it is started again.
	 * @param layout files of the cluster
	 * @param restPort port of the REST API, 0 for a free one
	 * @param taskManagerEnded called after a TaskManager has ended
	 * @throws IOException if there are no free ports
	 */
	ClusterJvms(ClusterLayout layout, int restPort, Runnable taskManagerEnded) throws IOException {
		this.layout = layout;
		this.taskManagerEnded = taskManagerEnded;
		List<Integer> free = FreePorts.find(3);
		this.rpcPort = free.get(0);
		this.restPort = (restPort != 0) ? FreePorts.require(restPort) : free.get(1);
		this.blobPort = free.get(2);
	}

	String url() {
		return "http://127.0.0.1:" + this.restPort;
	}

	/**
	 * Write Flink's configuration.
	 * @param own settings that replace those here
	 * @throws IOException if it can't be written
	 */
	void configure(Map<String, String> own) throws IOException {
		Map<String, String> all = new LinkedHashMap<>();
		ADDRESSES.forEach((key) -> all.put(key, "127.0.0.1"));
		all.put("jobmanager.rpc.port", String.valueOf(this.rpcPort));
		all.put("rest.port", String.valueOf(this.restPort));
		all.put("rest.bind-port", String.valueOf(this.restPort));
		all.put("blob.server.port", String.valueOf(this.blobPort));
		all.put("web.upload.dir", this.layout.temporary().resolve("upload").toString());
		all.put("io.tmp.dirs", this.layout.temporary().toString());
		all.put("cluster.evenly-spread-out-slots", "true");
		all.put("classloader.parent-first-patterns.additional",
				"org.apache.flink.statefun;org.apache.kafka;com.google.protobuf");
		all.put("state.backend", "rocksdb");
		all.put("state.checkpoints.dir", this.layout.checkpoints().toUri().toString());
		all.put("state.savepoints.dir", this.layout.savepoints().toUri().toString());
		all.put("state.checkpoints.num-retained", "3");
		all.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
		// The default of 100 ms is added to each hop
		all.put("execution.buffer-timeout", "1 ms");
		all.put("restart-strategy", "fixed-delay");
		all.put("restart-strategy.fixed-delay.attempts", String.valueOf(Integer.MAX_VALUE));
		all.put("restart-strategy.fixed-delay.delay", "1 s");
		all.put("metrics.fetcher.update-interval", "1000");
		all.put("heartbeat.interval", "2000");
		all.put("heartbeat.timeout", "10000");
		// Flink's scripts would derive these
		all.put("taskmanager.cpu.cores", "1");
		all.put("taskmanager.memory.task.heap.size", "128m");
		all.put("taskmanager.memory.task.off-heap.size", "0");
		all.put("taskmanager.memory.managed.size", "64m");
		// Each state that is written takes an eighth of this from the managed memory at
		// once. With the default of 64 MB, RocksDB would flush at almost every write
		all.put("state.backend.rocksdb.writebuffer.size", "2mb");
		all.put("taskmanager.memory.network.min", "32m");
		all.put("taskmanager.memory.network.max", "32m");
		all.put("taskmanager.memory.framework.heap.size", "64m");
		all.put("taskmanager.memory.framework.off-heap.size", "64m");
		all.put("taskmanager.memory.jvm-metaspace.size", "160m");
		all.put("taskmanager.memory.jvm-overhead.min", "64m");
		all.put("taskmanager.memory.jvm-overhead.max", "64m");
		all.putAll(own);
		this.layout.configure(all);
	}

	ChildJvm startJobManager() {
		this.jobManager = ChildJvm.start("JobManager", this.layout, HEAP,
				List.of("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "--configDir",
						this.layout.configuration().toString()));
		return this.jobManager;
	}

	ChildJvm jobManager() {
		if (this.jobManager == null) {
			throw new IllegalStateException("The JobManager was not started");
		}
		return this.jobManager;
	}

	/**
	 * Start a TaskManager.
	 * @return its index, the lowest free one
	 */
	int startTaskManager() {
		int index = 0;
		while (this.taskManagers.containsKey(index)) {
			index++;
		}
		startTaskManager(index);
		return index;
	}

	void startTaskManager(int index) {
		List<Integer> own;
		try {
			own = FreePorts.find(2);
		}
		catch (IOException ex) {
			throw new FlinkClusterException("There are no free ports for a TaskManager", ex);
		}
		ChildJvm started = ChildJvm.start("TaskManager " + index, this.layout,
				List.of(HEAP.get(0), HEAP.get(1), "-XX:MaxDirectMemorySize=128m"),
				List.of("org.apache.flink.runtime.taskexecutor.TaskManagerRunner", "--configDir",
						this.layout.configuration().toString(), "-Dtaskmanager.rpc.port=" + own.get(0),
						"-Dtaskmanager.data.port=" + own.get(1), "-Dtaskmanager.resource-id=tm-" + index));
		this.taskManagers.put(index, started);
		started.onExit().thenRunAsync(this.taskManagerEnded);
	}

	/**
	 * Remove the TaskManagers that have ended by themselves.
	 * @return these TaskManagers by index
	 */
	Map<Integer, ChildJvm> removeEnded() {
		Map<Integer, ChildJvm> ended = new TreeMap<>(this.taskManagers);
		ended.values().removeIf(ChildJvm::isAlive);
		this.taskManagers.keySet().removeAll(ended.keySet());
		return ended;
	}

	void killTaskManager(int index) {
		ChildJvm taskManager = this.taskManagers.remove(index);
		if (taskManager == null) {
			throw new FlinkClusterException(
					"There is no TaskManager " + index + "; there are " + this.taskManagers.keySet());
		}
		taskManager.kill();
	}

	/**
	 * Start the TaskManagers again that there are. Without it they would run the job of a
	 * JobManager that is gone, and call its functions.
	 */
	void restartTaskManagers() {
		Set<Integer> indexes = Set.copyOf(this.taskManagers.keySet());
		indexes.forEach(this::killTaskManager);
		indexes.forEach(this::startTaskManager);
	}

	int taskManagers() {
		return this.taskManagers.size();
	}

	void requireAlive() {
		jobManager().requireAlive();
		this.taskManagers.values().forEach(ChildJvm::requireAlive);
	}

	/**
	 * Return the end of the log of each JVM.
	 * @return the texts, each after its file
	 */
	String logTails() {
		return Stream.concat(Stream.of(jobManager()), this.taskManagers.values().stream())
			.map((jvm) -> jvm.log() + "\n" + jvm.logTail())
			.collect(Collectors.joining("\n"));
	}

	@Override
	public void close() {
		this.taskManagers.values().forEach(ChildJvm::kill);
		if (this.jobManager != null) {
			this.jobManager.kill();
		}
	}

}
