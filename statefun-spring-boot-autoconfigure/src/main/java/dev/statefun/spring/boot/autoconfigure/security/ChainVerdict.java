package dev.statefun.spring.boot.autoconfigure.security;

/**
 * What Spring Security does with a request that carries nothing, as those of clusters do.
 */
enum ChainVerdict {

	/**
	 * Everybody is let in.
	 */
	PERMITS,

	/**
	 * Clusters are refused.
	 */
	REFUSES,

	/**
	 * It depends on more than the request's path, such as a certificate or an address.
	 */
	LOOKS_CLOSER

}
