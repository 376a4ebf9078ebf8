package dev.statefun.spring.boot.autoconfigure.diagnostics;

import dev.statefun.sdk.registry.InvalidFunctionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/**
 * Explains a function that is declared in a way that can't work.
 */
final class InvalidFunctionFailureAnalyzer extends AbstractFailureAnalyzer<InvalidFunctionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidFunctionException cause) {
		return new FailureAnalysis(StringUtils.capitalize(cause.origin()) + " can't be served as a stateful function: "
				+ cause.problem() + ".", cause.action() + ".", cause);
	}

}
