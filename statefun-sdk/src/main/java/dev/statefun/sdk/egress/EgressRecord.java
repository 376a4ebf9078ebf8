package dev.statefun.sdk.egress;

import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * A record for one of the cluster's own egresses. Its type on the wire depends on the
 * generation of the cluster (protocol.md §7.4), so it is resolved when the record is
 * sent.
 *
 * @since 0.1.0
 */
public abstract class EgressRecord {

	private static final byte[] NO_HEADERS = {};

	EgressRecord() {
	}

	/**
	 * Internal: return the type name that the sinks of a cluster expect.
	 * @param dialect dialect of the cluster
	 * @return the type name in UTF-8, not to be changed
	 */
	public abstract byte[] typenameUtf8(Dialect dialect);

	/**
	 * Internal: return the record's bytes.
	 * @param json writes a value that was given as an object, or {@code null} if there is
	 * no such writer
	 * @return the serialized record
	 * @throws IllegalStateException if the value is to be written as JSON and can't be
	 */
	public final byte[] encode(@Nullable JsonEncoder json) {
		return encode(json, NO_HEADERS);
	}

	/**
	 * Internal: return the record's bytes with headers, if its egress has any.
	 * @param json writes a value that was given as an object, or {@code null} if there is
	 * no such writer
	 * @param headers fields of the headers, or no bytes
	 * @return the serialized record
	 * @throws IllegalStateException if the value is to be written as JSON and can't be
	 */
	public abstract byte[] encode(@Nullable JsonEncoder json, byte[] headers);

}
