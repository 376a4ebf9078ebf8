package dev.statefun.spring.boot.autoconfigure.aot;

import java.util.Map;
import java.util.stream.Collectors;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.EgressName;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunEgressAutoConfiguration;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for functions in an application that was processed ahead of time.
 */
class ProcessedApplicationTests {

	@Test
	@CompileWithForkedClassLoader
	void functionsAreFoundForEveryKindOfDeclaration() {
		TestGenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(StatefunAutoConfiguration.class, Functions.class);
			context.registerBean("component", Component.class);
			context.registerBean("scoped", Scoped.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile(ProcessedApplicationTests::requireServed);
	}

	@SuppressWarnings("unchecked")
	private static void requireServed(Compiled compiled) {
		try (GenericApplicationContext processed = new GenericApplicationContext()) {
			// The handler of the interface that a proxy implements
			processed.setClassLoader(Offering.class.getClassLoader());
			compiled.getInstance(ApplicationContextInitializer.class).initialize(processed);
			processed.refresh();
			Map<String, String> origins = processed.getBean(StatefulFunctions.class)
				.functions()
				.stream()
				.collect(Collectors.toMap((function) -> function.type().toString(), FunctionDescriptor::origin));
			assertThat(origins).containsOnly(Map.entry("test/component", "bean 'component'"),
					Map.entry("test/made", "bean 'made'"), Map.entry("test/method", "bean 'method'"),
					Map.entry("test/offered", "bean 'offered'"), Map.entry("test/scoped", "bean 'scoped'"));
			assertThat(AopUtils.isCglibProxy(processed.getBean("component"))).isTrue();
			assertThat(AopUtils.isJdkDynamicProxy(processed.getBean("offered"))).isTrue();
		}
	}

	@Test
	@CompileWithForkedClassLoader
	void egressesAreInjectedAndTheirTopicsAreThoseOfTheStart() {
		TestGenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			egresses("built").applyTo(context);
			context.register(StatefunAutoConfiguration.class, StatefunEgressAutoConfiguration.class);
			context.registerBean("sending", Sending.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		generation.writeGeneratedContent();
		TestCompiler.forSystem().with(generation).compile(ProcessedApplicationTests::requireEgress);
	}

	private static TestPropertyValues egresses(String topic) {
		return TestPropertyValues.of("statefun.egresses.names.type=kafka", "statefun.egresses.names.id=test/kafka",
				"statefun.egresses.names.topic=" + topic);
	}

	@SuppressWarnings("unchecked")
	private static void requireEgress(Compiled compiled) {
		try (GenericApplicationContext processed = new GenericApplicationContext()) {
			egresses("started").applyTo(processed);
			compiled.getInstance(ApplicationContextInitializer.class).initialize(processed);
			processed.refresh();
			Sending sending = processed.getBean(Sending.class);
			assertThat(sending.names).isEqualTo(Egress.of("names", String.class)).isEqualTo(sending.field);
			assertThat(processed.getBean(StatefulFunctions.class).egresses())
				.containsExactly(Map.entry("names", KafkaEgress.of("test/kafka", "started")));
		}
	}

	@StatefulFunction("test/sending")
	static class Sending {

		private final Egress<String> names;

		@Autowired
		@EgressName("names")
		@SuppressWarnings("NullAway.Init")
		Egress<String> field;

		Sending(@EgressName("names") Egress<String> names) {
			this.names = names;
		}

		@Handler
		void take(String message, Context context) {
			context.sendEgress(this.names, message);
		}

	}

	@StatefulFunction("test/component")
	static class Component {

		@Handler
		void take(String message) {
		}

	}

	@StatefulFunction("test/scoped")
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class Scoped {

		@Handler
		void take(String message) {
		}

	}

	static class Plain {

		@Handler
		void take(String message) {
		}

	}

	@StatefulFunction("test/made")
	static class Made extends Plain {

	}

	interface Offering {

		@Handler
		void take(String message);

	}

	record Offered() implements Offering {

		@Override
		public void take(String message) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		Made made() {
			return new Made();
		}

		@Bean
		@StatefulFunction("test/method")
		Plain method() {
			return new Plain();
		}

		@Bean
		@StatefulFunction("test/offered")
		Offering offered() {
			return new Offered();
		}

		@Bean
		static DefaultAdvisorAutoProxyCreator proxies() {
			return new DefaultAdvisorAutoProxyCreator();
		}

		@Bean
		static DefaultPointcutAdvisor advice() {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.addMethodName("take");
			return new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (call) -> call.proceed());
		}

	}

}
