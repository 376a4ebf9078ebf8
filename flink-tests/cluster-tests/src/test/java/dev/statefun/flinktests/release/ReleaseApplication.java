package dev.statefun.flinktests.release;

import dev.statefun.spring.StatefulFunctionsCustomizer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service with one function for each change that a state can have. The property
 * {@code states} selects the release.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ReleaseApplication {

	@Bean
	StatefulFunctionsCustomizer functions(@Value("${states}") States states) {
		return (functions) -> states.functions()
			.forEach((spec) -> functions.register(spec, new StatesFunction(spec.states())));
	}

}
