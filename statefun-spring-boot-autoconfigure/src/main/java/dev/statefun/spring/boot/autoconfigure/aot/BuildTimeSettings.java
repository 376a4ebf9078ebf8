package dev.statefun.spring.boot.autoconfigure.aot;

import javax.lang.model.element.Modifier;

import org.springframework.aot.generate.GeneratedMethods;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.generate.MethodReference;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;

/**
 * Properties that have determined the beans when the application was processed ahead of
 * time. Changing them later would have no effect, so it stops the start-up. Restrictions
 * of the endpoint are not included: their beans are always there.
 *
 * @param enabled whether functions are served
 * @param localRuntime whether there is a local runtime
 */
record BuildTimeSettings(boolean enabled, boolean localRuntime) {

	private static final String ENABLED = "statefun.enabled";

	private static final String LOCAL_RUNTIME = "statefun.local-runtime.enabled";

	static BuildTimeSettings of(Environment environment) {
		return new BuildTimeSettings(environment.getProperty(ENABLED, Boolean.class, true),
				environment.getProperty(LOCAL_RUNTIME, Boolean.class, false));
	}

	// Called by generated code
	static void requireUnchanged(Environment environment, boolean enabled, boolean localRuntime) {
		BuildTimeSettings now = of(environment);
		requireSame(ENABLED, enabled, now.enabled());
		// The opposite is checked by the runtime's guard, which a command does not
		// need
		if (now.localRuntime()) {
			requireSame(LOCAL_RUNTIME, localRuntime, true);
		}
	}

	private static void requireSame(String property, boolean processed, boolean now) {
		if (processed != now) {
			throw new FailureAnalyzedException(
					"'" + property + "' is " + now + ", but was " + processed
							+ " when this application was processed ahead of time, which has decided about its beans.",
					"Set it to " + processed + ", process the application again with '" + property + "=" + now
							+ "' set, or start it without 'spring.aot.enabled'.");
		}
	}

	MethodReference check(GenerationContext context) {
		GeneratedMethods methods = context.getGeneratedClasses()
			.addForFeatureComponent("Check", BuildTimeSettings.class,
					(type) -> type.addModifiers(Modifier.PUBLIC)
						.addJavadoc("Checks that settings are those which the application was processed with."))
			.getMethods();
		return methods
			.add("requireUnchanged",
					(method) -> method.addModifiers(Modifier.PUBLIC, Modifier.STATIC)
						.addParameter(Environment.class, "environment")
						.addStatement("$T.requireUnchanged(environment, $L, $L)", BuildTimeSettings.class, this.enabled,
								this.localRuntime))
			.toMethodReference();
	}

}
