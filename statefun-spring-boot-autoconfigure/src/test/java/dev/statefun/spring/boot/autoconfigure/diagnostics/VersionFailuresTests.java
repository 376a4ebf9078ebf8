package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.stream.Stream;

import com.google.protobuf.RuntimeVersion;
import com.google.protobuf.RuntimeVersion.RuntimeDomain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tests for the failure analyses of incompatible versions of libraries.
 */
class VersionFailuresTests {

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				new StartUpFailure("generated for a newer protobuf", LoadsNewer.class,
						"A generated protobuf class can't be loaded: Detected incompatible Protobuf Gencode/Runtime "
								+ "versions when loading Newer: gencode " + RuntimeVersion.OSS_MAJOR + ".99.0, runtime "
								+ ProtobufVersionTests.runtimeVersion()
								+ ". Runtime version cannot be older than the linked gencode version.",
						"Generate the class with the protoc of the protobuf-java version that runs here (with Spring "
								+ "Boot's parent: protocVersion ${protobuf-java.version}), or set the property "
								+ "'protobuf-java.version' to protoc's version."),
				new StartUpFailure("former Spring Boot", OnFormerSpringBoot.class,
						"The application runs on Spring Boot 4.0.9; stateful functions need Spring Boot 4.1 or newer.",
						"Set the version of Spring Boot to 4.1 or newer: that of the parent "
								+ "'spring-boot-starter-parent', of the imported 'spring-boot-dependencies', or of the "
								+ "Gradle plugin 'org.springframework.boot'."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@Configuration(proxyBeanMethods = false)
	static class OnFormerSpringBoot {

		@Bean
		String former() {
			SpringBootVersionCheck.require("4.0.9");
			return "accepted";
		}

	}

	/**
	 * Acts like a class that protoc has generated for a newer protobuf.
	 */
	@Configuration(proxyBeanMethods = false)
	static class LoadsNewer {

		@Bean
		String newer() {
			try {
				RuntimeVersion.validateProtobufGencodeVersion(RuntimeDomain.PUBLIC, RuntimeVersion.OSS_MAJOR, 99, 0, "",
						"Newer");
				return "loaded";
			}
			catch (RuntimeException ex) {
				throw new ExceptionInInitializerError(ex);
			}
		}

	}

}
