package dev.statefun.benchmarks.http;

import dev.statefun.benchmarks.workload.Names;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * A service whose function waits 20 ms for each message. No component scan, as there are
 * other services in this package.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(BlockingServer.SlowCounter.class)
public class BlockingServer {

	static final int BLOCKING_MILLIS = 20;

	public static void main(String[] args) {
		SpringApplication.run(BlockingServer.class, args);
	}

	/**
	 * Counts after a delay.
	 */
	@StatefulFunction(Names.COUNTER)
	static class SlowCounter {

		@Handler
		void count(int amount, @Persisted(Names.STATE) PersistedValue<Integer> count) throws InterruptedException {
			Thread.sleep(BLOCKING_MILLIS);
			count.set(count.get().orElse(0) + amount);
		}

	}

}
