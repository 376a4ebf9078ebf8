package dev.statefun.spring.boot.test.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Adds a cluster to the context of a test with {@link FlinkClusterTest}.
 */
final class FlinkClusterContextCustomizerFactory implements ContextCustomizerFactory {

	// The annotation can't be read without it
	private static final boolean PRESENT = ClassUtils.isPresent("dev.statefun.flink.cluster.FlinkCluster",
			FlinkClusterContextCustomizerFactory.class.getClassLoader());

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		if (!PRESENT) {
			return null;
		}
		FlinkClusterTest annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass,
				FlinkClusterTest.class);
		return (annotation != null) ? new FlinkClusterContextCustomizer(annotation.taskManagers(), annotation.release(),
				List.of(annotation.egresses())) : null;
	}

}
