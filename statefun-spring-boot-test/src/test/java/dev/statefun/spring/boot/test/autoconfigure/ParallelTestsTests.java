package dev.statefun.spring.boot.test.autoconfigure;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.spring.boot.test.autoconfigure.app.Counting;
import dev.statefun.spring.boot.test.autoconfigure.app.ExampleApplication;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for testers in JUnit's parallel mode with everything concurrent that may be:
 * other test classes are run here.
 */
class ParallelTestsTests {

	private static final Map<String, String> PARALLEL = Map.of("junit.jupiter.execution.parallel.enabled", "true",
			"junit.jupiter.execution.parallel.mode.default", "concurrent",
			"junit.jupiter.execution.parallel.mode.classes.default", "concurrent",
			"junit.jupiter.execution.parallel.config.strategy", "fixed",
			"junit.jupiter.execution.parallel.config.fixed.parallelism", "4");

	private static CountDownLatch together = new CountDownLatch(2);

	private static EngineExecutionResults run(int together, Class<?>... testClasses) {
		ParallelTestsTests.together = new CountDownLatch(together);
		EngineTestKit.Builder engine = EngineTestKit.engine("junit-jupiter").configurationParameters(PARALLEL);
		for (Class<?> testClass : testClasses) {
			engine.selectors(DiscoverySelectors.selectClass(testClass));
		}
		return engine.execute();
	}

	@ParameterizedTest
	@ValueSource(classes = { Slice.class, Whole.class, ConcurrentMethods.class })
	void methodsOfAClassDoNotShareStates(Class<?> testClass) {
		run(2, testClass).testEvents().assertStatistics((events) -> events.started(2).succeeded(2));
	}

	@Test
	void classesWithASharedContextDoNotShareStates() {
		run(4, Slice.class, OtherSlice.class).testEvents().assertStatistics((events) -> events.started(4).succeeded(4));
	}

	@Test
	void testsWithoutATesterStillRunAtTheSameTime() {
		run(2, WithoutTester.class).testEvents().assertStatistics((events) -> events.started(2).succeeded(2));
		assertThat(together.getCount()).isZero();
	}

	// Gives other tests time to start, if they may
	private static boolean meet() throws InterruptedException {
		together.countDown();
		return together.await(300, TimeUnit.MILLISECONDS);
	}

	abstract static class TwoMethods {

		private static final AtomicInteger RUNNING = new AtomicInteger();

		@Autowired
		StatefulFunctionTester tester;

		@Test
		void one() throws InterruptedException {
			firstAndSecondMessage();
		}

		@Test
		void two() throws InterruptedException {
			firstAndSecondMessage();
		}

		private void firstAndSecondMessage() throws InterruptedException {
			assertThat(RUNNING.incrementAndGet()).isOne();
			try {
				assertThat(this.tester.send("x").to("example/count", "joe")).hasState("seen", 1);
				meet();
				assertThat(this.tester.send("x").to("example/count", "joe")).hasState("seen", 2);
			}
			finally {
				RUNNING.decrementAndGet();
			}
		}

	}

	@StatefulFunctionTest(Counting.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	static class Slice extends TwoMethods {

	}

	@StatefulFunctionTest(Counting.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	static class OtherSlice extends TwoMethods {

	}

	@SpringBootTest(classes = ExampleApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureStatefulFunctionTester
	static class Whole extends TwoMethods {

	}

	@StatefulFunctionTest(Counting.class)
	@ContextConfiguration(classes = ExampleApplication.class)
	@Execution(ExecutionMode.CONCURRENT)
	static class ConcurrentMethods extends TwoMethods {

	}

	static class WithoutTester {

		@Test
		void one() throws InterruptedException {
			meet();
		}

		@Test
		void two() throws InterruptedException {
			meet();
		}

	}

}
