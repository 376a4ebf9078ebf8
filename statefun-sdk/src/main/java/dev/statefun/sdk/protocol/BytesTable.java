package dev.statefun.sdk.protocol;

import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Internal: values found by a name that is still bytes, so that looking up a function, a
 * state or a message type makes no string. Immutable.
 *
 * @param <V> type of the values
 * @since 0.1.0
 */
public final class BytesTable<V> {

	private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

	private final byte[][] keys;

	private final @Nullable Object[] values;

	/** By the hash of a name: its place among the keys, counted from 1. */
	private final int[] whole;

	/** The same by the hashes of two parts, for each slash that may be between them. */
	private final int[] apart;

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
		this.whole = new int[capacity(entries.size())];
		this.apart = new int[capacity(slashes)];
		for (int i = 0; i < this.keys.length; i++) {
			put(i, this.keys[i]);
		}
	}

	private static int capacity(int entries) {
		return Integer.highestOneBit(Math.max(entries, 1)) << 2;
	}

	private void put(int place, byte[] key) {
		insert(this.whole, hash(key, 0, key.length), place);
		for (int i = 0; i < key.length; i++) {
			if (key[i] == '/') {
				insert(this.apart, join(hash(key, 0, i), hash(key, i + 1, key.length - i - 1)), place);
			}
		}
	}

	private static void insert(int[] places, long hash, int place) {
		int slot = slot(places, hash);
		while (places[slot] != 0) {
			slot = (slot + 1) & (places.length - 1);
		}
		places[slot] = place + 1;
	}

	private static int slot(int[] places, long hash) {
		return (int) (hash >>> 32) & (places.length - 1);
	}

	private static long join(long first, long second) {
		return (first ^ (second >>> 29)) * MULTIPLIER + second;
	}

	// All of the bytes count, eight at a time: the last ones may count twice
	private static long hash(byte[] bytes, int offset, int length) {
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
	 * @param bytes where the name is
	 * @param offset where it starts
	 * @param length number of its bytes
	 * @return the value, or {@code null}
	 */
	public @Nullable V find(byte[] bytes, int offset, int length) {
		int slot = slot(this.whole, hash(bytes, offset, length));
		for (int place = this.whole[slot]; place != 0; place = this.whole[slot]) {
			byte[] key = this.keys[place - 1];
			if (Arrays.equals(key, 0, key.length, bytes, offset, offset + length)) {
				return value(place);
			}
			slot = (slot + 1) & (this.whole.length - 1);
		}
		return null;
	}

	/**
	 * Find a value by a name {@code <namespace>/<name>} whose two parts lie apart.
	 * @param bytes where the parts are
	 * @param namespaceOffset where the namespace starts
	 * @param namespaceLength number of its bytes
	 * @param nameOffset where the name starts
	 * @param nameLength number of its bytes
	 * @return the value, or {@code null}
	 */
	public @Nullable V find(byte[] bytes, int namespaceOffset, int namespaceLength, int nameOffset, int nameLength) {
		int slot = slot(this.apart,
				join(hash(bytes, namespaceOffset, namespaceLength), hash(bytes, nameOffset, nameLength)));
		for (int place = this.apart[slot]; place != 0; place = this.apart[slot]) {
			byte[] key = this.keys[place - 1];
			if (key.length == namespaceLength + 1 + nameLength && key[namespaceLength] == '/'
					&& Arrays.equals(key, 0, namespaceLength, bytes, namespaceOffset, namespaceOffset + namespaceLength)
					&& Arrays.equals(key, namespaceLength + 1, key.length, bytes, nameOffset,
							nameOffset + nameLength)) {
				return value(place);
			}
			slot = (slot + 1) & (this.apart.length - 1);
		}
		return null;
	}

	@SuppressWarnings("unchecked")
	private @Nullable V value(int place) {
		return (V) this.values[place - 1];
	}

}
