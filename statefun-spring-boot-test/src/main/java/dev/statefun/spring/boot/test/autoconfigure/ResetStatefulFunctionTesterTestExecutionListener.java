package dev.statefun.spring.boot.test.autoconfigure;

import java.util.Arrays;
import java.util.List;

import dev.statefun.spring.StatefulFunction;
import dev.statefun.test.StatefulFunctionTester;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Lets no state of a function survive a test method: contexts are shared by tests, and
 * testers are beans of them.
 */
class ResetStatefulFunctionTesterTestExecutionListener extends AbstractTestExecutionListener {

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

	// Behind a proxy too, which need not be of the type
	private static boolean hasBean(ApplicationContext context, Class<?> type) {
		return context.getBeanNamesForType(type, true, false).length > 0
				|| Arrays.stream(context.getBeanNamesForAnnotation(StatefulFunction.class))
					.map(context::getBean)
					.anyMatch((bean) -> type.isAssignableFrom(AopProxyUtils.ultimateTargetClass(bean)));
	}

	@Override
	public void beforeTestMethod(TestContext testContext) {
		reset(testContext);
	}

	@Override
	public void afterTestMethod(TestContext testContext) {
		reset(testContext);
	}

	private static void reset(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			BeanFactoryUtils
				.beansOfTypeIncludingAncestors(testContext.getApplicationContext(), StatefulFunctionTester.class, false,
						false)
				.values()
				.forEach(StatefulFunctionTester::reset);
		}
	}

}
