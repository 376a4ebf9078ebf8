package dev.statefun.benchmarks.fork;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ClassPathTests {

	// The jar of the benchmarks names all others, the local runtime among them
	@Test
	void jarDoesNotContainTheJarsInItsManifest(@TempDir Path directory) throws Exception {
		Path sdk = Path.of(StatefulFunctions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, sdk.toUri().toString());
		Path jar = directory.resolve("benchmarks.jar");
		new JarOutputStream(Files.newOutputStream(jar), manifest).close();
		assertThat(ClassPath.has(sdk, "dev/statefun/sdk/")).isTrue();
		assertThat(ClassPath.has(jar, "dev/statefun/sdk/")).isFalse();
		assertThat(ClassPath.references(jar)).containsExactly(sdk);
	}

	@Test
	void entriesHoldProgramsAndLibraries() throws Exception {
		assertThat(ClassPath.entries())
			.anySatisfy((entry) -> assertThat(ClassPath.has(entry, "dev/statefun/sdk/")).isTrue())
			.anySatisfy((entry) -> assertThat(ClassPath.has(entry, "dev/statefun/benchmarks/")).isTrue());
	}

}
