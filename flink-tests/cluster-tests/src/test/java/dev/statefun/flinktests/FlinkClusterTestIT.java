package dev.statefun.flinktests;

import java.time.Duration;

import com.google.protobuf.Any;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.test.autoconfigure.FlinkClusterTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests {@link FlinkClusterTest} with an application in this JVM.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "statefun.security.secret=0123456789abcdef-of-the-test")
@FlinkClusterTest(egresses = "shop/sums")
@Timeout(180)
class FlinkClusterTestIT {

	@Autowired
	private FlinkCluster cluster;

	@Test
	void clusterCallsTheApplication() {
		assertThat(this.cluster.jobStatus().isRunning()).isTrue();
		Address cart = Address.of(FunctionType.of("shop", "sum"), "joe");
		for (int i = 0; i < 3; i++) {
			this.cluster.send(cart, Any.newBuilder().setTypeUrl("io.statefun.types/string").build());
		}
		await().atMost(Duration.ofSeconds(60)).until(() -> this.cluster.records("shop/sums").size() >= 3);
		assertThat(this.cluster.records("shop/sums")).hasSize(3)
			.last()
			.satisfies((record) -> assertThat(record.value().getValue().toStringUtf8()).endsWith("joe: 3"));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Sum sum() {
			return new Sum();
		}

	}

	@StatefulFunction("shop/sum")
	static class Sum {

		@Handler
		void add(String message, @Persisted("sum") PersistedValue<Integer> sum, Context context) {
			int next = sum.get().orElse(0) + 1;
			sum.set(next);
			context.sendEgress("shop/sums", context.self().id() + ": " + next);
		}

	}

}
