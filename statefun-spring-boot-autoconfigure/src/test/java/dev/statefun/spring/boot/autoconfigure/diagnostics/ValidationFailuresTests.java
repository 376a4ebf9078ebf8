package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.registry.MessageValidator;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.validation.StatefunValidationAutoConfiguration;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for the failure analyses of validation without a usable validator.
 */
class ValidationFailuresTests {

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		String marked = "Bean '%s' can't be served as a stateful function: handler 'Validated.on(int)': "
				+ "the message is marked with @Valid, but ";
		String imported = marked.replace("%s", Validated.class.getName());
		return Stream.of(
				StartUpFailure.of(Validated.class, marked + "there is no Validator bean.",
						"Add the dependency 'org.springframework.boot:spring-boot-starter-validation', or declare a "
								+ "MessageValidator bean."),
				StartUpFailure.of(TwoValidators.class,
						imported + "there are several Validator beans, [first, second], and none of them is primary.",
						"Mark one of them with @Primary, or declare a MessageValidator bean."),
				StartUpFailure.of(TwoMessageValidators.class, imported
						+ "there are several MessageValidator beans, [first, second], and none of them is primary.",
						"Mark one of them with @Primary."),
				StartUpFailure.of(NeitherOfBoth.class, imported + "there is no MessageValidator bean.",
						"Declare one, or let StatefunValidationAutoConfiguration declare it: it uses the Validator bean "
								+ "'validator'."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(
				(failure.configuration() == NeitherOfBoth.class) ? this.contextRunner : this.contextRunner
					.withConfiguration(AutoConfigurations.of(StatefunValidationAutoConfiguration.class)));
	}

	@ParameterizedTest
	@ValueSource(classes = { TwoValidators.class, TwoMessageValidators.class })
	void unusedValidatorsAreFine(Class<?> validators) {
		this.contextRunner.withConfiguration(AutoConfigurations.of(StatefunValidationAutoConfiguration.class))
			.withUserConfiguration(validators)
			.withBean(ValidationIsUnused.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@StatefulFunction("test/validated")
	static class Validated {

		@Handler
		void on(@Valid int message) {
		}

	}

	/**
	 * Removes the function whose messages are validated.
	 */
	static class ValidationIsUnused implements BeanDefinitionRegistryPostProcessor {

		@Override
		public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
			registry.removeBeanDefinition(Validated.class.getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Validated.class)
	static class TwoValidators {

		@Bean
		Validator first() {
			return mock(Validator.class);
		}

		@Bean
		Validator second() {
			return mock(Validator.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Validated.class)
	static class TwoMessageValidators {

		@Bean
		MessageValidator first() {
			return mock(MessageValidator.class);
		}

		@Bean
		MessageValidator second() {
			return mock(MessageValidator.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Validated.class)
	static class NeitherOfBoth {

		@Bean
		Validator validator() {
			return mock(Validator.class);
		}

	}

}
