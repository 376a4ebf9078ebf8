package dev.statefun.test;

import java.util.List;

import dev.statefun.local.Effects;
import dev.statefun.local.Effects.Cancellation;
import dev.statefun.local.Effects.Sent;
import dev.statefun.local.Effects.SentLater;
import dev.statefun.local.Effects.StateChange;
import dev.statefun.local.EgressMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;

/**
 * One effect of a function.
 *
 * @param self address of the function instance
 * @param kind list of the reply that contains it
 * @param content the effect
 */
record Effect(Address self, Kind kind, Effects.Effect content) {

	static List<Effect> allOf(Effects effects) {
		return effects.all().stream().map((content) -> new Effect(effects.self(), Kind.of(content), content)).toList();
	}

	Sent sent() {
		return (Sent) this.content;
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

	Headers headers() {
		return switch (this.kind) {
			case MESSAGE -> sent().headers();
			case DELAYED_MESSAGE -> sentLater().headers();
			case EGRESS_RECORD -> egress().headers();
			case CANCELLATION, STATE_CHANGE -> Headers.empty();
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
		EGRESS_RECORD(EgressMessage.class), STATE_CHANGE(StateChange.class);

		private final Class<? extends Effects.Effect> type;

		Kind(Class<? extends Effects.Effect> type) {
			this.type = type;
		}

		static Kind of(Effects.Effect content) {
			for (Kind kind : values()) {
				if (kind.type.isInstance(content)) {
					return kind;
				}
			}
			throw new IllegalArgumentException("Unknown effect: " + content);
		}

	}

}
