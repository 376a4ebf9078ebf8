package dev.statefun.spring.boot.test.autoconfigure;

import java.util.List;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.test.FlinkClusterTester;

import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Registers the cluster of a context. Part of the key of cached contexts.
 *
 * @param taskManagers number of TaskManagers
 * @param release release of the cluster
 * @param egresses ids of further egresses
 */
record FlinkClusterContextCustomizer(int taskManagers, FlinkRelease release,
		List<String> egresses) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
		registry.registerBeanDefinition("flinkCluster",
				BeanDefinitionBuilder
					.genericBeanDefinition(FlinkCluster.class, () -> start(context.getBean(StatefulFunctions.class)))
					.setDestroyMethodName("close")
					.getBeanDefinition());
		registry.registerBeanDefinition("flinkClusterTester",
				BeanDefinitionBuilder
					.genericBeanDefinition(FlinkClusterTester.class,
							() -> FlinkClusterTester.of(context.getBean(FlinkCluster.class),
									context.getBean(StatefulFunctions.class)))
					.getBeanDefinition());
		registry.registerBeanDefinition("flinkClusterSubmission",
				BeanDefinitionBuilder
					.genericBeanDefinition(FlinkClusterSubmission.class,
							() -> new FlinkClusterSubmission(context, this.release))
					.getBeanDefinition());
	}

	private FlinkCluster start(StatefulFunctions functions) {
		return FlinkCluster.builder()
			.functions(functions)
			.release(this.release)
			.taskManagers(this.taskManagers)
			.egresses(this.egresses.toArray(String[]::new))
			.start();
	}

}
