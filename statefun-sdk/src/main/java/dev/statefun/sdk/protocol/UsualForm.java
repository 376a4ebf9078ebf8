package dev.statefun.sdk.protocol;

/**
 * Reads the parts of a request in the one form in which clusters write them: fields in
 * order, texts of less than 128 bytes, lengths in one or two bytes. This takes a third of
 * the time of a cursor, as positions stay in local variables and most invocations equal
 * the one before. All other forms are left to {@link BatchRequest}.
 */
final class UsualForm {

	/** Result for a part that has another form. */
	static final int NONE = -1;

	private UsualForm() {
	}

	/**
	 * Read the address of the target: namespace, name and id.
	 * @param bytes bytes of the request
	 * @param start start of the address
	 * @param end its end
	 * @param places table to write to, at its start
	 * @return whether it has the usual form; if not, nothing is written
	 */
	static boolean readTarget(byte[] bytes, int start, int end, int[] places) {
		int name = afterText(bytes, RequestLayout.FIELD_1_BYTES, start, end);
		int id = afterText(bytes, RequestLayout.FIELD_2_BYTES, name, end);
		if (afterText(bytes, RequestLayout.FIELD_3_BYTES, id, end) != end) {
			return false;
		}
		RequestLayout.set(places, 0, start, end - start);
		RequestLayout.set(places, 2, start + 2, name - start - 2);
		RequestLayout.set(places, 4, name + 2, id - name - 2);
		RequestLayout.set(places, 6, id + 2, end - id - 2);
		return true;
	}

	/**
	 * Read a state that has a value: its name and the bytes of the value.
	 * @param bytes bytes of the request
	 * @param start start of the state
	 * @param end its end
	 * @param places table to write to
	 * @param base where to write
	 * @return whether it has the usual form; if not, nothing is written
	 */
	static boolean readState(byte[] bytes, int start, int end, int[] places, int base) {
		int raw = afterText(bytes, RequestLayout.FIELD_1_BYTES, start, end);
		if (raw == NONE || raw == end || bytes[raw] != RequestLayout.FIELD_2_BYTES) {
			return false;
		}
		int length = shortLength(bytes, raw + 1, end);
		int value = after(raw + 1, length);
		if (length != end - value) {
			return false;
		}
		RequestLayout.set(places, base + RequestLayout.STATE_NAME, start + 2, raw - start - 2);
		RequestLayout.set(places, base + RequestLayout.STATE_RAW, value, length);
		return true;
	}

	/**
	 * Read the value of a state of a 3.x cluster, which has a type and is not empty.
	 * @param bytes bytes of the request
	 * @param start start of the value
	 * @param end its end
	 * @param places table to write to
	 * @param base where to write
	 * @return whether it has the usual form; if not, nothing is written
	 */
	static boolean readTypedState(byte[] bytes, int start, int end, int[] places, int base) {
		int type = afterText(bytes, RequestLayout.FIELD_1_BYTES, start, end);
		if (type == NONE || !isTrue(bytes, type, end) || end - type < 4
				|| bytes[type + 2] != RequestLayout.FIELD_3_BYTES) {
			return false;
		}
		int length = shortLength(bytes, type + 3, end);
		int value = after(type + 3, length);
		if (length != end - value) {
			return false;
		}
		RequestLayout.set(places, base + RequestLayout.TYPE, start + 2, type - start - 2);
		RequestLayout.set(places, base + RequestLayout.VALUE, value, length);
		return true;
	}

	/**
	 * Read an invocation that equals the one before it, which was read here too, up to a
	 * value at its end.
	 * @param bytes bytes of the request
	 * @param start start of the invocation
	 * @param previousStart start of the invocation before
	 * @param length length of both
	 * @param places table to write to
	 * @param base where to write
	 * @return whether it is equal; if not, nothing is written
	 */
	static boolean repeats(byte[] bytes, int start, int previousStart, int length, int[] places, int base) {
		int previous = base - RequestLayout.INVOCATION_STRIDE;
		int value = places[previous + RequestLayout.VALUE];
		int head = value - previousStart;
		if (value == 0 || head + places[previous + RequestLayout.VALUE + 1] != length
				|| !Utf8.isSame(bytes, start, bytes, previousStart, head)) {
			return false;
		}
		int distance = start - previousStart;
		int caller = places[previous + RequestLayout.CALLER];
		places[base + RequestLayout.CALLER] = (caller != 0) ? caller + 2 * distance : 0;
		places[base + RequestLayout.CALLER + 1] = places[previous + RequestLayout.CALLER + 1];
		places[base + RequestLayout.TYPE] = places[previous + RequestLayout.TYPE] + distance;
		places[base + RequestLayout.TYPE + 1] = places[previous + RequestLayout.TYPE + 1];
		places[base + RequestLayout.VALUE] = value + distance;
		places[base + RequestLayout.VALUE + 1] = places[previous + RequestLayout.VALUE + 1];
		places[base + RequestLayout.MESSAGE] = places[previous + RequestLayout.MESSAGE] + 2 * distance;
		return true;
	}

	/**
	 * Read an invocation: caller, and argument with type, value and headers.
	 * @param bytes bytes of the request
	 * @param start start of the invocation
	 * @param end its end
	 * @param places table to write to
	 * @param base where to write
	 * @param previous where the invocation before is, or {@link #NONE}
	 * @return evidence of the dialect, or {@link #NONE} if it has another form; then
	 * nothing is written
	 */
	static int readInvocation(byte[] bytes, int start, int end, int[] places, int base, int previous) {
		int position = start;
		int caller = 0;
		int callerLength = 0;
		if (bytes[position] == RequestLayout.FIELD_1_BYTES) {
			callerLength = shortLength(bytes, position + 1, end);
			caller = position + 2;
			int plain = (callerLength > 0 && callerLength < 0x80)
					? readCaller(bytes, caller, callerLength, places, previous) : NONE;
			if (plain == NONE) {
				return NONE;
			}
			position = caller + callerLength;
			caller = caller << 1 | plain;
		}
		if (position >= end || bytes[position] != RequestLayout.FIELD_2_BYTES) {
			return NONE;
		}
		int message = position + 1;
		int length = shortLength(bytes, message, end);
		int type = after(message, length);
		position = (length == end - type) ? afterText(bytes, RequestLayout.FIELD_1_BYTES, type, end) : NONE;
		if (position == NONE) {
			return NONE;
		}
		type += 2;
		int typeLength = position - type;
		int evidence = 0;
		int valueTag = RequestLayout.FIELD_2_BYTES;
		if (isTrue(bytes, position, end)) {
			evidence = RequestLayout.EVIDENCE_V3;
			valueTag = RequestLayout.FIELD_3_BYTES;
			position += 2;
		}
		int value = 0;
		int valueLength = 0;
		if (position < end && bytes[position] == valueTag) {
			evidence = (evidence != 0) ? evidence : RequestLayout.EVIDENCE_V2;
			valueLength = shortLength(bytes, position + 1, end);
			if (valueLength < 0) {
				return NONE;
			}
			value = after(position + 1, valueLength);
			position = value + valueLength;
		}
		while (position < end) {
			int headerLength = (bytes[position] == HeaderFields.IN_MESSAGE) ? shortLength(bytes, position + 1, end)
					: NONE;
			if (headerLength < 0) {
				return NONE;
			}
			position = after(position + 1, headerLength) + headerLength;
		}
		RequestLayout.set(places, base + RequestLayout.CALLER, caller, callerLength);
		RequestLayout.set(places, base + RequestLayout.TYPE, type, typeLength);
		RequestLayout.set(places, base + RequestLayout.VALUE, value, valueLength);
		places[base + RequestLayout.MESSAGE] = message << 1 | ((evidence == RequestLayout.EVIDENCE_V3) ? 1 : 0);
		return evidence;
	}

	// Whether the caller's address is plain, or NONE if it has another form
	private static int readCaller(byte[] bytes, int start, int length, int[] places, int previous) {
		if (previous != NONE) {
			int caller = places[previous + RequestLayout.CALLER];
			if (caller != 0 && length == places[previous + RequestLayout.CALLER + 1]
					&& Utf8.isSame(bytes, start, bytes, caller >>> 1, length)) {
				return caller & 1;
			}
		}
		int end = start + length;
		int name = afterText(bytes, RequestLayout.FIELD_1_BYTES, start, end);
		int id = afterText(bytes, RequestLayout.FIELD_2_BYTES, name, end);
		if (afterText(bytes, RequestLayout.FIELD_3_BYTES, id, end) != end) {
			return NONE;
		}
		boolean plain = bytes[start + 2] > ' ' && bytes[name + 2] > ' ' && !Utf8.contains(bytes, name + 2, id, '/');
		return plain ? 1 : 0;
	}

	// Returns the position after a text that is not empty and has less than 128 bytes, or
	// NONE
	private static int afterText(byte[] bytes, int tag, int position, int end) {
		if (position < 0 || end - position < 3 || bytes[position] != tag) {
			return NONE;
		}
		int length = bytes[position + 1];
		int text = position + 2;
		return (length > 0 && length <= end - text && Utf8.isValid(bytes, text, length)) ? text + length : NONE;
	}

	// Whether has_value follows and is true
	private static boolean isTrue(byte[] bytes, int position, int end) {
		return end - position >= 2 && bytes[position] == RequestLayout.FIELD_2_VARINT && bytes[position + 1] == 1;
	}

	// The length of a field if it is written in one or two bytes and within its
	// message, else a negative number
	private static int shortLength(byte[] bytes, int position, int end) {
		if (position >= end) {
			return NONE;
		}
		int length = bytes[position];
		if (length >= 0) {
			return (length < end - position) ? length : NONE;
		}
		if (end - position < 2 || bytes[position + 1] <= 0) {
			return NONE;
		}
		length = length & 0x7f | bytes[position + 1] << 7;
		return (length < end - position - 1) ? length : NONE;
	}

	private static int after(int position, int length) {
		return position + ((length > 0x7f) ? 2 : 1);
	}

}
