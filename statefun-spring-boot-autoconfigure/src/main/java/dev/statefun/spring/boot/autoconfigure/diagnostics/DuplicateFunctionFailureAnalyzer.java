package dev.statefun.spring.boot.autoconfigure.diagnostics;

import dev.statefun.sdk.registry.DuplicateFunctionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a function type that is declared twice.
 */
final class DuplicateFunctionFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateFunctionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateFunctionException cause) {
		return new FailureAnalysis(
				"Function '" + cause.type() + "' is declared by " + cause.first() + " and by " + cause.second() + ".",
				"Give one of them another function type, or remove one.", cause);
	}

}
