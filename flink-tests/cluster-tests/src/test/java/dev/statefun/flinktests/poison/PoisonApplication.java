package dev.statefun.flinktests.poison;

import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service with one function for each decision about failed messages. The decisions are
 * in {@code poison.properties}.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class PoisonApplication {

	@Bean
	@StatefulFunction("poison/retry")
	OrderFunction retry(Outside outside) {
		return new OrderFunction(outside);
	}

	@Bean
	@StatefulFunction("poison/skip")
	OrderFunction skip(Outside outside) {
		return new OrderFunction(outside);
	}

	@Bean
	@StatefulFunction("poison/kafka-json")
	OrderFunction kafkaJson(Outside outside) {
		return new OrderFunction(outside);
	}

	@Bean
	@StatefulFunction("poison/kafka-protobuf")
	OrderFunction kafkaProtobuf(Outside outside) {
		return new OrderFunction(outside);
	}

	@Bean
	@StatefulFunction("poison/plain-json")
	OrderFunction plainJson(Outside outside) {
		return new OrderFunction(outside);
	}

	@Bean
	@StatefulFunction("poison/plain-protobuf")
	OrderFunction plainProtobuf(Outside outside) {
		return new OrderFunction(outside);
	}

}
