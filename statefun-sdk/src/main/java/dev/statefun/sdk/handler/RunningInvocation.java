package dev.statefun.sdk.handler;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.listener.MessageKind;
import org.jspecify.annotations.Nullable;

/**
 * Invocation that has effects. A batch accepts those of one invocation at a time.
 */
interface RunningInvocation {

	// Position of the message in the batch
	int index();

	Address self();

	// Counts a message that was added to the reply
	void count(MessageKind kind, @Nullable Object target);

}
