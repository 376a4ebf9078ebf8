package dev.statefun.spring.gateway.web;

import java.util.List;

/**
 * Thrown to answer a request with a problem.
 */
final class ProblemException extends Exception {

	private static final long serialVersionUID = 1L;

	private final ProblemType type;

	private final String detail;

	private final List<String> accepts;

	ProblemException(ProblemType type, String detail) {
		this(type, detail, List.of());
	}

	/**
	 * Create an exception.
	 * @param type type of the problem
	 * @param detail what was found and what is expected, without texts of applications
	 * @param accepts content types that are possible, if that is the problem
	 */
	ProblemException(ProblemType type, String detail, List<String> accepts) {
		super(detail, null, false, false);
		this.type = type;
		this.detail = detail;
		this.accepts = accepts;
	}

	ProblemType type() {
		return this.type;
	}

	String detail() {
		return this.detail;
	}

	List<String> accepts() {
		return this.accepts;
	}

}
