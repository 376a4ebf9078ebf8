package dev.statefun.spring.gateway.function;

import java.time.Instant;

import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.ReplyDestination;

/**
 * A request that waits for the reply of an exchange.
 *
 * @param request id of the request
 * @param replyTo where the reply goes
 * @param deadline when the client stops waiting
 */
record Waiter(String request, ReplyDestination replyTo, Instant deadline) {

	static Waiter parse(Envelope fields) {
		return new Waiter(fields.text(1), new ReplyDestination(fields.text(2), fields.text(3)),
				Instant.ofEpochMilli(fields.number(4)));
	}

	Envelope.Writer write() {
		return new Envelope.Writer().text(1, this.request)
			.text(2, this.replyTo.topic())
			.text(3, this.replyTo.client())
			.number(4, this.deadline.toEpochMilli());
	}

}
