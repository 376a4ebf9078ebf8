package dev.statefun.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Source of effects. A batch accepts those of one invocation at a time.
 */
interface RunningInvocation {

	Address self();

	// Counts a message that was added to the reply
	void count(MessageKind kind, @Nullable Object target);

}
