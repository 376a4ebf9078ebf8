package dev.statefun.spring.boot.test.autoconfigure;

import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.handler.Protocol;
import dev.statefun.spring.boot.test.autoconfigure.app.ByBeanMethod;
import dev.statefun.spring.boot.test.autoconfigure.app.Counting;
import dev.statefun.spring.boot.test.autoconfigure.app.Declared;
import dev.statefun.spring.boot.test.autoconfigure.app.ExampleApplication;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that states never outlive a test method, although the context does: other test
 * classes are run here.
 */
class StatesOfTestMethodsTests {

	private static final Set<ApplicationContext> CONTEXTS = ConcurrentHashMap.newKeySet();

	private static EngineExecutionResults run(Class<?>... testClasses) {
		EngineTestKit.Builder engine = EngineTestKit.engine("junit-jupiter");
		for (Class<?> testClass : testClasses) {
			engine.selectors(DiscoverySelectors.selectClass(testClass));
		}
		return engine.execute();
	}

	@ParameterizedTest
	@ValueSource(classes = { InOrder.class, InReverseOrder.class, OneInstanceForAll.class, WithNestedClasses.class })
	void everyMethodStartsWithoutStates(Class<?> testClass) {
		run(testClass).testEvents().assertStatistics((events) -> events.started(2).succeeded(2));
	}

	@Test
	void contextIsSharedByTestClasses() {
		CONTEXTS.clear();
		run(InOrder.class, InReverseOrder.class, OneInstanceForAll.class, WithNestedClasses.class).testEvents()
			.assertStatistics((events) -> events.succeeded(8));
		assertThat(CONTEXTS).hasSize(1);
	}

	@Test
	void namedFunctionThatIsNotABeanFailsTheTest() {
		run(NamesWhatABeanMethodDeclares.class).testEvents()
			.assertThatEvents()
			.haveExactly(1,
					EventConditions.finishedWithFailure(
							TestExecutionResultConditions.instanceOf(IllegalStateException.class),
							TestExecutionResultConditions.message("@StatefulFunctionTest names '"
									+ Declared.class.getName() + "', but component scanning has found no such bean. "
									+ "If a @Bean method declares it, import its configuration with @Import; otherwise "
									+ "look at its @StatefulFunction, its package and its conditions")));
	}

	@StatefulFunctionTest(Counting.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	abstract static class TwoMethods {

		@Autowired
		StatefulFunctionTester tester;

		@Autowired
		void remember(ApplicationContext context) {
			CONTEXTS.add(context);
		}

		@Test
		void one() {
			firstMessage();
		}

		@Test
		void two() {
			firstMessage();
		}

		void firstMessage() {
			assertThat(this.tester.send("x").to("example/count", "joe")).hasState("seen", 1);
		}

	}

	@TestMethodOrder(MethodOrderer.MethodName.class)
	static class InOrder extends TwoMethods {

	}

	@TestMethodOrder(Backwards.class)
	static class InReverseOrder extends TwoMethods {

	}

	static class Backwards extends MethodOrderer.MethodName {

		@Override
		public void orderMethods(MethodOrdererContext context) {
			super.orderMethods(context);
			Collections.reverse(context.getMethodDescriptors());
		}

	}

	// A tester derived from the bean that outlives the method
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	static class OneInstanceForAll extends TwoMethods {

		@Autowired
		void derive(StatefulFunctionTester bean) {
			this.tester = bean.protocol(Protocol.V2);
		}

	}

	@StatefulFunctionTest(Counting.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	static class WithNestedClasses {

		@Autowired
		StatefulFunctionTester tester;

		@BeforeEach
		void seenOnce(@Autowired ApplicationContext context) {
			CONTEXTS.add(context);
			assertThat(this.tester.send("x").to("example/count", "joe")).hasState("seen", 1);
		}

		@Nested
		class First {

			@Test
			void seesIt() {
				assertThat(WithNestedClasses.this.tester.send("x").to("example/count", "joe")).hasState("seen", 2);
			}

		}

		@Nested
		class Second {

			@Test
			void seesItToo() {
				assertThat(WithNestedClasses.this.tester.send("x").to("example/count", "joe")).hasState("seen", 2);
			}

		}

	}

	@StatefulFunctionTest(Declared.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	static class NamesWhatABeanMethodDeclares {

		@Test
		void isNotReached() {
			assertThat(ByBeanMethod.class).isNull();
		}

	}

}
