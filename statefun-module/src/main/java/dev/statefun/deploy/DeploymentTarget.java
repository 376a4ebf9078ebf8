package dev.statefun.deploy;

import java.util.Locale;

/**
 * Environment that deployment files are for.
 *
 * @since 0.1.0
 */
public enum DeploymentTarget {

	/** Docker Compose, with a Kafka broker: for one machine. */
	COMPOSE,

	/** Kubernetes, with Flink as Deployments and Kustomize. */
	KUBERNETES,

	/** Kubernetes, with Flink by the Flink Kubernetes Operator. */
	FLINK_OPERATOR,

	/** Flink as JVMs, without containers. */
	STANDALONE;

	/**
	 * Return whether the application and the cluster reach each other by names of
	 * services.
	 * @return whether they run in containers
	 */
	public boolean isContainers() {
		return this != STANDALONE;
	}

	/**
	 * Return the name in lower case.
	 * @return the value of {@code statefun.deploy.target}
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
