package dev.statefun.spring.boot.autoconfigure.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

import dev.statefun.endpoint.failure.MessageFaults;
import dev.statefun.endpoint.failure.RateLimitedLog;
import dev.statefun.local.Effects;
import dev.statefun.local.LocalRuntimeException;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.CauseChain;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs failures. It is called by one thread at a time.
 */
final class LocalRuntimeLog implements LocalRuntimeListener {

	private static final Log logger = LogFactory.getLog(LocalRuntimeLog.class);

	private static final Topic ALL_OTHERS = new Topic("other", null, null);

	/** Addresses whose failure was logged with its stack. */
	private final Set<Address> failing = new HashSet<>();

	/** Lines about messages that are at fault, which fail again and again. */
	private final RateLimitedLog<Topic> lines;

	LocalRuntimeLog(InstantSource clock) {
		this.lines = new RateLimitedLog<>(clock, ALL_OTHERS);
	}

	@Override
	public void replied(Effects effects) {
		this.failing.remove(effects.self());
	}

	@Override
	public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
		String retry = ". It is sent again in " + retryIn.toMillis() + " ms";
		String text = failure.getMessage() + retry;
		RuntimeException fault = faultBehind(failure);
		if (fault != null) {
			String line = MessageFaults.describe(String.valueOf(failure.getMessage()), fault) + retry;
			this.lines.log(new Topic("request", self.type(), fault.getClass()),
					(suppressed) -> logger.warn(RateLimitedLog.withSuppressed(line, suppressed)));
		}
		else if (this.failing.add(self)) {
			logger.warn(text, (failure.getCause() != null) ? failure.getCause() : failure);
		}
		else {
			logger.warn(text);
		}
	}

	@Override
	public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
		String text = "Function '" + self.type() + "', id '" + self.id() + "': " + failure.getMessage()
				+ ". The request is sent again in " + restartIn.toMillis() + " ms";
		RuntimeException fault = faultBehind(failure);
		if (fault != null) {
			this.lines.log(new Topic("job", self.type(), fault.getClass()),
					(suppressed) -> logger.error(RateLimitedLog.withSuppressed(text, suppressed)));
		}
		else {
			logger.error(text, failure.getCause());
		}
	}

	private static @Nullable RuntimeException faultBehind(LocalRuntimeException failure) {
		return CauseChain.find(failure, (cause) -> !(cause instanceof LocalRuntimeException))
			.map(MessageFaults::find)
			.orElse(null);
	}

	/**
	 * Topic of log lines, of which one per minute is enough.
	 *
	 * @param what what failed
	 * @param function the function
	 * @param cause class of the exception
	 */
	private record Topic(String what, @Nullable FunctionType function, @Nullable Class<?> cause) {

	}

}
