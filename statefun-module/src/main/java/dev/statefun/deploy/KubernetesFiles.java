package dev.statefun.deploy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes Kubernetes objects of the application and of a cluster with high availability,
 * for Kustomize.
 */
final class KubernetesFiles extends YamlObjects {

	private static final String CHECKED = "These objects were only checked against Kubernetes' models, with unknown "
			+ "fields refused; they were not run.";

	private static final String MEMORY = "memory";

	private static final String CONFIG = "config";

	private final Deployment deployment;

	private final ApplicationObjects application;

	KubernetesFiles(Deployment deployment) {
		this.deployment = deployment;
		this.application = new ApplicationObjects(deployment);
		// Fails if there is no high availability
		deployment.operatorVersion();
	}

	Map<String, String> write() {
		Map<String, String> files = new LinkedHashMap<>();
		files.put("kustomization.yaml", DeploymentYaml.write(kustomizationComments(), List.of(kustomization())));
		List<String> comments = this.deployment.comments(CHECKED);
		files.put("application.yaml", DeploymentYaml.write(comments, this.application.all()));
		files.put("module.yaml", DeploymentYaml.write(comments, List.of(this.application.moduleObject())));
		files.put("flink.yaml", DeploymentYaml.write(comments, flink()));
		return files;
	}

	private List<String> kustomizationComments() {
		List<String> comments = this.application.comments(CHECKED);
		comments.add("Apply them with 'kubectl apply -k .'. Kubernetes 1.30 or newer, for the sleep before the stop.");
		if (this.deployment.hasVolume()) {
			comments.add("The volume of checkpoints has to be writable from several nodes (ReadWriteMany); "
					+ "'statefun.deploy.checkpoints' names an object store instead.");
		}
		return comments;
	}

	private static Map<String, Object> kustomization() {
		return map("apiVersion", "kustomize.config.k8s.io/v1beta1", "kind", "Kustomization", "resources",
				list("application.yaml", "module.yaml", "flink.yaml"));
	}

	private List<Map<String, Object>> flink() {
		List<Map<String, Object>> objects = this.application.clusterObjects(
				list("create", "delete", "get", "list", "patch", "update", "watch"), Map.of("", List.of("configmaps")));
		objects.add(configuration());
		objects.add(jobManagerService());
		objects.add(jobManager());
		objects.add(taskManager());
		return objects;
	}

	private String configurationName() {
		return this.deployment.name() + "-flink";
	}

	private Map<String, Object> configuration() {
		FlinkConfiguration flink = new FlinkConfiguration(this.deployment.traits());
		Map<String, String> all = flink.inContainers(this.deployment.jobManager(),
				this.deployment.cluster().taskManagers(), this.deployment.checkpoints());
		all.putAll(flink.highAvailability(this.deployment.checkpoints()));
		all.put("kubernetes.cluster-id", this.deployment.name() + "-flink");
		all.put("kubernetes.namespace", this.deployment.settings().namespace());
		if (!this.deployment.traits().ownEntryPoint()) {
			all.putAll(FlinkConfiguration.moduleLocation());
		}
		Map<String, Object> configMap = this.application.object("v1", "ConfigMap", configurationName());
		configMap.put("data", map(this.deployment.traits().configFile(), FlinkConfiguration.text(all)));
		return configMap;
	}

	private Map<String, Object> jobManagerService() {
		Map<String, Object> service = this.application.object("v1", "Service", this.deployment.jobManager());
		service.put("spec",
				map("selector", this.application.labels(ApplicationObjects.JOB_MANAGER), "ports",
						list(servicePort("rpc", FlinkConfiguration.RPC), servicePort("blob", FlinkConfiguration.BLOB),
								servicePort("rest", FlinkConfiguration.REST))));
		return service;
	}

	private static Map<String, Object> servicePort(String name, int port) {
		return map("name", name, "port", port, "targetPort", name);
	}

	private Map<String, Object> jobManager() {
		Map<String, Object> container = container(ApplicationObjects.JOB_MANAGER, "master",
				list("standalone-job", "--jars", this.deployment.traits().jobJar()),
				FlinkConfiguration.JOB_MANAGER_MEMORY);
		container.put("ports", list(containerPort("rpc", FlinkConfiguration.RPC),
				containerPort("blob", FlinkConfiguration.BLOB), containerPort("rest", FlinkConfiguration.REST)));
		container.put("livenessProbe", probe("rpc"));
		return deployment(this.deployment.jobManager(), ApplicationObjects.JOB_MANAGER, 1, container);
	}

	private Map<String, Object> taskManager() {
		Map<String, Object> container = container(ApplicationObjects.TASK_MANAGER, "worker", list("taskmanager"),
				FlinkConfiguration.TASK_MANAGER_MEMORY);
		container.put("ports", list(containerPort("rpc", FlinkConfiguration.TASK_MANAGER)));
		container.put("livenessProbe", probe("rpc"));
		return deployment(this.deployment.taskManager(), ApplicationObjects.TASK_MANAGER,
				this.deployment.cluster().taskManagers(), container);
	}

	private static Map<String, Object> containerPort(String name, int port) {
		return map("name", name, "containerPort", port);
	}

	private static Map<String, Object> probe(String port) {
		return map("tcpSocket", map("port", port), "initialDelaySeconds", 30, "periodSeconds", 60);
	}

	private Map<String, Object> container(String name, String role, List<String> arguments, int memory) {
		Map<String, Object> container = map("name", name, "image", this.deployment.clusterImage());
		List<Object> mounts = this.application.clusterMounts();
		if (this.deployment.traits().ownEntryPoint()) {
			container.put("env", list(map("name", "ROLE", "value", role),
					map("name", "MASTER_HOST", "value", this.deployment.jobManager())));
			String file = this.deployment.traits().configFile();
			// The file alone, as the image has others beside it
			mounts.add(map("name", CONFIG, "mountPath", Deployment.CONFIG_DIRECTORY + file, "subPath", file, "readOnly",
					true));
		}
		else {
			container.put("args", arguments);
			container.put("env", list(map("name", "FLINK_PROPERTIES", "valueFrom", map("configMapKeyRef",
					map("name", configurationName(), "key", this.deployment.traits().configFile())))));
		}
		String quantity = memory + "Mi";
		container.put("resources", map("requests", map(MEMORY, quantity), "limits", map(MEMORY, quantity)));
		container.put("volumeMounts", mounts);
		return container;
	}

	private Map<String, Object> deployment(String name, String component, int replicas, Map<String, Object> container) {
		Map<String, Object> pod = map("serviceAccountName", this.application.accountName(), "securityContext",
				map("fsGroup", 9999), "containers", list(container));
		List<Object> volumes = this.application.addModule(pod);
		if (this.deployment.traits().ownEntryPoint()) {
			volumes.add(map("name", CONFIG, "configMap", map("name", configurationName())));
		}
		Map<String, Object> deployment = this.application.object("apps/v1", "Deployment", name);
		deployment.put("spec",
				map("replicas", replicas, "selector", map("matchLabels", this.application.labels(component)),
						"strategy", map("type", "Recreate"), "template",
						map("metadata", this.application.podMetadata(component), "spec", pod)));
		return deployment;
	}

}
