package dev.statefun.local;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one request, and how often it was tried.
 */
final class Batch {

	final List<Message> messages;

	/** The request, the same at every attempt until the function asks for states. */
	byte @Nullable [] request;

	/** How many states the request carries. */
	int statesSent;

	int failures;

	/** When it was first sent, in the runtime's time. */
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
