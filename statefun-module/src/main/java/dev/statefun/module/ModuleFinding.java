package dev.statefun.module;

/**
 * Finding about a module.yaml: something that does not match the functions, or that a
 * cluster would not read as intended.
 *
 * @param severity severity
 * @param kind kind
 * @param where line and component, in words
 * @param found actual content
 * @param expected expected content
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
	 * Severity of a finding.
	 */
	public enum Severity {

		/**
		 * The cluster refuses the file, its job fails, or messages or states are lost.
		 */
		ERROR,

		/** The file may work, but probably not as intended. */
		WARNING

	}

	/**
	 * Kind of a finding.
	 */
	public enum Kind {

		/** The file is not YAML, or not a module. */
		UNREADABLE,

		/** The file has a form that these clusters do not read. */
		WRONG_FORMAT,

		/** A required key is missing. */
		MISSING_KEY,

		/** Clusters ignore a key. */
		IGNORED_KEY,

		/** A value has a form that clusters do not read. */
		INVALID_VALUE,

		/** Something occurs twice. */
		DUPLICATE,

		/** A served function is missing in the file. */
		MISSING_FUNCTION,

		/** A function in the file is not served. */
		UNKNOWN_FUNCTION,

		/** A message goes to a function that is missing in the file. */
		UNKNOWN_TARGET,

		/** A message goes to a function that has no handler for its type. */
		UNHANDLED_TYPE,

		/** A declared state is missing in the file. */
		MISSING_STATE,

		/** A state in the file is not declared. */
		UNKNOWN_STATE,

		/** The expiration of a state differs from its declaration. */
		OTHER_EXPIRATION,

		/** An egress that is used is missing in the file. */
		MISSING_EGRESS,

		/** The ingress of the gateway is missing in the file. */
		MISSING_INGRESS,

		/** The cluster may collect more messages than a reply has room for. */
		LARGE_BATCH,

		/** The URL does not lead to the endpoint. */
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
