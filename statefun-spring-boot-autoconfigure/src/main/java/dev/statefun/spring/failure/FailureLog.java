package dev.statefun.spring.failure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

import dev.statefun.sdk.BatchListener;
import dev.statefun.sdk.BatchReport;
import dev.statefun.sdk.FailedInvocation;
import dev.statefun.sdk.FailureAction;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.InvocationFailedException;
import dev.statefun.sdk.RequestRefusedException;
import dev.statefun.spring.traffic.NotAdmittedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Tells in the log what failed: for each function, kind of failure and minute one ERROR,
 * which also says how many like it were left out before it. The meters count them all.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class FailureLog {

	private static final Log logger = LogFactory.getLog(FailureLog.class);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	/** Classes of exceptions can be made at runtime, without end. */
	private static final int MAX_TOPICS = 1000;

	private static final Topic ALL_OTHERS = new Topic("other", null, Throwable.class, null);

	private static final long LEFT_OUT = -1;

	private final InstantSource clock;

	private final Object lock = new Object();

	private final Map<Topic, Silence> silences = new HashMap<>();

	/**
	 * Create a log.
	 * @param clock tells when a minute is over
	 */
	public FailureLog(InstantSource clock) {
		Assert.notNull(clock, "'clock' must not be null");
		this.clock = clock;
	}

	/**
	 * Return what tells about messages that were skipped or became dead letters. Those
	 * whose batch is sent again are left to {@link #failed}.
	 * @return the listener
	 */
	public BatchListener decisions() {
		return new BatchListener() {

			@Override
			public void batchEnded(BatchReport report) {
			}

			@Override
			public void invocationFailed(FailedInvocation failed, FailureAction action) {
				if (action != FailureAction.retry()) {
					decided(failed, action);
				}
			}

		};
	}

	private void decided(FailedInvocation failed, FailureAction action) {
		String decision = (action instanceof FailureAction.DeadLetterTo letter)
				? "Sending a dead letter to '" + letter.egress() + "' about a " : "Skipping a ";
		log(new Topic(decision, failed.self().type(), failed.cause().getClass(), null), decision + failed,
				failed.cause());
	}

	/**
	 * Tell about a request that was none of a cluster's, or could not be answered.
	 * @param refusal says why; its stack does not matter
	 */
	public void refused(RuntimeException refusal) {
		FunctionType function = (refusal instanceof RequestRefusedException refused) ? refused.function() : null;
		log(new Topic("refused", function, refusal.getClass(), classOf(refusal.getCause())),
				String.valueOf(refusal.getMessage()), null);
	}

	/**
	 * Tell about a request that was not taken. That is a WARN, as it is taken later.
	 * @param refusal says why
	 */
	public void notAdmitted(NotAdmittedException refusal) {
		String line = lineOf(new Topic(refusal.reason().name(), null, refusal.getClass(), null),
				String.valueOf(refusal.getMessage()));
		if (line != null) {
			logger.warn(line);
		}
	}

	/**
	 * Tell about a request of which nothing was applied.
	 * @param failure the failure
	 */
	public void failed(Throwable failure) {
		if (failure instanceof InvocationFailedException invocation) {
			Throwable cause = invocation.getCause();
			log(new Topic("failed", invocation.self().type(), failure.getClass(), classOf(cause)),
					String.valueOf(failure.getMessage()), cause);
		}
		else {
			log(new Topic("failed", null, failure.getClass(), null),
					"A request failed for an unexpected reason; nothing of it was applied", failure);
		}
	}

	private static @Nullable Class<?> classOf(@Nullable Throwable cause) {
		return (cause != null) ? cause.getClass() : null;
	}

	private void log(Topic topic, String text, @Nullable Throwable stack) {
		String line = lineOf(topic, text);
		if (line == null) {
			return;
		}
		try {
			logger.error(line, stack);
		}
		catch (RuntimeException | StackOverflowError ex) {
			// The exception's own text may fail
			logger.error(line + " (the stack of its " + classOf(stack) + " can't be printed: " + ex.getClass() + ")");
		}
	}

	// Returns null for what is left out
	private @Nullable String lineOf(Topic topic, String text) {
		long leftOut = leftOutBefore(topic);
		if (leftOut == LEFT_OUT) {
			return null;
		}
		return (leftOut == 0) ? text : text + " (" + leftOut + " more like this were left out)";
	}

	private long leftOutBefore(Topic asked) {
		Instant now = this.clock.instant();
		synchronized (this.lock) {
			Topic topic = hasRoomFor(asked, now) ? asked : ALL_OTHERS;
			Silence silence = this.silences.get(topic);
			if (silence != null && silence.lastsAt(now)) {
				silence.leftOut++;
				return LEFT_OUT;
			}
			this.silences.put(topic, new Silence(now));
			return (silence != null) ? silence.leftOut : 0;
		}
	}

	private boolean hasRoomFor(Topic topic, Instant now) {
		if (this.silences.size() >= MAX_TOPICS && !this.silences.containsKey(topic)) {
			this.silences.values().removeIf((silence) -> !silence.lastsAt(now));
		}
		return this.silences.size() < MAX_TOPICS || this.silences.containsKey(topic);
	}

	/**
	 * What lines have in common that one of them is enough for a minute. Nothing of it
	 * comes over the network.
	 *
	 * @param what what happened
	 * @param function the function, if one was called
	 * @param failure class of the exception
	 * @param cause class of its cause, if that makes a difference
	 */
	private record Topic(String what, @Nullable FunctionType function, Class<?> failure, @Nullable Class<?> cause) {

	}

	/**
	 * The minute after a line.
	 */
	private static final class Silence {

		private final Instant start;

		private long leftOut;

		private Silence(Instant start) {
			this.start = start;
		}

		// A clock that was set back must not keep us silent
		private boolean lastsAt(Instant now) {
			return !now.isBefore(this.start) && now.isBefore(this.start.plus(INTERVAL));
		}

	}

}
