package dev.statefun.netty;

/**
 * End of a request's body, after its parts.
 */
enum BodyEnd {

	/** All of it has arrived. */
	COMPLETE,

	/** What has arrived is not encoded as HTTP. */
	BROKEN

}
