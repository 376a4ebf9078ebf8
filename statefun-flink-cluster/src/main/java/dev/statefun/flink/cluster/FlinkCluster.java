package dev.statefun.flink.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A Flink cluster on this machine that runs a released StateFun: a JobManager and
 * TaskManagers in JVMs of their own, with RocksDB, checkpoints and savepoints in a
 * folder. It listens on loopback only. Messages enter it, and records leave it, through
 * this process, so it needs no broker.
 * <p>
 * The JVMs end with this process. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FlinkCluster implements AutoCloseable {

	private static final System.Logger logger = System.getLogger(FlinkCluster.class.getName());

	private final Builder settings;

	private final ClusterLayout layout;

	private final boolean temporary;

	private final IngressLog ingress;

	private final EgressLog egress;

	private final JobPort port;

	private final Ports ports;

	private final JobManagerClient client;

	private final Map<Integer, ChildJvm> taskManagers = new TreeMap<>();

	private @Nullable ChildJvm jobManager;

	private @Nullable Job job;

	private boolean closed;

	private FlinkCluster(Builder settings, ClusterLayout layout, boolean temporary) throws IOException {
		this.settings = settings;
		this.layout = layout;
		this.temporary = temporary;
		this.ports = Ports.find();
		this.client = new JobManagerClient(webUi());
		this.ingress = IngressLog.open(layout.ingress());
		this.egress = EgressLog.open(layout.egress());
		this.port = JobPort.open(0, this.ingress, this.egress);
	}

	/**
	 * Create a builder for a cluster of StateFun 3.3.0 with one TaskManager.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	private void start() throws IOException {
		this.layout.create(this.settings.release);
		this.layout.configure(configuration());
		startJvms();
	}

	private void startJvms() {
		this.jobManager = startJobManager();
		for (int i = 0; i < this.settings.taskManagers; i++) {
			startTaskManager(i);
		}
		awaitTaskManagers();
	}

	private void awaitTaskManagers() {
		await("TaskManagers to register", () -> {
			jobManager().requireAlive();
			this.taskManagers.values().forEach(ChildJvm::requireAlive);
			return this.client.taskManagers() >= this.taskManagers.size();
		});
	}

	private Map<String, String> configuration() {
		Map<String, String> all = new LinkedHashMap<>();
		for (String key : List.of("jobmanager.rpc.address", "jobmanager.bind-host", "taskmanager.bind-host",
				"taskmanager.host", "rest.address", "rest.bind-address")) {
			all.put(key, "127.0.0.1");
		}
		all.put("jobmanager.rpc.port", String.valueOf(this.ports.rpc()));
		all.put("rest.port", String.valueOf(this.ports.rest()));
		all.put("rest.bind-port", String.valueOf(this.ports.rest()));
		all.put("blob.server.port", String.valueOf(this.ports.blob()));
		all.put("web.upload.dir", this.layout.temporary().resolve("upload").toString());
		all.put("io.tmp.dirs", this.layout.temporary().toString());
		all.put("taskmanager.numberOfTaskSlots", String.valueOf(this.settings.slots));
		all.put("cluster.evenly-spread-out-slots", "true");
		all.put("classloader.parent-first-patterns.additional",
				"org.apache.flink.statefun;org.apache.kafka;com.google.protobuf;dev.statefun");
		all.put("state.backend", "rocksdb");
		all.put("state.checkpoints.dir", this.layout.checkpoints().toUri().toString());
		all.put("state.savepoints.dir", this.layout.savepoints().toUri().toString());
		all.put("execution.checkpointing.interval", this.settings.checkpointInterval.toMillis() + " ms");
		all.put("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
		all.put("state.checkpoints.num-retained", "3");
		all.put("execution.buffer-timeout", "1 ms");
		all.put("restart-strategy", "fixed-delay");
		all.put("restart-strategy.fixed-delay.attempts", String.valueOf(Integer.MAX_VALUE));
		all.put("restart-strategy.fixed-delay.delay", "1 s");
		all.put("heartbeat.interval", "2000");
		all.put("heartbeat.timeout", "10000");
		all.put("taskmanager.cpu.cores", "1");
		all.put("taskmanager.memory.task.heap.size", "128m");
		all.put("taskmanager.memory.task.off-heap.size", "0");
		all.put("taskmanager.memory.managed.size", "64m");
		all.put("taskmanager.memory.network.min", "32m");
		all.put("taskmanager.memory.network.max", "32m");
		all.put("taskmanager.memory.framework.heap.size", "64m");
		all.put("taskmanager.memory.framework.off-heap.size", "64m");
		all.put("taskmanager.memory.jvm-metaspace.size", "160m");
		all.put("taskmanager.memory.jvm-overhead.min", "64m");
		all.put("taskmanager.memory.jvm-overhead.max", "64m");
		all.putAll(this.settings.flink);
		return all;
	}

	private ChildJvm startJobManager() {
		return ChildJvm.start("JobManager", this.layout,
				List.of("-Xmx192m", "-XX:MaxMetaspaceSize=160m", temporaries()),
				List.of("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "--configDir",
						this.layout.configuration().toString()));
	}

	private String temporaries() {
		return "-Djava.io.tmpdir=" + this.layout.temporary();
	}

	private void startTaskManager(int index) {
		List<Integer> own;
		try {
			own = FreePorts.find(2);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("There are no free ports for a TaskManager", ex);
		}
		this.taskManagers.put(index,
				ChildJvm.start("TaskManager " + index, this.layout,
						List.of("-Xmx192m", "-XX:MaxDirectMemorySize=128m", "-XX:MaxMetaspaceSize=160m", temporaries()),
						List.of("org.apache.flink.runtime.taskexecutor.TaskManagerRunner", "--configDir",
								this.layout.configuration().toString(), "-Dtaskmanager.rpc.port=" + own.get(0),
								"-Dtaskmanager.data.port=" + own.get(1), "-Dtaskmanager.resource-id=tm-" + index)));
	}

	/**
	 * Submit a module and wait until its job runs. Its ingresses and egresses are
	 * replaced: messages come from {@link #send}, and records of its egresses, and of
	 * those named at the builder, go to {@link #records}.
	 * @param module the text of a {@code module.yaml}
	 * @throws FlinkClusterException if there is a job already, or the job does not start
	 */
	public synchronized void submit(String module) {
		requireNoJob();
		HttpModule own = HttpModule.of(module);
		Set<String> egresses = new LinkedHashSet<>(own.egresses());
		egresses.addAll(this.settings.egresses);
		for (String replaced : own.ingresses()) {
			logger.log(System.Logger.Level.INFO, "Ingress {0} is replaced: send its messages to the cluster", replaced);
		}
		for (String replaced : own.egresses()) {
			logger.log(System.Logger.Level.INFO, "Egress {0} is replaced: its records are kept here", replaced);
		}
		run(new Job(own.text(), egresses, this.settings.parallelism, null));
	}

	private void requireNoJob() {
		requireOpen();
		Job current = this.job;
		if (current != null && !status(current).hasEnded()) {
			throw new FlinkClusterException("The job " + current.id + " is " + status(current).state()
					+ "; stop it first, with stopWithSavepoint()");
		}
	}

	private void run(Job next) {
		try {
			JobArchive archive = JobArchive.write(this.layout.temporary().resolve("submitted.jar"), next.module,
					this.port, next.egresses, this.layout.pending());
			next.id = this.client.run(this.client.upload(archive.jar()), archive.arguments(), next.parallelism,
					next.restoredFrom);
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The job could not be submitted", ex);
		}
		this.job = next;
		await("the job to run", () -> {
			JobStatus status = status(next);
			if (status.hasEnded()) {
				throw new FlinkClusterException("The job is " + status.state() + ": " + failure(next));
			}
			return status.isRunning();
		});
	}

	private String failure(Job failed) {
		try {
			JsonNode exceptions = this.client.exceptions(failed.id);
			return exceptions.path("root-exception").asString(exceptions.toString());
		}
		catch (IOException | FlinkClusterException ex) {
			return "unknown, as the JobManager does not answer: " + ex.getMessage();
		}
	}

	/**
	 * Send a message to a function. It is delivered once, in the order sent to this
	 * instance, also after failures.
	 * @param target the function instance
	 * @param message the message, with its type in the type URL
	 * @throws UncheckedIOException if it can't be kept
	 */
	public void send(Address target, Any message) {
		try {
			this.ingress.append(target, message);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The message for " + target + " was not accepted", ex);
		}
	}

	/**
	 * Return the records of an egress, each once: those of complete checkpoints.
	 * @param egress the egress, {@code <namespace>/<name>}
	 * @return the records so far
	 */
	public List<CommittedRecord> records(String egress) {
		return this.egress.records(egress);
	}

	/**
	 * Kill a TaskManager, as {@code kill -9} does.
	 * @param index its index, from 0
	 * @throws FlinkClusterException if there is none with that index
	 */
	public synchronized void killTaskManager(int index) {
		requireOpen();
		ChildJvm taskManager = this.taskManagers.remove(index);
		if (taskManager == null) {
			throw new FlinkClusterException(
					"There is no TaskManager " + index + "; there are " + this.taskManagers.keySet());
		}
		taskManager.kill();
	}

	/**
	 * Start a TaskManager, which does not wait until it has registered.
	 * @return its index, the lowest free one
	 */
	public synchronized int startTaskManager() {
		requireOpen();
		int index = 0;
		while (this.taskManagers.containsKey(index)) {
			index++;
		}
		startTaskManager(index);
		return index;
	}

	/**
	 * Stop the job with a savepoint.
	 * @return the savepoint, to be {@linkplain #resume resumed}
	 * @throws FlinkClusterException if there is no job, or the savepoint fails
	 */
	public synchronized String stopWithSavepoint() {
		requireOpen();
		Job current = currentJob();
		try {
			String request = this.client.stopWithSavepoint(current.id, this.layout.savepoints());
			JsonNode[] result = new JsonNode[1];
			await("the savepoint", () -> {
				try {
					result[0] = this.client.savepoint(current.id, request);
					return result[0].path("status").path("id").asString("").equals("COMPLETED");
				}
				catch (IOException ex) {
					return false;
				}
			});
			JsonNode location = result[0].path("operation").path("location");
			if (!location.isString()) {
				throw new FlinkClusterException("The savepoint failed: " + result[0].path("operation"));
			}
			await("the job to end", () -> status(current).hasEnded());
			return location.stringValue();
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The JobManager does not answer", ex);
		}
	}

	/**
	 * Resume the job from a savepoint and wait until it runs.
	 * @param savepoint savepoint of a job of this cluster's folder
	 */
	public synchronized void resume(String savepoint) {
		requireNoJob();
		Job last = currentJob();
		run(new Job(last.module, last.egresses, last.parallelism, savepoint));
	}

	/**
	 * Stop the job with a savepoint, and resume it with another parallelism.
	 * @param parallelism number of parallel tasks, at most as many as the cluster has
	 * slots
	 */
	public synchronized void rescale(int parallelism) {
		Job last = currentJob();
		String savepoint = stopWithSavepoint();
		run(new Job(last.module, last.egresses, parallelism, savepoint));
	}

	private Job currentJob() {
		if (this.job == null) {
			throw new FlinkClusterException("There is no job; submit a module first");
		}
		return this.job;
	}

	/**
	 * Return the status of the job.
	 * @return the status
	 */
	public synchronized JobStatus jobStatus() {
		return (this.job != null) ? status(this.job) : JobStatus.NONE;
	}

	private JobStatus status(Job of) {
		try {
			JsonNode state = this.client.job(of.id);
			int running = 0;
			int tasks = 0;
			for (JsonNode vertex : state.path("vertices")) {
				tasks += vertex.path("parallelism").intValue();
				running += vertex.path("tasks").path("RUNNING").asInt(0);
			}
			return new JobStatus(state.path("state").stringValue(), running, tasks);
		}
		catch (IOException | FlinkClusterException ex) {
			return JobStatus.UNKNOWN;
		}
	}

	/**
	 * Return the address of Flink's web interface.
	 * @return its URL
	 */
	public String webUi() {
		return "http://127.0.0.1:" + this.ports.rest();
	}

	private ChildJvm jobManager() {
		if (this.jobManager == null) {
			throw new IllegalStateException("The JobManager was not started");
		}
		return this.jobManager;
	}

	private void requireOpen() {
		if (this.closed) {
			throw new FlinkClusterException("The cluster is closed");
		}
	}

	private void await(String what, BooleanSupplier condition) {
		long end = System.nanoTime() + this.settings.timeout.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > end) {
				throw new FlinkClusterException("Waited " + this.settings.timeout.toSeconds() + " s for " + what
						+ ". The logs are in " + this.layout.folder().resolve("logs")
						+ ". The end of the JobManager's:\n" + jobManager().logTail());
			}
			try {
				TimeUnit.MILLISECONDS.sleep(100);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new FlinkClusterException("Interrupted while waiting for " + what, ex);
			}
		}
	}

	/**
	 * End the cluster. A folder that was named at the builder stays.
	 */
	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.taskManagers.values().forEach(ChildJvm::kill);
		if (this.jobManager != null) {
			this.jobManager.kill();
		}
		this.port.close();
		try {
			this.ingress.close();
			this.egress.close();
		}
		catch (IOException ex) {
			logger.log(System.Logger.Level.WARNING, "A log of the cluster was not closed", ex);
		}
		if (this.temporary) {
			FolderDeletion.delete(this.layout.folder());
		}
	}

	/**
	 * Job of this cluster.
	 */
	private static final class Job {

		private final String module;

		private final Set<String> egresses;

		private final int parallelism;

		private final @Nullable String restoredFrom;

		private String id = "";

		private Job(String module, Set<String> egresses, int parallelism, @Nullable String restoredFrom) {
			this.module = module;
			this.egresses = egresses;
			this.parallelism = parallelism;
			this.restoredFrom = restoredFrom;
		}

	}

	/**
	 * Ports of the JobManager, which it keeps when it is started again.
	 *
	 * @param rpc port for TaskManagers
	 * @param rest port of the REST API and the web interface
	 * @param blob port for files
	 */
	private record Ports(int rpc, int rest, int blob) {

		static Ports find() throws IOException {
			List<Integer> free = FreePorts.find(3);
			return new Ports(free.get(0), free.get(1), free.get(2));
		}

	}

	/**
	 * Builds a cluster.
	 */
	public static final class Builder {

		private FlinkRelease release = FlinkRelease.STATEFUN_3_3;

		private int taskManagers = 1;

		private int slots = 2;

		private int parallelism = 1;

		private Duration checkpointInterval = Duration.ofSeconds(1);

		private Duration timeout = Duration.ofSeconds(90);

		private @Nullable Path folder;

		private Path javaHome = Path.of(System.getProperty("java.home"));

		private ResolverSettings resolver = ResolverSettings.DEFAULT;

		private final List<String> egresses = new ArrayList<>();

		private final Map<String, String> flink = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Run another release.
		 * @param release the release
		 * @return this builder
		 */
		public Builder release(FlinkRelease release) {
			this.release = release;
			return this;
		}

		/**
		 * Start several TaskManagers. The job has as many parallel tasks, unless
		 * {@link #parallelism} says otherwise.
		 * @param number number of TaskManagers, at least 1
		 * @return this builder
		 */
		public Builder taskManagers(int number) {
			requirePositive("taskManagers", number);
			this.taskManagers = number;
			this.parallelism = number;
			return this;
		}

		/**
		 * Run the job with a number of parallel tasks.
		 * @param parallelism the number, at least 1; each TaskManager has room for two
		 * @return this builder
		 */
		public Builder parallelism(int parallelism) {
			requirePositive("parallelism", parallelism);
			this.parallelism = parallelism;
			return this;
		}

		/**
		 * Keep the files of the cluster: checkpoints, savepoints, messages, records and
		 * logs. Otherwise they are in a temporary folder that is deleted at the end.
		 * @param folder the folder, which may exist
		 * @return this builder
		 */
		public Builder folder(Path folder) {
			this.folder = folder.toAbsolutePath();
			return this;
		}

		/**
		 * Keep the records of egresses that no module mentions.
		 * @param egresses ids, {@code <namespace>/<name>}
		 * @return this builder
		 */
		public Builder egresses(String... egresses) {
			for (String egress : egresses) {
				if (!egress.matches("[^,/]+(/[^,/]+)+")) {
					throw new IllegalArgumentException(
							"Found the egress '" + egress + "', expected <namespace>/<name>");
				}
			}
			this.egresses.addAll(Arrays.asList(egresses));
			return this;
		}

		/**
		 * Set the time between checkpoints, one second unless set. Records of egresses
		 * appear at checkpoints.
		 * @param interval the time, at least a millisecond
		 * @return this builder
		 */
		public Builder checkpointInterval(Duration interval) {
			requirePositive("checkpointInterval", interval.toMillis());
			this.checkpointInterval = interval;
			return this;
		}

		/**
		 * Set a property of Flink's configuration.
		 * @param key the key
		 * @param value the value
		 * @return this builder
		 */
		public Builder flink(String key, String value) {
			this.flink.put(key, value);
			return this;
		}

		/**
		 * Run the JVMs of the cluster with another Java, 11 or newer for 3.3.0.
		 * @param javaHome its home
		 * @return this builder
		 */
		public Builder javaHome(Path javaHome) {
			this.javaHome = javaHome;
			return this;
		}

		/**
		 * Use only jars that are in the local Maven repository.
		 * @return this builder
		 */
		public Builder offline() {
			this.resolver = new ResolverSettings(true, this.resolver.localRepository(), this.resolver.settingsXml());
			return this;
		}

		/**
		 * Use another local Maven repository than that of the user.
		 * @param localRepository the repository
		 * @return this builder
		 */
		public Builder localRepository(Path localRepository) {
			this.resolver = new ResolverSettings(this.resolver.offline(), localRepository, this.resolver.settingsXml());
			return this;
		}

		/**
		 * Use other Maven settings than those of the user; {@code mvn -s} is not known
		 * here.
		 * @param settingsXml the file
		 * @return this builder
		 */
		public Builder mavenSettings(Path settingsXml) {
			this.resolver = new ResolverSettings(this.resolver.offline(), this.resolver.localRepository(), settingsXml);
			return this;
		}

		/**
		 * Wait longer, or not as long, for anything that the cluster does. 90 seconds
		 * unless set.
		 * @param timeout the limit
		 * @return this builder
		 */
		public Builder timeout(Duration timeout) {
			requirePositive("timeout", timeout.toMillis());
			this.timeout = timeout;
			return this;
		}

		private static void requirePositive(String name, long value) {
			if (value <= 0) {
				throw new IllegalArgumentException("Found '" + name + "' " + value + ", expected at least 1");
			}
		}

		/**
		 * Start the cluster and wait until it is ready for a job.
		 * @return the cluster, to be closed
		 * @throws FlinkClusterException if the cluster does not start
		 */
		public FlinkCluster start() {
			if (System.getProperty("os.name").startsWith("Windows")) {
				throw new FlinkClusterException(
						"A Flink cluster can't run on Windows itself; use the Windows Subsystem for Linux");
			}
			List<Path> jars = new Artifacts(this.release, this.resolver).resolve();
			FlinkCluster cluster;
			try {
				boolean temporary = this.folder == null;
				Path own = (this.folder != null) ? this.folder : Files.createTempDirectory("statefun-flink-cluster");
				Files.createDirectories(own);
				cluster = new FlinkCluster(this, new ClusterLayout(own, jars, this.javaHome.resolve("bin/java")),
						temporary);
			}
			catch (IOException ex) {
				throw new FlinkClusterException("The folder of the cluster can't be used", ex);
			}
			try {
				cluster.start();
				return cluster;
			}
			catch (IOException ex) {
				cluster.close();
				throw new FlinkClusterException("The folder of the cluster can't be written", ex);
			}
			catch (RuntimeException ex) {
				cluster.close();
				throw ex;
			}
		}

	}

}
