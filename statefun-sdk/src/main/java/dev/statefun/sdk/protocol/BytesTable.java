package dev.statefun.sdk.protocol;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Hash table whose keys are names as bytes, so that
 * looking up a function, a state or a message type creates no string. Immutable.
 *
 * @param <V> type of the values
 * @since 0.1.0
 */
public final class BytesTable<V> {

	private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

	private final byte[][] keys;

	private final @Nullable Object[] values;

	/** Positions among the keys, counted from 1, by the hash of the name. */
	private final int[] byName;

	/** The same by the hashes of both parts, for each slash that may separate them. */
	private final int[] byParts;

	/**
	 * Create a table.
	 * @param entries names and their values
	 */
	public BytesTable(Map<String, ? extends V> entries) {
		this.keys = new byte[entries.size()][];
		this.values = new Object[entries.size()];
		int slashes = 0;
		int place = 0;
		for (Map.Entry<String, ? extends V> entry : entries.entrySet()) {
			byte[] key = Utf8.encode(entry.getKey());
			this.keys[place] = key;
			this.values[place++] = entry.getValue();
			for (byte part : key) {
				slashes += (part == '/') ? 1 : 0;
			}
		}
		this.byName = new int[capacity(entries.size())];
		this.byParts = new int[capacity(slashes)];
		for (int i = 0; i < this.keys.length; i++) {
			put(i, this.keys[i]);
		}
	}

	static int capacity(int entries) {
		return Integer.highestOneBit(Math.max(entries, 1)) << 2;
	}

	private void put(int place, byte[] key) {
		insert(this.byName, hash(key, 0, key.length), place);
		for (int i = 0; i < key.length; i++) {
			if (key[i] == '/') {
				insert(this.byParts, join(hash(key, 0, i), hash(key, i + 1, key.length - i - 1)), place);
			}
		}
	}

	private static void insert(int[] places, long hash, int place) {
		int slot = slot(places.length, hash);
		while (places[slot] != 0) {
			slot = (slot + 1) & (places.length - 1);
		}
		places[slot] = place + 1;
	}

	// A difference in the last byte of a name reaches only some bits of its hash. The
	// product has it in all higher bits
	static int slot(int capacity, long hash) {
		return (int) ((hash * MULTIPLIER) >>> 40) & (capacity - 1);
	}

	static long join(long first, long second) {
		return (first ^ (second >>> 29)) * MULTIPLIER + second;
	}

	// Eight bytes at a time; the last ones may be included twice
	static long hash(byte[] bytes, int offset, int length) {
		long hash = length;
		if (length < Long.BYTES) {
			return mix(hash, Utf8.upToSeven(bytes, offset, length) << Byte.SIZE);
		}
		int last = offset + length - Long.BYTES;
		for (int i = offset; i < last; i += Long.BYTES) {
			hash = mix(hash, (long) Utf8.LONGS.get(bytes, i));
		}
		return mix(hash, (long) Utf8.LONGS.get(bytes, last));
	}

	private static long mix(long hash, long next) {
		long mixed = (hash ^ next) * MULTIPLIER;
		return mixed ^ (mixed >>> 29);
	}

	/**
	 * Find a value.
	 * @param bytes array with the name
	 * @param offset offset of its first byte
	 * @param length number of its bytes
	 * @return the value, or {@code null}
	 */
	public @Nullable V find(byte[] bytes, int offset, int length) {
		int slot = slot(this.byName.length, hash(bytes, offset, length));
		for (int place = this.byName[slot]; place != 0; place = this.byName[slot]) {
			byte[] key = this.keys[place - 1];
			if (key.length == length && Utf8.isSame(key, 0, bytes, offset, length)) {
				return value(place);
			}
			slot = (slot + 1) & (this.byName.length - 1);
		}
		return null;
	}

	/**
	 * Find a value by the two parts of a name {@code <namespace>/<name>}.
	 * @param bytes array with the parts
	 * @param namespaceOffset offset of the namespace
	 * @param namespaceLength number of its bytes
	 * @param nameOffset offset of the name
	 * @param nameLength number of its bytes
	 * @return the value, or {@code null}
	 */
	public @Nullable V find(byte[] bytes, int namespaceOffset, int namespaceLength, int nameOffset, int nameLength) {
		int slot = slot(this.byParts.length,
				join(hash(bytes, namespaceOffset, namespaceLength), hash(bytes, nameOffset, nameLength)));
		for (int place = this.byParts[slot]; place != 0; place = this.byParts[slot]) {
			byte[] key = this.keys[place - 1];
			if (key.length == namespaceLength + 1 + nameLength && key[namespaceLength] == '/'
					&& Utf8.isSame(key, 0, bytes, namespaceOffset, namespaceLength)
					&& Utf8.isSame(key, namespaceLength + 1, bytes, nameOffset, nameLength)) {
				return value(place);
			}
			slot = (slot + 1) & (this.byParts.length - 1);
		}
		return null;
	}

	@SuppressWarnings("unchecked")
	private @Nullable V value(int place) {
		return (V) this.values[place - 1];
	}

}
