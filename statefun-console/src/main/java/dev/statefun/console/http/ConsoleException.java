package dev.statefun.console.http;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a request can't be answered as it wants. Answered as problem details (RFC
 * 9457).
 *
 * @since 0.1.0
 */
public final class ConsoleException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Problem problem;

	private final @Nullable Integer line;

	private final @Nullable Integer column;

	/**
	 * Create an exception.
	 * @param problem kind of problem
	 * @param detail description of this occurrence
	 */
	public ConsoleException(Problem problem, String detail) {
		this(problem, detail, null, null);
	}

	/**
	 * Create an exception about a text.
	 * @param problem kind of problem
	 * @param detail description of this occurrence
	 * @param line line of the text, from 1, if known
	 * @param column column in that line, from 1, if known
	 */
	public ConsoleException(Problem problem, String detail, @Nullable Integer line, @Nullable Integer column) {
		super(detail, null, false, false);
		this.problem = problem;
		this.line = line;
		this.column = column;
	}

	/**
	 * Return the kind of problem.
	 * @return the problem
	 */
	public Problem problem() {
		return this.problem;
	}

	/**
	 * Return the description of this occurrence.
	 * @return the text
	 */
	public String detail() {
		return String.valueOf(getMessage());
	}

	/**
	 * Return the line that is at fault.
	 * @return its number from 1, or {@code null} if unknown
	 */
	public @Nullable Integer line() {
		return this.line;
	}

	/**
	 * Return the column that is at fault.
	 * @return its number from 1, or {@code null} if unknown
	 */
	public @Nullable Integer column() {
		return this.column;
	}

	JsonObject toJson() {
		return new JsonObject().with("type", "about:blank")
			.with("title", this.problem.title())
			.with("status", this.problem.status())
			.with("code", this.problem.code())
			.with("detail", detail())
			.with("line", this.line)
			.with("column", this.column);
	}

}
