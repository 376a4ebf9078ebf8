package dev.statefun.sdk.failure;

/**
 * Decides how a failed message is handled. Whatever the decision, none of the effects of
 * the failed message take place: neither its states nor the messages it sent.
 * <p>
 * The policy also decides about unreadable states. One that ignores
 * {@link FailedInvocation#kind() the kind} treats them like all other failures, and
 * skipping them loses every message of the function instance.
 * <p>
 * It is not asked about a {@link VirtualMachineError}, a {@link LinkageError}, an
 * {@link InterruptedException}, a time limit that was exceeded, and a reply that can't be
 * written: these batches are always sent again. What counts is the exception inside all
 * {@linkplain ExceptionWrappers wrappers}. If the policy itself fails, so does the batch.
 * <p>
 * Implementations must be thread-safe and fast: they run within the batch.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FailurePolicy {

	/**
	 * Decide how a failed message is handled.
	 * @param failed the message, and why it failed
	 * @return the action
	 */
	FailureAction decide(FailedInvocation failed);

}
