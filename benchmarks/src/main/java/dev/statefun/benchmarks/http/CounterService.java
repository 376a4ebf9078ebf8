package dev.statefun.benchmarks.http;

import dev.statefun.benchmarks.workload.Names;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * A service with one function, for any starter. No component scan, as there are other
 * services in this package.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class CounterService {

	public static void main(String[] args) {
		SpringApplication.run(CounterService.class, args);
	}

	@Bean
	@StatefulFunction(Names.COUNTER)
	OurFunctions.Counter counter() {
		return new OurFunctions.Counter();
	}

}
