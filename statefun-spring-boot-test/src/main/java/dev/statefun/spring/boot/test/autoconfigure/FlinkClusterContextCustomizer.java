package dev.statefun.spring.boot.test.autoconfigure;

import java.util.List;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.gateway.GatewayNames;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.gateway.GatewayName;
import dev.statefun.test.FlinkClusterTester;

import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.ApplicationContext;
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
				BeanDefinitionBuilder.genericBeanDefinition(FlinkClusterTester.class, () -> tester(context))
					.getBeanDefinition());
		registry.registerBeanDefinition("flinkClusterSubmission",
				BeanDefinitionBuilder
					.genericBeanDefinition(FlinkClusterSubmission.class,
							() -> new FlinkClusterSubmission(context, this.release))
					.getBeanDefinition());
		if (context.getEnvironment().getProperty("statefun.gateway.enabled", Boolean.class, false)) {
			registry.registerBeanDefinition("flinkClusterGatewayTransport",
					BeanDefinitionBuilder
						.genericBeanDefinition(FlinkClusterGatewayTransport.class,
								() -> new FlinkClusterGatewayTransport(context.getBean(GatewayNames.class),
										() -> context.getBean(FlinkCluster.class)))
						.setDestroyMethodName("close")
						.getBeanDefinition());
		}
	}

	private static FlinkClusterTester tester(ApplicationContext context) {
		FlinkCluster cluster = context.getBean(FlinkCluster.class);
		StatefulFunctions functions = context.getBean(StatefulFunctions.class);
		FunctionClient client = context.getBeanProvider(FunctionClient.class).getIfUnique();
		return (client != null) ? FlinkClusterTester.of(cluster, functions, client)
				: FlinkClusterTester.of(cluster, functions);
	}

	private FlinkCluster start(StatefulFunctions functions) {
		return FlinkCluster.builder()
			.functions(functions)
			.release(this.release)
			.taskManagers(this.taskManagers)
			.egresses(this.egresses.toArray(String[]::new))
			.egresses(repliesOfGateways(functions))
			.start();
	}

	// Part of the module only if Kafka is configured for the gateway
	private static String[] repliesOfGateways(StatefulFunctions functions) {
		return functions.functions()
			.stream()
			.map(FunctionDescriptor::type)
			.filter((type) -> type.namespace().equals(GatewayName.NAMESPACE))
			.map((type) -> new GatewayName(type.name()).egress().toString())
			.toArray(String[]::new);
	}

}
