package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.FunctionHandler;
import dev.statefun.spring.StatefulFunction;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Functions declared by {@code @Bean} methods.
 */
@Configuration(proxyBeanMethods = false)
public class ByBeanMethod {

	@Bean
	@StatefulFunction("example/forward")
	FunctionHandler forward() {
		return (context, message) -> {
			if (context.caller().isEmpty()) {
				context.send("example/count", context.self().id(), message);
			}
		};
	}

	@Bean
	@StatefulFunction("example/declared")
	Declared declared() {
		return new Declared();
	}

}
