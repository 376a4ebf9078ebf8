package dev.statefun.local;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one request, with the number of attempts so far.
 */
final class Batch {

	final List<Message> messages;

	/** The request, the same for all attempts until the function asks for states. */
	byte @Nullable [] request;

	/** Number of states that the request carries. */
	int statesSent;

	int failures;

	/** Time of the first attempt, on the runtime's clock. */
	long firstSentAt;

	int missingStateReplies;

	Batch(List<Message> messages) {
		this.messages = messages;
	}

	void forgetAttempts() {
		this.request = null;
		this.failures = 0;
		this.missingStateReplies = 0;
	}

}
