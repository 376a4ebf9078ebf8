package dev.statefun.module;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;

import com.google.protobuf.Message;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the sdk and SnakeYAML are all that this module needs, unless manifests are
 * read and written.
 */
class PlainClasspathTests {

	@Test
	void modulesAreGeneratedAndVerifiedAndManifestsCompared() throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("tools.jackson.databind.json.JsonMapper"));
			assertThat(loader.loadClass(PlainRelease.class.getName()).getMethod("run").invoke(null))
				.asInstanceOf(InstanceOfAssertFactories.LIST)
				.startsWith("", "", "TYPE_CHANGED");
		}
	}

	private static URLClassLoader loader() {
		URL[] classPath = Stream
			.of(PlainRelease.class, ModuleGenerator.class, StatefulFunctions.class, Message.class, Yaml.class)
			.map((type) -> type.getProtectionDomain().getCodeSource().getLocation())
			.toArray(URL[]::new);
		return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
	}

}
