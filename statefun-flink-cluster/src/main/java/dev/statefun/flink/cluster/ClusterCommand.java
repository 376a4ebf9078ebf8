package dev.statefun.flink.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.statefun.local.playground.PortUnavailableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs a cluster from a terminal, until it is interrupted: the program of the executable
 * jar. {@code --help} lists its options.
 *
 * @since 0.1.0
 */
@Command(name = "java -jar statefun-flink-cluster-exec.jar", mixinStandardHelpOptions = true, sortOptions = false,
		usageHelpAutoWidth = true,
		description = "Runs a module.yaml on a Flink cluster of several JVMs on this machine, until Ctrl-C.")
public final class ClusterCommand implements Callable<Integer> {

	private static final String LATEST = "latest";

	private static final Duration SAVEPOINT_LIMIT = Duration.ofSeconds(20);

	private final Interruption interruption;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Option(names = "--module", required = true, paramLabel = "FILE",
			description = "The module.yaml of the application. Its format determines the release: 3.3.0 or 2.2.2.")
	@SuppressWarnings("NullAway.Init")
	private Path module;

	@Option(names = "--state-dir", paramLabel = "DIR",
			description = "Keeps messages, records, checkpoints, savepoints and logs. Without it, they end with the cluster.")
	private @Nullable Path stateDir;

	@Option(names = "--savepoint", paramLabel = "PATH", description = "Goes on from a savepoint, or with '" + LATEST
			+ "' from the newest one, or newest checkpoint, " + "of the state folder.")
	private @Nullable String savepoint;

	@Option(names = "--task-managers", paramLabel = "N", defaultValue = "1",
			description = "Number of TaskManagers; ${DEFAULT-VALUE} by default.")
	private int taskManagers;

	@Option(names = "--parallelism", paramLabel = "N",
			description = "Number of parallel tasks, at most two for each TaskManager; one for each by default.")
	private @Nullable Integer parallelism;

	@Option(names = "--rest-port", paramLabel = "PORT", defaultValue = "8081",
			description = "Port of Flink's web interface; ${DEFAULT-VALUE} by default, 0 for any free one.")
	private int restPort;

	@Option(names = "--ingress-port", paramLabel = "PORT", defaultValue = "8090",
			description = "Port that accepts messages; ${DEFAULT-VALUE} by default, 0 for any free one.")
	private int ingressPort;

	@Option(names = "--egress-port", paramLabel = "PORT", defaultValue = "8091",
			description = "Port that serves records; ${DEFAULT-VALUE} by default, 0 for any free one.")
	private int egressPort;

	@Option(names = "--egresses", split = ",", paramLabel = "ID",
			description = "Egresses that the module does not contain: <namespace>/<name>, separated by commas.")
	private List<String> egresses = List.of();

	@Option(names = "--descriptors", paramLabel = "FILE",
			description = "Reads JSON of the protobuf messages that the application has written with "
					+ "--statefun.module.write-descriptors-to.")
	private @Nullable Path descriptors;

	@Option(names = "--kafka",
			description = "Keeps the ingresses and egresses of the module, which then need their broker.")
	private boolean kafka;

	@Option(names = "--flink", paramLabel = "KEY=VALUE", description = "Sets a property of Flink's configuration.")
	private Map<String, String> flink = Map.of();

	@Option(names = "--java-home", paramLabel = "DIR", description = "Runs the cluster with another Java.")
	private @Nullable Path javaHome;

	@Option(names = "--maven-settings", paramLabel = "FILE",
			description = "Downloads Flink with other Maven settings than those of the user.")
	private @Nullable Path mavenSettings;

	@Option(names = "--offline", description = "Downloads nothing.")
	private boolean offline;

	private ClusterCommand(Interruption interruption) {
		this.interruption = interruption;
	}

	/**
	 * Run the command.
	 * @param arguments its options
	 */
	public static void main(String[] arguments) {
		// One line for each message, unless the user has other wishes
		if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
			System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$-7s %5$s%6$s%n");
		}
		Interruption interruption = new Interruption();
		interruption.handle();
		CommandLine command = new CommandLine(new ClusterCommand(interruption));
		command.setExecutionExceptionHandler((ex, line, result) -> {
			if (interruption.isInterrupted()) {
				return Interruption.STATUS;
			}
			if (ex instanceof FlinkClusterException || ex instanceof PortUnavailableException) {
				line.getErr().println(ex.getMessage());
				return line.getCommandSpec().exitCodeOnExecutionException();
			}
			throw ex;
		});
		System.exit(command.execute(arguments));
	}

	@Override
	public Integer call() throws Exception {
		String text = read(this.module);
		FlinkCluster.Builder builder = builder(SubmittedModule.of(text).release());
		PrintWriter out = this.spec.commandLine().getOut();
		try (FlinkCluster cluster = builder.start()) {
			submit(cluster, text, out);
			out.println("Flink's web interface: " + cluster.webUi());
			out.println("Messages: PUT http://127.0.0.1:" + cluster.ingressPort() + "/<namespace>/<name>/<id>");
			out.println("Records:  GET http://127.0.0.1:" + cluster.egressPort() + "/<topic>");
			out.println("Running. Ctrl-C stops it" + ((this.stateDir != null) ? " with a savepoint" : ""));
			this.interruption.await();
			stop(cluster, out);
		}
		return CommandLine.ExitCode.OK;
	}

	private FlinkCluster.Builder builder(FlinkRelease release) {
		try {
			return configure(release);
		}
		catch (IllegalArgumentException ex) {
			throw new CommandLine.ParameterException(this.spec.commandLine(), ex.getMessage(), ex);
		}
	}

	private FlinkCluster.Builder configure(FlinkRelease release) {
		FlinkCluster.Builder builder = FlinkCluster.builder()
			.release(release)
			.taskManagers(this.taskManagers)
			.restPort(this.restPort)
			.ports(this.ingressPort, this.egressPort)
			.egresses(this.egresses.toArray(String[]::new));
		if (this.parallelism != null) {
			builder.parallelism(this.parallelism);
		}
		if (this.stateDir != null) {
			builder.folder(this.stateDir);
		}
		else if (LATEST.equals(this.savepoint)) {
			throw new CommandLine.ParameterException(this.spec.commandLine(),
					"--savepoint=" + LATEST + " needs --state-dir, the folder of the earlier run");
		}
		if (this.descriptors != null) {
			builder.descriptors(this.descriptors);
		}
		if (this.kafka) {
			builder.keepConnectors();
		}
		if (this.javaHome != null) {
			builder.javaHome(this.javaHome);
		}
		if (this.mavenSettings != null) {
			builder.mavenSettings(this.mavenSettings);
		}
		if (this.offline) {
			builder.offline();
		}
		this.flink.forEach(builder::flink);
		return builder;
	}

	private String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new CommandLine.ParameterException(this.spec.commandLine(),
					"--module: can't read '" + file + "', expected a module.yaml in UTF-8: " + ex);
		}
	}

	private void submit(FlinkCluster cluster, String text, PrintWriter out) {
		if (this.savepoint == null) {
			cluster.submit(text);
		}
		else if (!this.savepoint.equals(LATEST)) {
			cluster.submit(text, this.savepoint);
		}
		else {
			cluster.submitFromLatest(text)
				.ifPresentOrElse((latest) -> out.println("Goes on from " + latest), () -> out
					.println("There is no savepoint and no checkpoint in " + this.stateDir + " yet: a fresh start"));
		}
	}

	private void stop(FlinkCluster cluster, PrintWriter out) {
		if (this.stateDir == null) {
			return;
		}
		out.println("Taking a savepoint, for up to " + SAVEPOINT_LIMIT.toSeconds() + " s. Ctrl-C ends at once");
		try {
			out.println("Savepoint: " + cluster.stopWithSavepoint(SAVEPOINT_LIMIT));
		}
		catch (FlinkClusterException ex) {
			out.println("There is no savepoint: " + String.valueOf(ex.getMessage()).lines().findFirst().orElse(""));
			out.println("--savepoint=" + LATEST + " goes on from the newest complete checkpoint");
		}
	}

}
