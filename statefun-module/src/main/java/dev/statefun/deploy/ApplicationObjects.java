package dev.statefun.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Kubernetes objects of the application and its module, with and without the operator.
 */
final class ApplicationObjects extends YamlObjects {

	/** Variable of the secret in the path, which the application reads too. */
	static final String SECRET_VARIABLE = "STATEFUN_SECURITY_SECRET";

	static final String TASK_MANAGER = "taskmanager";

	static final String JOB_MANAGER = "jobmanager";

	private static final String ENDPOINT_PORT = "statefun";

	private static final String MODULE = "module";

	private static final String TEMPLATE = "module-template";

	private final Deployment deployment;

	ApplicationObjects(Deployment deployment) {
		this.deployment = deployment;
	}

	List<Map<String, Object>> all() {
		return list(deployment(), service(), networkPolicy());
	}

	/**
	 * Create an object.
	 * @param apiVersion its API
	 * @param kind its kind
	 * @param name its name
	 * @return the object without content
	 */
	Map<String, Object> object(String apiVersion, String kind, String name) {
		return map("apiVersion", apiVersion, "kind", kind, "metadata",
				map("name", name, "namespace", this.deployment.settings().namespace(), "labels",
						map("app.kubernetes.io/name", this.deployment.name())));
	}

	Map<String, Object> labels(String component) {
		return map("app.kubernetes.io/name", this.deployment.name(), "app.kubernetes.io/component", component);
	}

	Map<String, Object> podMetadata(String component) {
		return map("labels", labels(component), "annotations",
				map("statefun.dev/module-checksum", this.deployment.moduleChecksum()));
	}

	private Map<String, Object> deployment() {
		DeploymentSettings.Application application = this.deployment.application();
		Map<String, Object> pod = map("automountServiceAccountToken", false, "terminationGracePeriodSeconds",
				this.deployment.drainSeconds() + Deployment.PRE_STOP, "containers", list(container()));
		Map<String, Object> deployment = object("apps/v1", "Deployment", this.deployment.name());
		deployment.put("spec",
				map("replicas", application.replicas(), "selector", map("matchLabels", labels("application")),
						"strategy",
						map("type", "RollingUpdate", "rollingUpdate", map("maxSurge", 1, "maxUnavailable", 0)),
						"template", map("metadata", map("labels", labels("application")), "spec", pod)));
		return deployment;
	}

	private Map<String, Object> container() {
		DeploymentSettings.Application application = this.deployment.application();
		List<Object> environment = new ArrayList<>();
		application.environment().forEach((name, value) -> environment.add(map("name", name, "value", value)));
		if (this.deployment.isReferenced(SECRET_VARIABLE)) {
			environment.add(fromSecret(SECRET_VARIABLE));
		}
		Map<String, Object> container = map("name", "application", "image", application.image(), "env", environment,
				"ports", containerPorts(application.ports()));
		DeploymentSettings.Health health = application.health();
		container.put("startupProbe", probe(health, (health != null) ? health.liveness() : "", 2, 60));
		container.put("livenessProbe", probe(health, (health != null) ? health.liveness() : "", 10, 3));
		container.put("readinessProbe", probe(health, (health != null) ? health.readiness() : "", 5, 2));
		container.put("lifecycle", map("preStop", map("sleep", map("seconds", Deployment.PRE_STOP))));
		return container;
	}

	private static List<Object> containerPorts(DeploymentSettings.Ports ports) {
		List<Object> all = list(map("name", ENDPOINT_PORT, "containerPort", ports.endpoint()));
		addPort(all, "http", ports.http());
		addPort(all, "management", ports.management());
		return all;
	}

	private static void addPort(List<Object> all, String name, @Nullable Integer port) {
		if (port != null) {
			all.add(map("name", name, "containerPort", port));
		}
	}

	private Map<String, Object> probe(DeploymentSettings.@Nullable Health health, String path, int period,
			int failures) {
		Map<String, Object> probe = (health != null)
				? map("httpGet", map("path", path, "port", health.port(), "scheme", health.https() ? "HTTPS" : "HTTP"))
				: map("tcpSocket", map("port", this.deployment.application().ports().endpoint()));
		probe.put("periodSeconds", period);
		probe.put("timeoutSeconds", 2);
		probe.put("failureThreshold", failures);
		return probe;
	}

	private Map<String, Object> service() {
		DeploymentSettings.Ports ports = this.deployment.application().ports();
		List<Object> servicePorts = list(
				map("name", ENDPOINT_PORT, "port", ports.endpoint(), "targetPort", ENDPOINT_PORT));
		if (ports.http() != null) {
			servicePorts.add(map("name", "http", "port", ports.http(), "targetPort", "http"));
		}
		Map<String, Object> service = object("v1", "Service", this.deployment.name());
		service.put("spec", map("selector", labels("application"), "ports", servicePorts));
		return service;
	}

	// Probes come from the node, which no policy keeps out
	private Map<String, Object> networkPolicy() {
		DeploymentSettings.Ports ports = this.deployment.application().ports();
		List<Object> rules = list(map("from", list(map("podSelector", map("matchLabels", labels(TASK_MANAGER)))),
				"ports", list(tcp(ports.endpoint()))));
		List<Object> open = new ArrayList<>();
		if (ports.http() != null) {
			open.add(tcp(ports.http()));
		}
		if (ports.management() != null) {
			open.add(tcp(ports.management()));
		}
		if (!open.isEmpty()) {
			rules.add(map("ports", open));
		}
		Map<String, Object> policy = object("networking.k8s.io/v1", "NetworkPolicy", this.deployment.name());
		policy.put("spec", map("podSelector", map("matchLabels", labels("application")), "policyTypes", list("Ingress"),
				"ingress", rules));
		return policy;
	}

	private static Map<String, Object> tcp(int port) {
		return map("protocol", "TCP", "port", port);
	}

	Map<String, Object> moduleObject() {
		Map<String, Object> configMap = object("v1", "ConfigMap", moduleName());
		configMap.put("data", map("module.yaml", this.deployment.module().text()));
		return configMap;
	}

	private String moduleName() {
		return this.deployment.name() + "-module";
	}

	private String secretName() {
		return this.deployment.name() + "-secrets";
	}

	private Map<String, Object> fromSecret(String name) {
		return map("name", name, "valueFrom", map("secretKeyRef", map("name", secretName(), "key", name)));
	}

	Map<String, Object> moduleMount() {
		return map("name", MODULE, "mountPath", Deployment.MODULE_DIRECTORY, "readOnly", true);
	}

	/**
	 * Add the module to a pod of the cluster. An init container replaces references by
	 * values of the secret, so that they are in no object but that.
	 * @param pod specification of the pod
	 * @return the volumes of the pod, for others
	 */
	List<Object> addModule(Map<String, Object> pod) {
		List<Object> volumes = new ArrayList<>();
		Map<String, Object> configMap = map("name", moduleName());
		if (this.deployment.module().references().isEmpty()) {
			volumes.add(map("name", MODULE, "configMap", configMap));
		}
		else {
			volumes.add(map("name", MODULE, "emptyDir", map("medium", "Memory")));
			volumes.add(map("name", TEMPLATE, "configMap", configMap));
			pod.put("initContainers", list(moduleContainer()));
		}
		if (this.deployment.hasVolume()) {
			volumes.add(map("name", "checkpoints", "persistentVolumeClaim", map("claimName", claimName())));
		}
		pod.put("volumes", volumes);
		return volumes;
	}

	private Map<String, Object> moduleContainer() {
		List<String> references = this.deployment.module().references();
		List<Object> environment = new ArrayList<>();
		references.forEach((name) -> environment.add(fromSecret(name)));
		String names = references.stream().map((name) -> "${" + name + "}").collect(Collectors.joining(" "));
		return map("name", MODULE, "image", this.deployment.clusterImage(), "command",
				list("sh", "-c", "envsubst '" + names + "' < /module-template/module.yaml > " + Deployment.MODULE_FILE),
				"env", environment, "volumeMounts",
				list(map("name", TEMPLATE, "mountPath", "/module-template", "readOnly", true),
						map("name", MODULE, "mountPath", Deployment.MODULE_DIRECTORY)));
	}

	List<String> comments(String checked) {
		List<String> comments = this.deployment.comments(checked);
		if (!this.deployment.module().references().isEmpty()) {
			comments.add("Create the Secret first: kubectl -n " + this.deployment.settings().namespace()
					+ " create secret generic " + secretName()
					+ this.deployment.module()
						.references()
						.stream()
						.map((name) -> " --from-literal=" + name + "=…")
						.collect(Collectors.joining()));
		}
		return comments;
	}

	private String claimName() {
		return this.deployment.name() + "-checkpoints";
	}

	List<Object> clusterMounts() {
		List<Object> mounts = list(moduleMount());
		if (this.deployment.hasVolume()) {
			mounts.add(map("name", "checkpoints", "mountPath", Deployment.CHECKPOINTS));
		}
		return mounts;
	}

	/**
	 * Return the objects that a cluster needs beside its pods: an account that may use
	 * ConfigMaps for high availability, and the volume of checkpoints.
	 * @param verbs what the account may do to pods and ConfigMaps
	 * @param resources names of resources of the API groups, by group
	 * @return the objects
	 */
	List<Map<String, Object>> clusterObjects(List<String> verbs, Map<String, List<String>> resources) {
		String account = accountName();
		Map<String, Object> role = object("rbac.authorization.k8s.io/v1", "Role", account);
		List<Object> rules = new ArrayList<>();
		resources.forEach((group, names) -> rules
			.add(map("apiGroups", list(group), "resources", new ArrayList<>(names), "verbs", new ArrayList<>(verbs))));
		role.put("rules", rules);
		Map<String, Object> binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", account);
		binding.put("roleRef", map("apiGroup", "rbac.authorization.k8s.io", "kind", "Role", "name", account));
		binding.put("subjects", list(
				map("kind", "ServiceAccount", "name", account, "namespace", this.deployment.settings().namespace())));
		List<Map<String, Object>> objects = list(object("v1", "ServiceAccount", account), role, binding);
		if (this.deployment.hasVolume()) {
			Map<String, Object> claim = object("v1", "PersistentVolumeClaim", claimName());
			claim.put("spec",
					map("accessModes", list("ReadWriteMany"), "resources", map("requests", map("storage", "10Gi"))));
			objects.add(claim);
		}
		return objects;
	}

	String accountName() {
		return this.deployment.name() + "-flink";
	}

}
