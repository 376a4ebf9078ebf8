package dev.statefun.deploy;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Writes a Compose file. Compose replaces the references of the module by values of its
 * own environment.
 */
final class ComposeFile extends YamlObjects {

	private static final String VOLUME = "checkpoints";

	private static final String KAFKA = "kafka";

	private static final String CONDITION = "condition";

	/** Variable of an application that itself connects with the broker of the file. */
	private static final String BROKER_VARIABLE = "SPRING_KAFKA_BOOTSTRAP_SERVERS";

	private final Deployment deployment;

	ComposeFile(Deployment deployment) {
		this.deployment = deployment;
	}

	Map<String, String> write() {
		Map<String, Object> services = map();
		if (this.deployment.cluster().kafka()) {
			services.put(KAFKA, kafka());
		}
		if (this.deployment.hasVolume()) {
			services.put(VOLUME, volumeOwner());
		}
		requireFreeName(services.keySet());
		services.put(this.deployment.name(), application());
		services.put(this.deployment.jobManager(), jobManager());
		services.put(this.deployment.taskManager(), taskManager());
		Map<String, Object> file = map("name", this.deployment.name(), "services", services, "configs", configs());
		if (this.deployment.hasVolume()) {
			file.put("volumes", map(VOLUME, map()));
		}
		List<String> comments = this.deployment
			.comments("This file was only checked against the schema of Compose files; it was not run.");
		comments.add("Start it with 'docker compose up', 2.23.1 or newer. Without high availability, a JobManager that "
				+ "restarts begins with empty states: use it for development.");
		if (this.deployment.hasGateway() && !this.deployment.application().environment().containsKey(BROKER_VARIABLE)) {
			comments.add("The client in the application reads the replies of its gateway from Kafka: let "
					+ "'spring.kafka.bootstrap-servers' of the application be the brokers as a container reaches them.");
		}
		return Map.of("compose.yaml", DeploymentYaml.write(comments, List.of(file)));
	}

	// The services of Flink have the name as a prefix
	private void requireFreeName(Set<String> taken) {
		String name = this.deployment.name();
		if (taken.contains(name)) {
			throw new InvalidDeclarationException(
					"Found the name '" + name + "' of the application for Compose, whose file has another service '"
							+ name + "'; expected a name other than " + taken,
					"Set 'statefun.deploy.name' to another name", null);
		}
	}

	private static Map<String, Object> kafka() {
		return map("image", "apache/kafka:3.9.0", "environment", map("KAFKA_NODE_ID", "1", "KAFKA_PROCESS_ROLES",
				"broker,controller", "KAFKA_LISTENERS", "INTERNAL://:9092,EXTERNAL://:9094,CONTROLLER://:9093",
				"KAFKA_ADVERTISED_LISTENERS", "INTERNAL://kafka:9092,EXTERNAL://localhost:9094",
				"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
				"KAFKA_INTER_BROKER_LISTENER_NAME", "INTERNAL", "KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER",
				"KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1",
				"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1", "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
				"ports", list("127.0.0.1:9094:9094"), "healthcheck",
				map("test", list("CMD", "/opt/kafka/bin/kafka-broker-api-versions.sh", "--bootstrap-server",
						"localhost:9092"), "interval", "5s", "timeout", "10s", "retries", 12));
	}

	private Map<String, Object> application() {
		DeploymentSettings.Application application = this.deployment.application();
		Map<String, Object> environment = map();
		application.environment().forEach((name, value) -> environment.put(name, escaped(value)));
		if (this.deployment.isReferenced(ApplicationObjects.SECRET_VARIABLE)) {
			environment.put(ApplicationObjects.SECRET_VARIABLE, required(ApplicationObjects.SECRET_VARIABLE));
		}
		Map<String, Object> service = map("image", application.image(), "environment", environment, "expose",
				list(String.valueOf(application.ports().endpoint())), "stop_grace_period",
				this.deployment.drainSeconds() + "s");
		Integer http = application.ports().http();
		if (http != null) {
			// Instances can't share a port of the machine, so each of several gets a free
			// one
			service.put("ports",
					list("127.0.0.1:" + ((application.replicas() == 1) ? String.valueOf(http) : "") + ":" + http));
		}
		if (this.deployment.cluster().kafka() && environment.containsKey(BROKER_VARIABLE)) {
			service.put("depends_on", map(KAFKA, map(CONDITION, "service_healthy")));
		}
		service.put("deploy", map("replicas", application.replicas()));
		return service;
	}

	// A new volume belongs to root, Flink's processes do not
	private Map<String, Object> volumeOwner() {
		return map("image", this.deployment.clusterImage(), "user", "root", "entrypoint",
				list("chown", "flink:flink", Deployment.CHECKPOINTS), "volumes",
				list(VOLUME + ":" + Deployment.CHECKPOINTS), "restart", "no");
	}

	private Map<String, Object> jobManager() {
		Map<String, Object> service = cluster("master",
				list("standalone-job", "--jars", this.deployment.traits().jobJar()));
		service.put("ports", list("127.0.0.1:" + FlinkConfiguration.REST + ":" + FlinkConfiguration.REST));
		Map<String, Object> after = map(this.deployment.name(), map(CONDITION, "service_started"));
		if (this.deployment.cluster().kafka()) {
			after.put(KAFKA, map(CONDITION, "service_healthy"));
		}
		service.put("depends_on", withVolume(after));
		return service;
	}

	private Map<String, Object> taskManager() {
		Map<String, Object> service = cluster("worker", list("taskmanager"));
		service.put("depends_on", withVolume(map(this.deployment.jobManager(), map(CONDITION, "service_started"))));
		service.put("deploy", map("replicas", this.deployment.cluster().taskManagers()));
		return service;
	}

	private Map<String, Object> withVolume(Map<String, Object> after) {
		if (this.deployment.hasVolume()) {
			after.put(VOLUME, map(CONDITION, "service_completed_successfully"));
		}
		return after;
	}

	private Map<String, Object> cluster(String role, List<String> command) {
		Map<String, Object> service = map("image", this.deployment.clusterImage());
		List<Object> configs = list(map("source", "module", "target", Deployment.MODULE_FILE));
		if (this.deployment.traits().ownEntryPoint()) {
			service.put("environment", map("ROLE", role, "MASTER_HOST", this.deployment.jobManager()));
			configs.add(map("source", "flink", "target",
					Deployment.CONFIG_DIRECTORY + this.deployment.traits().configFile()));
		}
		else {
			service.put("command", command);
			service.put("environment", map("FLINK_PROPERTIES", escaped(configuration())));
		}
		service.put("configs", configs);
		if (this.deployment.hasVolume()) {
			service.put("volumes", list(VOLUME + ":" + Deployment.CHECKPOINTS));
		}
		return service;
	}

	private String configuration() {
		Map<String, String> all = new FlinkConfiguration(this.deployment.traits()).inContainers(
				this.deployment.jobManager(), this.deployment.cluster().taskManagers(), this.deployment.checkpoints());
		if (!this.deployment.traits().ownEntryPoint()) {
			all.putAll(FlinkConfiguration.moduleLocation());
		}
		return FlinkConfiguration.text(all);
	}

	private Map<String, Object> configs() {
		Map<String, Object> configs = map("module", map("content", module()));
		if (this.deployment.traits().ownEntryPoint()) {
			configs.put("flink", map("content", escaped(configuration())));
		}
		return configs;
	}

	// Only the references are left to Compose
	private String module() {
		String text = escaped(this.deployment.module().text());
		for (String name : this.deployment.module().references()) {
			text = text.replace("$${" + name + "}", required(name));
		}
		return text;
	}

	private static String required(String name) {
		return "${" + name + ":?}";
	}

	private static String escaped(String text) {
		return text.replace("$", "$$");
	}

}
