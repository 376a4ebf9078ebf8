package dev.statefun.sdk.failure;

/**
 * Decides what becomes of a message that failed. Whatever it decides, nothing that the
 * failed message did takes effect: neither its states nor what it sent.
 * <p>
 * Asked about unreadable states as about all else: a policy that does not look at
 * {@link FailedInvocation#kind() the kind} decides about those as well, and skipping them
 * loses each message of the function instance.
 * <p>
 * Not asked about errors of the virtual machine, interruptions, and batches whose reply
 * can't be written: those are always sent again. If the policy itself fails, so does the
 * batch.
 * <p>
 * Implementations are thread-safe, and quick: they run within the batch.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FailurePolicy {

	/**
	 * Decide what becomes of a message.
	 * @param failed the message, and why it failed
	 * @return what to do
	 */
	FailureAction decide(FailedInvocation failed);

}
