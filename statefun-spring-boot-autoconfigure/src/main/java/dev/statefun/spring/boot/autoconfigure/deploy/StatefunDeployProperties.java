package dev.statefun.spring.boot.autoconfigure.deploy;

import dev.statefun.deploy.DeploymentTarget;
import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for deployment files.
 *
 * @param writeTo Directory to write deployment files to instead of serving.
 * @param target Environment that deployment files are written for.
 * @param name Name of the application's service, at most 40 lower-case letters, digits
 * and hyphens; when not set, 'spring.application.name'.
 * @param namespace Namespace of Kubernetes.
 * @param image Container image of the application.
 * @param replicas Number of instances of the application, 1 to 1000000.
 * @param runtimeImage Container image of the cluster; when not set, that of the runtime.
 * @param taskManagers Number of TaskManagers, 1 to 1000000.
 * @param checkpoints URI of the directory for checkpoints, such as one of an object
 * store; when not set, a volume.
 * @param kafkaAddress Addresses of Kafka's brokers as the cluster reaches them, in place
 * of 'statefun.module.kafka.address'; when not set, a Compose file starts a broker.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.deploy")
public record StatefunDeployProperties(@Nullable String writeTo, @Nullable DeploymentTarget target,
		@Nullable String name, @DefaultValue("default") String namespace, @Nullable String image,
		@DefaultValue("1") int replicas, @Nullable String runtimeImage, @DefaultValue("1") int taskManagers,
		@Nullable String checkpoints, @Nullable String kafkaAddress) {

	/**
	 * Create the properties.
	 * @param writeTo directory to write deployment files to
	 * @param target environment to write them for
	 * @param name name of the application's service
	 * @param namespace namespace of Kubernetes
	 * @param image container image of the application
	 * @param replicas number of instances of the application
	 * @param runtimeImage container image of the cluster
	 * @param taskManagers number of TaskManagers
	 * @param checkpoints URI of the directory for checkpoints
	 * @param kafkaAddress addresses of Kafka's brokers as the cluster reaches them
	 */
	public StatefunDeployProperties {
		PropertyRange.COUNT.check("statefun.deploy.replicas", replicas);
		PropertyRange.COUNT.check("statefun.deploy.task-managers", taskManagers);
	}

}
