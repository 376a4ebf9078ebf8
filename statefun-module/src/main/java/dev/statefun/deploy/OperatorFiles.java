package dev.statefun.deploy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes Kubernetes objects of the application, and a FlinkDeployment for the Flink
 * Kubernetes Operator.
 */
final class OperatorFiles extends YamlObjects {

	private static final String CHECKED = "These objects were only checked against the models of Kubernetes and of the "
			+ "operator, with unknown fields refused; they were not run.";

	private final Deployment deployment;

	private final ApplicationObjects application;

	OperatorFiles(Deployment deployment) {
		this.deployment = deployment;
		this.application = new ApplicationObjects(deployment);
		// Fails if there is no high availability
		deployment.operatorVersion();
		deployment.requireImageForOperator();
	}

	Map<String, String> write() {
		Map<String, String> files = new LinkedHashMap<>();
		List<String> comments = this.deployment.comments(CHECKED);
		List<String> first = this.application.comments(CHECKED);
		first.add("Apply them with 'kubectl apply -k .' where the operator runs, in a release that supports the Flink "
				+ "version '" + this.deployment.operatorVersion() + "'. Kubernetes 1.30 or newer.");
		files.put("kustomization.yaml",
				DeploymentYaml.write(first, List.of(map("apiVersion", "kustomize.config.k8s.io/v1beta1", "kind",
						"Kustomization", "resources", list("application.yaml", "module.yaml", "flink.yaml")))));
		files.put("application.yaml", DeploymentYaml.write(comments, this.application.all()));
		files.put("module.yaml", DeploymentYaml.write(comments, List.of(this.application.moduleObject())));
		List<Map<String, Object>> flink = this.application.clusterObjects(
				list("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
				new TreeMap<>(Map.of("", List.of("pods", "configmaps", "services"), "apps",
						List.of("deployments", "deployments/finalizers"))));
		flink.add(flinkDeployment());
		files.put("flink.yaml", DeploymentYaml.write(comments, flink));
		return files;
	}

	private Map<String, Object> flinkDeployment() {
		Map<String, Object> deployment = this.application.object("flink.apache.org/v1beta1", "FlinkDeployment",
				this.deployment.name() + "-flink");
		deployment.put("spec", map("image", this.deployment.clusterImage(), "flinkVersion",
				this.deployment.operatorVersion(), "serviceAccount", this.application.accountName(),
				"flinkConfiguration", configuration(), "podTemplate", podTemplate(), "jobManager",
				map("resource", map("memory", FlinkConfiguration.JOB_MANAGER_MEMORY + "m", "cpu", 1)), "taskManager",
				map("resource", map("memory", FlinkConfiguration.TASK_MANAGER_MEMORY + "m", "cpu", 1), "podTemplate",
						map("metadata", map("labels", this.application.labels(ApplicationObjects.TASK_MANAGER)))),
				"job", job()));
		return deployment;
	}

	// The operator sets addresses, ports and memory itself
	private Map<String, Object> configuration() {
		FlinkConfiguration flink = new FlinkConfiguration(this.deployment.traits());
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("taskmanager.numberOfTaskSlots", "1");
		all.putAll(flink.common());
		all.putAll(FlinkConfiguration.directories(this.deployment.checkpoints()));
		all.putAll(flink.highAvailability(this.deployment.checkpoints()));
		all.putAll(FlinkConfiguration.moduleLocation());
		return all;
	}

	private Map<String, Object> podTemplate() {
		Map<String, Object> pod = map("securityContext", map("fsGroup", 9999), "containers",
				list(map("name", "flink-main-container", "volumeMounts", this.application.clusterMounts())));
		this.application.addModule(pod);
		return map("metadata",
				map("annotations", map("statefun.dev/module-checksum", this.deployment.moduleChecksum())), "spec", pod);
	}

	private Map<String, Object> job() {
		Map<String, Object> job = map("jarURI", "local://" + this.deployment.traits().jobJar());
		if (this.deployment.traits().ownEntryPoint()) {
			job.put("entryClass", RuntimeTraits.JOB_CLASS);
		}
		job.put("parallelism", this.deployment.cluster().taskManagers());
		job.put("state", "running");
		// By the checkpoint: a savepoint under a Kafka ingress failed on Flink 1.16
		job.put("upgradeMode", "last-state");
		return job;
	}

}
