package dev.statefun.spring.gateway.function;

import com.google.protobuf.ByteString;
import dev.statefun.spring.gateway.Envelope;

/**
 * State of an idempotency key: the message that it belongs to, and the exchange that the
 * message was sent in.
 *
 * @param fingerprint fingerprint of the message
 * @param exchange id of the request that came first
 */
record UsedKey(String fingerprint, String exchange) {

	static UsedKey parse(ByteString bytes) {
		Envelope fields = Envelope.parse(bytes);
		return new UsedKey(fields.text(1), fields.text(2));
	}

	ByteString toBytes() {
		return new Envelope.Writer().text(1, this.fingerprint).text(2, this.exchange).toBytes();
	}

}
