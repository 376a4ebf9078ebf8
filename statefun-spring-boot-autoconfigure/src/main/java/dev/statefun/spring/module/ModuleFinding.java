package dev.statefun.spring.module;

/**
 * Something about a module.yaml that does not go with the functions, or that a cluster
 * does not understand as it is meant.
 *
 * @param severity how bad it is
 * @param kind what it is
 * @param where line and component, in words
 * @param found what is there
 * @param expected what should be there
 * @param action what to do
 * @since 0.1.0
 */
public record ModuleFinding(Severity severity, Kind kind, String where, String found, String expected, String action) {

	/**
	 * Return the finding as one line.
	 * @return the text
	 */
	@Override
	public String toString() {
		return this.severity + " at " + this.where + ": found " + this.found + "; expected " + this.expected + ". "
				+ this.action + ".";
	}

	/**
	 * How bad a finding is.
	 */
	public enum Severity {

		/**
		 * The cluster refuses the file, its job fails, or messages or states are lost.
		 */
		ERROR,

		/** It may work, but hardly as it is meant. */
		WARNING

	}

	/**
	 * What a finding is about.
	 */
	public enum Kind {

		/** The file is no YAML, or no module. */
		UNREADABLE,

		/** The file is of a form that these clusters don't read. */
		WRONG_FORMAT,

		/** A key is missing that has to be there. */
		MISSING_KEY,

		/** A key is there that clusters ignore. */
		IGNORED_KEY,

		/** A value is of another form than clusters read. */
		INVALID_VALUE,

		/** Something is there twice. */
		DUPLICATE,

		/** A function is served that is not in the file. */
		MISSING_FUNCTION,

		/** A function is in the file that is not served. */
		UNKNOWN_FUNCTION,

		/** A message goes to a function that is not in the file. */
		UNKNOWN_TARGET,

		/** A message goes to a function that has no handler for its type. */
		UNHANDLED_TYPE,

		/** A state is declared that is not in the file. */
		MISSING_STATE,

		/** A state is in the file that is not declared. */
		UNKNOWN_STATE,

		/** A state expires otherwise than declared. */
		OTHER_EXPIRATION,

		/** An egress is used that is not in the file. */
		MISSING_EGRESS,

		/** The URL leads elsewhere than to the endpoint. */
		WRONG_PATH,

		/** The URL leads to a port that does not serve the endpoint. */
		WRONG_PORT,

		/** Functions of several namespaces have one URL. */
		SHARED_URL,

		/** The URL leads to the cluster's own machine. */
		LOOPBACK,

		/** The transport is left to the cluster. */
		UNSPECIFIED_TRANSPORT,

		/** The cluster does not wait as long as the endpoint may take. */
		SHORT_TIMEOUT

	}

}
