package dev.statefun.flink.cluster;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.statefun.local.playground.Playground;
import dev.statefun.local.playground.PlaygroundTopics;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A Flink cluster on this machine that runs a released StateFun: a JobManager and
 * TaskManagers in JVMs of their own, with RocksDB, checkpoints and savepoints in a
 * folder. It listens on loopback only. Messages enter it, and records leave it, through
 * this process, so it needs no broker.
 * <p>
 * A JobManager that ends is started again on the same ports, and the job goes on from its
 * last checkpoint. All JVMs end with this process. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FlinkCluster implements AutoCloseable {

	private static final System.Logger logger = System.getLogger(FlinkCluster.class.getName());

	private static final String SLOTS = "taskmanager.numberOfTaskSlots";

	private static final Duration SHORTEST_RUN = Duration.ofSeconds(20);

	private final Builder settings;

	private final ClusterLayout layout;

	private final ClusterJvms jvms;

	private final JobManagerClient client;

	private final FolderLock lock;

	private final IngressLog ingress;

	private final EgressLog egress;

	private final JobPort port;

	private final Playground playground;

	private final Thread shutdown = new Thread(this::close, "statefun-flink-cluster-shutdown");

	private @Nullable Job job;

	private @Nullable String jobId;

	private volatile @Nullable SubmittedModule module;

	private boolean stopped;

	private volatile boolean closed;

	private boolean released;

	private FlinkCluster(Builder settings, ClusterLayout layout) throws IOException {
		this.settings = settings;
		this.layout = layout;
		this.jvms = new ClusterJvms(layout, settings.restPort, this::restartEndedTaskManagers);
		this.client = new JobManagerClient(this.jvms.url());
		this.lock = FolderLock.take(layout.folder());
		this.ingress = IngressLog.open(layout.ingress());
		PlaygroundTopics topics = new PlaygroundTopics();
		this.egress = EgressLog.open(layout.egress(), topics);
		this.port = JobPort.open(this.ingress, this.egress);
		this.playground = Playground.of(new ClusterTarget(this.ingress, () -> this.module), settings.functions, topics)
			.descriptors(settings.descriptors)
			.ingressPort(settings.ingressPort)
			.egressPort(settings.egressPort)
			.create();
	}

	/**
	 * Create a builder for a cluster of StateFun 3.3.0 with one TaskManager.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	private synchronized void start() throws IOException {
		Runtime.getRuntime().addShutdownHook(this.shutdown);
		this.playground.start();
		this.layout.create(this.settings.release);
		this.jvms.configure(this.settings.flink);
		startJobManager();
		for (int i = 0; i < this.settings.taskManagers; i++) {
			this.jvms.startTaskManager();
		}
		awaitTaskManagers();
	}

	private void startJobManager() {
		ChildJvm started = this.jvms.startJobManager();
		started.onExit().thenRunAsync(() -> recoverFrom(started));
	}

	private synchronized void restartEndedTaskManagers() {
		if (this.closed) {
			return;
		}
		this.jvms.removeEnded().forEach((index, ended) -> {
			// Another one would do the same
			if (ended.hasRunFor(SHORTEST_RUN)) {
				logger.log(System.Logger.Level.WARNING, "TaskManager {0} has ended; it is started again", index);
				this.jvms.startTaskManager(index);
			}
			else {
				logger.log(System.Logger.Level.ERROR, "TaskManager {0} has ended soon after its start. Its log is {1}",
						index, ended.log());
			}
		});
	}

	private void awaitTaskManagers() {
		await("TaskManagers to register", () -> {
			this.jvms.requireAlive();
			return this.client.taskManagers() >= this.jvms.taskManagers();
		});
	}

	// A JobManager without high availability forgets its job
	private synchronized void recoverFrom(ChildJvm ended) {
		if (this.closed || this.jvms.jobManager() != ended) {
			return;
		}
		logger.log(System.Logger.Level.WARNING, "The JobManager has ended; it is started again");
		try {
			startJobManager();
			this.jvms.restartTaskManagers();
			awaitTaskManagers();
			if (this.job != null && !this.stopped) {
				runFromLastCheckpoint(this.job);
			}
		}
		catch (RuntimeException ex) {
			logger.log(System.Logger.Level.ERROR, "The cluster did not recover from the end of its JobManager", ex);
		}
	}

	// Before the end of the JobManager was noticed
	private void recover() {
		requireOpen();
		ChildJvm last = this.jvms.jobManager();
		if (!last.isAlive()) {
			recoverFrom(last);
		}
	}

	private void runFromLastCheckpoint(Job last) {
		List<String> candidates = new ArrayList<>(RetainedCheckpoints.of(this.layout.checkpoints(), jobId()));
		if (last.restoredFrom() != null) {
			candidates.add(last.restoredFrom());
		}
		if (runFromFirstReadable(last, candidates).isEmpty()) {
			// Nothing was committed yet, so the messages are all still to be handled
			run(last);
		}
	}

	private Optional<String> runFromFirstReadable(Job next, List<String> candidates) {
		for (String candidate : candidates) {
			try {
				run(next.from(candidate));
				return Optional.of(candidate);
			}
			catch (FlinkClusterException ex) {
				// An older one would commit records again, unless this one was never
				// complete
				if (!RetainedCheckpoints.isUnreadable(ex)) {
					throw ex;
				}
				logger.log(System.Logger.Level.WARNING, "Checkpoint {0} is not complete; the one before is used",
						candidate);
			}
		}
		return Optional.empty();
	}

	/**
	 * Submit a module and wait until its job runs. Its ingresses and egresses are
	 * replaced, unless they are {@linkplain Builder#keepConnectors() kept}: messages come
	 * from {@link #send}, and records of its egresses, and of those named at the builder,
	 * go to {@link #records}.
	 * @param module the text of a {@code module.yaml}
	 * @throws FlinkClusterException if there is a job already, the folder has savepoints
	 * or checkpoints of an earlier one, or the job does not start
	 */
	public synchronized void submit(String module) {
		submit(SubmittedModule.of(module), module, this::runFromTheBeginning);
	}

	/**
	 * Submit a module, as {@link #submit(String)} does, whose job goes on from a
	 * savepoint. The module may differ from that of the savepoint.
	 * @param module the text of a {@code module.yaml}
	 * @param savepoint savepoint of a job of this cluster's folder
	 * @throws FlinkClusterException if there is a job already, or the job does not start
	 */
	public synchronized void submit(String module, String savepoint) {
		submit(SubmittedModule.of(module), module, (job) -> run(job.from(savepoint)));
	}

	/**
	 * Submit a module whose job goes on from the newest complete savepoint or checkpoint
	 * of the folder.
	 * @param module the text of a {@code module.yaml}
	 * @return the savepoint or checkpoint, empty for a fresh start, as there is none
	 */
	synchronized Optional<String> submitFromLatest(String module) {
		AtomicReference<Optional<String>> latest = new AtomicReference<>(Optional.empty());
		submit(SubmittedModule.of(module), module, (job) -> {
			List<String> candidates = RetainedCheckpoints.all(this.layout);
			latest.set(runFromFirstReadable(job, candidates));
			if (latest.get().isEmpty()) {
				run(job);
			}
		});
		return latest.get();
	}

	private void submit(SubmittedModule own, String module, Consumer<Job> start) {
		requireNoJob();
		requireSlots(this.settings.parallelism);
		Set<String> egresses = new LinkedHashSet<>(this.settings.egresses);
		if (this.settings.connectorsKept) {
			egresses.removeAll(own.egresses());
		}
		else {
			egresses.addAll(own.egresses());
			logReplaced(own);
		}
		start.accept(
				new Job(this.settings.connectorsKept ? module : own.text(), egresses, this.settings.parallelism, null));
		this.module = own;
	}

	// Its messages would be handled, and its records sent, once more
	private void runFromTheBeginning(Job first) {
		if (!RetainedCheckpoints.all(this.layout).isEmpty()) {
			throw new FlinkClusterException("The folder " + this.layout.folder()
					+ " has a savepoint or checkpoint of an earlier job, whose messages would be handled again; "
					+ "go on from it with submit(module, savepoint) or --savepoint=latest, or use another folder");
		}
		run(first);
	}

	private void requireSlots(int parallelism) {
		int slots = this.jvms.taskManagers() * Integer.parseInt(this.settings.flink.get(SLOTS));
		if (parallelism > slots) {
			throw new FlinkClusterException(
					"Found the parallelism " + parallelism + ", expected at most " + slots + ": the slots of "
							+ this.jvms.taskManagers() + " TaskManagers. Start more, or set '" + SLOTS + "'");
		}
	}

	private static void logReplaced(SubmittedModule module) {
		for (String ingress : module.ingresses()) {
			logger.log(System.Logger.Level.INFO, "Ingress {0} is replaced: send its messages to the cluster", ingress);
		}
		for (String egress : module.egresses()) {
			logger.log(System.Logger.Level.INFO, "Egress {0} is replaced: its records are kept here", egress);
		}
	}

	private void requireNoJob() {
		recover();
		if (this.job != null && !this.stopped && !jobStatus().hasEnded()) {
			throw new FlinkClusterException(
					"The job " + jobId() + " is " + jobStatus().state() + "; stop it first, with stopWithSavepoint()");
		}
	}

	private void run(Job next) {
		try {
			JobArchive archive = JobArchive.write(this.layout.temporary().resolve("submitted.jar"), next.module(),
					this.port, next.egresses(), this.layout.pending());
			this.jobId = this.client.run(this.client.upload(archive.jar()), archive.arguments(), next.parallelism(),
					next.restoredFrom());
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The job could not be submitted", ex);
		}
		this.job = next;
		this.stopped = false;
		await("the job to run", () -> {
			JobStatus status = jobStatus();
			if (status.hasEnded()) {
				throw new FlinkClusterException("The job is " + status.state() + ": " + lastFailure());
			}
			requireOwnMessages();
			return status.isRunning();
		});
	}

	// It would start again without end
	private void requireOwnMessages() {
		String refusal = lastFailure().lines()
			.filter((line) -> line.contains(IngressLog.OTHER_MESSAGES))
			.findFirst()
			.orElse(null);
		if (refusal != null) {
			this.client.cancel(jobId());
			throw new FlinkClusterException("The job does not start: " + refusal);
		}
	}

	/**
	 * Return the last failure of the job, after which it may have started again.
	 * @return the stack trace, after an explanation if there is one; empty if there was
	 * no failure or the JobManager does not answer
	 */
	public synchronized String lastFailure() {
		return JobFailure.explain(this.client.lastFailure(jobId()));
	}

	private String jobId() {
		requireOpen();
		if (this.jobId == null) {
			throw new FlinkClusterException("There is no job; submit a module first");
		}
		return this.jobId;
	}

	/**
	 * Send a message to a function. It is delivered once, also after failures, and in the
	 * order of the messages that one thread sends to this instance.
	 * @param target the function instance
	 * @param message the message, with its type in the type URL
	 * @throws UncheckedIOException if it can't be kept
	 */
	public void send(Address target, Any message) {
		send(target, message, Headers.empty());
	}

	/**
	 * Send a message with headers to a function, as {@link #send(Address, Any)} does.
	 * @param target the function instance
	 * @param message the message, with its type in the type URL
	 * @param headers its headers
	 * @throws UncheckedIOException if it can't be kept
	 */
	public void send(Address target, Any message, Headers headers) {
		try {
			this.ingress.append(target, message, headers);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The message for " + target + " was not accepted", ex);
		}
	}

	/**
	 * Return the port that accepts messages over HTTP:
	 * {@code PUT /<namespace>/<name>/<id>}, as that of the local runtime does.
	 * @return the port, on loopback
	 */
	public int ingressPort() {
		return this.playground.ingressPort();
	}

	/**
	 * Return the port that serves the records of egresses over HTTP:
	 * {@code GET /<topic>}, as that of the local runtime does. It serves those that were
	 * committed since the cluster was started.
	 * @return the port, on loopback
	 */
	public int egressPort() {
		return this.playground.egressPort();
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
		this.jvms.killTaskManager(index);
	}

	/**
	 * Start a TaskManager, without waiting until it has registered.
	 * @return its index, the lowest free one
	 */
	public synchronized int startTaskManager() {
		requireOpen();
		return this.jvms.startTaskManager();
	}

	/**
	 * Kill the JobManager, as {@code kill -9} does. It is started again, with the job.
	 */
	public synchronized void killJobManager() {
		requireOpen();
		this.jvms.jobManager().kill();
	}

	/**
	 * Stop the job with a savepoint.
	 * @return the savepoint, to be {@linkplain #resume resumed}
	 * @throws FlinkClusterException if there is no job, or the savepoint fails
	 */
	public synchronized String stopWithSavepoint() {
		return stopWithSavepoint(this.settings.timeout);
	}

	/**
	 * Stop the job with a savepoint, unless it takes too long.
	 * @param limit maximum time
	 * @return the savepoint
	 * @throws FlinkClusterException if there is no job, or no savepoint in time
	 */
	synchronized String stopWithSavepoint(Duration limit) {
		recover();
		String id = jobId();
		await("the job to run before its savepoint", limit, () -> jobStatus().isRunning() || jobStatus().hasEnded());
		JsonNode operation;
		try {
			// A Kafka ingress fails when its job is stopped
			String request = (this.settings.release.stops() && !this.settings.connectorsKept)
					? this.client.stopWithSavepoint(id, this.layout.savepoints())
					: this.client.cancelWithSavepoint(id, this.layout.savepoints());
			operation = awaitValue("the savepoint", limit, () -> {
				this.jvms.jobManager().requireAlive();
				return this.client.savepoint(id, request);
			});
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The JobManager does not answer", ex);
		}
		JsonNode location = operation.path("location");
		if (!location.isString()) {
			JsonNode cause = operation.path("failure-cause");
			throw new FlinkClusterException(
					"The savepoint failed: " + cause.path("stack-trace").asString(cause.path("class").asString("")));
		}
		this.stopped = true;
		await("the job to end", () -> jobStatus().hasEnded());
		return location.stringValue();
	}

	/**
	 * Resume the last job from a savepoint and wait until it runs.
	 * @param savepoint savepoint of a job of this cluster's folder
	 */
	public synchronized void resume(String savepoint) {
		requireNoJob();
		requireSlots(lastJob().parallelism());
		run(lastJob().from(savepoint));
	}

	/**
	 * Stop the job with a savepoint, and resume it with another parallelism.
	 * @param parallelism number of parallel tasks, at most as many as the cluster has
	 * slots: two for each TaskManager
	 */
	public synchronized void rescale(int parallelism) {
		requireSlots(parallelism);
		Job last = lastJob();
		run(last.with(parallelism).from(stopWithSavepoint()));
	}

	private Job lastJob() {
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
		return (this.jobId != null) ? this.client.status(this.jobId) : JobStatus.NONE;
	}

	/**
	 * Return how often the job has started again after a failure. A JobManager that is
	 * started again counts from zero.
	 * @return the number, 0 while the JobManager does not answer
	 */
	public synchronized int restarts() {
		return (int) metric("numRestarts");
	}

	/**
	 * Return the number of complete checkpoints. A JobManager that is started again
	 * counts from zero.
	 * @return the number, 0 while the JobManager does not answer
	 */
	public synchronized int checkpoints() {
		return (int) metric("numberOfCompletedCheckpoints");
	}

	private double metric(String name) {
		return this.client.metrics(jobId(), List.of(name)).getOrDefault(name, 0.0);
	}

	/**
	 * Return the metrics of the job, such as {@code lastCheckpointDuration} in
	 * milliseconds. The JobManager collects them once a second.
	 * @return the values by name, empty while the JobManager does not answer
	 */
	public synchronized Map<String, Double> metrics() {
		return this.client.metrics(jobId(), List.of());
	}

	/**
	 * Return the address of Flink's web interface.
	 * @return its URL
	 */
	public String webUi() {
		return this.jvms.url();
	}

	/**
	 * Return the end of the logs of all JVMs.
	 * @return the texts, each after the name of its file
	 */
	public synchronized String logTails() {
		return this.jvms.logTails();
	}

	private void requireOpen() {
		if (this.closed) {
			throw new FlinkClusterException("The cluster is closed");
		}
	}

	private void await(String what, BooleanSupplier condition) {
		await(what, this.settings.timeout, condition);
	}

	private void await(String what, Duration limit, BooleanSupplier condition) {
		awaitValue(what, limit, () -> condition.getAsBoolean() ? Optional.of(what) : Optional.empty());
	}

	private <T> T awaitValue(String what, Duration limit, Supplier<Optional<T>> source) {
		long end = System.nanoTime() + limit.toNanos();
		Optional<T> value = source.get();
		while (value.isEmpty()) {
			requireOpen();
			if (System.nanoTime() > end) {
				throw new FlinkClusterException("Waited " + limit.toSeconds() + " s for " + what + "\nThe logs are in "
						+ this.layout.logs() + ". The end of the JobManager's:\n" + this.jvms.jobManager().logTail());
			}
			try {
				TimeUnit.MILLISECONDS.sleep(100);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new FlinkClusterException("Interrupted while waiting for " + what, ex);
			}
			restartEndedTaskManagers();
			value = source.get();
		}
		return value.get();
	}

	/**
	 * End the cluster. A folder that was named at the builder stays.
	 */
	@Override
	public void close() {
		// Before the lock: a wait that holds it ends then
		this.closed = true;
		release();
	}

	private synchronized void release() {
		if (this.released) {
			return;
		}
		this.released = true;
		this.playground.close();
		this.jvms.close();
		this.port.close();
		try {
			this.ingress.close();
			this.egress.close();
			this.lock.close();
		}
		catch (IOException ex) {
			logger.log(System.Logger.Level.WARNING, "A log of the cluster was not closed", ex);
		}
		if (this.settings.folder == null) {
			FolderDeletion.delete(this.layout.folder());
		}
		if (Thread.currentThread() != this.shutdown) {
			removeShutdownHook();
		}
	}

	private void removeShutdownHook() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.shutdown);
		}
		catch (IllegalStateException ex) {
			// The JVM ends already
		}
	}

	/**
	 * Builds a cluster.
	 */
	public static final class Builder {

		private FlinkRelease release = FlinkRelease.STATEFUN_3_3;

		private int taskManagers = 1;

		private int parallelism = 1;

		private Duration timeout = Duration.ofSeconds(90);

		private @Nullable Path folder;

		private StatefulFunctions functions = StatefulFunctions.builder().build();

		private FileDescriptorSet descriptors = FileDescriptorSet.getDefaultInstance();

		private boolean connectorsKept;

		private int ingressPort;

		private int egressPort;

		private int restPort;

		private Path javaHome = Path.of(System.getProperty("java.home"));

		private ResolverSettings resolver = ResolverSettings.ofSystem();

		private final List<String> egresses = new ArrayList<>();

		private final Map<String, String> flink = new LinkedHashMap<>();

		private Builder() {
			this.flink.put(SLOTS, "2");
			checkpointInterval(Duration.ofSeconds(1));
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
		 * Read messages that come over HTTP as JSON: of those whose types these functions
		 * have. Without it, only the bytes of a message are accepted, and texts.
		 * @param functions the functions
		 * @return this builder
		 */
		public Builder functions(StatefulFunctions functions) {
			this.functions = functions;
			return this;
		}

		/**
		 * Read messages that come over HTTP as JSON: of those protobuf types that the
		 * application has written with {@code statefun.module.write-descriptors-to}.
		 * @param file the file
		 * @return this builder
		 * @throws FlinkClusterException if it can't be read, or has no descriptors
		 */
		public Builder descriptors(Path file) {
			try (InputStream content = Files.newInputStream(file)) {
				this.descriptors = FileDescriptorSet.parseFrom(content);
			}
			catch (IOException ex) {
				throw new FlinkClusterException("Could not read descriptors from '" + file
						+ "'; expected the file that the application writes with "
						+ "--statefun.module.write-descriptors-to: " + ex, ex);
			}
			return this;
		}

		/**
		 * Accept messages, and serve records, at these ports instead of free ones.
		 * @param ingress port for messages; 8090 on Apache's playground
		 * @param egress port for records; 8091 on Apache's playground
		 * @return this builder
		 */
		public Builder ports(int ingress, int egress) {
			requirePort("ingress", ingress);
			requirePort("egress", egress);
			this.ingressPort = ingress;
			this.egressPort = egress;
			return this;
		}

		/**
		 * Serve Flink's web interface, and its REST API, at this port instead of a free
		 * one.
		 * @param port the port; 8081 on other clusters
		 * @return this builder
		 */
		public Builder restPort(int port) {
			requirePort("restPort", port);
			this.restPort = port;
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
		 * Keep the ingresses and egresses of modules, which then need their broker.
		 * Messages also come from this process.
		 * @return this builder
		 */
		public Builder keepConnectors() {
			this.connectorsKept = true;
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
			return flink("execution.checkpointing.interval", interval.toMillis() + " ms");
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
		 * Run the JVMs of the cluster with another Java, 17 or newer.
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
		 * Use other Maven settings than those of the user. The system property
		 * {@code statefun.flink-cluster.maven-settings} does the same.
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

		private static void requirePort(String name, int port) {
			if (port < 0 || port > 0xffff) {
				throw new IllegalArgumentException("Found the port '" + name + "' " + port + ", expected 0 to 65535");
			}
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
				Path own = (this.folder != null) ? Files.createDirectories(this.folder)
						: Files.createTempDirectory("statefun-flink-cluster");
				cluster = new FlinkCluster(this, new ClusterLayout(own, jars, this.javaHome.resolve("bin/java")));
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
