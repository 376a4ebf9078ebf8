package dev.statefun.sdk.handler;

import dev.statefun.sdk.message.MessageCodec;

/**
 * Encodes the messages and states of one batch.
 */
interface ValueEncoder {

	<T> byte[] encode(MessageCodec<T> codec, T value) throws Exception;

}
