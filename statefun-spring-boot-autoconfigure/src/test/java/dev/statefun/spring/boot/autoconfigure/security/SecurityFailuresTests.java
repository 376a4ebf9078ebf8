package dev.statefun.spring.boot.autoconfigure.security;

import java.util.Objects;

import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for security settings that stop the start-up.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecurityFailuresTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, StatefunAutoConfiguration.class,
				StatefunWebMvcAutoConfiguration.class, StatefunSecurityAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "tooShort-0815", "0123456789-with/slash", "0123456789-with space", "0123456789-mit-ä" })
	void invalidSecretIsNotShown(String secret, CapturedOutput output) {
		this.contextRunner.withPropertyValues("statefun.security.secret=" + secret).run((context) -> {
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				assertThat(cause.toString()).doesNotContain(secret);
			}
			assertThat(analysis(failure).getDescription()).startsWith("'statefun.security.secret' has ");
			assertThat(analysis(failure).getAction()).isEqualTo("Set it to at least 16 random letters, digits, '-', "
					+ "'.', '_' or '~': 'openssl rand -hex 32' makes such.");
		});
		assertThat(output).doesNotContain(secret);
	}

	@Test
	void emptySecretIsInvalid() {
		requireFailure("'statefun.security.secret' has 0 characters; expected at least 16.", "Set it to at least 16 ",
				"statefun.security.secret=");
	}

	@Test
	void secretAtTheRootPathIsRejected() {
		requireFailure(
				"'statefun.security.secret' is set, and 'statefun.path' is '/', so that the whole application would lie "
						+ "behind the secret.",
				"Set 'statefun.path' to a path of its own", "statefun.path=/",
				"statefun.security.secret=0123456789abcdef");
	}

	@Test
	void failureOfAnotherPropertyDoesNotShowTheSecret(CapturedOutput output) {
		requireFailure(
				"'statefun.security.allowed-addresses': 'localhost' is no address and no range of addresses, such as "
						+ "'10.0.0.0/8' or 'fd00::/8'.",
				"Write addresses in numbers, and ranges with the number of bits that they share",
				"statefun.security.secret=0123456789abcdef", "statefun.security.allowed-addresses=10.0.0.1,localhost");
		this.contextRunner
			.withPropertyValues("statefun.security.secret=0123456789abcdef", "statefun.security.csrf.enabled=perhaps")
			.run((context) -> {
				assertThat(context).hasFailed();
				for (Throwable cause = context.getStartupFailure(); cause != null; cause = cause.getCause()) {
					assertThat(cause.toString()).doesNotContain("0123456789abcdef");
				}
			});
		assertThat(output).doesNotContain("0123456789abcdef");
	}

	@Test
	void emptyAddressListIsInvalid() {
		requireFailure("'statefun.security.allowed-addresses' is empty, so that no cluster could call.",
				"List the addresses that clusters call from, or remove it.", "statefun.security.allowed-addresses=");
	}

	@Test
	void addressesRequireUnchangedRemoteAddresses() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.apache.catalina", "org.springframework.boot.tomcat"))
			.withPropertyValues("statefun.security.allowed-addresses=10.0.0.1",
					"server.forward-headers-strategy=native")
			.run((context) -> assertThat(analysis(Objects.requireNonNull(context.getStartupFailure())).getAction())
				.startsWith("Set 'server.forward-headers-strategy' to 'framework' or 'none'"));
	}

	@Test
	void portSettingsRequireAPort() {
		requireFailure(
				"'statefun.server.address' or 'statefun.server.ssl.bundle' is set, but 'statefun.server.port' is "
						+ "not, so that there is no port that they could be for.",
				"Set 'statefun.server.port', or remove ", "statefun.server.ssl.bundle=mine");
		requireFailure("'statefun.server.address' or ", "Set 'statefun.server.port', or remove ",
				"statefun.server.address=127.0.0.1");
		requireFailure("'statefun.server.ssl.client-auth' is set, but 'statefun.server.ssl.bundle' is not",
				"Set 'statefun.server.ssl.bundle', or remove", "statefun.server.port=0",
				"statefun.server.ssl.client-auth=need");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "65536" })
	void portMustBeInRange(String port) {
		this.contextRunner.withPropertyValues("statefun.server.port=" + port)
			.run((context) -> assertThat(
					NestedExceptionUtils.getMostSpecificCause(Objects.requireNonNull(context.getStartupFailure())))
				.hasMessage("'statefun.server.port' is " + port + "; expected 0 to 65535"));
	}

	private void requireFailure(String description, String action, String... properties) {
		this.contextRunner.withPropertyValues(properties).run((context) -> {
			FailureAnalysis analysis = analysis(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).startsWith(description);
			assertThat(analysis.getAction()).startsWith(action);
		});
	}

	private static FailureAnalysis analysis(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof FailureAnalyzedException analyzed) {
				return analyzed.analysis();
			}
		}
		throw new AssertionError("failed without an action", failure);
	}

}
