package dev.statefun.spring.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.DuplicateFunctionException;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.InvalidFunctionTypeException;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.json.JsonMessageCodecs;
import dev.statefun.spring.testing.LibraryFunction;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatefunAutoConfiguration} and the discovery of beans.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatefunAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunJacksonAutoConfiguration.class,
					JacksonAutoConfiguration.class, StatefunActuatorAutoConfiguration.class));

	private final WebApplicationContextRunner webContextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class,
				StatefunActuatorAutoConfiguration.class));

	@Test
	void annotatedClassIsServed() {
		this.contextRunner.withUserConfiguration(Counter.class).run((context) -> {
			byte[] request = ClusterRequest.v3("test/counter", "joe").intState("total", 40).message(2).toByteArray();
			byte[] reply = context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().get();
			assertThat(ClusterReply.v3(reply).intStates()).containsEntry("total", 42);
		});
	}

	@Test
	void annotationOfTheBeanMethodOverridesThatOfItsClass() {
		this.contextRunner.withUserConfiguration(BeanMethods.class)
			.run((context) -> assertThat(typesOf(context.getBean(StatefulFunctions.class)))
				.containsExactlyInAnyOrder("test/typed", "test/untyped"));
	}

	@Test
	void placeholdersInTheFunctionTypeAreResolved() {
		this.contextRunner.withUserConfiguration(WithPlaceholder.class)
			.withPropertyValues("shop.namespace=eu")
			.run((context) -> assertThat(typesOf(context.getBean(StatefulFunctions.class))).containsExactly("eu/cart"));
	}

	@Test
	void placeholderDoesNotAffectTheBeanName() {
		this.contextRunner.withUserConfiguration(WithBeanName.class)
			.run((context) -> assertThat(context).hasBean("withBeanName").doesNotHaveBean("test/named"));
	}

	@Test
	void adviceRunsWhenTheBeanIsProxied() {
		this.contextRunner.withUserConfiguration(Proxied.class).run((context) -> {
			byte[] request = ClusterRequest.v2("test/proxied", "joe").message(1).toByteArray();
			context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().get();
			assertThat(context.getBean(Advised.class).calls).isEqualTo(1);
		});
	}

	@Test
	void customizersRegisterFunctionsInOrder() {
		this.contextRunner.withUserConfiguration(Customizers.class)
			.run((context) -> assertThat(typesOf(context.getBean(StatefulFunctions.class)))
				.containsExactly("test/first", "test/second"));
	}

	@Test
	void duplicateFunctionTypeStopsTheStartUpAndNamesBothBeans() {
		this.contextRunner.withUserConfiguration(Counter.class, SameTypeAsCounter.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(DuplicateFunctionException.class)
				.rootCause()
				.hasMessageContaining("'test/counter'")
				.hasMessageContaining("statefunAutoConfigurationTests.Counter")
				.hasMessageContaining("statefunAutoConfigurationTests.SameTypeAsCounter");
		});
	}

	@Test
	void badFunctionTypeStopsTheStartUpAndNamesTheBean() {
		this.contextRunner.withUserConfiguration(BadType.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).cause()
				.cause()
				.isInstanceOf(InvalidFunctionTypeException.class)
				.hasMessageContaining("statefunAutoConfigurationTests.BadType")
				.hasMessageContaining("'no-slash'")
				.hasMessageContaining("<namespace>/<name>");
		});
	}

	@Test
	void asyncHandlerStopsTheStartUp() {
		this.contextRunner.withUserConfiguration(AsyncHandler.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("asyncHandler")
				.hasStackTraceContaining("AsyncHandler.on(int)")
				.hasStackTraceContaining("Remove @Async, and return a CompletionStage");
		});
	}

	@Test
	void asyncFunctionHandlerStopsTheStartUp() {
		this.contextRunner.withUserConfiguration(AsyncFunctionHandler.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("AsyncFunctionHandler.handle(Context, Any)")
				.hasStackTraceContaining("Remove @Async");
		});
	}

	@Test
	void asyncClassWithAnInheritedHandlerStopsTheStartUp() {
		this.contextRunner.withUserConfiguration(AsyncCounter.class).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("Remove @Async");
		});
	}

	@Test
	void finalHandlerBehindAProxyStopsTheStartUp() {
		this.contextRunner.withBean(FinalHandler.class, () -> proxyOf(new FinalHandler())).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("it is final");
		});
	}

	@Test
	void packagePrivateHandlerOfAnotherPackageBehindAProxyStopsTheStartUp() {
		this.contextRunner.withBean(OfLibrary.class, () -> proxyOf(new OfLibrary())).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("it is package-private in another package");
		});
	}

	@Test
	void packagePrivateHandlerOfAnotherPackageIsServedWithoutAProxy() {
		this.contextRunner.withUserConfiguration(OfLibrary.class)
			.run((context) -> assertThat(typesOf(context.getBean(StatefulFunctions.class)))
				.containsExactly("test/library"));
	}

	@Test
	void scopedBeanMethodIsServedThroughItsProxy() {
		this.contextRunner.withUserConfiguration(Scoped.class)
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.run((context) -> {
				assertThat(typesOf(context.getBean(StatefulFunctions.class))).containsExactlyInAnyOrder("test/scoped",
						"test/unproxied");
				for (String type : List.of("test/scoped", "test/unproxied")) {
					byte[] request = ClusterRequest.v3(type, "joe").intState("total", 1).message(1).toByteArray();
					byte[] reply = context.getBean(RequestReplyHandler.class)
						.handle(request)
						.toCompletableFuture()
						.get();
					assertThat(ClusterReply.v3(reply).intStates()).containsEntry("total", 2);
				}
			});
	}

	@Test
	void customJsonEncoderTakesPrecedence() {
		this.contextRunner.withBean(JsonEncoder.class, () -> (value) -> "mine".getBytes(StandardCharsets.UTF_8))
			.withUserConfiguration(JsonRecords.class)
			.run((context) -> {
				byte[] request = ClusterRequest.v3("test/records", "1").message(1).toByteArray();
				byte[] reply = context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().get();
				assertThat(ClusterReply.v3(reply).egresses()).singleElement().asString().contains("mine");
			});
	}

	@Test
	void jsonMessageUsesTheApplicationsMapper() {
		this.contextRunner.withUserConfiguration(Cart.class).run((context) -> {
			assertThat(context).hasSingleBean(JsonMessageCodecs.class);
			byte[] request = ClusterRequest.v3("test/cart", "1")
				.message("shop/AddItem", ByteString.copyFromUtf8("{\"sku\":\"tea\",\"quantity\":2}"))
				.toByteArray();
			byte[] reply = context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().get();
			assertThat(ClusterReply.v3(reply).messages())
				.containsExactly("test/stock/tea=shop/AddItem:{\"sku\":\"tea\",\"quantity\":2}");
		});
	}

	@Test
	void jsonMessageWithoutJacksonStopsTheStartUpWithAReason() {
		this.contextRunner.withUserConfiguration(Cart.class)
			.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasRootCauseMessage(("No mapping for type '%s'. "
						+ "Add a MessageCodecFactory that takes types with @MessageType; with the Spring Boot starter "
						+ "a JsonMapper bean is enough.")
					.formatted(AddItem.class.getName()));
			});
	}

	@Test
	void customRegistryTakesPrecedence() {
		this.contextRunner.withBean("own", StatefulFunctions.class, () -> StatefulFunctions.builder().build())
			.withUserConfiguration(Counter.class)
			.run((context) -> assertThat(context).hasSingleBean(StatefulFunctions.class)
				.getBean(StatefulFunctions.class)
				.satisfies((functions) -> assertThat(functions.functions()).isEmpty()));
	}

	@Test
	void disabledApplicationHasNoBeans() {
		this.contextRunner.withPropertyValues("statefun.enabled=false")
			.withUserConfiguration(Counter.class)
			.run((context) -> assertThat(context).doesNotHaveBean(StatefulFunctions.class)
				.doesNotHaveBean(RequestReplyHandler.class)
				.doesNotHaveBean(StatefunProperties.class)
				.doesNotHaveBean(JsonMessageCodecs.class));
	}

	@Test
	void protocolCanBePinned() {
		this.contextRunner.withUserConfiguration(Counter.class)
			.withPropertyValues("statefun.protocol=v2")
			.run((context) -> {
				byte[] request = ClusterRequest.v3("test/counter", "joe").message(2).toByteArray();
				assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture())
					.isCompletedExceptionally();
			});
	}

	@Test
	void invalidProtocolStopsTheStartUp() {
		this.contextRunner.withPropertyValues("statefun.protocol=v4").run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void invalidPathStopsTheStartUp() {
		this.contextRunner.withPropertyValues("statefun.path=/any/**").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining("'statefun.path' is '/any/**'");
		});
	}

	@Test
	void servedFunctionsAreLoggedInOneLineWithTheFullPath(CapturedOutput output) {
		this.webContextRunner.withUserConfiguration(Counter.class, BeanMethods.class)
			.withPropertyValues("server.servlet.context-path=/app", "statefun.path=/functions")
			.run((context) -> assertThat(output).contains(
					"Serving 3 stateful functions at POST /app/functions: [test/counter, test/typed, test/untyped]"));
	}

	@Test
	void unreachableFunctionsCauseAWarning(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Counter.class)
			.run((context) -> assertThat(output).contains("WARN")
				.contains("1 stateful function is registered, but no cluster can reach them: [test/counter]"));
	}

	@Test
	void missingFunctionsCauseAWarning(CapturedOutput output) {
		this.contextRunner
			.run((context) -> assertThat(output).contains("WARN").contains("No stateful functions were found"));
	}

	@Test
	void slashInTheNamespaceCausesAWarning(CapturedOutput output) {
		this.webContextRunner.withUserConfiguration(DeepNamespace.class)
			.run((context) -> assertThat(output)
				.contains("Function 'a/b/c' has a '/' in its namespace, which only clusters of the generation 2.x"));
	}

	@Test
	void mistakesStopTheStartUpDespiteLazyInitialization() {
		this.contextRunner.withUserConfiguration(BadType.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).hasFailed());
	}

	private static List<String> typesOf(StatefulFunctions functions) {
		return functions.functions().stream().map(FunctionDescriptor::type).map(Object::toString).toList();
	}

	@SuppressWarnings("unchecked")
	private static <T> T proxyOf(T target) {
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		return (T) factory.getProxy();
	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@StatefulFunction(type = "test/counter")
	static class SameTypeAsCounter extends Counter {

	}

	@StatefulFunction("${shop.namespace}/cart")
	static class WithPlaceholder {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction(type = "test/named", beanName = "withBeanName")
	static class WithBeanName {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("no-slash")
	static class BadType {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("a/b/c")
	static class DeepNamespace {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/async")
	static class AsyncHandler {

		@Async
		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/async")
	static class AsyncFunctionHandler implements FunctionHandler {

		@Async
		@Override
		public void handle(Context context, Any message) {
		}

	}

	@Async
	@StatefulFunction("test/async")
	static class AsyncCounter extends Counter {

	}

	@StatefulFunction("test/final")
	static class FinalHandler {

		@Handler
		final void on(int message) {
		}

	}

	@StatefulFunction("test/library")
	static class OfLibrary extends LibraryFunction {

	}

	@StatefulFunction("test/records")
	static class JsonRecords {

		@Handler
		void on(int message, Context context) {
			context.sendEgress("test/out", KafkaRecord.forTopic("t").jsonValue(List.of(1)).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		@StatefulFunction("test/scoped")
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Counter scoped() {
			return new Counter();
		}

		@Bean
		@StatefulFunction("test/unproxied")
		@Scope("thread")
		Counter unproxied() {
			return new Counter();
		}

	}

	@MessageType("shop/AddItem")
	record AddItem(String sku, int quantity) {

	}

	@StatefulFunction("test/cart")
	static class Cart {

		@Handler
		void add(AddItem item, Context context) {
			context.send("test/stock", item.sku(), item);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanMethods {

		@Bean
		@StatefulFunction("test/typed")
		Object typed() {
			return new Counter();
		}

		@Bean
		@StatefulFunction("test/untyped")
		FunctionHandler untyped() {
			return (context, message) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		@Order(2)
		StatefulFunctionsCustomizer second() {
			return (functions) -> functions.register(FunctionSpec.of("test/second"), (context, message) -> {
			});
		}

		@Bean
		@Order(1)
		StatefulFunctionsCustomizer first() {
			return (functions) -> functions.register(FunctionSpec.of("test/first"), (context, message) -> {
			});
		}

	}

	static class Advised {

		int calls;

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxied {

		@Bean
		Advised advised() {
			return new Advised();
		}

		@Bean
		@StatefulFunction("test/proxied")
		Target proxied(Advised advised) {
			ProxyFactory factory = new ProxyFactory(new Target());
			factory.setProxyTargetClass(true);
			factory.addAdvice((MethodInterceptor) (invocation) -> {
				advised.calls++;
				return invocation.proceed();
			});
			return (Target) factory.getProxy();
		}

	}

	static class Target {

		@Handler
		void on(int message) {
		}

	}

}
