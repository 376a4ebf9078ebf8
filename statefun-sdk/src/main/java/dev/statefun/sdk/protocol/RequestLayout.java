package dev.statefun.sdk.protocol;

/**
 * Fields of a request on the wire, and the layout of the table with their offsets and
 * lengths: those of the target's address, namespace, name and id, then those of each
 * state, then those of each invocation.
 */
final class RequestLayout {

	static final int FIELD_1_BYTES = 0x0a;

	static final int FIELD_2_BYTES = 0x12;

	static final int FIELD_2_VARINT = 0x10;

	static final int FIELD_3_BYTES = 0x1a;

	/** Evidence of the dialect in a value, as bits. */
	static final int EVIDENCE_V2 = 1;

	static final int EVIDENCE_V3 = 2;

	/** Number of offsets and lengths of the target. */
	static final int TARGET_SIZE = 8;

	/**
	 * Indexes of an invocation's parts. The offset of the caller, 0 if there is none, has
	 * in its lowest bit whether its address is plain.
	 */
	static final int CALLER = 0;

	static final int TYPE = 2;

	static final int VALUE = 4;

	/** Offset of the length of the whole message, and in its lowest bit has_value. */
	static final int MESSAGE = 6;

	static final int INVOCATION_STRIDE = 7;

	/** Indexes of a state's parts; type and value as above. */
	static final int STATE_NAME = 0;

	static final int STATE_RAW = 6;

	static final int STATE_STRIDE = 8;

	private RequestLayout() {
	}

	static void set(int[] table, int place, int offset, int length) {
		table[place] = offset;
		table[place + 1] = length;
	}

}
