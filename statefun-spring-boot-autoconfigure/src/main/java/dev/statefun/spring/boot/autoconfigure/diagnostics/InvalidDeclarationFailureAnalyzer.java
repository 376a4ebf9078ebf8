package dev.statefun.spring.boot.autoconfigure.diagnostics;

import dev.statefun.sdk.message.InvalidDeclarationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a type, a state or a name that can't work, declared by code.
 */
final class InvalidDeclarationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDeclarationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidDeclarationException cause) {
		return new FailureAnalysis(cause.problem() + ".", cause.action() + ".", cause);
	}

}
