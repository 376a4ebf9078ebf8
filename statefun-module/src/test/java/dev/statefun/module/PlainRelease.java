package dev.statefun.module;

import java.util.List;

import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateManifest;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Uses the module with the class path that it has by itself.
 */
public final class PlainRelease {

	private PlainRelease() {
	}

	/**
	 * Generate and verify both forms of a module, and compare manifests.
	 * @return what was found
	 */
	public static List<String> run() {
		StatefulFunctions functions = functions(int.class);
		ModuleGenerator generator = new ModuleGenerator(functions, ModuleSettings.of("http://adder:8080/statefun"));
		ModuleVerifier verifier = ModuleVerifier.of(functions).path("/statefun");
		List<StateChange> changes = StateManifest.of(functions(long.class)).changesSince(StateManifest.of(functions));
		return List.of(verifier.verify(generator.generate(ModuleFormat.V2)).toString(),
				verifier.verify(generator.generate(ModuleFormat.V3)).toString(), changes.get(0).kind().toString(),
				StateManifest.fingerprint(functions));
	}

	private static StatefulFunctions functions(Class<?> state) {
		return StatefulFunctions.builder()
			.register(FunctionSpec.of("example/adder").state("sum", state), (context, message) -> {
			})
			.build();
	}

}
