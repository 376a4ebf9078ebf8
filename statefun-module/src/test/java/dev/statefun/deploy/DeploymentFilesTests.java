package dev.statefun.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.statefun.module.ModuleRuntime;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DeploymentFiles}.
 */
@NullUnmarked
class DeploymentFilesTests {

	private static final String FLINK = "flink.yaml";

	private static final String APPLICATION = "application.yaml";

	@ParameterizedTest
	@EnumSource(value = ModuleRuntime.class, mode = EnumSource.Mode.EXCLUDE, names = "APACHE_2_2")
	void kubernetesFilesBindToTheirModels(ModuleRuntime runtime) {
		for (DeploymentFiles files : List.of(Shops.files(runtime), Shops.withoutSecrets(runtime))) {
			Map<String, String> texts = files.generate(DeploymentTarget.KUBERNETES);
			List<Object> objects = objects(texts);
			assertThat(objects).hasSizeGreaterThanOrEqualTo(11);
			assertThat(Documents.<List<String>>at(Documents.in(texts.get("kustomization.yaml")), "0 resources"))
				.containsExactlyInAnyOrder(APPLICATION, "module.yaml", FLINK);
		}
	}

	@ParameterizedTest
	@EnumSource(value = ModuleRuntime.class, mode = EnumSource.Mode.EXCLUDE, names = "APACHE_2_2")
	void operatorFilesBindToTheirModels(ModuleRuntime runtime) {
		for (DeploymentFiles files : List.of(Shops.withImage(runtime), Shops.withImageAndWithoutSecrets(runtime))) {
			Map<String, String> texts = files.generate(DeploymentTarget.FLINK_OPERATOR);
			assertThat(objects(ofKnownVersion(texts))).hasSizeGreaterThanOrEqualTo(8);
			Map<String, Object> spec = Documents.at(Documents.object(texts.get(FLINK), "FlinkDeployment", "shop-flink"),
					"spec");
			assertThat(Documents.<Object>at(spec, "job parallelism")).isEqualTo(3);
			assertThat(Documents.<Object>at(spec, "taskManager podTemplate metadata labels"))
				.isEqualTo(Documents.<Object>at(Documents.object(texts.get(APPLICATION), "NetworkPolicy", "shop"),
						"spec ingress 0 from 0 podSelector matchLabels"));
		}
	}

	// The model of operator 1.10 does not know Flink 2.2
	private static Map<String, String> ofKnownVersion(Map<String, String> files) {
		Map<String, String> known = new LinkedHashMap<>(files);
		known.computeIfPresent(FLINK, (name, text) -> text.replace("flinkVersion: v2_2", "flinkVersion: v1_20"));
		return known;
	}

	private static List<Object> objects(Map<String, String> files) {
		List<Object> objects = new ArrayList<>();
		files.forEach((name, text) -> {
			if (!name.equals("kustomization.yaml")) {
				objects.addAll(StrictModels.read(text));
			}
		});
		return objects;
	}

	@ParameterizedTest
	@CsvSource({ "KUBERNETES, application.yaml, terminationGracePeriodSeconds, terminationGracePeriod",
			"KUBERNETES, application.yaml, failureThreshold, failureTreshold",
			"KUBERNETES, application.yaml, policyTypes, policyType", "KUBERNETES, flink.yaml, roleRef, roleref",
			"KUBERNETES, flink.yaml, accessModes, accessMode", "KUBERNETES, flink.yaml, configMapKeyRef, configMapRef",
			"FLINK_OPERATOR, flink.yaml, flinkConfiguration, flinkConfig", "FLINK_OPERATOR, flink.yaml, jarURI, jarUri",
			"FLINK_OPERATOR, flink.yaml, mountPath, path",
			"FLINK_OPERATOR, flink.yaml, serviceAccount, serviceAccountName" })
	void typingErrorDoesNotBind(DeploymentTarget target, String file, String right, String wrong) {
		Map<String, String> files = ofKnownVersion(Shops.files(ModuleRuntime.KZMLABS).generate(target));
		String text = files.get(file).replaceFirst("(?m)^(\\s*(- )?)" + right + ":", "$1" + wrong + ":");
		assertThat(text).isNotEqualTo(files.get(file));
		assertThatIllegalArgumentException().isThrownBy(() -> StrictModels.read(text))
			.withMessageContaining("Unrecognized field \"" + wrong + "\"");
	}

	@ParameterizedTest
	@EnumSource(ModuleRuntime.class)
	void composeFileMatchesTheSchema(ModuleRuntime runtime) {
		for (DeploymentFiles files : List.of(Shops.files(runtime), Shops.withoutSecrets(runtime))) {
			assertThat(violations(files.generate(DeploymentTarget.COMPOSE).get("compose.yaml"))).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "depends_on, depend_on", "stop_grace_period, stop_grace", "content, contents",
			"healthcheck, healtcheck" })
	void typingErrorViolatesTheSchemaOfCompose(String right, String wrong) {
		String text = Shops.files(ModuleRuntime.APACHE_3_3).generate(DeploymentTarget.COMPOSE).get("compose.yaml");
		String typo = text.replaceFirst(right + ":", wrong + ":");
		assertThat(typo).isNotEqualTo(text);
		assertThat(violations(typo)).anyMatch((violation) -> violation.contains(wrong));
	}

	private static List<String> violations(String text) {
		try (InputStream in = DeploymentFilesTests.class.getResourceAsStream("compose-spec.json")) {
			Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
				.getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceFirst("\"\\$id\": .*", ""),
						InputFormat.JSON);
			return schema.validate(text, InputFormat.YAML).stream().map(Object::toString).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource(value = DeploymentTarget.class, names = { "KUBERNETES", "FLINK_OPERATOR" })
	void flink1_11HasNoHighAvailabilityOnKubernetes(DeploymentTarget target) {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> Shops.files(ModuleRuntime.APACHE_2_2).generate(target))
			.withMessageStartingWith("Found the runtime 'apache-2.2' for Kubernetes, where its Flink has no high "
					+ "availability: a JobManager that restarts would lose all states; expected another runtime.");
	}

	@ParameterizedTest
	@CsvSource({ "APACHE_3_3, apache-3.3, apache/flink-statefun:3.3.0",
			"FRANSKING, fransking, fransking/flink-statefun:3.4.0" })
	void operatorDoesNotStartTheImageOfStateFun(ModuleRuntime runtime, String name, String image) {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> Shops.files(runtime).generate(DeploymentTarget.FLINK_OPERATOR))
			.withMessageStartingWith("Found the image '" + image + "' of the runtime '" + name
					+ "' for the Flink Kubernetes Operator, which can't start it: the image replaces scripts of Flink that "
					+ "the operator runs; expected an image of Flink itself with the jars of StateFun in it.")
			.withMessageContaining("'statefun.deploy.runtime-image'");
	}

	@ParameterizedTest
	@EnumSource(DeploymentTarget.class)
	void noFileHasASecret(DeploymentTarget target) {
		Map<String, String> files = Shops.withImage(ModuleRuntime.APACHE_3_3).generate(target);
		assertThat(files)
			.allSatisfy((name, text) -> assertThat(text).doesNotContain("q7Rk2vXw").doesNotContain("word"));
		assertThat(String.join("\n", files.values())).contains("STATEFUN_SECURITY_SECRET")
			.contains("INGRESS_SHOP_ITEMS_SASL_JAAS_CONFIG");
		assertThat(Shops.files(ModuleRuntime.APACHE_3_3).module()).contains(Shops.SECRET).contains("pa$$word");
	}

	@Test
	void probesPortsAndGraceAreThoseOfTheApplication() {
		String text = Shops.files(ModuleRuntime.APACHE_3_3).generate(DeploymentTarget.KUBERNETES).get(APPLICATION);
		Map<String, Object> deployment = Documents.object(text, "Deployment", "shop");
		Map<String, Object> container = Documents.at(deployment, "spec template spec containers 0");
		assertThat(container).containsEntry("image", "registry.example.com/shop:1.0");
		assertThat(Documents.<Object>at(container, "livenessProbe httpGet"))
			.isEqualTo(Map.of("path", "/manage/health/liveness", "port", 9090, "scheme", "HTTP"));
		assertThat(Documents.<Object>at(container, "readinessProbe httpGet"))
			.isEqualTo(Map.of("path", "/manage/health/readiness", "port", 9090, "scheme", "HTTP"));
		assertThat(Documents.<Object>at(container, "ports")).isEqualTo(List.of(
				Map.of("name", "statefun", "containerPort", 9443), Map.of("name", "http", "containerPort", 8080),
				Map.of("name", "management", "containerPort", 9090)));
		assertThat(Documents.<Object>at(container, "lifecycle preStop sleep seconds")).isEqualTo(5);
		// Two phases of 60 s, 10 s for the rest, and the sleep
		assertThat(Documents.<Object>at(deployment, "spec template spec terminationGracePeriodSeconds")).isEqualTo(135);
		Map<String, Object> policy = Documents.object(text, "NetworkPolicy", "shop");
		assertThat(Documents.<Object>at(policy, "spec podSelector matchLabels"))
			.isEqualTo(Documents.<Object>at(deployment, "spec template metadata labels"));
		assertThat(Documents.<Object>at(policy, "spec ingress 0 ports"))
			.isEqualTo(List.of(Map.of("protocol", "TCP", "port", 9443)));
		assertThat(Documents.<Object>at(policy, "spec ingress 1")).isEqualTo(Map.of("ports",
				List.of(Map.of("protocol", "TCP", "port", 8080), Map.of("protocol", "TCP", "port", 9090))));
		Map<String, Object> service = Documents.object(text, "Service", "shop");
		assertThat(Documents.<Object>at(service, "spec ports 0 port")).isEqualTo(9443);
		assertThat(Documents.<Object>at(service, "spec selector"))
			.isEqualTo(Documents.<Object>at(deployment, "spec template metadata labels"));
	}

	// Examples of the Apache project have labels that do not match
	@ParameterizedTest
	@EnumSource(value = ModuleRuntime.class, mode = EnumSource.Mode.EXCLUDE, names = "APACHE_2_2")
	void selectorsLabelsMountsAndNamesMatch(ModuleRuntime runtime) {
		Map<String, String> files = Shops.files(runtime).generate(DeploymentTarget.KUBERNETES);
		String flink = files.get(FLINK);
		for (String name : List.of("shop-jobmanager", "shop-taskmanager")) {
			Map<String, Object> deployment = Documents.object(flink, "Deployment", name);
			assertThat(Documents.<Object>at(deployment, "spec selector matchLabels"))
				.isEqualTo(Documents.<Object>at(deployment, "spec template metadata labels"));
			assertMountsHaveVolumes(Documents.at(deployment, "spec template spec"));
			assertThat(Documents.<Object>at(deployment, "spec template spec serviceAccountName"))
				.isEqualTo("shop-flink");
		}
		Map<String, Object> taskManager = Documents.object(flink, "Deployment", "shop-taskmanager");
		Map<String, Object> policy = Documents.object(files.get(APPLICATION), "NetworkPolicy", "shop");
		assertThat(Documents.<Object>at(policy, "spec ingress 0 from 0 podSelector matchLabels"))
			.isEqualTo(Documents.<Object>at(taskManager, "spec template metadata labels"));
		Map<String, Object> jobManager = Documents.object(flink, "Deployment", "shop-jobmanager");
		assertThat(Documents.<Object>at(Documents.object(flink, "Service", "shop-jobmanager"), "spec selector"))
			.isEqualTo(Documents.<Object>at(jobManager, "spec template metadata labels"));
		Documents.object(flink, "ServiceAccount", "shop-flink");
		Documents.object(flink, "PersistentVolumeClaim", "shop-checkpoints");
		Documents.object(files.get("module.yaml"), "ConfigMap", "shop-module");
	}

	private static void assertMountsHaveVolumes(Map<String, Object> pod) {
		List<String> volumes = names(Documents.at(pod, "volumes"));
		List<Map<String, Object>> containers = new ArrayList<>(
				Documents.<List<Map<String, Object>>>at(pod, "containers"));
		containers.addAll(Documents.<List<Map<String, Object>>>at(pod, "initContainers"));
		assertThat(containers).hasSize(2)
			.allSatisfy((container) -> assertThat(volumes).containsAll(names(Documents.at(container, "volumeMounts"))));
	}

	private static List<String> names(List<Map<String, Object>> items) {
		return items.stream().map((item) -> (String) item.get("name")).toList();
	}

	@ParameterizedTest
	@CsvSource({ "APACHE_3_3, flink-conf.yaml, state.backend, high-availability",
			"KZMLABS, config.yaml, state.backend.type, high-availability.type",
			"FRANSKING, config.yaml, state.backend.type, high-availability.type" })
	void configurationHasTheNamesOfItsFlink(ModuleRuntime runtime, String file, String backend, String availability) {
		Map<String, Object> configMap = Documents.object(
				Shops.withoutSecrets(runtime).generate(DeploymentTarget.KUBERNETES).get(FLINK), "ConfigMap",
				"shop-flink");
		Map<String, Object> configuration = Documents.in(Documents.at(configMap, "data " + file)).get(0);
		assertThat(configuration).containsEntry(backend, "rocksdb")
			.containsEntry("state.checkpoints.dir", "s3://shop/flink/checkpoints")
			.containsEntry("high-availability.storageDir", "s3://shop/flink/ha")
			.containsEntry("kubernetes.namespace", "sales")
			.containsEntry("parallelism.default", 3)
			.containsEntry("jobmanager.rpc.address", "shop-jobmanager")
			.containsEntry("classloader.parent-first-patterns.additional",
					"org.apache.flink.statefun;org.apache.kafka;com.google.protobuf")
			.containsKey(availability);
	}

	@ParameterizedTest
	@CsvSource({
			"APACHE_3_3, registry.example.com/flink-with-statefun:1.0, v1_16, /opt/flink/lib/statefun-flink-core.jar",
			"KZMLABS, ghcr.io/kzmlabs/flink-statefun:3.4.0-KZM-3.5, v2_2, /opt/flink/statefun-flink-runner.jar",
			"FRANSKING, registry.example.com/flink-with-statefun:1.0, v2_2, /opt/flink/lib/statefun-flink-core.jar" })
	void operatorRunsTheRuntime(ModuleRuntime runtime, String image, String version, String jar) {
		DeploymentFiles files = image.equals(Shops.IMAGE) ? Shops.withImage(runtime) : Shops.files(runtime);
		Map<String, Object> flink = Documents.object(files.generate(DeploymentTarget.FLINK_OPERATOR).get(FLINK),
				"FlinkDeployment", "shop-flink");
		Map<String, Object> spec = Documents.at(flink, "spec");
		assertThat(spec).containsEntry("image", image).containsEntry("flinkVersion", version);
		assertThat(Documents.<Object>at(spec, "job jarURI")).isEqualTo("local://" + jar);
		Map<String, Object> configuration = Documents.at(spec, "flinkConfiguration");
		assertThat(configuration).containsEntry("statefun.remote.module-name",
				"file:///opt/statefun/modules/application/module.yaml");
		assertThat(Documents.<Object>at(spec, "podTemplate spec containers 0 volumeMounts 0 mountPath"))
			.isEqualTo("/opt/statefun/modules/application");
	}

	@Test
	void composeLeavesReferencesAndNothingElseToItsEnvironment() {
		Map<String, Object> file = Documents
			.in(Shops.files(ModuleRuntime.APACHE_3_3).generate(DeploymentTarget.COMPOSE).get("compose.yaml"))
			.get(0);
		assertThat(Documents.<String>at(file, "configs module content"))
			.contains("http://shop:9443/statefun/${STATEFUN_SECURITY_SECRET:?}")
			.contains("${INGRESS_SHOP_ITEMS_SASL_JAAS_CONFIG:?}");
		assertThat(Documents.<Map<String, Object>>at(file, "services shop environment"))
			.containsEntry("STATEFUN_SECURITY_SECRET", "${STATEFUN_SECURITY_SECRET:?}")
			.containsEntry("STATEFUN_SERVER_PORT", "9443");
		assertThat(Documents.<Object>at(file, "services shop stop_grace_period")).isEqualTo("130s");
		assertThat(Documents.<Map<String, Object>>at(file, "services")).containsOnlyKeys("kafka", "shop", "checkpoints",
				"shop-jobmanager", "shop-taskmanager");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void composeStartsTheBrokerBeforeAnApplicationThatConnectsWithIt(boolean kafka) {
		String text = Shops.withClient(kafka).generate(DeploymentTarget.COMPOSE).get("compose.yaml");
		assertThat(violations(text)).isEmpty();
		Map<String, Object> application = Documents.at(Documents.in(text).get(0), "services shop");
		assertThat(application.get("depends_on"))
			.isEqualTo(kafka ? Map.of("kafka", Map.of("condition", "service_healthy")) : null);
	}

	@ParameterizedTest
	@CsvSource({ "1, 127.0.0.1:8080:8080", "2, 127.0.0.1::8080", "3, 127.0.0.1::8080" })
	void composePublishesAFixedPortOnlyForOneInstance(int replicas, String published) {
		String text = Shops.files("shop", replicas, true, null).generate(DeploymentTarget.COMPOSE).get("compose.yaml");
		assertThat(violations(text)).isEmpty();
		assertThat(Documents.<Object>at(Documents.in(text).get(0), "services shop ports"))
			.isEqualTo(List.of(published));
	}

	@ParameterizedTest
	@CsvSource({ "kafka, true, s3://shop/flink, [kafka]", "checkpoints, false,, [checkpoints]",
			"kafka, true,, '[kafka, checkpoints]'", "checkpoints, true,, '[kafka, checkpoints]'" })
	void composeRefusesTheNameOfAnotherService(String name, boolean kafka, @Nullable String checkpoints, String taken) {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> Shops.files(name, 1, kafka, checkpoints).generate(DeploymentTarget.COMPOSE))
			.withMessageStartingWith("Found the name '" + name + "' of the application for Compose, whose file has "
					+ "another service '" + name + "'; expected a name other than " + taken + ".")
			.withMessageContaining("Set 'statefun.deploy.name' to another name");
	}

	@ParameterizedTest
	@CsvSource({ "kafka, false, s3://shop/flink", "checkpoints, true, s3://shop/flink", "jobmanager, true,",
			"taskmanager, true," })
	void composeTakesANameThatNoOtherServiceHas(String name, boolean kafka, @Nullable String checkpoints) {
		String text = Shops.files(name, 1, kafka, checkpoints).generate(DeploymentTarget.COMPOSE).get("compose.yaml");
		int services = 3 + (kafka ? 1 : 0) + ((checkpoints != null) ? 0 : 1);
		assertThat(Documents.<Map<String, Object>>at(Documents.in(text).get(0), "services")).hasSize(services)
			.containsKeys(name, name + "-jobmanager", name + "-taskmanager");
	}

	@ParameterizedTest
	@CsvSource({ "APACHE_3_3, flink-conf.yaml, state.backend.incremental, true",
			"APACHE_2_2, flink-conf.yaml, state.backend.incremental, false",
			"KZMLABS, config.yaml, execution.checkpointing.incremental, false",
			"FRANSKING, config.yaml, execution.checkpointing.incremental, true" })
	void settingsOfTheImageAreKept(ModuleRuntime runtime, String file, String incremental, boolean unclaimed) {
		Map<String, Object> settings = Documents
			.in(Shops.files(runtime).generate(DeploymentTarget.STANDALONE).get(file))
			.get(0);
		assertThat(settings).containsEntry(incremental, true);
		if (unclaimed) {
			assertThat(settings).containsEntry("pipeline.auto-generate-uids", false)
				.containsEntry("execution.savepoint.ignore-unclaimed-state", true);
		}
		else {
			assertThat(settings).doesNotContainKeys("pipeline.auto-generate-uids",
					"execution.savepoint.ignore-unclaimed-state");
		}
	}

	@Test
	void applicationWithoutHealthIsProbedAtItsPort() {
		DeploymentSettings settings = Shops.settings(ModuleRuntime.APACHE_3_3, null);
		DeploymentSettings.Application plain = new DeploymentSettings.Application("shop:1", 1,
				new DeploymentSettings.Ports(8080, null, null), null, Duration.ofSeconds(30), Map.of());
		String text = new DeploymentFiles(new DeploymentSettings("shop", "sales", plain, settings.cluster()),
				Shops.modules(ModuleRuntime.APACHE_3_3, false))
			.generate(DeploymentTarget.KUBERNETES)
			.get(APPLICATION);
		Map<String, Object> deployment = Documents.object(text, "Deployment", "shop");
		assertThat(Documents.<Object>at(deployment, "spec template spec containers 0 livenessProbe tcpSocket port"))
			.isEqualTo(8080);
		assertThat(Documents.<List<Object>>at(Documents.object(text, "NetworkPolicy", "shop"), "spec ingress"))
			.hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "Shop", "shop_1", "-shop", "1shop", "a23456789012345678901234567890123456789012" })
	void invalidNameIsRefused(String name) {
		DeploymentSettings settings = Shops.settings(ModuleRuntime.APACHE_3_3, null);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new DeploymentSettings(name, "sales", settings.application(), settings.cluster()))
			.withMessage("'name' is '" + name
					+ "'; expected at most 40 lower-case letters, digits and hyphens, starting with a letter");
	}

	@ParameterizedTest
	@EnumSource(DeploymentTarget.class)
	void filesSayWhatWasRunAndWhatWasOnlyChecked(DeploymentTarget target) {
		Shops.withImage(ModuleRuntime.APACHE_3_3).generate(target).forEach((name, text) -> {
			if (!name.equals("log4j2.properties")) {
				assertThat(text).as(name)
					.contains("# Written by the application for the runtime apache-3.3")
					.containsAnyOf("only checked against", "The tests of statefun-flink-cluster run",
							"the tests of statefun-flink-cluster start");
			}
		});
	}

}
