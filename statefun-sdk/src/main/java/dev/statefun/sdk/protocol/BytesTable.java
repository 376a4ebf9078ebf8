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

	private final byte[][] keys;

	private final @Nullable Object[] values;

	private final int mask;

	/**
	 * Create a table.
	 * @param entries names and their values
	 */
	public BytesTable(Map<String, ? extends V> entries) {
		int capacity = Integer.highestOneBit(Math.max(entries.size(), 1)) << 2;
		this.keys = new byte[capacity][];
		this.values = new Object[capacity];
		this.mask = capacity - 1;
		entries.forEach(this::put);
	}

	private void put(String name, V value) {
		byte[] key = Utf8.encode(name);
		int slot = slot(hash(0, key, 0, key.length));
		while (this.values[slot] != null) {
			slot = (slot + 1) & this.mask;
		}
		this.keys[slot] = key;
		this.values[slot] = value;
	}

	private static int hash(int seed, byte[] bytes, int offset, int length) {
		int hash = seed;
		for (int i = offset; i < offset + length; i++) {
			hash = 31 * hash + bytes[i];
		}
		return hash;
	}

	private int slot(int hash) {
		return (hash ^ (hash >>> 16)) & this.mask;
	}

	/**
	 * Find a value.
	 * @param bytes where the name is
	 * @param offset where it starts
	 * @param length number of its bytes
	 * @return the value, or {@code null}
	 */
	public @Nullable V find(byte[] bytes, int offset, int length) {
		int slot = slot(hash(0, bytes, offset, length));
		while (this.values[slot] != null) {
			byte[] key = this.keys[slot];
			if (Arrays.equals(key, 0, key.length, bytes, offset, offset + length)) {
				return value(slot);
			}
			slot = (slot + 1) & this.mask;
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
		int hash = 31 * hash(0, bytes, namespaceOffset, namespaceLength) + '/';
		int slot = slot(hash(hash, bytes, nameOffset, nameLength));
		while (this.values[slot] != null) {
			byte[] key = this.keys[slot];
			if (key.length == namespaceLength + 1 + nameLength && key[namespaceLength] == '/'
					&& Arrays.equals(key, 0, namespaceLength, bytes, namespaceOffset, namespaceOffset + namespaceLength)
					&& Arrays.equals(key, namespaceLength + 1, key.length, bytes, nameOffset,
							nameOffset + nameLength)) {
				return value(slot);
			}
			slot = (slot + 1) & this.mask;
		}
		return null;
	}

	@SuppressWarnings("unchecked")
	private @Nullable V value(int slot) {
		return (V) this.values[slot];
	}

}
