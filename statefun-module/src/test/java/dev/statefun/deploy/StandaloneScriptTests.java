package dev.statefun.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import dev.statefun.module.ModuleRuntime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the start lines of {@link StandaloneFiles} with programs that only record how they
 * are started.
 */
@DisabledOnOs(OS.WINDOWS)
class StandaloneScriptTests {

	// One line for each start, with a bar between arguments
	private static final String RECORD = """
			#!/bin/sh
			{ basename "$0"; printf '|%s' "$@"; } | tr -d '\\n' >> commands.txt
			echo >> commands.txt
			""";

	@TempDir
	private Path temporary;

	private Path folder;

	private DeploymentFiles files;

	@BeforeEach
	void write() throws IOException {
		this.folder = Files.createDirectory(this.temporary.resolve("files of a shop"));
		this.files = Shops.files(ModuleRuntime.APACHE_3_3);
		for (Map.Entry<String, String> file : this.files.generate(DeploymentTarget.STANDALONE).entrySet()) {
			Files.writeString(this.folder.resolve(file.getKey()), file.getValue());
		}
		for (String program : List.of("java", "jar")) {
			Path stub = Files.writeString(Files.createDirectories(this.folder.resolve("bin")).resolve(program), RECORD);
			Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwx------"));
		}
	}

	@Test
	void jobGetsTheModuleWithItsValues() throws Exception {
		assertThat(run("job",
				Map.of("STATEFUN_SECURITY_SECRET", Shops.SECRET, "INGRESS_SHOP_ITEMS_SASL_JAAS_CONFIG", Shops.JAAS)))
			.isEmpty();
		Path module = this.folder.resolve("module.yaml");
		assertThat(Documents.in(Files.readString(module))).isEqualTo(Documents.in(this.files.module()));
		assertThat(Files.getPosixFilePermissions(module)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
		assertThat(commands()).hasSize(2).first().asString().isEqualTo("jar|--create|--file|module.jar|module.yaml");
		assertThat(commands().get(1)).endsWith("|-cp|/flink/lib/*|org.apache.flink.client.cli.CliFrontend|run|-d"
				+ "|-m|127.0.0.1:8081|-c|org.apache.flink.statefun.flink.core.StatefulFunctionsJob|module.jar");
	}

	@Test
	void jobIsRefusedWithoutAValue() throws Exception {
		assertThat(run("job", Map.of("STATEFUN_SECURITY_SECRET", Shops.SECRET)))
			.contains("INGRESS_SHOP_ITEMS_SASL_JAAS_CONFIG");
		assertThat(this.folder.resolve("commands.txt")).doesNotExist();
	}

	@Test
	void processesAreStartedInTheDirectoryOfTheFiles() throws Exception {
		assertThat(run("jobmanager", Map.of())).isEmpty();
		assertThat(run("taskmanager", Map.of())).isEmpty();
		String here = this.folder.toRealPath().toString();
		String directories = "|--configDir|.|-Dstate.checkpoints.dir=file://" + here
				+ "/checkpoints|-Dstate.savepoints.dir=file://" + here + "/savepoints|-Dio.tmp.dirs=" + here
				+ "/tmp|-Dweb.upload.dir=" + here + "/tmp/upload";
		assertThat(commands()).hasSize(2).allSatisfy((command) -> assertThat(command).endsWith(directories));
		assertThat(commands().get(0))
			.contains("|org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint|");
		assertThat(commands().get(1)).contains("|org.apache.flink.runtime.taskexecutor.TaskManagerRunner|")
			.contains("|-XX:MaxDirectMemorySize=128m|");
	}

	@Test
	void otherRoleIsRefused() throws Exception {
		assertThat(run("client", Map.of())).isEqualTo("usage: sh flink.sh jobmanager|taskmanager|job\n");
		assertThat(this.folder.resolve("commands.txt")).doesNotExist();
	}

	private List<String> commands() throws IOException {
		return Files.readAllLines(this.folder.resolve("commands.txt"));
	}

	private String run(String role, Map<String, String> variables) throws Exception {
		ProcessBuilder builder = new ProcessBuilder("sh", "flink.sh", role).directory(this.folder.toFile())
			.redirectErrorStream(true);
		builder.environment()
			.merge("PATH", this.folder.resolve("bin").toString(), (path, own) -> own + File.pathSeparator + path);
		builder.environment().put("FLINK_LIB", "/flink/lib");
		builder.environment().putAll(variables);
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output;
	}

}
