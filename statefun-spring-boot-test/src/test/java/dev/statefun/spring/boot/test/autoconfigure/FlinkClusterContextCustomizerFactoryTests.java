package dev.statefun.spring.boot.test.autoconfigure;

import java.util.List;
import java.util.Objects;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.test.FlinkClusterTester;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.DelegatingSmartContextLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link FlinkClusterContextCustomizerFactory}. Those with a cluster are in
 * {@code flink-tests}.
 */
class FlinkClusterContextCustomizerFactoryTests {

	@Test
	void contextsAreSharedByTestsWithEqualAnnotations() {
		ContextCustomizer two = customizer(Two.class);
		assertThat(two).isEqualTo(customizer(AlsoTwo.class)).hasSameHashCodeAs(customizer(AlsoTwo.class));
		assertThat(two).isNotEqualTo(customizer(Other.class));
		assertThat(customizer(Object.class)).isNull();
	}

	@Test
	void beansAreRegisteredAndNotStarted() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			customize(context);
			assertThat(context.getBeanFactory().getBeanNamesForType(FlinkCluster.class)).hasSize(1);
			assertThat(context.getBeanFactory().getBeanNamesForType(FlinkClusterTester.class)).hasSize(1);
			assertThat(context.getBeanFactory().getBeanNamesForType(GatewayTransport.class)).isEmpty();
		}
	}

	@Test
	void gatewayIsReachedThroughTheCluster() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			TestPropertyValues.of("statefun.gateway.enabled=true").applyTo(context);
			customize(context);
			assertThat(context.getBeanFactory().getBeanNamesForType(GatewayTransport.class)).hasSize(1);
		}
	}

	private static void customize(GenericApplicationContext context) {
		ContextCustomizer two = Objects.requireNonNull(customizer(Two.class));
		two.customizeContext(context, new MergedContextConfiguration(Two.class, new String[0], new Class<?>[0],
				new String[0], new DelegatingSmartContextLoader()));
	}

	@Test
	void applicationWithoutAServerIsRefused() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.refresh();
			assertThatIllegalStateException()
				.isThrownBy(() -> new FlinkClusterSubmission(context, FlinkRelease.STATEFUN_3_3).start())
				.withMessageContaining("use @FlinkClusterTest together with @SpringBootTest(webEnvironment = "
						+ "WebEnvironment.RANDOM_PORT)");
		}
	}

	private static @Nullable ContextCustomizer customizer(Class<?> testClass) {
		return new FlinkClusterContextCustomizerFactory().createContextCustomizer(testClass, List.of());
	}

	@FlinkClusterTest(taskManagers = 2)
	static class Two {

	}

	@FlinkClusterTest(taskManagers = 2)
	static class AlsoTwo {

	}

	@FlinkClusterTest(taskManagers = 2, egresses = "a/b")
	static class Other {

	}

}
