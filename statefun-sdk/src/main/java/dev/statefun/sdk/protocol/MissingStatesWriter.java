package dev.statefun.sdk.protocol;

/**
 * Internal: may change in any release. Writes the reply that requests states which a 3.x
 * cluster does not know yet: {@code FromFunction.IncompleteInvocationContext}
 * (protocol.md §1, §4.1). Never sent to a 2.x cluster, which would read it as an empty
 * reply and lose the batch.
 *
 * @since 0.1.0
 */
public final class MissingStatesWriter {

	private static final int HEADROOM = 7;

	private final WireWriter writer = new WireWriter(128);

	/**
	 * Create a writer.
	 */
	public MissingStatesWriter() {
		this.writer.position(HEADROOM);
	}

	/**
	 * Add a state.
	 * @param name name of the state
	 * @param typename type name of its values
	 * @param expirationMode number of the expiration mode: 0 none, 1 after write, 2 after
	 * invocation
	 * @param expirationMillis time to live in milliseconds, ignored without a mode
	 */
	public void add(byte[] name, byte[] typename, int expirationMode, long expirationMillis) {
		int expiration = (expirationMode == 0) ? 0 : 3 + WireWriter.varintSize(expirationMillis);
		this.writer.writeHeader(0x0a, WireWriter.fieldSize(name.length) + WireWriter.optionalFieldSize(expiration)
				+ WireWriter.fieldSize(typename.length));
		this.writer.writeBytes(0x0a, name);
		if (expiration > 0) {
			this.writer.writeHeader(0x12, expiration);
			this.writer.writeByte(0x08);
			this.writer.writeByte(expirationMode);
			this.writer.writeByte(0x10);
			this.writer.writeVarint(expirationMillis);
		}
		this.writer.writeBytes(0x1a, typename);
	}

	/**
	 * Return the reply.
	 * @return the bytes of a {@code FromFunction}
	 */
	public byte[] toByteArray() {
		return this.writer.toField(0xaa, 0x06, HEADROOM); // field 101, length-delimited
	}

}
