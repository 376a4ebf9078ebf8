package dev.statefun.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateManifest;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleReport;
import dev.statefun.module.ModuleSettings;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * Writes and checks the files of a release without Spring.
 */
final class ReleaseFiles {

	private ReleaseFiles() {
	}

	static void write(StatefulFunctions functions, Path directory) throws IOException {
		ModuleSettings settings = ModuleSettings.of("http://adder:8080/statefun");
		String module = new ModuleGenerator(functions, settings).generate(ModuleFormat.V3);
		Files.writeString(directory.resolve("module.yaml"), module);
		Files.writeString(directory.resolve("states.json"), StateManifest.of(functions).toJson());
	}

	static ModuleReport verify(StatefulFunctions functions, Path module) {
		return ModuleVerifier.of(functions).path("/statefun").verify(module);
	}

	static List<StateChange> breakingChanges(StatefulFunctions functions, Path earlierStates) throws IOException {
		StateManifest earlier = StateManifest.parse(Files.readString(earlierStates));
		return StateManifest.of(functions).changesSince(earlier).stream().filter(StateChange::isBreaking).toList();
	}

}
