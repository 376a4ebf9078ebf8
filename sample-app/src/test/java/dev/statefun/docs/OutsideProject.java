package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Assumptions;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A project outside this build that uses the artifacts of this build, as a user's does.
 */
final class OutsideProject {

	private static final Log logger = LogFactory.getLog(OutsideProject.class);

	private static final String FAST_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:MetaspaceSize=128m";

	private final Path directory;

	private final Path logs;

	private final Path repository;

	private OutsideProject(Path root, String name) {
		this.directory = root.resolve(name);
		this.logs = root;
		this.repository = root.resolve("repository");
	}

	/**
	 * Create a project. Tests are aborted on a system without symbolic links.
	 * @param name name of its folder
	 * @param files content of its files, by their paths
	 * @return the project
	 */
	static OutsideProject create(String name, Map<String, String> files) throws IOException {
		OutsideProject project = new OutsideProject(Path.of("target", "outside", name).toAbsolutePath(), name);
		FileSystemUtils.deleteRecursively(project.directory);
		// Maven searches for this folder upwards and would find ours
		Files.createDirectories(project.directory.resolve(".mvn"));
		for (Map.Entry<String, String> file : files.entrySet()) {
			Path path = project.directory.resolve(file.getKey());
			Files.createDirectories(path.getParent());
			Files.writeString(path, file.getValue().replace("0.1.0-SNAPSHOT", property("project.version")));
		}
		try {
			LinkedRepository.create(project.repository, Path.of(property("maven.repo.local")),
					property("project.version"));
		}
		catch (UnsupportedOperationException ex) {
			logger.warn("SKIPPED: no project outside this build is tried, as this system has no symbolic links", ex);
			Assumptions.abort("No symbolic links");
		}
		return project;
	}

	/**
	 * Build the project without a network, or with one once, if the local repository
	 * lacks artifacts that a new project needs.
	 * @param arguments arguments of Maven
	 */
	void build(List<String> arguments) throws Exception {
		Result result = maven("verify-offline.log", arguments, "-o");
		if (result.status() != 0 && result.output().contains("offline mode")) {
			logger.warn("The local repository lacks artifacts that a new project needs, so they are downloaded once. "
					+ "The offline build follows");
			Result download = maven("verify-online.log", arguments);
			assertThat(download.status()).as(download.output()).isZero();
			result = maven("verify-offline.log", arguments, "-o");
		}
		assertThat(result.status()).as(result.output()).isZero();
		assertThat(result.output()).contains("BUILD SUCCESS");
	}

	Path file(String path) {
		return this.directory.resolve(path);
	}

	/**
	 * Return a file beside the project.
	 * @param name its name
	 * @return the file
	 */
	Path log(String name) {
		return this.logs.resolve(name);
	}

	private Result maven(String log, List<String> arguments, String... more) throws Exception {
		Path output = log(log);
		int status = status(startMaven(output, arguments, more));
		return new Result(status, Files.readString(output));
	}

	Process startMaven(Path log, List<String> arguments, String... more) throws IOException {
		List<String> line = new ArrayList<>(List.of(Path.of(property("maven.home"), "bin", "mvn").toString(), "-B",
				"-ntp", "-Dmaven.repo.local=" + this.repository, "-DargLine=" + FAST_START));
		line.addAll(List.of(more));
		line.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(line).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment().put("JAVA_HOME", property("java.home"));
		builder.environment().merge("MAVEN_OPTS", FAST_START, (own, added) -> own + " " + added);
		return builder.start();
	}

	/**
	 * Run Java in the folder of the project.
	 * @param output file for its standard output
	 * @param arguments arguments of Java
	 * @return its exit status
	 */
	int java(Path output, List<String> arguments) throws Exception {
		List<String> line = new ArrayList<>(List.of(Path.of(property("java.home"), "bin", "java").toString()));
		line.addAll(List.of(FAST_START.split(" ")));
		line.addAll(arguments);
		return status(new ProcessBuilder(line).directory(this.directory.toFile())
			.redirectOutput(output.toFile())
			.redirectError(log("java.log").toFile())
			.start());
	}

	private static int status(Process process) throws InterruptedException {
		try {
			assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
			return process.exitValue();
		}
		finally {
			end(process);
		}
	}

	/**
	 * End a process and its descendants. Maven ends the application that it runs unless
	 * it is killed.
	 * @param process the process
	 */
	static void end(Process process) throws InterruptedException {
		try (Stream<ProcessHandle> descendants = process.descendants()) {
			List<ProcessHandle> all = descendants.toList();
			process.destroy();
			if (!process.waitFor(30, TimeUnit.SECONDS)) {
				process.destroyForcibly();
			}
			all.forEach(ProcessHandle::destroyForcibly);
		}
	}

	static String property(String name) {
		String value = System.getProperty(name);
		assertThat(value).as("system property '%s', which 'mvn verify' sets", name).isNotNull();
		return value;
	}

	private record Result(int status, String output) {

	}

}
