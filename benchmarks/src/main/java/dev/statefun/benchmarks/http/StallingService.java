package dev.statefun.benchmarks.http;

import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.benchmarks.workload.Names;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * A service with two quick functions, and one that is as quick in all but one of 1,000
 * calls, which takes 200 ms. No component scan, as there are other services in this
 * package.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(StallingService.Stalling.class)
public class StallingService {

	/** Name of the second quick function. */
	static final String OTHER = "other";

	/** Name of the function that stalls. */
	static final String STALLING = "stalling";

	/** Number of calls of which one stalls. */
	static final int CALLS_PER_STALL = 1_000;

	private static final int STALL_MILLIS = 200;

	public static void main(String[] args) {
		SpringApplication.run(StallingService.class, args);
	}

	@Bean
	@StatefulFunction(Names.COUNTER)
	OurFunctions.Counter counter() {
		return new OurFunctions.Counter();
	}

	@Bean
	@StatefulFunction(Names.NAMESPACE + "/" + OTHER)
	OurFunctions.Counter other() {
		return new OurFunctions.Counter();
	}

	/**
	 * Counts, with a delay now and then.
	 */
	@StatefulFunction(Names.NAMESPACE + "/" + STALLING)
	static class Stalling extends OurFunctions.Counter {

		private final AtomicLong calls = new AtomicLong();

		@Handler
		@Override
		public void count(int amount, @Persisted(Names.STATE) PersistedValue<Integer> count, Context context) {
			if (this.calls.incrementAndGet() % CALLS_PER_STALL == 0) {
				stall();
			}
			super.count(amount, count, context);
		}

		private static void stall() {
			try {
				Thread.sleep(STALL_MILLIS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
