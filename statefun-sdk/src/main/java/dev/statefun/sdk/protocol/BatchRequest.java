package dev.statefun.sdk.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Predicate;

import dev.statefun.sdk.protocol.HeaderFields.HeaderConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. A decoded request of a cluster. Decoding only
 * finds the offset and length of each part; nothing is copied, and names and values are
 * decoded when they are read.
 * <p>
 * The layout is that of {@code ToFunction} (protocol.md §1); the dialect is detected from
 * the bytes alone (protocol.md §2). Duplicates of fields that may occur once are refused,
 * while protobuf would merge them: no cluster sends any.
 *
 * @since 0.1.0
 */
public final class BatchRequest {

	private static final int INVOCATION = 100 << 3 | 2;

	private static final int TARGET = 0x0a;

	private static final int STATE = 0x12;

	private static final int INVOCATIONS = 0x1a;

	/** Fields of an address before its id. */
	private static final int[] CALLER_TYPE = { RequestLayout.FIELD_1_BYTES, RequestLayout.FIELD_2_BYTES };

	private static final int[] NONE = {};

	/** Far above what a cluster sends, and low enough for the sizes of the tables. */
	private static final int MAX_ENTRIES = 10_000_000;

	private static final String NO_MESSAGE = "an invocation without a message";

	private final byte[] bytes;

	private final Dialect dialect;

	private final boolean certain;

	/** Offsets and lengths, see {@link RequestLayout}. */
	private int[] places = NONE;

	private int firstInvocation;

	private int stateCount;

	private int invocationCount;

	/** Start of the invocation before. Only used while decoding, as the next two. */
	private int previousStart;

	/** Length of the invocation before if it has the usual form, else 0. */
	private int previousLength;

	private int previousEvidence;

	private BatchRequest(byte[] bytes, @Nullable Dialect pinned) {
		this.bytes = bytes;
		WireReader reader = new WireReader(bytes, 0, bytes.length);
		boolean found = false;
		int evidence = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == INVOCATION) {
				requireOnce(reader, found, "invocation batch");
				found = true;
				evidence = readBatch(reader.readMessage());
			}
			else {
				reader.skipField(tag);
			}
		}
		if (!found) {
			throw new MalformedRequestException(bytes.length + " bytes carry no invocation batch");
		}
		this.dialect = (pinned != null) ? pinned(pinned, evidence) : detect(evidence);
		this.certain = pinned != null || evidence != 0;
		if (this.dialect == Dialect.V3) {
			for (int i = 0; i < this.stateCount; i++) {
				readTypedState(i);
			}
		}
	}

	/**
	 * Decode a request.
	 * @param bytes the body of the request, which must not change afterwards
	 * @param pinned the dialect that the request must be in, or {@code null} to detect it
	 * @return the decoded request
	 * @throws MalformedRequestException if the bytes are no request, or in the wrong
	 * dialect
	 */
	public static BatchRequest decode(byte[] bytes, @Nullable Dialect pinned) {
		return new BatchRequest(bytes, pinned);
	}

	/**
	 * Find the target of a request, without decoding the rest.
	 * @param bytes the body of the request
	 * @return a read-only view of the bytes of the address, or {@code null} if there is
	 * none
	 */
	public static @Nullable ByteBuffer target(byte[] bytes) {
		WireReader reader = new WireReader(bytes, 0, bytes.length);
		try {
			if (!skipTo(INVOCATION, reader)) {
				return null;
			}
			WireReader batch = reader.readMessage();
			if (!skipTo(TARGET, batch)) {
				return null;
			}
			int length = batch.readLength();
			return ByteBuffer.wrap(bytes, batch.position(), length).asReadOnlyBuffer();
		}
		catch (MalformedRequestException ex) {
			// Reported when the request is decoded
			return null;
		}
	}

	/**
	 * Return the memory that decoding a request needs besides its bytes: 28 bytes for
	 * each invocation and 32 for each state. Allocates nothing.
	 * @param bytes the body of the request
	 * @return number of bytes; 0 if decoding refuses the request before allocating any
	 */
	public static long tableSize(byte[] bytes) {
		WireReader reader = new WireReader(bytes, 0, bytes.length);
		try {
			if (!skipTo(INVOCATION, reader)) {
				return 0;
			}
			long entries = countEntries(reader.readMessage());
			return Integer.BYTES * ((long) invocations(entries) * RequestLayout.INVOCATION_STRIDE
					+ (long) states(entries) * RequestLayout.STATE_STRIDE);
		}
		catch (MalformedRequestException ex) {
			return 0;
		}
	}

	/**
	 * Find the parts of the target of a request, without decoding the rest.
	 * @param bytes the body of the request
	 * @return namespace, name and id, or {@code null} if the bytes have no address
	 */
	public static String @Nullable [] targetParts(byte[] bytes) {
		ByteBuffer address = target(bytes);
		if (address == null) {
			return null;
		}
		int[] places = new int[8];
		try {
			readAddress(new WireReader(bytes, address.position(), address.remaining()), places);
			return new String[] { Utf8.read(bytes, places[2], places[3]), Utf8.read(bytes, places[4], places[5]),
					Utf8.read(bytes, places[6], places[7]) };
		}
		catch (MalformedRequestException ex) {
			return null;
		}
	}

	/**
	 * Find the value that is registered under the function type of a request's target,
	 * without decoding the rest.
	 * @param <V> type of the values
	 * @param bytes the body of the request
	 * @param functions values by function type
	 * @return the value, or {@code null} if there is none, or no address
	 */
	public static <V> @Nullable V findTarget(byte[] bytes, BytesTable<V> functions) {
		WireReader reader = new WireReader(bytes, 0, bytes.length);
		try {
			if (!skipTo(INVOCATION, reader)) {
				return null;
			}
			WireReader batch = reader.readMessage();
			return skipTo(TARGET, batch) ? findType(bytes, batch.readMessage(), functions) : null;
		}
		catch (MalformedRequestException ex) {
			// Reported when the request is decoded
			return null;
		}
	}

	private static <V> @Nullable V findType(byte[] bytes, WireReader address, BytesTable<V> functions) {
		int namespace = 0;
		int namespaceLength = 0;
		int name = 0;
		int nameLength = 0;
		while (address.hasMore()) {
			int tag = address.readTag();
			switch (tag) {
				case RequestLayout.FIELD_1_BYTES -> {
					namespaceLength = address.readLength();
					namespace = address.skipBytes(namespaceLength);
				}
				case RequestLayout.FIELD_2_BYTES -> {
					nameLength = address.readLength();
					name = address.skipBytes(nameLength);
				}
				default -> address.skipField(tag);
			}
		}
		return functions.find(bytes, namespace, namespaceLength, name, nameLength);
	}

	private static boolean skipTo(int wanted, WireReader reader) {
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == wanted) {
				return true;
			}
			reader.skipField(tag);
		}
		return false;
	}

	private static Dialect pinned(Dialect pinned, int evidence) {
		if (isContrary(evidence, pinned)) {
			throw new MalformedRequestException("the request is in the dialect of StateFun " + ((pinned == Dialect.V2)
					? "3.x, but the protocol is pinned to 2.x" : "2.x, but the protocol is pinned to 3.x"));
		}
		return pinned;
	}

	private static boolean isContrary(int evidence, Dialect dialect) {
		return (evidence & ((dialect == Dialect.V2) ? RequestLayout.EVIDENCE_V3 : RequestLayout.EVIDENCE_V2)) != 0;
	}

	private Dialect detect(int evidence) {
		if (evidence != 0) {
			return (evidence == RequestLayout.EVIDENCE_V3) ? Dialect.V3 : Dialect.V2;
		}
		int stateEvidence = 0;
		for (int i = 0; i < this.stateCount; i++) {
			stateEvidence |= evidenceOfState(i);
		}
		requireUnambiguous(stateEvidence, "states");
		// 2.x is the safe choice: a 3.x reply may request missing states, which a 2.x
		// cluster reads as an empty reply, losing the batch (protocol.md §2.2)
		return (stateEvidence == RequestLayout.EVIDENCE_V3) ? Dialect.V3 : Dialect.V2;
	}

	private static void requireUnambiguous(int evidence, String where) {
		if (evidence == (RequestLayout.EVIDENCE_V2 | RequestLayout.EVIDENCE_V3)) {
			throw new MalformedRequestException(
					"the " + where + " are partly in the dialect of StateFun 2.x and partly in that of 3.x; "
							+ "the cluster was answered in the wrong dialect before");
		}
	}

	private static void requireOnce(WireReader reader, boolean found, String what) {
		if (found) {
			throw reader.malformedAt(reader.position(), "a second " + what);
		}
	}

	private int readBatch(WireReader reader) {
		allocateTable(countEntries(reader.copy()));
		boolean targetFound = false;
		int evidence = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case TARGET -> {
					requireOnce(reader, targetFound, "target");
					targetFound = true;
					int length = reader.readLength();
					readTarget(reader.skipBytes(length), length);
				}
				case STATE -> {
					int length = reader.readLength();
					readState(reader.skipBytes(length), length);
				}
				case INVOCATIONS -> {
					int length = reader.readLength();
					evidence |= readInvocation(reader.skipBytes(length), length);
				}
				default -> reader.skipField(tag);
			}
		}
		if (!targetFound || this.invocationCount == 0) {
			throw reader.malformedAt(reader.position(),
					targetFound ? "a batch without invocations" : "a batch without a target");
		}
		requireUnambiguous(evidence, "messages");
		return evidence;
	}

	private void readTarget(int start, int length) {
		if (!UsualForm.readTarget(this.bytes, start, start + length, this.places)) {
			readAddress(new WireReader(this.bytes, start, length), this.places);
		}
	}

	private static void readAddress(WireReader reader, int[] address) {
		RequestLayout.set(address, 0, reader.position(), reader.remaining());
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case RequestLayout.FIELD_1_BYTES -> readText(reader, address, 2);
				case RequestLayout.FIELD_2_BYTES -> readText(reader, address, 4);
				case RequestLayout.FIELD_3_BYTES -> readText(reader, address, 6);
				default -> reader.skipField(tag);
			}
		}
	}

	private static void readText(WireReader reader, int[] places, int place) {
		int length = reader.readTextLength();
		RequestLayout.set(places, place, reader.skipBytes(length), length);
	}

	private static void readBytes(WireReader reader, int[] places, int place) {
		int length = reader.readLength();
		RequestLayout.set(places, place, reader.skipBytes(length), length);
	}

	// The table has the exact size, whatever the request contains
	private void allocateTable(long entries) {
		this.firstInvocation = stateBase(states(entries));
		this.places = new int[this.firstInvocation + invocations(entries) * RequestLayout.INVOCATION_STRIDE];
	}

	private static int stateBase(int state) {
		return RequestLayout.TARGET_SIZE + state * RequestLayout.STATE_STRIDE;
	}

	private int invocationBase(int invocation) {
		return this.firstInvocation + invocation * RequestLayout.INVOCATION_STRIDE;
	}

	// Numbers of invocations and states in one long, which saves an object for each
	// request
	private static long countEntries(WireReader reader) {
		int start = reader.position();
		int states = 0;
		int invocations = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == INVOCATIONS) {
				invocations++;
				int length = reader.readLength();
				if (length == 0) {
					// Two bytes of the request would need 28 of the table
					throw reader.malformedAt(reader.position(), NO_MESSAGE);
				}
				reader.skipBytes(length);
			}
			else {
				states += (tag == STATE) ? 1 : 0;
				reader.skipField(tag);
			}
		}
		if (states > MAX_ENTRIES || invocations > MAX_ENTRIES) {
			throw reader.malformedAt(start, "a batch of more than " + MAX_ENTRIES + " entries");
		}
		return (long) invocations << Integer.SIZE | states;
	}

	private static int invocations(long entries) {
		return (int) (entries >>> Integer.SIZE);
	}

	private static int states(long entries) {
		return (int) entries;
	}

	private void readState(int start, int length) {
		int base = stateBase(this.stateCount);
		if (!UsualForm.readState(this.bytes, start, start + length, this.places, base)) {
			readState(new WireReader(this.bytes, start, length), base);
		}
		this.stateCount++;
	}

	private void readState(WireReader reader, int base) {
		RequestLayout.set(this.places, base + RequestLayout.STATE_RAW, -1, 0);
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case RequestLayout.FIELD_1_BYTES -> readText(reader, this.places, base + RequestLayout.STATE_NAME);
				case RequestLayout.FIELD_2_BYTES -> {
					requireOnce(reader, this.places[base + RequestLayout.STATE_RAW] >= 0, "value of a state");
					readBytes(reader, this.places, base + RequestLayout.STATE_RAW);
				}
				default -> reader.skipField(tag);
			}
		}
	}

	private int readInvocation(int start, int length) {
		int base = invocationBase(this.invocationCount);
		int previous = (this.invocationCount > 0) ? base - RequestLayout.INVOCATION_STRIDE : UsualForm.NONE;
		this.invocationCount++;
		if (length == this.previousLength
				&& UsualForm.repeats(this.bytes, start, this.previousStart, length, this.places, base)) {
			this.previousStart = start;
			return this.previousEvidence;
		}
		int evidence = UsualForm.readInvocation(this.bytes, start, start + length, this.places, base, previous);
		this.previousLength = (evidence != UsualForm.NONE) ? length : 0;
		this.previousStart = start;
		this.previousEvidence = evidence;
		return (evidence != UsualForm.NONE) ? evidence
				: readInvocation(new WireReader(this.bytes, start, length), base);
	}

	private int readInvocation(WireReader reader, int base) {
		int[] places = this.places;
		places[base + RequestLayout.CALLER] = 0;
		boolean callerFound = false;
		boolean argumentFound = false;
		int evidence = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case RequestLayout.FIELD_1_BYTES -> {
					requireOnce(reader, callerFound, "caller");
					callerFound = true;
					readCaller(reader.readMessage(), base);
				}
				case RequestLayout.FIELD_2_BYTES -> {
					requireOnce(reader, argumentFound, "argument");
					argumentFound = true;
					places[base + RequestLayout.MESSAGE] = reader.position() << 1;
					evidence = readArgument(reader.readMessage(), places, base);
				}
				default -> reader.skipField(tag);
			}
		}
		if (!argumentFound) {
			throw reader.malformedAt(reader.position(), NO_MESSAGE);
		}
		return evidence;
	}

	private void readCaller(WireReader reader, int base) {
		int start = reader.position();
		int length = reader.remaining();
		// The last of several fields with the same tag is used
		int parts = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == RequestLayout.FIELD_1_BYTES || tag == RequestLayout.FIELD_2_BYTES
					|| tag == RequestLayout.FIELD_3_BYTES) {
				int part = 1 << (tag >>> 3);
				int text = reader.readTextLength();
				reader.skipBytes(text);
				parts = (text > 0) ? parts | part : parts & ~part;
			}
			else {
				reader.skipField(tag);
			}
		}
		if (parts != 0) {
			// Three empty parts mean no caller (protocol.md §13.36); all else is one,
			// as functions inside the cluster may have types of any form
			RequestLayout.set(this.places, base + RequestLayout.CALLER, start << 1, length);
		}
	}

	// Reads an argument, which is an Any or a TypedValue; their fields have distinct
	// tags, so both can be read before the dialect is known
	private static int readArgument(WireReader reader, int[] places, int base) {
		int evidence = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case RequestLayout.FIELD_1_BYTES -> readText(reader, places, base + RequestLayout.TYPE);
				case RequestLayout.FIELD_2_BYTES -> {
					evidence |= RequestLayout.EVIDENCE_V2;
					readBytes(reader, places, base + RequestLayout.VALUE);
				}
				case RequestLayout.FIELD_2_VARINT -> {
					evidence |= RequestLayout.EVIDENCE_V3;
					int hasValue = (reader.readVarint() != 0) ? 1 : 0;
					places[base + RequestLayout.MESSAGE] = places[base + RequestLayout.MESSAGE] & ~1 | hasValue;
				}
				case RequestLayout.FIELD_3_BYTES -> {
					evidence |= RequestLayout.EVIDENCE_V3;
					readBytes(reader, places, base + RequestLayout.VALUE);
				}
				default -> reader.skipField(tag);
			}
		}
		requireUnambiguous(evidence, "parts of a message");
		return evidence;
	}

	// Evidence of the dialect in the bytes of a state. To a 2.x cluster they are
	// opaque, so that only a value that is a TypedValue and nothing else is evidence
	// of 3.x; bytes that are neither are no evidence (protocol.md §2.1)
	private int evidenceOfState(int index) {
		int base = stateBase(index);
		if (this.places[base + RequestLayout.STATE_RAW + 1] == 0) {
			return 0;
		}
		int[] places = new int[RequestLayout.INVOCATION_STRIDE];
		try {
			WireReader reader = new WireReader(this.bytes, this.places[base + RequestLayout.STATE_RAW],
					this.places[base + RequestLayout.STATE_RAW + 1]);
			int evidence = 0;
			while (reader.hasMore()) {
				switch (reader.readTag()) {
					case RequestLayout.FIELD_1_BYTES -> readText(reader, places, RequestLayout.TYPE);
					case RequestLayout.FIELD_2_BYTES -> {
						evidence |= RequestLayout.EVIDENCE_V2;
						readBytes(reader, places, RequestLayout.VALUE);
					}
					case RequestLayout.FIELD_2_VARINT -> {
						if (reader.readVarint() != 1) {
							return 0;
						}
						evidence |= RequestLayout.EVIDENCE_V3;
					}
					case RequestLayout.FIELD_3_BYTES -> readBytes(reader, places, RequestLayout.VALUE);
					default -> {
						return 0;
					}
				}
			}
			boolean plausible = isTypename(places[RequestLayout.TYPE], places[RequestLayout.TYPE + 1])
					&& evidence != (RequestLayout.EVIDENCE_V2 | RequestLayout.EVIDENCE_V3);
			return plausible ? evidence : 0;
		}
		catch (MalformedRequestException ex) {
			return 0; // no protobuf: legal on 2.x, and no evidence
		}
	}

	private boolean isTypename(int offset, int length) {
		int slashes = 0;
		for (int i = offset; i < offset + length; i++) {
			slashes += (this.bytes[i] == '/') ? 1 : 0;
		}
		return slashes == 1;
	}

	private void readTypedState(int index) {
		int base = stateBase(index);
		if (!hasState(index)) {
			return;
		}
		int start = this.places[base + RequestLayout.STATE_RAW];
		int length = this.places[base + RequestLayout.STATE_RAW + 1];
		if (!UsualForm.readTypedState(this.bytes, start, start + length, this.places, base)) {
			readTypedState(new WireReader(this.bytes, start, length), base);
		}
	}

	private void readTypedState(WireReader reader, int base) {
		int start = reader.position();
		boolean hasValue = false;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case RequestLayout.FIELD_1_BYTES -> readText(reader, this.places, base + RequestLayout.TYPE);
				case RequestLayout.FIELD_2_VARINT -> hasValue = reader.readVarint() != 0;
				case RequestLayout.FIELD_2_BYTES ->
					throw reader.malformedAt(start, "a state in the dialect of StateFun 2.x in a request of 3.x");
				case RequestLayout.FIELD_3_BYTES -> readBytes(reader, this.places, base + RequestLayout.VALUE);
				default -> reader.skipField(tag);
			}
		}
		if (!hasValue) {
			// Test clients send this for an absent state; clusters omit the field
			RequestLayout.set(this.places, base + RequestLayout.STATE_RAW, -1, 0);
		}
	}

	/**
	 * Return the bytes that all offsets refer to.
	 * @return the request's bytes, not to be changed
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Return the dialect of the request, in which it must be answered.
	 * @return the dialect
	 */
	public Dialect dialect() {
		return this.dialect;
	}

	/**
	 * Return whether the dialect is certain: pinned, or evident from a message. Otherwise
	 * the reply must not request states, as that would lose the batch of a 2.x cluster.
	 * @return whether the dialect is certain
	 */
	public boolean isDialectCertain() {
		return this.certain;
	}

	/**
	 * Find the value that is registered under the target's function type.
	 * @param <V> type of the values
	 * @param functions values by function type
	 * @return the value, or {@code null}
	 */
	public <V> @Nullable V findTarget(BytesTable<V> functions) {
		return functions.find(this.bytes, this.places[2], this.places[3], this.places[4], this.places[5]);
	}

	/**
	 * Return the namespace of the target's function type.
	 * @return the namespace
	 */
	public String targetNamespace() {
		return Utf8.read(this.bytes, this.places[2], this.places[3]);
	}

	/**
	 * Return the name of the target's function type.
	 * @return the name, without the namespace
	 */
	public String targetName() {
		return Utf8.read(this.bytes, this.places[4], this.places[5]);
	}

	/**
	 * Return the length of {@link #targetName()} in the request.
	 * @return number of bytes
	 */
	public int targetNameLength() {
		return this.places[5];
	}

	/**
	 * Return the id of the target, which may be empty.
	 * @return the id
	 */
	public String targetId() {
		return Utf8.read(this.bytes, this.places[6], this.places[7]);
	}

	/**
	 * Return the number of invocations.
	 * @return the number, at least 1
	 */
	public int invocationCount() {
		return this.invocationCount;
	}

	/**
	 * Return whether an invocation has a caller.
	 * @param invocation index of the invocation
	 * @return whether it was sent by a function
	 */
	public boolean hasCaller(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.CALLER] != 0;
	}

	/**
	 * Return whether the address of an invocation's caller is known to be one that can be
	 * sent to.
	 * @param invocation index of the invocation
	 * @return {@code true} if it has a namespace, a name and an id, and the name is a
	 * function's; {@code false} if it was not checked
	 */
	public boolean isCallerPlain(int invocation) {
		return (this.places[invocationBase(invocation) + RequestLayout.CALLER] & 1) != 0;
	}

	int callerOffset(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.CALLER] >>> 1;
	}

	int callerLength(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.CALLER + 1];
	}

	/**
	 * Return whether two invocations have the same caller.
	 * @param invocation index of an invocation that has a caller
	 * @param other index of another one
	 * @return whether their bytes are equal
	 */
	public boolean hasSameCaller(int invocation, int other) {
		int length = callerLength(invocation);
		return length == callerLength(other)
				&& Utf8.isSame(this.bytes, callerOffset(invocation), this.bytes, callerOffset(other), length);
	}

	/**
	 * Return a copy of the fields of an invocation's caller, to be read by
	 * {@link AddressFields}.
	 * @param invocation index of an invocation that has a caller
	 * @return the bytes of an address
	 */
	public byte[] copyCaller(int invocation) {
		int offset = callerOffset(invocation);
		return Arrays.copyOfRange(this.bytes, offset, offset + callerLength(invocation));
	}

	/**
	 * Return the three parts of an invocation's caller.
	 * @param invocation index of an invocation that has a caller
	 * @return namespace, name and id
	 */
	public String[] caller(int invocation) {
		String[] parts = { "", "", "" };
		WireReader reader = new WireReader(this.bytes, callerOffset(invocation), callerLength(invocation));
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == RequestLayout.FIELD_1_BYTES || tag == RequestLayout.FIELD_2_BYTES
					|| tag == RequestLayout.FIELD_3_BYTES) {
				int length = reader.readTextLength();
				parts[(tag >>> 3) - 1] = Utf8.read(this.bytes, reader.skipBytes(length), length);
			}
			else {
				reader.skipField(tag);
			}
		}
		return parts;
	}

	/**
	 * Return the length of the type of an invocation's caller.
	 * @param invocation index of an invocation that has a caller
	 * @return number of bytes at its start with the namespace and the name, or -1 if the
	 * fields are not in the order in which clusters write them
	 */
	public int callerTypeLength(int invocation) {
		int start = callerOffset(invocation);
		WireReader reader = new WireReader(this.bytes, start, callerLength(invocation));
		for (int field : CALLER_TYPE) {
			if (!reader.hasMore() || reader.readTag() != field) {
				return -1;
			}
			reader.skipBytes(reader.readTextLength());
		}
		return reader.position() - start;
	}

	/**
	 * Return whether the callers of two invocations have the same bytes for their type.
	 * @param invocation index of an invocation that has a caller
	 * @param other index of another one
	 * @param length {@link #callerTypeLength} of the other one
	 * @return {@code true} if their types are equal; {@code false} if they may differ
	 */
	public boolean hasSameCallerType(int invocation, int other, int length) {
		int offset = callerOffset(invocation);
		int otherOffset = callerOffset(other);
		return callerLength(invocation) > length && this.bytes[offset + length] == RequestLayout.FIELD_3_BYTES
				&& Arrays.equals(this.bytes, offset, offset + length, this.bytes, otherOffset, otherOffset + length);
	}

	/**
	 * Return whether an invocation's message has a value: always on 2.x, and depending on
	 * {@code has_value} on 3.x.
	 * @param invocation index of the invocation
	 * @return whether there is a value, which may have no bytes
	 */
	public boolean hasValue(int invocation) {
		return this.dialect == Dialect.V2 || (this.places[invocationBase(invocation) + RequestLayout.MESSAGE] & 1) != 0;
	}

	/**
	 * Return whether a message was delivered because a named timer fired.
	 * @param invocation index of the invocation
	 * @return whether its type is that of such messages
	 */
	public boolean isTimer(int invocation) {
		byte[] type = TimerFields.messageType();
		int offset = typeOffset(invocation);
		return Arrays.equals(type, 0, type.length, this.bytes, offset, offset + typeLength(invocation));
	}

	/**
	 * Read the message that was delivered when a named timer fired.
	 * @param invocation index of the invocation
	 * @return the message
	 * @throws MalformedRequestException if it is no such message
	 */
	public TimerMessage timer(int invocation) {
		return TimerFields.readMessage(this.bytes, valueOffset(invocation), valueLength(invocation));
	}

	/**
	 * Replace a message by the one that a named timer sent, which has no caller.
	 * @param invocation index of the invocation
	 * @param timer the message of the timer, read from this invocation
	 * @throws MalformedRequestException if it contains no message in the dialect of the
	 * request; then nothing has changed
	 */
	public void unwrap(int invocation, TimerMessage timer) {
		int[] places = new int[RequestLayout.INVOCATION_STRIDE];
		places[RequestLayout.MESSAGE] = timer.start() << 1;
		WireReader reader = new WireReader(this.bytes, timer.start(), this.bytes.length - timer.start());
		if (isContrary(readArgument(reader.readMessage(), places, 0), this.dialect)) {
			throw reader.malformedAt(timer.start(), "a message of the other dialect in that of a timer");
		}
		System.arraycopy(places, 0, this.places, invocationBase(invocation), RequestLayout.INVOCATION_STRIDE);
	}

	/**
	 * Report the headers of a message. Fields of the same number and another form are not
	 * reported, as they are no headers.
	 * @param invocation index of the invocation
	 * @param headers receives the headers
	 */
	public void forEachHeader(int invocation, HeaderConsumer headers) {
		HeaderFields.forEach(message(invocation), this.bytes, headers);
	}

	/**
	 * Return the bytes of a message with all its fields, those of other protocols
	 * included, except for some of its headers.
	 * @param invocation index of the invocation
	 * @param dropped selects keys of headers to leave out
	 * @return the bytes of an {@code Any} or a {@code TypedValue}
	 */
	public byte[] copyMessage(int invocation, Predicate<String> dropped) {
		WireReader reader = message(invocation);
		WireWriter copy = new WireWriter(reader.remaining());
		while (reader.hasMore()) {
			int start = reader.position();
			int tag = reader.readTag();
			if (tag == HeaderFields.IN_MESSAGE && isDropped(reader.copy().readMessage(), dropped)) {
				reader.skipField(tag);
				continue;
			}
			reader.skipField(tag);
			copy.writeRaw(this.bytes, start, reader.position() - start);
		}
		return copy.toByteArray();
	}

	private boolean isDropped(WireReader header, Predicate<String> dropped) {
		boolean[] result = { false };
		HeaderFields.read(header, this.bytes, (key, offset, length) -> result[0] = dropped.test(key));
		return result[0];
	}

	private WireReader message(int invocation) {
		int offset = this.places[invocationBase(invocation) + RequestLayout.MESSAGE] >>> 1;
		return new WireReader(this.bytes, offset, this.bytes.length - offset).readMessage();
	}

	/**
	 * Return the offset of the type name of a message.
	 * @param invocation index of the invocation
	 * @return offset in {@link #bytes}
	 */
	public int typeOffset(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.TYPE];
	}

	/**
	 * Return the length of a message's type name.
	 * @param invocation index of the invocation
	 * @return number of bytes
	 */
	public int typeLength(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.TYPE + 1];
	}

	/**
	 * Return the offset of the value of a message.
	 * @param invocation index of the invocation
	 * @return offset in {@link #bytes}
	 */
	public int valueOffset(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.VALUE];
	}

	/**
	 * Return the length of a message's value.
	 * @param invocation index of the invocation
	 * @return number of bytes
	 */
	public int valueLength(int invocation) {
		return this.places[invocationBase(invocation) + RequestLayout.VALUE + 1];
	}

	/**
	 * Return the number of states in the request.
	 * @return the number of states, including absent ones
	 */
	public int stateCount() {
		return this.stateCount;
	}

	/**
	 * Find the value that is registered under a state's name.
	 * @param <V> type of the values
	 * @param state index of the state
	 * @param states values by state name
	 * @return the value, or {@code null}
	 */
	public <V> @Nullable V findState(int state, BytesTable<V> states) {
		return states.find(this.bytes, this.places[stateBase(state) + RequestLayout.STATE_NAME],
				this.places[stateBase(state) + RequestLayout.STATE_NAME + 1]);
	}

	/**
	 * Return the name of a state.
	 * @param state index of the state
	 * @return its name
	 */
	public String stateName(int state) {
		return Utf8.read(this.bytes, this.places[stateBase(state) + RequestLayout.STATE_NAME],
				this.places[stateBase(state) + RequestLayout.STATE_NAME + 1]);
	}

	/**
	 * Return whether a state has a value. A value without bytes is absent on 2.x, which
	 * can't tell the two apart, and present on 3.x (protocol.md §1).
	 * @param state index of the state
	 * @return whether it has a value
	 */
	public boolean hasState(int state) {
		int base = stateBase(state) + RequestLayout.STATE_RAW;
		return this.places[base] >= 0 && (this.dialect == Dialect.V3 || this.places[base + 1] > 0);
	}

	/**
	 * Read the bytes of a present state of a 2.x cluster as a serialized {@code Any}, the
	 * form in which the Python SDK stores it. Has no effect on 3.x.
	 * @param state index of the state
	 * @throws MalformedRequestException if the bytes are no {@code Any}
	 */
	public void readAnyState(int state) {
		if (this.dialect == Dialect.V3) {
			return;
		}
		int base = stateBase(state);
		WireReader reader = new WireReader(this.bytes, this.places[base + RequestLayout.STATE_RAW],
				this.places[base + RequestLayout.STATE_RAW + 1]);
		int start = reader.position();
		while (reader.hasMore()) {
			switch (reader.readTag()) {
				case RequestLayout.FIELD_1_BYTES -> readText(reader, this.places, base + RequestLayout.TYPE);
				case RequestLayout.FIELD_2_BYTES -> readBytes(reader, this.places, base + RequestLayout.VALUE);
				default -> throw reader.malformedAt(start, "a state that is no google.protobuf.Any");
			}
		}
	}

	/**
	 * Return the length of a present state.
	 * @param state index of the state
	 * @return number of bytes of the value and its type, as received
	 */
	public int stateLength(int state) {
		return this.places[stateBase(state) + RequestLayout.STATE_RAW + 1];
	}

	/**
	 * Return the offset of the type name of a present state.
	 * @param state index of the state
	 * @return offset in {@link #bytes}
	 */
	public int stateTypeOffset(int state) {
		return this.places[stateBase(state) + RequestLayout.TYPE];
	}

	/**
	 * Return the length of a present state's type name.
	 * @param state index of the state
	 * @return number of bytes
	 */
	public int stateTypeLength(int state) {
		return this.places[stateBase(state) + RequestLayout.TYPE + 1];
	}

	/**
	 * Return the offset of the value of a present state.
	 * @param state index of the state
	 * @return offset in {@link #bytes}
	 */
	public int stateValueOffset(int state) {
		return this.places[stateBase(state) + RequestLayout.VALUE];
	}

	/**
	 * Return the length of a present state's value.
	 * @param state index of the state
	 * @return number of bytes
	 */
	public int stateValueLength(int state) {
		return this.places[stateBase(state) + RequestLayout.VALUE + 1];
	}

}
