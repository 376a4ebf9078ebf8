package dev.statefun.spring.boot.test.autoconfigure;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.test.autoconfigure.app.ByBeanMethod;
import dev.statefun.spring.boot.test.autoconfigure.app.Counting;
import dev.statefun.spring.boot.test.autoconfigure.app.Declared;
import dev.statefun.spring.boot.test.autoconfigure.app.ExampleApplication;
import dev.statefun.spring.boot.test.autoconfigure.app.Order;
import dev.statefun.spring.boot.test.autoconfigure.app.Order.Price;
import dev.statefun.spring.boot.test.autoconfigure.app.Ordering;
import dev.statefun.spring.boot.test.autoconfigure.app.Unrelated;
import dev.statefun.spring.boot.test.autoconfigure.app.Validating;
import dev.statefun.spring.boot.test.autoconfigure.app.Validating.Amount;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.client.GatewayThreads;
import dev.statefun.spring.gateway.function.GatewayFunction;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the contents of the slice.
 */
class StatefulFunctionTestTests {

	private static List<String> functionTypes(StatefulFunctions functions) {
		return functions.functions().stream().map(FunctionDescriptor::type).map(Object::toString).sorted().toList();
	}

	@Nested
	@StatefulFunctionTest(Counting.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	class OneFunction {

		@Autowired
		private ApplicationContext context;

		@Test
		void hasOnlyTheBeansOfTheSlice() {
			List<String> beans = Arrays.stream(this.context.getBeanDefinitionNames())
				.map((name) -> AopUtils.getTargetClass(this.context.getBean(name)).getName())
				.filter((type) -> !type.startsWith("org.springframework.") && !type.startsWith("tools.jackson."))
				.map((type) -> type.substring(type.lastIndexOf('.') + 1))
				.sorted()
				.toList();
			assertThat(beans).containsExactly("BatchTimeLimit", "ConstraintMessageValidator", "Counting", "Dates",
					"Deadlines", "Deciding", "EgressDestinations", "ExampleApplication", "ExecutionCustomizer", "Extra",
					"FailureLog", "HandlerChanges", "InjectedEgresses", "JsonMessageCodecs", "MessageJsonMapper",
					"OwnBeansFirst", "PriceAsText", "RequestReplyHandler", "StatefulFunctionTester",
					"StatefulFunctionTesterAutoConfiguration", "StatefulFunctions", "StatefunAutoConfiguration",
					"StatefunEgressAutoConfiguration", "StatefunEgressProperties", "StatefunExecutionAutoConfiguration",
					"StatefunHeadersProperties", "StatefunJacksonAutoConfiguration", "StatefunProperties",
					"StatefunValidationAutoConfiguration", "Surrounding");
		}

		@Test
		void hasJacksonPlaceholdersAndValidationAndNothingElseOfBoot() {
			List<String> configurations = Arrays.stream(this.context.getBeanDefinitionNames())
				.filter((name) -> name.startsWith("org.springframework.") && name.endsWith("AutoConfiguration"))
				.sorted()
				.toList();
			assertThat(configurations).containsExactly(
					"org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration",
					"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
					"org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration");
		}

		@Test
		void isNotAWebApplication() {
			assertThat(this.context).isNotInstanceOf(WebApplicationContext.class);
		}

		@Test
		void functionHandlesMessages(@Autowired StatefulFunctionTester tester) {
			assertThat(tester.send("x").from("example/door", "1").to("example/count", "joe")).hasReply(1)
				.hasState("seen", 1)
				.hasNothingElse();
		}

		@Test
		void otherFunctionsAreNotUnderTest(@Autowired StatefulFunctions functions) {
			assertThat(functionTypes(functions)).containsExactly("example/count", "example/extra");
		}

	}

	@Nested
	@StatefulFunctionTest
	@ContextConfiguration(classes = ExampleApplication.class)
	class AllFunctions {

		@Test
		void scannedFunctionsAreRegistered(@Autowired StatefulFunctions functions) {
			assertThat(functionTypes(functions)).containsExactly("example/count", "example/extra", "example/order",
					"example/validating");
		}

		@Test
		void jsonOfTheApplicationIsUsed(@Autowired StatefulFunctions functions) throws Exception {
			assertThat(functions.mappings().of(Order.class).codec().encode(new Order(new Price(7)))).asString()
				.isEqualTo("{\"price\":\"7 cents\"}");
		}

		@Test
		void codecsOfTheApplicationAreUsed(@Autowired StatefulFunctions functions) {
			assertThat(functions.mappings().of(LocalDate.class).typename()).isEqualTo("example/Date");
		}

	}

	@Nested
	@StatefulFunctionTest(functions = Declared.class)
	@Import(ByBeanMethod.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	class FunctionsOfBeanMethods {

		@Test
		void areImportedWithTheirConfiguration(@Autowired StatefulFunctions functions) {
			assertThat(functionTypes(functions)).containsExactly("example/declared", "example/extra",
					"example/forward");
		}

	}

	@Nested
	@StatefulFunctionTest(value = Counting.class, properties = { "statefun.protocol=v2", "own=1" },
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Unrelated.class),
			excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = ExampleApplication.class))
	@ContextConfiguration(classes = ExampleApplication.class)
	class Attributes {

		@Test
		void filtersAddComponents(@Autowired Unrelated unrelated) {
			assertThat(unrelated).isNotNull();
		}

		@Test
		void propertiesAreInTheEnvironment(@Autowired Environment environment) {
			assertThat(environment.getProperty("own")).isEqualTo("1");
		}

		@Test
		void testerIsAClusterOfTheConfiguredGeneration(@Autowired StatefulFunctionTester tester) {
			assertThat(tester.send("x").from("example/door", "1").to("example/count", "joe")).hasReply(1);
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> tester.protocol(Protocol.V3).send("x").to("example/count", "joe"))
				.withMessageContaining("3.x");
		}

	}

	@Nested
	@StatefulFunctionTest(value = Validating.class,
			properties = { "statefun.functions.[example/count].max-concurrency=1",
					"statefun.functions.[example/left-out].failure.policy=skip",
					"statefun.failure.retry.max-retries=1" })
	@ContextConfiguration(classes = ExampleApplication.class)
	class WhatIsAroundAFunction {

		@Autowired
		private StatefulFunctionTester tester;

		@Test
		void messagesAreValidated() {
			assertThat(this.tester.send(new Amount(1)).to("example/validating", "joe")).hasState("total", 1);
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> this.tester.send(new Amount(-1)).to("example/validating", "joe"))
				.withStackTraceContaining("InvalidMessageException")
				.withStackTraceContaining("value must be greater than 0");
		}

		@Test
		void interceptorsRun() {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> this.tester.send(new Amount(1)).to("example/validating", "refused"))
				.withStackTraceContaining("refused by the interceptor");
		}

		@Test
		void handlerIsCustomized() {
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> this.tester.send(new Amount(1)).to("example/validating", "refused by the customizer"))
				.withStackTraceContaining("refused by the customizer");
		}

		@Test
		void failurePolicyDecides() {
			assertThat(this.tester.send(new Amount(-1)).to("example/validating", "skipped")).hasNothingElse();
		}

		@Test
		void retriesOfThePropertiesAreMade() {
			assertThat(this.tester.send("flaky").to("example/validating", "joe")).hasState("total", 1);
		}

	}

	@Nested
	@StatefulFunctionTest(value = Counting.class,
			properties = { "statefun.gateway.enabled=true", "statefun.gateway.name=shop" })
	@ContextConfiguration(classes = ExampleApplication.class)
	class OfAnApplicationWithAGateway {

		@Test
		void hasNeitherGatewayNorClient(@Autowired ApplicationContext context) {
			assertThat(
					List.of(GatewayFunction.class, GatewayRequests.class, GatewayThreads.class, FunctionClient.class))
				.allSatisfy((type) -> assertThat(context.getBeanNamesForType(type)).isEmpty());
		}

		@Test
		void testerMakesRequests(@Autowired StatefulFunctionTester tester) {
			assertThat(tester.request("example/count", "joe", "x", Integer.class)).isEqualTo(1);
		}

	}

	@Nested
	@StatefulFunctionTest(useDefaultFilters = false,
			includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Ordering.class))
	@ContextConfiguration(classes = ExampleApplication.class)
	class WithoutDefaultFilters {

		@Test
		void onlyIncludedComponentsArePresent(@Autowired StatefulFunctions functions) {
			assertThat(functionTypes(functions)).containsExactly("example/order");
		}

	}

	@Nested
	@StatefulFunctionTest(Ordering.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	class WithANestedClass {

		@Nested
		class Inner {

			@Test
			void hasTheSameContext(@Autowired StatefulFunctions functions) {
				assertThat(functionTypes(functions)).containsExactly("example/extra", "example/order");
			}

		}

	}

}
