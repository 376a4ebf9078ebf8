package dev.statefun.sdk.protocol;

import java.util.Arrays;

/**
 * Internal: may change in any release. The message that a cluster delivers when a named
 * timer fires. It contains the message for the function, which is not copied. Immutable.
 *
 * @since 0.1.0
 */
public final class TimerMessage {

	private final String name;

	private final long nonce;

	private final byte[] bytes;

	private final int start;

	TimerMessage(String name, long nonce, byte[] bytes, int start) {
		this.name = name;
		this.nonce = nonce;
		this.bytes = bytes;
		this.start = start;
	}

	/**
	 * Return the name of the timer.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the number that distinguishes the timer from others of the same name.
	 * @return the nonce
	 */
	public long nonce() {
		return this.nonce;
	}

	// Offset of the length of the message for the function
	int start() {
		return this.start;
	}

	/**
	 * Return the message for the function.
	 * @return a copy of the bytes of the {@code Any} or {@code TypedValue}
	 */
	public byte[] content() {
		WireReader reader = new WireReader(this.bytes, this.start, this.bytes.length - this.start).readMessage();
		return Arrays.copyOfRange(this.bytes, reader.position(), reader.position() + reader.remaining());
	}

}
