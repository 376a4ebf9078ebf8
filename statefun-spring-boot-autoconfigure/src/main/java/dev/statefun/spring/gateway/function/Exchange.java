package dev.statefun.spring.gateway.function;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.FunctionType;
import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.GatewayReply;
import org.jspecify.annotations.Nullable;

/**
 * State of an exchange with a target: which requests wait for its reply, and the reply if
 * it is kept.
 *
 * @param target type of the target
 * @param principal the user on whose behalf the message was sent; empty for none
 * @param kept whether the reply is kept until the exchange ends
 * @param waiters requests that wait for the reply
 * @param outcome the reply, or {@code null} if there is none yet
 */
record Exchange(FunctionType target, String principal, boolean kept, List<Waiter> waiters,
		@Nullable GatewayReply outcome) {

	// A reply goes to each waiter, so their number limits what one batch writes
	static final int MAX_WAITERS = 8;

	Exchange {
		waiters = List.copyOf(waiters);
	}

	boolean hasRoom(Instant now) {
		return waitingAt(now).size() < MAX_WAITERS;
	}

	Exchange with(Waiter waiter, Instant now) {
		List<Waiter> waiters = new ArrayList<>(waitingAt(now));
		waiters.add(waiter);
		return new Exchange(this.target, this.principal, this.kept, waiters, this.outcome);
	}

	private List<Waiter> waitingAt(Instant now) {
		return this.waiters.stream().filter((waiter) -> waiter.deadline().isAfter(now)).toList();
	}

	Exchange ended(GatewayReply outcome) {
		return new Exchange(this.target, this.principal, this.kept, List.of(), outcome);
	}

	static Exchange parse(ByteString bytes) {
		Envelope fields = Envelope.parse(bytes);
		ByteString outcome = fields.bytes(5);
		return new Exchange(FunctionType.parse(fields.text(1)), fields.text(2), fields.number(3) != 0,
				fields.messages(4).stream().map(Waiter::parse).toList(),
				outcome.isEmpty() ? null : GatewayReply.parse(outcome));
	}

	ByteString toBytes() {
		Envelope.Writer fields = new Envelope.Writer().text(1, this.target.toString())
			.text(2, this.principal)
			.number(3, this.kept ? 1 : 0);
		this.waiters.forEach((waiter) -> fields.message(4, waiter.write()));
		return ((this.outcome != null) ? fields.bytes(5, this.outcome.toBytes()) : fields).toBytes();
	}

}
