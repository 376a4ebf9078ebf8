package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import dev.statefun.local.Effects;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Address;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells what fails. It is called by one thread at a time.
 */
final class LocalRuntimeLog implements LocalRuntimeListener {

	private static final Log logger = LogFactory.getLog(LocalRuntimeLog.class);

	/** Whose failure was told with its stack. */
	private final Set<Address> failing = new HashSet<>();

	@Override
	public void replied(Effects effects) {
		this.failing.remove(effects.self());
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		String text = failure.getMessage() + ". It is sent again in " + retryIn.toMillis() + " ms";
		if (this.failing.add(self)) {
			logger.warn(text, (failure.getCause() != null) ? failure.getCause() : failure);
		}
		else {
			logger.warn(text);
		}
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		logger.error("Function '" + self.type() + "', id '" + self.id() + "': " + failure.getMessage()
				+ ". The request is sent again in " + restartIn.toMillis() + " ms", failure.getCause());
	}

}
