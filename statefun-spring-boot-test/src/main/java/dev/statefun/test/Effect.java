package dev.statefun.test;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.local.Effects;
import dev.statefun.local.Effects.Sent;
import dev.statefun.local.Effects.SentLater;
import dev.statefun.local.Effects.StateChange;
import dev.statefun.local.EgressMessage;
import dev.statefun.sdk.Address;

/**
 * One thing that a function did.
 *
 * @param self address of the function instance
 * @param kind in which of the lists it stands
 * @param content what it did
 */
record Effect(Address self, Kind kind, Object content) {

	static List<Effect> allOf(Effects effects) {
		List<Effect> all = new ArrayList<>();
		effects.messages().forEach((sent) -> all.add(new Effect(effects.self(), Kind.MESSAGE, sent)));
		effects.delayed().forEach((sent) -> all.add(new Effect(effects.self(), Kind.DELAYED_MESSAGE, sent)));
		effects.cancelled().forEach((token) -> all.add(new Effect(effects.self(), Kind.CANCELLATION, token)));
		effects.egress().forEach((record) -> all.add(new Effect(effects.self(), Kind.EGRESS_RECORD, record)));
		effects.states().forEach((change) -> all.add(new Effect(effects.self(), Kind.STATE_CHANGE, change)));
		return all;
	}

	Sent sent() {
		return (Sent) this.content;
	}

	SentLater sentLater() {
		return (SentLater) this.content;
	}

	String token() {
		return (String) this.content;
	}

	EgressMessage egress() {
		return (EgressMessage) this.content;
	}

	StateChange stateChange() {
		return (StateChange) this.content;
	}

	/**
	 * The lists of a reply.
	 */
	enum Kind {

		MESSAGE, DELAYED_MESSAGE, CANCELLATION, EGRESS_RECORD, STATE_CHANGE

	}

}
