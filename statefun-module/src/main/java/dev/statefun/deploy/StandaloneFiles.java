package dev.statefun.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes Flink's configuration and start lines for JVMs of one machine. The configuration
 * and the options are those of {@code statefun-flink-cluster}.
 */
final class StandaloneFiles {

	private static final List<String> EXPORTED = List.of("java.base/sun.net.util", "java.rmi/sun.rmi.registry",
			"java.security.jgss/sun.security.krb5");

	private static final List<String> OPENED = List.of("java.lang", "java.net", "java.io", "java.nio", "sun.nio.ch",
			"java.lang.reflect", "java.text", "java.time", "java.util", "java.util.concurrent",
			"java.util.concurrent.atomic", "java.util.concurrent.locks");

	private static final List<String> ADDRESSES = List.of("jobmanager.rpc.address", "jobmanager.bind-host",
			"taskmanager.bind-host", "taskmanager.host", "rest.address", "rest.bind-address");

	private final Deployment deployment;

	StandaloneFiles(Deployment deployment) {
		this.deployment = deployment;
	}

	Map<String, String> write() {
		Map<String, String> files = new LinkedHashMap<>();
		List<String> comments = this.deployment.comments("The tests of statefun-flink-cluster run clusters of "
				+ "apache-3.3 and apache-2.2 with the same settings, at other ports.");
		files.put(this.deployment.traits().configFile(),
				DeploymentYaml.comments(comments) + FlinkConfiguration.text(configuration()));
		files.put("log4j2.properties", """
				rootLogger.level = INFO
				rootLogger.appenderRef.console.ref = console
				appender.console.name = console
				appender.console.type = CONSOLE
				appender.console.layout.type = PatternLayout
				appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-40.40c - %m%n
				""");
		files.put("flink.sh", script());
		return files;
	}

	Map<String, String> configuration() {
		Map<String, String> all = new LinkedHashMap<>();
		ADDRESSES.forEach((key) -> all.put(key, "127.0.0.1"));
		all.put("jobmanager.rpc.port", String.valueOf(FlinkConfiguration.RPC));
		all.put("rest.port", String.valueOf(FlinkConfiguration.REST));
		all.put("rest.bind-port", String.valueOf(FlinkConfiguration.REST));
		all.put("blob.server.port", String.valueOf(FlinkConfiguration.BLOB));
		all.putAll(FlinkConfiguration.slots(this.deployment.cluster().taskManagers()));
		all.putAll(new FlinkConfiguration(this.deployment.traits()).common());
		if (!this.deployment.hasVolume()) {
			all.putAll(FlinkConfiguration.directories(this.deployment.checkpoints()));
		}
		all.put("metrics.fetcher.update-interval", "1000");
		all.put("heartbeat.interval", "2000");
		all.put("heartbeat.timeout", "10000");
		// Flink's scripts would derive these
		all.put("taskmanager.cpu.cores", "1");
		all.put("taskmanager.memory.task.heap.size", "128m");
		all.put("taskmanager.memory.task.off-heap.size", "0");
		all.put("taskmanager.memory.managed.size", "64m");
		// So that RocksDB does not flush at almost every write, with so little memory
		all.put("state.backend.rocksdb.writebuffer.size", "2mb");
		all.put("taskmanager.memory.network.min", "32m");
		all.put("taskmanager.memory.network.max", "32m");
		all.put("taskmanager.memory.framework.heap.size", "64m");
		all.put("taskmanager.memory.framework.off-heap.size", "64m");
		all.put("taskmanager.memory.jvm-metaspace.size", "160m");
		all.put("taskmanager.memory.jvm-overhead.min", "64m");
		all.put("taskmanager.memory.jvm-overhead.max", "64m");
		return all;
	}

	private String script() {
		List<String> comments = this.deployment
			.comments("Its options are those with which the tests of statefun-flink-cluster start JVMs.");
		comments.add("FLINK_LIB is a directory with the jars of Flink and StateFun, which the list in the jar of "
				+ "statefun-flink-cluster names for Apache's releases.");
		comments.add("Run 'sh flink.sh jobmanager', 'sh flink.sh taskmanager' "
				+ this.deployment.cluster().taskManagers() + " time(s), each in a terminal, then 'sh flink.sh job'.");
		return "#!/bin/sh\n" + DeploymentYaml.comments(comments) + """
				set -eu
				cd "$(dirname "$0")"
				here=$(pwd)
				mkdir -p tmp
				lib=${FLINK_LIB:?a directory with jars}
				options="OPTIONS"
				role=${1:-}
				set -- DIRECTORIES
				case "$role" in
				jobmanager)
				  exec java $options -Xmx192m -XX:MaxMetaspaceSize=160m -cp "$lib/*" \\
				    org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint --configDir . "$@"
				  ;;
				taskmanager)
				  exec java $options -Xmx192m -XX:MaxMetaspaceSize=160m -XX:MaxDirectMemorySize=128m -cp "$lib/*" \\
				    org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir . "$@"
				  ;;
				job)
				  umask 077
				  cat > module.yaml <<END_OF_MODULE
				MODULEEND_OF_MODULE
				  jar --create --file module.jar module.yaml
				  FLINK_CONF_DIR=. exec java $options -cp "$lib/*" org.apache.flink.client.cli.CliFrontend run -d \\
				    -m 127.0.0.1:REST -c JOB module.jar
				  ;;
				*)
				  echo "usage: sh flink.sh jobmanager|taskmanager|job" >&2
				  exit 2
				  ;;
				esac
				""".replace("OPTIONS", options())
			.replace("DIRECTORIES", directories())
			.replace("REST", String.valueOf(FlinkConfiguration.REST))
			.replace("JOB ", RuntimeTraits.JOB_CLASS + " ")
			.replace("MODULEEND", module() + "END");
	}

	private static String options() {
		List<String> options = new ArrayList<>();
		EXPORTED.forEach((exported) -> options.add("--add-exports=" + exported + "=ALL-UNNAMED"));
		OPENED.forEach((opened) -> options.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
		options.addAll(List.of("-XX:+UseSerialGC", "-Xss512k", "-Dlog4j2.disable.jmx=true",
				"-Dlog4j.configurationFile=log4j2.properties"));
		return String.join(" ", options);
	}

	// Flink needs complete paths
	private String directories() {
		Map<String, String> settings = new LinkedHashMap<>();
		if (this.deployment.hasVolume()) {
			settings.putAll(FlinkConfiguration.directories("file://$here"));
		}
		settings.put("io.tmp.dirs", "$here/tmp");
		settings.put("web.upload.dir", "$here/tmp/upload");
		return settings.entrySet()
			.stream()
			.map((entry) -> "\"-D" + entry.getKey() + "=" + entry.getValue() + "\"")
			.collect(Collectors.joining(" "));
	}

	// The shell replaces only the references, whose values it does not read again
	private String module() {
		String text = this.deployment.module().text().replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$");
		for (String name : this.deployment.module().references()) {
			text = text.replace("\\${" + name + "}", "${" + name + ":?}");
		}
		return text;
	}

}
