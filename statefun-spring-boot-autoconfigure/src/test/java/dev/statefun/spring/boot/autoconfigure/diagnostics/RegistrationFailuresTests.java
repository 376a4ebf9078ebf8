package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.client.FunctionClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tests for the failure analyses of duplicate functions and registrations by code.
 */
class RegistrationFailuresTests {

	private static final String FORM = "Write it in the form '<namespace>/<name>', with both parts non-empty.";

	private static final String UNMAPPED = "Mark it with @MessageType(\"<namespace>/<name>\"), "
			+ "add a MessageCodec that takes it, or use a protobuf message, boolean, int, long, float, double, "
			+ "String or google.protobuf.Any instead.";

	private static final String MILLISECOND = "Give a time of at least one millisecond.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				new StartUpFailure("duplicate", Duplicates.class,
						"Function 'test/same' is declared by bean 'first' and by bean 'second'.",
						"Give one of them another function type, or remove one."),
				new StartUpFailure("bean and customizer", BeanAndCustomizer.class,
						"Function 'test/same' is declared by bean 'first' and by handler "
								+ "'lambda in RegistrationFailuresTests$BeanAndCustomizer'.",
						"Give one of them another function type, or remove one."),
				new StartUpFailure("client without gateway", ClientWithoutGateway.class,
						"Parameter 0 of method greeting in " + ClientWithoutGateway.class.getName()
								+ " requires a FunctionClient, which needs a gateway to send requests to; there is none.",
						"Set 'statefun.gateway.enabled' to true for a gateway of this application, or "
								+ "'statefun.client.gateway' to the name of another application's gateway."),
				new StartUpFailure("bad type by code", BadTypeByCode.class, "Function type 'no-slash' is not valid.",
						FORM),
				new StartUpFailure("state twice by code", StateTwiceByCode.class,
						"Function 'test/code' declares state 'total' twice.", "Give one of the states another name."),
				new StartUpFailure("ttl by code", TtlByCode.class, "A state can't expire after PT0S.", MILLISECOND),
				new StartUpFailure("reserved state by code", ReservedByCode.class,
						"State name 'request-state' is used by the cluster itself, so the state would fail the job.",
						"Choose another name for the state."),
				new StartUpFailure("unmapped state by code", UnmappedByCode.class,
						"Handler 'lambda in RegistrationFailuresTests$UnmappedByCode' can't be served as a stateful function: state 'total': "
								+ "No mapping for type 'java.net.URI'.",
						UNMAPPED));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@StatefulFunction("test/same")
	static class Counter {

		@Handler
		void on(int message) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Duplicates {

		@Bean
		@StatefulFunction("test/same")
		Counter first() {
			return new Counter();
		}

		@Bean
		@StatefulFunction("test/same")
		Counter second() {
			return new Counter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanAndCustomizer {

		@Bean
		@StatefulFunction("test/same")
		Counter first() {
			return new Counter();
		}

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(FunctionSpec.of("test/same"), (context, message) -> {
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BadTypeByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(FunctionSpec.of("no-slash"), (context, message) -> {
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StateTwiceByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(
					FunctionSpec.of("test/code").state("total", Integer.class).state("total", Long.class),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TtlByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(
					FunctionSpec.of("test/code").state("total", Integer.class, Expiration.afterWrite(Duration.ZERO)),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReservedByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(
					FunctionSpec.of("test/code").state(ValueSpec.of("request-state", Integer.class)),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnmappedByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(FunctionSpec.of("test/code").state("total", URI.class),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClientWithoutGateway {

		@Bean
		String greeting(FunctionClient client) {
			return client.toString();
		}

	}

}
