package dev.statefun.flinktests.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.apache.flink.statefun.flink.harness.Harness;

/**
 * Runs a released StateFun runtime in a Flink mini cluster in this JVM, controlled by a
 * test.
 * <p>
 * Arguments: {@code --egress=<namespace>/<name>} for each egress whose records are
 * printed, {@code --count=<namespace>/<name>} for each egress whose records are only
 * counted, {@code --parallelism=<n>}, and any {@code <key>=<value>} of Flink's
 * configuration. The functions are those of the {@code module.yaml} on the class path.
 * <p>
 * Lines in: {@code send <namespace>/<name> <id> <typename> <value>} (id and value in
 * Base64); {@code load <namespace>/<name> <messages> <ids> <typename> <value>} for that
 * many messages, at once and as fast as the runtime accepts them; {@code count} to
 * request the counts; and {@code stop}, which the end of the input implies, so that this
 * JVM never outlives the test.
 * <p>
 * Lines out: see {@link Output}.
 */
public final class StatefunRuntime {

	private StatefunRuntime() {
	}

	public static void main(String[] args) {
		Output.open();
		Thread job = new Thread(() -> runJob(args), "job");
		job.start();
		readInput();
		// Nothing requires an orderly end: the cluster lives in this JVM only
		Runtime.getRuntime().halt(0);
	}

	private static void readInput() {
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			String line = lines.readLine();
			while (line != null && !line.equals("stop")) {
				if (line.equals("count")) {
					Output.count(CountedRecords.count(), RequestReporter.requests(), RequestReporter.failures());
				}
				else {
					Input.add(line);
				}
				line = lines.readLine();
			}
		}
		catch (IOException ex) {
			Output.failed(ex);
		}
	}

	private static void runJob(String[] args) {
		try {
			start(args);
			throw new IllegalStateException("The job ended by itself");
		}
		catch (Throwable ex) {
			ex.printStackTrace();
			Output.failed(ex);
			Runtime.getRuntime().halt(1);
		}
	}

	private static void start(String[] args) throws Exception {
		Map<String, String> configuration = new HashMap<>();
		configuration.put("execution.checkpointing.interval", "1s");
		// A restart would hide a failure, and lose or duplicate records: neither the
		// source nor the sinks take part in checkpoints
		configuration.put("restart-strategy", "none");
		configuration.put("metrics.reporter.requests.factory.class", RequestReporterFactory.class.getName());
		configuration.put("metrics.reporter.requests.interval", "200 MILLISECONDS");
		Harness harness = new Harness();
		harness.withFlinkSourceFunction(InputModule.INGRESS, new Input());
		int parallelism = 2;
		for (String arg : args) {
			int separator = arg.indexOf('=');
			String key = arg.substring(0, separator);
			String value = arg.substring(separator + 1);
			switch (key) {
				case "--egress" -> Release.consume(harness, value);
				case "--count" -> Release.count(harness, value);
				case "--parallelism" -> parallelism = Integer.parseInt(value);
				default -> configuration.put(key, value);
			}
		}
		configuration.forEach(harness::withConfiguration);
		Release.start(harness, parallelism, configuration);
	}

}
