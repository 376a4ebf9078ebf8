package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.Egress;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.spring.EgressName;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunEgressAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tests for the failure analyses of typed egresses.
 */
class EgressFailuresTests {

	private static final String UNMAPPED = "Mark it with @MessageType(\"<namespace>/<name>\"), "
			+ "add a MessageCodec that takes it, or use a protobuf message, boolean, int, long, float, double, "
			+ "String or google.protobuf.Any instead.";

	private static final String UNKNOWN = "Use one of these names, or declare the egress: with the properties "
			+ "'statefun.egresses.order.*', or by StatefulFunctions.Builder.egress.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunEgressAutoConfiguration.class))
		.withPropertyValues("statefun.egresses.orders.type=kafka", "statefun.egresses.orders.id=shop/kafka",
				"statefun.egresses.orders.topic=orders", "statefun.egresses.letters.type=kafka",
				"statefun.egresses.letters.id=shop/kafka", "statefun.egresses.letters.topic=letters");

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				StartUpFailure.of(Unknown.class,
						"Egress 'order' of the constructor of '" + Unknown.class.getName()
								+ "' is not known; known are [letters, orders].",
						UNKNOWN),
				StartUpFailure.of(UnknownField.class,
						"Egress 'order' of '" + UnknownField.class.getName()
								+ ".orders' is not known; known are [letters, orders].",
						UNKNOWN),
				StartUpFailure.of(UnknownElsewhere.class,
						"Egress 'order' of the constructor of '" + UnknownElsewhere.class.getName()
								+ "' is not known; known are [letters, orders].",
						UNKNOWN),
				StartUpFailure.of(UnknownConstant.class,
						"Egress 'order' of field '" + UnknownConstant.class.getName()
								+ ".ORDERS' is not known; known are [letters, orders].",
						UNKNOWN),
				StartUpFailure.of(Unmapped.class,
						"Egress 'orders' of the constructor of '" + Unmapped.class.getName()
								+ "' has values that can't be written: No mapping for type 'java.net.URI'.",
						UNMAPPED),
				StartUpFailure.of(Unnamed.class,
						"An Egress is injected into the constructor of '" + Unnamed.class.getName()
								+ "' without a name.",
						"Put @EgressName(\"<name>\") on the parameter or the field."),
				StartUpFailure.of(Untyped.class,
						"An Egress is injected into the constructor of '" + Untyped.class.getName()
								+ "' without the type of its values.",
						"Declare it, as in Egress<Order>."),
				StartUpFailure.of(Twice.class,
						"Egress 'orders' is declared as the Kafka topic 'mine' of 'shop/kafka' "
								+ "and as the Kafka topic 'orders' of 'shop/kafka'.",
						"Give one of them another name, or remove one."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@StatefulFunction("test/function")
	static class Unknown {

		Unknown(@EgressName("order") Egress<String> orders) {
		}

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class UnknownField {

		@Autowired
		@EgressName("order")
		@SuppressWarnings("NullAway.Init")
		Egress<String> orders;

		@Handler
		void on(int message) {
		}

	}

	// A bean that is no function may send on behalf of one
	static class UnknownElsewhere {

		UnknownElsewhere(@EgressName("order") Egress<String> orders) {
		}

	}

	@StatefulFunction("test/function")
	static class UnknownConstant {

		static final Egress<String> ORDERS = Egress.of("order", String.class);

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class Unmapped {

		Unmapped(@EgressName("orders") Egress<URI> orders) {
		}

		@Handler
		void on(int message) {
		}

	}

	static class Unnamed {

		Unnamed(Egress<String> orders) {
		}

	}

	static class Untyped {

		Untyped(@EgressName("orders") Egress<?> orders) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Twice {

		@Bean
		StatefulFunctionsCustomizer second() {
			return (functions) -> functions.egress("orders", KafkaEgress.of("shop/kafka", "mine"));
		}

	}

}
