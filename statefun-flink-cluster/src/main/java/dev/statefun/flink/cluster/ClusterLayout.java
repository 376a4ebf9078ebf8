package dev.statefun.flink.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Files of a cluster.
 *
 * @param folder folder of everything that belongs to the cluster
 * @param jars jars of the release
 * @param java the {@code java} command of the JVMs
 */
record ClusterLayout(Path folder, List<Path> jars, Path java) {

	/**
	 * Create the folders, and the files that do not depend on ports.
	 * @param release the release
	 * @throws IOException if they can't be written
	 */
	void create(FlinkRelease release) throws IOException {
		for (Path directory : List.of(configuration(), logs(), checkpoints(), pending())) {
			Files.createDirectories(directory);
		}
		// The module of a job may contain secrets
		Files.createDirectories(temporary(),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(release.job()),
				"The jar of statefun-flink-cluster has no " + release.job())) {
			Files.copy(in, job(), StandardCopyOption.REPLACE_EXISTING);
		}
		Files.writeString(logConfiguration(), """
				rootLogger.level = INFO
				rootLogger.appenderRef.console.ref = console
				appender.console.name = console
				appender.console.type = CONSOLE
				appender.console.layout.type = PatternLayout
				appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-40.40c - %m%n
				""");
	}

	void configure(Map<String, String> settings) throws IOException {
		Files.writeString(configuration().resolve("flink-conf.yaml"),
				settings.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + ": " + entry.getValue())
					.sorted()
					.collect(Collectors.joining("\n", "", "\n")));
	}

	Path configuration() {
		return this.folder.resolve("conf");
	}

	Path logConfiguration() {
		return configuration().resolve("log4j2.properties");
	}

	Path log(String name) {
		return logs().resolve(name.replace(' ', '-') + ".log");
	}

	Path logs() {
		return this.folder.resolve("logs");
	}

	Path job() {
		return this.folder.resolve("job.jar");
	}

	Path temporary() {
		return this.folder.resolve("tmp");
	}

	Path checkpoints() {
		return this.folder.resolve("checkpoints");
	}

	Path savepoints() {
		return this.folder.resolve("savepoints");
	}

	Path ingress() {
		return this.folder.resolve("ingress");
	}

	Path egress() {
		return this.folder.resolve("egress");
	}

	Path pending() {
		return egress().resolve("pending");
	}

}
