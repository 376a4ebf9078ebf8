package dev.statefun.flinktests.program;

import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service with two functions that execute {@link Commands}.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ProgramApplication {

	@Bean
	@StatefulFunction("program/a")
	CommandInterpreter functionA() {
		return new CommandInterpreter();
	}

	@Bean
	@StatefulFunction("program/b")
	CommandInterpreter functionB() {
		return new CommandInterpreter();
	}

}
