package dev.statefun.endpoint.failure;

import java.time.InstantSource;
import java.util.Objects;

import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.handler.BatchTimeoutException;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.protocol.Printable;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs failures: for each function, kind of failure and minute one ERROR, with the number
 * of similar ones left out before it. The meters count all of them. A failure that is the
 * message's own fault is one line without a stack.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class FailureLog {

	private static final Log logger = LogFactory.getLog(FailureLog.class);

	private static final Topic ALL_OTHERS = new Topic("other", null, Throwable.class, null);

	private final RateLimitedLog<Topic> lines;

	/**
	 * Create a log.
	 * @param clock measures the minute
	 */
	public FailureLog(InstantSource clock) {
		this.lines = new RateLimitedLog<>(Objects.requireNonNull(clock, "'clock' must not be null"), ALL_OTHERS);
	}

	/**
	 * Return a listener that logs messages that were skipped or became dead letters.
	 * Messages whose batch is sent again are left to {@link #failed}.
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
		Topic topic = new Topic(decision, failed.self().type(), failed.cause().getClass(), classOf(failed.cause()));
		RuntimeException fault = MessageFaults.find(failed.cause());
		if (fault != null) {
			log(topic, MessageFaults.describe(decision + failed + ": " + fault.getMessage(), fault), null);
		}
		else {
			log(topic, decision + failed, failed.cause());
		}
	}

	/**
	 * Log a request that did not come from a cluster, or could not be answered.
	 * @param refusal reason of the refusal; its stack is not logged
	 */
	public void refused(RuntimeException refusal) {
		FunctionType function = (refusal instanceof RequestRefusedException refused) ? refused.function() : null;
		log(new Topic("refused", function, refusal.getClass(), classOf(refusal.getCause())),
				String.valueOf(refusal.getMessage()), null);
	}

	/**
	 * Log a request that was not admitted. That is a WARN, as it is admitted later.
	 * @param refusal reason of the refusal
	 */
	public void notAdmitted(NotAdmittedException refusal) {
		this.lines.log(new Topic(refusal.reason().name(), null, refusal.getClass(), null), (suppressed) -> logger
			.warn(RateLimitedLog.withSuppressed(String.valueOf(refusal.getMessage()), suppressed)));
	}

	/**
	 * Log that code of a function, or around it, left its thread interrupted or cleared
	 * an interruption. That is a DEBUG, as it no longer has an effect.
	 * @param self address of the function instance
	 */
	public void interruptionChanged(Address self) {
		if (logger.isDebugEnabled()) {
			logger.debug("Code that ran for function '" + self.type() + "', id '" + Printable.line(self.id())
					+ "', changed the interrupt flag of its thread; what runs on the thread after it does not see that");
		}
	}

	/**
	 * Log a request of which nothing was applied.
	 * @param failure the failure
	 */
	public void failed(Throwable failure) {
		if (failure instanceof InvocationFailedException invocation
				&& invocation.getCause() instanceof BatchTimeoutException late && late.fittingMessages().isPresent()) {
			tooMany(invocation, late);
		}
		else if (failure instanceof InvocationFailedException invocation) {
			Throwable cause = invocation.getCause();
			Topic topic = new Topic("failed", invocation.self().type(), failure.getClass(), classOf(cause));
			String text = String.valueOf(failure.getMessage());
			RuntimeException fault = MessageFaults.find(failure);
			if (fault != null) {
				log(topic, MessageFaults.describe(text, fault), null);
			}
			else {
				log(topic, text, cause);
			}
		}
		else {
			log(new Topic("failed", null, failure.getClass(), null),
					"A request failed for an unexpected reason; nothing of it was applied", failure);
		}
	}

	// A batch that does not fit into the time is sent again unchanged, and never fits
	private void tooMany(InvocationFailedException failure, BatchTimeoutException late) {
		String line = failure.getMessage() + ". The cluster will send the same batch again. Set 'maxNumBatchRequests: "
				+ late.fittingMessages().getAsInt() + "' or less for the function in the cluster's module.yaml, make "
				+ "the handler faster, or raise 'statefun.batch-timeout' and the transport's 'call'";
		this.lines.log(new Topic("late", failure.self().type(), late.getClass(), null),
				(suppressed) -> logger.warn(RateLimitedLog.withSuppressed(line, suppressed)));
	}

	// Exceptions of a handler must not hide an unreadable state
	private static @Nullable Class<?> classOf(@Nullable Throwable cause) {
		if (cause == null) {
			return null;
		}
		return UnreadableStateException.findIn(cause).isPresent() ? UnreadableStateException.class
				: ExceptionWrappers.unwrap(cause).getClass();
	}

	private void log(Topic topic, String text, @Nullable Throwable stack) {
		this.lines.log(topic, (suppressed) -> print(RateLimitedLog.withSuppressed(text, suppressed), stack));
	}

	private static void print(String line, @Nullable Throwable stack) {
		try {
			logger.error(line, stack);
		}
		catch (Throwable ex) {
			// The exception's own text may fail in any way
			logger.error(line + " (the stack of its " + classOf(stack) + " can't be printed: " + ex.getClass() + ")");
		}
	}

	/**
	 * Topic of log lines, of which one per minute is enough. Contains nothing that came
	 * over the network.
	 *
	 * @param what what happened
	 * @param function the function, if one was called
	 * @param failure class of the exception
	 * @param cause class of its cause, if that distinguishes topics
	 */
	private record Topic(String what, @Nullable FunctionType function, Class<?> failure, @Nullable Class<?> cause) {

	}

}
