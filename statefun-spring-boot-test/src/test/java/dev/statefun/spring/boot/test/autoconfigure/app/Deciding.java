package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.FailurePolicy;

import org.springframework.stereotype.Component;

/**
 * Skips invalid messages.
 */
@Component
public class Deciding implements FailurePolicy {

	@Override
	public FailureAction decide(FailedInvocation failed) {
		boolean skipped = failed.kind() == FailureKind.INVALID && failed.self().id().equals("skipped");
		return skipped ? FailureAction.skip() : FailureAction.retry();
	}

}
