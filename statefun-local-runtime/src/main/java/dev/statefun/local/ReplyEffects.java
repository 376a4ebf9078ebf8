package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.statefun.local.Effects.Cancellation;
import dev.statefun.local.Effects.Effect;
import dev.statefun.local.Effects.SentLater;
import dev.statefun.local.Effects.StateChange;
import dev.statefun.local.Reply.Delayed;
import dev.statefun.local.Reply.Mutation;
import dev.statefun.local.Reply.Target;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.Dialect;

/**
 * Describes the effects of replies to listeners.
 *
 * @param cluster cluster that the replies are for, before they are applied
 */
record ReplyEffects(Cluster cluster) {

	Effects describe(Mailbox mailbox, Batch batch, Reply reply, long now) {
		Dialect dialect = this.cluster.dialect();
		List<Effects.Invocation> invocations = batch.messages()
			.stream()
			.map((message) -> new Effects.Invocation(Optional.ofNullable(message.sender()),
					Argument.decode(dialect, message.argument()), Headers.ofMessage(message.argument())))
			.toList();
		List<Effect> all = new ArrayList<>(reply.sent().size() + reply.mutations().size());
		reply.sent().forEach((sent) -> all.add(describe(dialect, sent)));
		for (Mutation mutation : reply.mutations()) {
			all.add(new StateChange(mutation.name(),
					(mutation.kind() == Mutation.MODIFY)
							? Optional.of(Cluster.stateValue(dialect, mutation.typename(), mutation.value()))
							: Optional.empty()));
		}
		return (mailbox.function().indexOf(NamedTimers.STATE) < 0)
				? new Effects(mailbox.address(), invocations, all, List.of())
				: describeTimers(mailbox, invocations, all, now);
	}

	private Effects describeTimers(Mailbox mailbox, List<Effects.Invocation> invocations, List<Effect> all, long now) {
		NamedTimers timers = new NamedTimers(this.cluster.dialect(), this.cluster.timersOf(mailbox, now));
		invocations.forEach(timers::invoked);
		for (Effect effect : all) {
			if (effect instanceof SentLater sent) {
				timers.sent(sent.delay(), sent.message());
			}
			else if (effect instanceof StateChange change && change.name().equals(NamedTimers.STATE)) {
				timers.changed(change.value().orElse(null));
			}
		}
		return new Effects(mailbox.address(), timers.invocations(), all, timers.events());
	}

	static Effect describe(Dialect dialect, Reply.Effect effect) {
		if (effect instanceof Reply.Sent sent) {
			return new Effects.Sent(address(sent.target()), Argument.decode(dialect, sent.argument()),
					Headers.ofMessage(sent.argument()));
		}
		if (effect instanceof Reply.Egress record) {
			return Egresses.message(record, dialect);
		}
		Delayed delayed = (Delayed) effect;
		return delayed.cancellation() ? new Cancellation(delayed.token())
				: new SentLater(Duration.ofMillis(delayed.delayMillis()), address(delayed.target()),
						Argument.decode(dialect, delayed.argument()),
						delayed.token().isEmpty() ? Optional.empty() : Optional.of(delayed.token()),
						Headers.ofMessage(delayed.argument()));
	}

	// A start of a named timer, with the message as the function gets it
	static SentLater describe(Delayed delayed, Content content) {
		return new SentLater(Duration.ofMillis(delayed.delayMillis()), address(delayed.target()), content.message(),
				Optional.empty(), content.headers());
	}

	private static Address address(Target target) {
		return Address.of(FunctionType.of(target.namespace(), target.name()), target.id());
	}

}
