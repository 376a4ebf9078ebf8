package dev.statefun.spring.boot.autoconfigure.local;

import dev.statefun.spring.boot.autoconfigure.internal.ForbiddenProfiles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Stops the start-up if the local runtime is enabled where it is forbidden or missing.
 */
final class LocalRuntimeGuard {

	LocalRuntimeGuard(StatefunLocalRuntimeProperties properties, Environment environment,
			@Nullable ClassLoader classLoader) {
		if (!environment.getProperty("statefun.local-runtime.enabled", Boolean.class, false)) {
			throw new FailureAnalyzedException(
					"The local runtime was enabled when this application was processed ahead of time, "
							+ "and 'statefun.local-runtime.enabled' is not true now.",
					"Process the application again without the profile or property that enables the local runtime.");
		}
		String forbidden = ForbiddenProfiles.activeOf(properties.forbiddenProfiles(), environment);
		if (forbidden != null) {
			throw new FailureAnalyzedException(
					"The local runtime is enabled, but the profile '" + forbidden
							+ "' is active: it keeps states in this process and is not for production.",
					"Remove 'statefun.local-runtime.enabled=true' and let a StateFun cluster call this service, "
							+ "or change 'statefun.local-runtime.forbidden-profiles' if '" + forbidden
							+ "' is a profile for development.");
		}
		if (!ClassUtils.isPresent("dev.statefun.local.LocalRuntime", classLoader)) {
			throw new FailureAnalyzedException(
					"'statefun.local-runtime.enabled' is true, but the local runtime is not on the class path.",
					"Add the dependency 'dev.statefun:statefun-local-runtime', or remove the property.");
		}
	}

}
