package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import dev.statefun.deploy.DeploymentFiles;
import dev.statefun.deploy.DeploymentSettings;
import dev.statefun.deploy.DeploymentTarget;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleRuntime;
import dev.statefun.module.ModuleSettings;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that deployment files without containers have the settings and options of these
 * clusters.
 */
class StandaloneDeploymentTests {

	private static final Set<String> PORTS = Set.of("jobmanager.rpc.port", "rest.port", "rest.bind-port",
			"blob.server.port");

	// Complete paths, which the start lines add
	private static final Set<String> DIRECTORIES = Set.of("io.tmp.dirs", "web.upload.dir", "state.checkpoints.dir",
			"state.savepoints.dir");

	// Given to these clusters by their settings
	private static final Set<String> GIVEN = Set.of("execution.checkpointing.interval", "taskmanager.numberOfTaskSlots",
			"parallelism.default");

	// Of the configuration in StateFun's image, which these files replace. They concern
	// states that outlive a change of the module, which these clusters do without
	private static final Set<String> OF_THE_IMAGE = Set.of("state.backend.incremental", "pipeline.auto-generate-uids",
			"execution.savepoint.ignore-unclaimed-state");

	private Map<String, String> files;

	@TempDir
	private Path folder;

	@BeforeEach
	void write() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("shop/cart"), (context, message) -> {
			})
			.build();
		ModuleSettings module = ModuleSettings.of("http://localhost:8080/statefun").runtime(ModuleRuntime.APACHE_3_3);
		DeploymentSettings settings = new DeploymentSettings("shop", "default",
				new DeploymentSettings.Application("shop", 1, new DeploymentSettings.Ports(8080, null, null), null,
						Duration.ofSeconds(30), Map.of()),
				new DeploymentSettings.Cluster(ModuleRuntime.APACHE_3_3, null, 1, null, false));
		this.files = new DeploymentFiles(settings, new ModuleGenerator(functions, module))
			.generate(DeploymentTarget.STANDALONE);
	}

	@Test
	void configurationIsThatOfTheseClusters() throws IOException {
		Map<String, String> here = settingsOfTheseClusters();
		Map<String, String> written = settings(Objects.requireNonNull(this.files.get("flink-conf.yaml")));
		assertThat(written.keySet()).containsAll(GIVEN).containsAll(PORTS).containsAll(OF_THE_IMAGE);
		DIRECTORIES.forEach((key) -> {
			assertThat(here.remove(key)).as(key).isNotNull();
			assertThat(this.files.get("flink.sh")).contains("-D" + key + "=");
		});
		written.keySet().removeAll(GIVEN);
		written.keySet().removeAll(OF_THE_IMAGE);
		assertThat(written.keySet()).isEqualTo(here.keySet());
		PORTS.forEach((key) -> {
			written.remove(key);
			here.remove(key);
		});
		assertThat(written).isEqualTo(here);
	}

	@Test
	void typingErrorIsNoSettingOfTheseClusters() throws IOException {
		String typo = Objects.requireNonNull(this.files.get("flink-conf.yaml"))
			.replace("state.backend:", "state.backends:");
		Map<String, String> written = settings(typo);
		written.keySet().removeAll(GIVEN);
		written.keySet().removeAll(OF_THE_IMAGE);
		written.keySet().removeAll(settingsOfTheseClusters().keySet());
		assertThat(written).containsOnlyKeys("state.backends");
	}

	private Map<String, String> settingsOfTheseClusters() throws IOException {
		ClusterLayout layout = new ClusterLayout(this.folder, List.of(), Path.of("java"));
		Files.createDirectories(layout.configuration());
		new ClusterJvms(layout, 0, () -> {
		}).configure(Map.of());
		return settings(Files.readString(layout.configuration().resolve("flink-conf.yaml")));
	}

	private static Map<String, String> settings(String text) {
		Map<String, String> settings = new TreeMap<>();
		text.lines()
			.filter((line) -> !line.startsWith("#"))
			.forEach((line) -> settings.put(line.substring(0, line.indexOf(": ")),
					line.substring(line.indexOf(": ") + 2)));
		return settings;
	}

	@Test
	void optionsAreThoseOfTheseJvms() {
		String script = this.files.get("flink.sh");
		assertThat(ChildJvm.OPENED).hasSizeGreaterThan(10)
			.allSatisfy((opened) -> assertThat(script).contains("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
		assertThat(ChildJvm.EXPORTED)
			.allSatisfy((exported) -> assertThat(script).contains("--add-exports=" + exported + "=ALL-UNNAMED"));
		assertThat(ClusterJvms.HEAP).allSatisfy((option) -> assertThat(script).contains(" " + option + " "));
		assertThat(script).contains(" -c " + JobArchive.PROGRAM + " module.jar\n");
	}

}
