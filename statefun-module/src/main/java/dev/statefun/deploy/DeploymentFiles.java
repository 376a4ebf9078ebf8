package dev.statefun.deploy;

import java.util.Map;
import java.util.Objects;

import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleRuntime;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Generates the files that deploy an application and the cluster that calls it. Immutable
 * and thread-safe.
 *
 * <pre class="code">
 * Map&lt;String, String&gt; files = new DeploymentFiles(settings, modules).generate(DeploymentTarget.KUBERNETES);
 * </pre>
 *
 * @since 0.1.0
 */
public final class DeploymentFiles {

	private final DeploymentSettings settings;

	private final ModuleGenerator modules;

	/**
	 * Create a generator.
	 * @param settings settings that a module.yaml does not have
	 * @param modules writes the module.yaml of the cluster, for the same runtime
	 */
	public DeploymentFiles(DeploymentSettings settings, ModuleGenerator modules) {
		this.settings = Objects.requireNonNull(settings, "'settings' must not be null");
		this.modules = Objects.requireNonNull(modules, "'modules' must not be null");
	}

	/**
	 * Write the files of a target. They contain no value that
	 * {@link ModuleGenerator#masked()} masks, but references to it.
	 * @param target environment of the files
	 * @return texts by file name, always the same for the same settings
	 * @throws InvalidDeclarationException if the runtime can't be deployed there, or its
	 * module.yaml can't be written
	 */
	public Map<String, String> generate(DeploymentTarget target) {
		Objects.requireNonNull(target, "'target' must not be null");
		ModuleRuntime runtime = this.settings.cluster().runtime();
		Deployment deployment = new Deployment(this.settings, RuntimeTraits.of(runtime),
				this.modules.generateTemplate(runtime.format()));
		return switch (target) {
			case COMPOSE -> new ComposeFile(deployment).write();
			case KUBERNETES -> new KubernetesFiles(deployment).write();
			case FLINK_OPERATOR -> new OperatorFiles(deployment).write();
			case STANDALONE -> new StandaloneFiles(deployment).write();
		};
	}

	/**
	 * Write the module.yaml of these files with its values, to check it.
	 * @return the text, which is in none of the files if it has secrets
	 */
	public String module() {
		return this.modules.generate(this.settings.cluster().runtime().format());
	}

}
