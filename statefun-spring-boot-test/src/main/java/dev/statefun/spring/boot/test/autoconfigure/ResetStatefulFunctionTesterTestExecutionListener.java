package dev.statefun.spring.boot.test.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.spring.StatefulFunction;
import dev.statefun.test.StatefulFunctionTester;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Resets testers before and after each test method, as testers are beans of contexts that
 * tests share. Fails tests that use a tester at the same time.
 */
class ResetStatefulFunctionTesterTestExecutionListener extends AbstractTestExecutionListener {

	/** Running tests by the testers of their contexts. */
	private static final Map<StatefulFunctionTester, TestContext> USERS = new ConcurrentHashMap<>();

	@Override
	public void prepareTestInstance(TestContext testContext) {
		StatefulFunctionTest slice = TestContextAnnotationUtils.findMergedAnnotation(testContext.getTestClass(),
				StatefulFunctionTest.class);
		if (slice != null) {
			requireBeans(testContext.getApplicationContext(), slice.functions());
		}
	}

	private static void requireBeans(ApplicationContext context, Class<?>[] functions) {
		List<String> missing = Arrays.stream(functions)
			.filter((type) -> !hasBean(context, type))
			.map((type) -> "'" + type.getName() + "'")
			.toList();
		if (!missing.isEmpty()) {
			throw new IllegalStateException("@StatefulFunctionTest names " + String.join(", ", missing)
					+ ", but component scanning has found no such bean. If a @Bean method declares it, import its "
					+ "configuration with @Import; otherwise look at its @StatefulFunction, its package and its conditions");
		}
	}

	// Also finds a bean behind a proxy, which may not be of the type
	private static boolean hasBean(ApplicationContext context, Class<?> type) {
		return context.getBeanNamesForType(type, true, false).length > 0
				|| Arrays.stream(context.getBeanNamesForAnnotation(StatefulFunction.class))
					.map(context::getBean)
					.anyMatch((bean) -> type.isAssignableFrom(AopProxyUtils.ultimateTargetClass(bean)));
	}

	@Override
	public void beforeTestMethod(TestContext testContext) {
		testersOf(testContext).forEach((name, tester) -> {
			TestContext other = USERS.putIfAbsent(tester, testContext);
			if (other != null && other != testContext) {
				throw new IllegalStateException("'" + describe(testContext) + "' uses the StatefulFunctionTester bean '"
						+ name + "' at the same time as '" + describe(other)
						+ "', and would see its states. Put @AutoConfigureStatefulFunctionTester on the "
						+ "test classes, so that JUnit runs them one after the other, or do not run them in parallel");
			}
			tester.reset();
		});
	}

	@Override
	public void afterTestMethod(TestContext testContext) {
		testersOf(testContext).values().forEach((tester) -> {
			if (USERS.get(tester) == testContext) {
				tester.reset();
				USERS.remove(tester);
			}
		});
	}

	private static Map<String, StatefulFunctionTester> testersOf(TestContext testContext) {
		return testContext.hasApplicationContext() ? BeanFactoryUtils.beansOfTypeIncludingAncestors(
				testContext.getApplicationContext(), StatefulFunctionTester.class, false, false) : Map.of();
	}

	private static String describe(TestContext testContext) {
		return testContext.getTestClass().getSimpleName() + "." + testContext.getTestMethod().getName();
	}

}
