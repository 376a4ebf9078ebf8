package dev.statefun.spring.boot.autoconfigure.module;

import java.util.Locale;

import dev.statefun.module.ModuleFormat;
import dev.statefun.spring.boot.autoconfigure.internal.SettingsPresence;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;

/**
 * Stops the start-up if settings of module.yaml or the manifest are not valid. They are
 * bound only if there are any, as a service needs none of them.
 */
final class ModuleSettingsCheck implements InitializingBean {

	private final ObjectProvider<StatefunModuleProperties> module;

	private final ObjectProvider<StatefunManifestProperties> manifest;

	private final Environment environment;

	ModuleSettingsCheck(ObjectProvider<StatefunModuleProperties> module,
			ObjectProvider<StatefunManifestProperties> manifest, Environment environment) {
		this.module = module;
		this.manifest = manifest;
		this.environment = environment;
	}

	@Override
	public void afterPropertiesSet() {
		if (SettingsPresence.isPossible(this.environment, "statefun.module")) {
			check(this.module.getObject());
		}
		if (SettingsPresence.isPossible(this.environment, "statefun.manifest")) {
			this.manifest.getObject();
		}
	}

	/**
	 * Check the format.
	 * @param module settings of the module
	 */
	static void check(StatefunModuleProperties module) {
		if (module.runtime() != null && module.format() != null && module.runtime().format() != module.format()) {
			throw new FailureAnalyzedException(
					"Found 'statefun.module.format' with '" + name(module.format()) + "' for the runtime '"
							+ module.runtime() + "'; expected '" + name(module.runtime().format())
							+ "', as it reads no other form.",
					"Remove 'statefun.module.format', which follows from 'statefun.module.runtime', or correct the "
							+ "runtime.");
		}
	}

	private static String name(ModuleFormat format) {
		return format.name().toLowerCase(Locale.ROOT);
	}

}
