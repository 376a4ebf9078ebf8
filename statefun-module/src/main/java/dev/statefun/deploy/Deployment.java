package dev.statefun.deploy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.statefun.module.ModuleRuntime;
import dev.statefun.module.ModuleTemplate;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * One deployment: settings and module, with the names derived from them.
 *
 * @param settings the settings
 * @param traits the runtime
 * @param module module.yaml, with references in place of secrets
 */
record Deployment(DeploymentSettings settings, RuntimeTraits traits, ModuleTemplate module) {

	static final String MODULE_DIRECTORY = "/opt/statefun/modules/application";

	static final String MODULE_FILE = MODULE_DIRECTORY + "/module.yaml";

	static final String CONFIG_DIRECTORY = "/opt/flink/conf/";

	/** Namespace of the functions that clients outside of the cluster reach. */
	private static final String GATEWAYS = "statefun.gateway/";

	static final String CHECKPOINTS = "/flink-data";

	/** Seconds between the end of new traffic and the signal to stop. */
	static final int PRE_STOP = 5;

	/** Seconds that the application takes to stop, besides its phases. */
	private static final int REST = 10;

	String name() {
		return this.settings.name();
	}

	DeploymentSettings.Application application() {
		return this.settings.application();
	}

	DeploymentSettings.Cluster cluster() {
		return this.settings.cluster();
	}

	String clusterImage() {
		String own = this.settings.cluster().image();
		return (own != null) ? own : this.traits.image();
	}

	String jobManager() {
		return name() + "-jobmanager";
	}

	String taskManager() {
		return name() + "-taskmanager";
	}

	// Requests in flight get one phase while new ones are refused, and a second one while
	// the server closes (docs/reference/traffic.md)
	long drainSeconds() {
		return 2 * this.settings.application().shutdownPhase().toSeconds() + REST;
	}

	boolean hasVolume() {
		return this.settings.cluster().checkpoints() == null;
	}

	String checkpoints() {
		String uri = this.settings.cluster().checkpoints();
		return (uri != null) ? uri.replaceAll("/+$", "") : "file://" + CHECKPOINTS;
	}

	boolean isReferenced(String variable) {
		return this.module.references().contains(variable);
	}

	boolean hasGateway() {
		return this.module.text().contains(GATEWAYS);
	}

	String moduleChecksum() {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256")
					.digest(this.module.text().getBytes(StandardCharsets.UTF_8)))
				.substring(0, 16);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	String operatorVersion() {
		String version = this.traits.operatorVersion();
		if (version == null) {
			throw new InvalidDeclarationException("Found the runtime '" + this.traits.runtime()
					+ "' for Kubernetes, where its Flink has no high "
					+ "availability: a JobManager that restarts would lose all states; expected another runtime",
					"Set 'statefun.module.runtime' to a runtime of 3.x, or 'statefun.deploy.target' to 'compose' "
							+ "or 'standalone'",
					null);
		}
		return version;
	}

	// The operator starts Flink by its own scripts, which the image of StateFun replaces
	// by
	// scripts that know only its services
	void requireImageForOperator() {
		if (this.traits.ownEntryPoint() && this.settings.cluster().image() == null) {
			throw new InvalidDeclarationException("Found the image '" + this.traits.image() + "' of the runtime '"
					+ this.traits.runtime() + "' for the Flink Kubernetes Operator, which can't start it: the image "
					+ "replaces scripts of Flink that the operator runs; expected an image of Flink itself with the jars "
					+ "of StateFun in it",
					"Build an image from Flink's, for example 'flink:1.16.2' for 'apache-3.3', with the jars of StateFun in "
							+ "'/opt/flink/lib', and set 'statefun.deploy.runtime-image' to it; or set "
							+ "'statefun.deploy.target' to 'kubernetes'",
					null);
		}
	}

	List<String> comments(String checked) {
		List<String> comments = new ArrayList<>(List.of("Written by the application for the runtime "
				+ this.traits.runtime() + "; replaced when it is " + "written again.", checked));
		ModuleRuntime runtime = this.traits.runtime();
		if (runtime == ModuleRuntime.KZMLABS) {
			comments.add("This runtime was tried by hand, built from its public sources, without its image. It needs "
					+ "Java 21. It skips Kafka records without key or value unless the module says otherwise: alert on "
					+ "numInvalidRecordsSkipped.");
		}
		else if (runtime == ModuleRuntime.FRANSKING) {
			comments.add("This runtime was not run; the image is the one that its repository builds.");
		}
		if (!this.module.references().isEmpty()) {
			comments.add("Values to give, none of which is in these files: "
					+ String.join(", ", this.module.references()) + ".");
		}
		return comments;
	}

}
