package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.statefun.local.AcceptedMessage.Delay;
import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Describes messages on their way to listeners. Callers check first whether there are
 * any, so that no event is created without them. Not thread-safe.
 */
final class MessageFlow {

	private final Dialect dialect;

	private final Listeners listeners;

	MessageFlow(Dialect dialect, Listeners listeners) {
		this.dialect = dialect;
		this.listeners = listeners;
	}

	boolean isFollowed() {
		return this.listeners.follow();
	}

	Dialect dialect() {
		return this.dialect;
	}

	void accepted(Address target, Message message, MessageCause cause, long now) {
		report(() -> accepted(target, message, Content.of(this.dialect, message.argument()), cause, now,
				Optional.empty()));
	}

	void accepted(DelayedMessage delayed, MessageCause cause, long delayMillis, long now) {
		report(() -> {
			Content content = Content.of(this.dialect, delayed.message().argument());
			accepted(delayed.address(), delayed.message(), content, cause, now,
					Optional.of(new Delay(Duration.ofMillis(delayMillis), Instant.ofEpochMilli(delayed.due()),
							delayed.cancellationToken(content), content.timerName())));
		});
	}

	private void accepted(Address target, Message message, Content content, MessageCause cause, long now,
			Optional<Delay> delay) {
		this.listeners.accepted(new AcceptedMessage(message.id(), target, Optional.ofNullable(message.sender()),
				content.message(), content.headers(), cause, Instant.ofEpochMilli(now), delay));
	}

	void fired(DelayedMessage delayed, long now) {
		report(() -> this.listeners.fired(new FiredMessage(delayed.message().id(), delayed.address(), timerOf(delayed),
				Instant.ofEpochMilli(delayed.due()), Instant.ofEpochMilli(now))));
	}

	void cancelled(DelayedMessage delayed, MessageCause cause, long now) {
		report(() -> this.listeners.cancelled(new CancelledMessage(delayed.message().id(), delayed.address(),
				timerOf(delayed), cause, Instant.ofEpochMilli(now))));
	}

	private Optional<String> timerOf(DelayedMessage delayed) {
		return Content.of(this.dialect, delayed.message().argument()).timerName();
	}

	void started(Attempt attempt, long now) {
		report(() -> this.listeners.started(new StartedRequest(attempt.mailbox().address(), attempt.batch().ids(),
				attempt.number(), Instant.ofEpochMilli(now))));
	}

	void replied(Attempt attempt, AppliedReply reply, long now) {
		report(() -> this.listeners.ended(reply.toEvent(attempt, now)));
	}

	void failed(Attempt attempt, LocalRuntimeException failure, EndedRequest.Outcome outcome,
			@Nullable Duration nextAttempt, long now) {
		report(() -> this.listeners
			.ended(new EndedRequest(attempt.mailbox().address(), FailedMessages.of(attempt.batch(), failure),
					attempt.number(), Instant.ofEpochMilli(now), attempt.duration(), outcome, List.of(), List.of(),
					Optional.of(failure), Optional.ofNullable(nextAttempt))));
	}

	// A message that can't be described must not stop the runtime
	private void report(Runnable event) {
		try {
			event.run();
		}
		catch (RuntimeException ex) {
			this.listeners.failed(ex);
		}
	}

}
