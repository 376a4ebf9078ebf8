package dev.statefun.spring.boot.autoconfigure;

import java.util.Objects;

import com.google.protobuf.Message;
import com.google.protobuf.RuntimeVersion;
import com.google.protobuf.RuntimeVersion.RuntimeDomain;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for generated protobuf code that needs a newer protobuf-java. What the generated
 * classes here do when they are loaded is what protoc writes into them.
 */
class ProtobufVersionTests {

	private static final String RUNTIME = RuntimeVersion.OSS_MAJOR + "." + RuntimeVersion.OSS_MINOR + "."
			+ RuntimeVersion.OSS_PATCH;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class));

	@Test
	void messageOfAHandlerSaysWhichVersionToGenerateWith() {
		this.contextRunner.withUserConfiguration(TakesNewer.class).run((context) -> {
			FailureAnalysis analysis = FailureAnalyzersTests
				.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription())
				.isEqualTo("Bean 'protobufVersionTests.TakesNewer' can't be served as a "
						+ "stateful function: handler 'TakesNewer.on(Newer)': '" + Newer.class.getName()
						+ "' can't be loaded: "
						+ "Detected incompatible Protobuf Gencode/Runtime versions when loading Newer: gencode 4.99.0, runtime "
						+ RUNTIME + ". Runtime version cannot be older than the linked gencode version.");
			assertThat(analysis.getAction()).isEqualTo("Generate it with protoc " + RUNTIME
					+ ", the version of protobuf-java that runs here, or run the version of protobuf-java that it was "
					+ "generated for.");
		});
	}

	@Test
	void messageOfAnyBeanDoesSoToo() {
		this.contextRunner.withUserConfiguration(LoadsNewer.class).run((context) -> {
			FailureAnalysis analysis = FailureAnalyzersTests
				.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).startsWith(
					"A generated protobuf class can't be loaded: Detected incompatible Protobuf Gencode/Runtime "
							+ "versions when loading AlsoNewer: gencode 4.99.0, runtime " + RUNTIME);
			assertThat(analysis.getAction()).isEqualTo("Generate the class with protoc " + RUNTIME
					+ ", the version of protobuf-java that runs here (with Spring Boot's parent: protocVersion "
					+ "${protobuf-java.version}), or set the property 'protobuf-java.version' to protoc's version.");
		});
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

	static final class AlsoNewer {

		static final int VALIDATED = validate("AlsoNewer");

		private AlsoNewer() {
		}

	}

	@StatefulFunction("test/function")
	static class TakesNewer {

		@Handler
		void on(Newer message) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LoadsNewer {

		@Bean
		Integer version() {
			return AlsoNewer.VALIDATED;
		}

	}

}
