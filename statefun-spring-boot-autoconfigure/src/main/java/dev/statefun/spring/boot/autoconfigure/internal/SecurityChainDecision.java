package dev.statefun.spring.boot.autoconfigure.internal;

/**
 * Internal: may change in any release. Decision of Spring Security about a request
 * without credentials, like those of clusters.
 */
public enum SecurityChainDecision {

	/**
	 * All requests are permitted.
	 */
	PERMITS,

	/**
	 * Requests of clusters are refused.
	 */
	REFUSES,

	/**
	 * The decision depends on more than the request's path, such as a certificate or an
	 * address.
	 */
	LOOKS_CLOSER

}
