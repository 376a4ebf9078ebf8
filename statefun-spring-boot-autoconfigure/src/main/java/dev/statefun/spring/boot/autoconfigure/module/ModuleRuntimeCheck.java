package dev.statefun.spring.boot.autoconfigure.module;

import java.util.Locale;

import dev.statefun.module.ModuleFormat;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Stops the start-up if the format of module.yaml is not that of the runtime.
 */
final class ModuleRuntimeCheck implements InitializingBean {

	private final StatefunModuleProperties module;

	ModuleRuntimeCheck(StatefunModuleProperties module) {
		this.module = module;
	}

	@Override
	public void afterPropertiesSet() {
		check(this.module);
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
