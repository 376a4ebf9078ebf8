package dev.statefun.test;

import java.util.List;
import java.util.stream.Stream;

import dev.statefun.local.Effects;
import dev.statefun.local.Effects.Cancellation;
import dev.statefun.local.Effects.Sent;
import dev.statefun.local.Effects.SentLater;
import dev.statefun.local.Effects.StateChange;
import dev.statefun.local.Effects.TimerCancelled;
import dev.statefun.local.Effects.TimerDropped;
import dev.statefun.local.Effects.TimerStarted;
import dev.statefun.local.EgressMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.protocol.TimerFields;

/**
 * One effect of a function. Changes of named timers take the place of the messages,
 * cancellations and state changes by which they are achieved.
 *
 * @param self address of the function instance
 * @param kind list of the reply that contains it
 * @param content the effect
 */
record Effect(Address self, Kind kind, Object content) {

	static List<Effect> allOf(Effects effects) {
		String token = TimerFields.MESSAGE_TYPENAME + "/" + effects.self().type() + "/";
		return Stream
			.concat(effects.all().stream().filter((content) -> !isOfTimer(content, token)),
					effects.timers().stream().filter((event) -> !(event instanceof TimerDropped)))
			.map((content) -> new Effect(effects.self(), Kind.of(content), content))
			.toList();
	}

	private static boolean isOfTimer(Effects.Effect content, String token) {
		if (content instanceof SentLater sent) {
			return sent.message().getTypeUrl().equals(TimerFields.MESSAGE_TYPENAME);
		}
		if (content instanceof Cancellation cancellation) {
			return cancellation.token().startsWith(token);
		}
		return content instanceof StateChange change && change.name().equals(PendingTimers.STATE.name());
	}

	Sent sent() {
		return (Sent) this.content;
	}

	boolean isReplyTo(Address caller) {
		return this.kind == Kind.MESSAGE && sent().target().equals(caller);
	}

	SentLater sentLater() {
		return (SentLater) this.content;
	}

	String token() {
		return ((Cancellation) this.content).token();
	}

	EgressMessage egress() {
		return (EgressMessage) this.content;
	}

	TimerStarted timer() {
		return (TimerStarted) this.content;
	}

	String cancelledTimer() {
		return ((TimerCancelled) this.content).name();
	}

	Headers headers() {
		return switch (this.kind) {
			case MESSAGE -> sent().headers();
			case DELAYED_MESSAGE -> sentLater().headers();
			case TIMER -> timer().headers();
			case EGRESS_RECORD -> egress().headers();
			case CANCELLATION, TIMER_CANCELLATION, STATE_CHANGE -> Headers.empty();
		};
	}

	StateChange stateChange() {
		return (StateChange) this.content;
	}

	/**
	 * The lists of a reply.
	 */
	enum Kind {

		MESSAGE(Sent.class), DELAYED_MESSAGE(SentLater.class), CANCELLATION(Cancellation.class),
		TIMER(TimerStarted.class), TIMER_CANCELLATION(TimerCancelled.class), EGRESS_RECORD(EgressMessage.class),
		STATE_CHANGE(StateChange.class);

		private final Class<?> type;

		Kind(Class<?> type) {
			this.type = type;
		}

		static Kind of(Object content) {
			for (Kind kind : values()) {
				if (kind.type.isInstance(content)) {
					return kind;
				}
			}
			throw new IllegalArgumentException("Unknown effect: " + content);
		}

	}

}
