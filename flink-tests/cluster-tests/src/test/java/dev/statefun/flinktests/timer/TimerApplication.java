package dev.statefun.flinktests.timer;

import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.TimerOutcome;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service with the functions of this package.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class TimerApplication {

	/**
	 * Name of the number of messages that were dropped, as a bean.
	 */
	public static final String DROPPED = "dropped";

	@Bean(DROPPED)
	AtomicLong dropped() {
		return new AtomicLong();
	}

	@Bean
	BatchListener droppedMessages(AtomicLong dropped) {
		return (report) -> report.forEachTimer((name, outcome) -> {
			if (outcome == TimerOutcome.DROPPED) {
				dropped.incrementAndGet();
			}
		});
	}

}
