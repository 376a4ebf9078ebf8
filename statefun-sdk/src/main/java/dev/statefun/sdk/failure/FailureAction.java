package dev.statefun.sdk.failure;

import java.util.Objects;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.egress.EgressId;

/**
 * Action for a failed message. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface FailureAction {

	/**
	 * Fail the whole batch: nothing of it is applied, and the cluster sends it again
	 * until its retry budget is spent, which fails the job (protocol.md §6.1).
	 * @return the action
	 */
	static FailureAction retry() {
		return Retry.RETRY;
	}

	/**
	 * Continue with the next message, as if this one had never been sent.
	 * @return the action
	 */
	static FailureAction skip() {
		return Skip.SKIP;
	}

	/**
	 * Continue with the next message, and send a record about this one to an egress. If
	 * the record can't be encoded, the batch fails, so nothing is lost.
	 * @param egress id of the egress
	 * @param record the record, as {@link Context#sendEgress} takes it: for example a
	 * {@code KafkaRecord} whose value is {@link DeadLetter#toJson()}. A
	 * {@link DeadLetter} itself is not a record
	 * @return the action
	 */
	static FailureAction deadLetter(EgressId egress, Object record) {
		return new DeadLetterTo(egress, record);
	}

	/**
	 * Fails the batch.
	 */
	enum Retry implements FailureAction {

		/** The only instance. */
		RETRY

	}

	/**
	 * Continues with the next message.
	 */
	enum Skip implements FailureAction {

		/** The only instance. */
		SKIP

	}

	/**
	 * Continues with the next message and sends a record about this one.
	 *
	 * @param egress id of the egress
	 * @param record the record
	 */
	record DeadLetterTo(EgressId egress, Object record) implements FailureAction {

		/**
		 * Create the action.
		 * @param egress id of the egress
		 * @param record the record
		 */
		public DeadLetterTo {
			Objects.requireNonNull(egress, "'egress' must not be null");
			Objects.requireNonNull(record, "'record' must not be null");
		}

	}

}
