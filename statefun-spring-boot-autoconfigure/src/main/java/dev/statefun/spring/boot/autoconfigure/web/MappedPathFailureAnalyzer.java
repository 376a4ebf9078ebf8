package dev.statefun.spring.boot.autoconfigure.web;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an endpoint whose path is mapped to another handler or servlet as well.
 */
final class MappedPathFailureAnalyzer extends AbstractFailureAnalyzer<MappedPathException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MappedPathException cause) {
		return new FailureAnalysis("Path '" + cause.path()
				+ "' is the endpoint for StateFun clusters, but is mapped to " + cause.handler() + " as well.",
				cause.action(), cause);
	}

}
