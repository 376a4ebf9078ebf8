package dev.statefun.spring.boot.test.autoconfigure;

import java.util.Objects;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ResetStatefulFunctionTesterTestExecutionListener}: a tester without
 * the annotation, and tests that no engine runs one after the other.
 */
class ResetStatefulFunctionTesterTestExecutionListenerTests {

	private final ResetStatefulFunctionTesterTestExecutionListener listener = new ResetStatefulFunctionTesterTestExecutionListener();

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final StatefulFunctionTester tester = StatefulFunctionTester.of("example/count", new Counting());

	ResetStatefulFunctionTesterTestExecutionListenerTests() {
		this.context.registerBean("own", StatefulFunctionTester.class, () -> this.tester);
		this.context.refresh();
	}

	@AfterEach
	void close() {
		this.tester.reset();
		this.context.close();
	}

	@Test
	void concurrentUseOfATesterFailsAndKeepsTheStatesOfTheOtherTest() {
		TestContext first = test("first");
		TestContext second = test("second");
		this.listener.beforeTestMethod(first);
		this.tester.send("x").to("example/count", "joe");
		assertThatIllegalStateException().isThrownBy(() -> this.listener.beforeTestMethod(second))
			.withMessage("'TwoTests.second' uses the StatefulFunctionTester bean 'own' at the same time as "
					+ "'TwoTests.first', and would see its states. Put @AutoConfigureStatefulFunctionTester on the test "
					+ "classes, so that JUnit runs them one after the other, or do not run them in parallel");
		this.listener.afterTestMethod(second);
		assertThat(this.tester.send("x").to("example/count", "joe")).hasState("seen", 2);
		this.listener.afterTestMethod(first);
	}

	@Test
	void consecutiveTestsMayUseATester() {
		for (String method : new String[] { "first", "second" }) {
			TestContext test = test(method);
			this.listener.beforeTestMethod(test);
			assertThat(this.tester.send("x").to("example/count", "joe")).hasState("seen", 1);
			this.listener.afterTestMethod(test);
		}
	}

	@SuppressWarnings({ "rawtypes", "unchecked" })
	private TestContext test(String method) {
		TestContext test = mock(TestContext.class);
		given(test.hasApplicationContext()).willReturn(true);
		given(test.getApplicationContext()).willReturn(this.context);
		given(test.getTestClass()).willReturn((Class) TwoTests.class);
		given(test.getTestMethod())
			.willReturn(Objects.requireNonNull(ReflectionUtils.findMethod(TwoTests.class, method)));
		return test;
	}

	static class TwoTests {

		void first() {
		}

		void second() {
		}

	}

	static class Counting {

		@Handler
		void count(String text, @Persisted("seen") PersistedValue<Integer> seen) {
			seen.set(seen.get().orElse(0) + 1);
		}

	}

}
