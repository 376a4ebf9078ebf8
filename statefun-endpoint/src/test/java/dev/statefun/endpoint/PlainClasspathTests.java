package dev.statefun.endpoint;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;

import com.google.protobuf.Message;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.apache.commons.logging.Log;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the SDK and commons-logging are all that this module needs.
 */
class PlainClasspathTests {

	@Test
	void requestIsAnswered() throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("org.springframework.util.Assert"));
			assertThat(loader.loadClass(PlainEndpoint.class.getName()).getMethod("run").invoke(null))
				.isEqualTo("200, 500, 403");
		}
	}

	private static URLClassLoader loader() {
		URL[] classPath = Stream
			.of(PlainEndpoint.class, Endpoint.class, StatefulFunctions.class, Message.class, Log.class)
			.map((type) -> type.getProtectionDomain().getCodeSource().getLocation())
			.toArray(URL[]::new);
		return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
	}

}
