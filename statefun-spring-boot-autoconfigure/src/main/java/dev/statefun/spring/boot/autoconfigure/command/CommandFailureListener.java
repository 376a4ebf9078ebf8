package dev.statefun.spring.boot.autoconfigure.command;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/**
 * Ends the process with an exit status of its own if a file can't be written or checked.
 * Reports the failure first, as Boot would after this event. An exit code in the
 * exception does not work: Boot publishes it to the context, which creates lazy beans.
 */
final class CommandFailureListener implements ApplicationListener<ApplicationFailedEvent> {

	private static final Log logger = LogFactory.getLog(CommandFailureListener.class);

	private final CommandProcess process;

	CommandFailureListener(CommandProcess process) {
		this.process = process;
	}

	@Override
	public void onApplicationEvent(ApplicationFailedEvent event) {
		try {
			report(event);
		}
		finally {
			this.process.exit(CommandProcess.FAILED);
		}
	}

	private static void report(ApplicationFailedEvent event) {
		Throwable failure = event.getException();
		ConfigurableApplicationContext context = event.getApplicationContext();
		boolean reported = SpringFactoriesLoader
			.forDefaultResourceLocation(event.getSpringApplication().getClassLoader())
			.load(SpringBootExceptionReporter.class,
					(context != null) ? ArgumentResolver.of(ConfigurableApplicationContext.class, context) : null)
			.stream()
			.anyMatch((reporter) -> reporter.reportException(failure));
		if (!reported) {
			logger.error("Application run failed", failure);
		}
	}

}
