package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.statefun.local.EndedRequest.HandledMessage;
import dev.statefun.local.EndedRequest.MessageOutcome;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.failure.ExceptionWrappers;
import dev.statefun.sdk.handler.InvocationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the message that failed a request.
 */
final class FailedMessages {

	private FailedMessages() {
	}

	static List<HandledMessage> of(Batch batch, LocalRuntimeException failure) {
		InvocationFailedException failed = (InvocationFailedException) CauseChain
			.find(failure, InvocationFailedException.class::isInstance)
			.orElse(null);
		int position = (failed != null) ? failed.invocation().orElse(-1) : -1;
		List<HandledMessage> messages = new ArrayList<>(batch.size());
		for (int i = 0; i < batch.size(); i++) {
			messages.add((i == position || batch.size() == 1)
					? message(batch, i, MessageOutcome.FAILED, causeOf(failure, failed))
					: message(batch, i, MessageOutcome.NOT_APPLIED, null));
		}
		return messages;
	}

	private static Throwable causeOf(LocalRuntimeException failure, @Nullable InvocationFailedException failed) {
		Throwable cause = (failed != null) ? failed.getCause() : failure.getCause();
		return (cause != null) ? ExceptionWrappers.unwrap(cause) : failure;
	}

	static List<HandledMessage> notApplied(Batch batch) {
		List<HandledMessage> messages = new ArrayList<>(batch.size());
		for (int i = 0; i < batch.size(); i++) {
			messages.add(message(batch, i, MessageOutcome.NOT_APPLIED, null));
		}
		return messages;
	}

	private static HandledMessage message(Batch batch, int index, MessageOutcome outcome, @Nullable Throwable failure) {
		return new HandledMessage(batch.messages().get(index).id(), outcome, List.of(), List.of(),
				Optional.ofNullable(failure));
	}

}
