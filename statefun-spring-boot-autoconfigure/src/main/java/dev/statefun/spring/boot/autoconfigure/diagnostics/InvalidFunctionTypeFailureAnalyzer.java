package dev.statefun.spring.boot.autoconfigure.diagnostics;

import dev.statefun.spring.InvalidFunctionTypeException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a bean whose function type is not valid.
 */
final class InvalidFunctionTypeFailureAnalyzer extends AbstractFailureAnalyzer<InvalidFunctionTypeException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidFunctionTypeException cause) {
		return new FailureAnalysis("Bean '" + cause.beanName() + "': " + cause.problem() + ".", cause.action() + ".",
				cause);
	}

}
