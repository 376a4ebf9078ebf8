package dev.statefun.flinktests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.statefun.flinktests.gateway.GatewayApplication;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.testing.KafkaProcess;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.awaitility.Awaitility.await;

/**
 * The service whose functions are reached through a gateway, in this JVM.
 */
final class GatewayService implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private GatewayService(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start the service.
	 * @param arguments further arguments, such as the place of the gateway's topics
	 * @return the running service
	 */
	static GatewayService start(String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
				"--spring.application.name=gateway-test", "--statefun.gateway.enabled=true", GatewayApplication.SKIP,
				"--logging.level.org.apache.kafka=ERROR"));
		all.addAll(List.of(arguments));
		return new GatewayService(SpringApplication.run(GatewayApplication.class, all.toArray(String[]::new)));
	}

	/**
	 * Return arguments for a gateway with topics.
	 * @param kafka address of the broker
	 * @return the arguments
	 */
	static String[] topicsAt(String kafka) {
		return new String[] { "--spring.kafka.bootstrap-servers=" + kafka,
				"--statefun.gateway.kafka.address=" + kafka };
	}

	/**
	 * Return arguments for a gateway with partitioned topics.
	 * @param kafka the broker
	 * @param replies {@code fast} or {@code committed}
	 * @return the arguments
	 */
	static String[] onKafka(KafkaProcess kafka, String replies) {
		return Stream
			.concat(Arrays.stream(topicsAt(kafka.address())),
					Stream.of("--statefun.gateway.replies=" + replies,
							"--statefun.gateway.kafka.transaction-timeout=2m", "--statefun.gateway.kafka.partitions=4"))
			.toArray(String[]::new);
	}

	FunctionClient client() {
		return this.context.getBean(FunctionClient.class);
	}

	String module(ModuleFormat format) {
		return this.context.getBean(ModuleGenerator.class).generate(format);
	}

	double events(String event) {
		return this.context.getBean(MeterRegistry.class)
			.get("statefun.gateway.events")
			.tag("event", event)
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
	}

	void awaitTransport() {
		await("transport").atMost(Duration.ofSeconds(60)).until(this.context.getBean(GatewayTransport.class)::isReady);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
