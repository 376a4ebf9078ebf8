package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.protobuf.Message;
import com.google.protobuf.RuntimeVersion;
import com.google.protobuf.RuntimeVersion.RuntimeDomain;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a message class that was generated for a newer protobuf-java. Its static
 * initializer equals the one that protoc generates.
 */
class ProtobufVersionTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class));

	@Test
	void outdatedMessageClassIsReportedWithTheVersionToUse() {
		this.contextRunner.withUserConfiguration(TakesNewer.class).run((context) -> {
			FailureAnalysis analysis = StartUpFailure.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription())
				.isEqualTo("Bean 'protobufVersionTests.TakesNewer' can't be served as a "
						+ "stateful function: handler 'TakesNewer.on(Newer)': '" + Newer.class.getName()
						+ "' can't be loaded: "
						+ "Detected incompatible Protobuf Gencode/Runtime versions when loading Newer: gencode 4.99.0, runtime "
						+ runtimeVersion() + ". Runtime version cannot be older than the linked gencode version.");
			assertThat(analysis.getAction())
				.isEqualTo("Generate it with the protoc of the protobuf-java version that runs "
						+ "here, or run the version of protobuf-java that it was generated for.");
		});
	}

	// By reflection: the compiler would inline the constants of its own version
	static String runtimeVersion() {
		return Stream.of("OSS_MAJOR", "OSS_MINOR", "OSS_PATCH")
			.map((name) -> String.valueOf(ReflectionTestUtils.getField(RuntimeVersion.class, name)))
			.collect(Collectors.joining("."));
	}

	private static int validate(String type) {
		RuntimeVersion.validateProtobufGencodeVersion(RuntimeDomain.PUBLIC, RuntimeVersion.OSS_MAJOR, 99, 0, "", type);
		return 0;
	}

	public interface Newer extends Message {

		int VALIDATED = validate("Newer");

		static Newer getDefaultInstance() {
			throw new IllegalStateException("not loaded: " + VALIDATED);
		}

	}

	@StatefulFunction("test/function")
	static class TakesNewer {

		@Handler
		void on(Newer message) {
		}

	}

}
