package dev.statefun.local;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The messages of one request, with the number of attempts so far.
 */
final class Batch {

	private final List<Message> messages;

	private byte @Nullable [] request;

	/** Number of states that the request carries. */
	private int statesSent;

	private int failures;

	/** Time of the first attempt, on the runtime's clock. */
	private long firstSentAt;

	private int missingStateReplies;

	Batch(List<Message> messages) {
		this.messages = messages;
	}

	List<Message> messages() {
		return this.messages;
	}

	List<Long> ids() {
		return this.messages.stream().map(Message::id).toList();
	}

	int size() {
		return this.messages.size();
	}

	// The request, the same for all attempts until the function asks for states
	byte @Nullable [] request() {
		return this.request;
	}

	void request(byte[] request, int states) {
		this.request = request;
		this.statesSent = states;
	}

	int statesSent() {
		return this.statesSent;
	}

	void sent(long now) {
		if (this.failures == 0) {
			this.firstSentAt = now;
		}
	}

	long firstSentAt() {
		return this.firstSentAt;
	}

	void failed() {
		this.failures++;
	}

	int failures() {
		return this.failures;
	}

	// The next request is a new one, with a budget of its own
	void missingStates() {
		this.request = null;
		this.failures = 0;
		this.missingStateReplies++;
	}

	int missingStateReplies() {
		return this.missingStateReplies;
	}

	void forgetAttempts() {
		this.request = null;
		this.failures = 0;
		this.missingStateReplies = 0;
	}

}
