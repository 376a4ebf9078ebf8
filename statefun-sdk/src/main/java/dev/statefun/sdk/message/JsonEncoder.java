package dev.statefun.sdk.message;

/**
 * Writes objects as JSON, for egress records with an object as their value. Must be
 * thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface JsonEncoder {

	/**
	 * Write an object as JSON.
	 * @param value the object
	 * @return its JSON form in UTF-8
	 * @throws Exception if the object can't be written
	 */
	byte[] encode(Object value) throws Exception;

}
