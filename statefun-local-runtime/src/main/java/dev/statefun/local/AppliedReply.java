package dev.statefun.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import com.google.protobuf.Any;
import dev.statefun.local.CallReports.Reported;
import dev.statefun.local.EndedRequest.CausedEffect;
import dev.statefun.local.EndedRequest.HandledMessage;
import dev.statefun.local.EndedRequest.MessageOutcome;
import dev.statefun.local.EndedRequest.Outcome;
import dev.statefun.local.EndedRequest.StateTransition;
import dev.statefun.local.Reply.Delayed;
import dev.statefun.local.Reply.Mutation;
import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.protocol.TimerMessage;
import org.jspecify.annotations.Nullable;

/**
 * A reply while it is applied, for listeners: the ids of the messages that it sends, and
 * what each message of the batch had for effects. Exists only if there is such a
 * listener.
 */
final class AppliedReply {

	private final MessageFlow flow;

	private final Mailbox mailbox;

	private final Batch batch;

	private final Reply reply;

	private final long now;

	private final Attribution attribution;

	/** Values of the states that the reply changes, before it is applied. */
	private final Map<String, Any> before = new HashMap<>();

	/** Nonces of the named timers that were pending before the reply. */
	private final Map<String, Long> pending = new HashMap<>();

	/** Ids of the messages and delayed messages that are delivered here. */
	private final long[] messages;

	private final long[] delayed;

	private int nextMessage;

	private int nextDelayed;

	AppliedReply(MessageFlow flow, Attempt attempt, Reply reply, long now) {
		this.flow = flow;
		this.mailbox = attempt.mailbox();
		this.batch = attempt.batch();
		this.reply = reply;
		this.now = now;
		this.attribution = Attribution.of(attempt.mailbox().function().type(), flow.dialect(), attempt.batch(), reply,
				attempt.reports());
		this.messages = new long[reply.messages().size()];
		this.delayed = new long[reply.delayed().size()];
	}

	// Called before anything is applied
	void begin(Cluster cluster) {
		for (Mutation mutation : this.reply.mutations()) {
			cluster.state(this.mailbox, mutation.name(), this.now)
				.ifPresent((value) -> this.before.put(mutation.name(), value));
		}
		this.pending.putAll(NamedTimers.noncesOf(cluster.timersOf(this.mailbox, this.now)));
	}

	// Called for each message, in their order
	void sent(HostedFunction target, String id, Message message) {
		int position = this.nextMessage++;
		if (!target.isOutside()) {
			this.messages[position] = message.id();
			this.flow.accepted(Address.of(target.type(), id), message, cause(this.attribution.messages()[position]),
					this.now);
		}
	}

	// Called for each delayed message and cancellation, in their order
	void sentLater(DelayedMessage message, long delayMillis) {
		int position = this.nextDelayed++;
		this.delayed[position] = message.message().id();
		this.flow.accepted(message, cause(this.attribution.delayed()[position]), delayMillis, this.now);
	}

	void cancelled(@Nullable DelayedMessage message) {
		int position = this.nextDelayed++;
		if (message != null) {
			this.flow.cancelled(message, cause(this.attribution.delayed()[position]), this.now);
		}
	}

	private MessageCause cause(int position) {
		return (position == Attribution.UNKNOWN) ? MessageCause.batch(this.batch.ids())
				: MessageCause.message(this.batch.messages().get(position).id());
	}

	EndedRequest toEvent(Attempt attempt, long ended) {
		if (this.reply.missing() != null) {
			return event(attempt, ended, Outcome.MISSING_STATES, FailedMessages.notApplied(this.batch), List.of(),
					List.of());
		}
		List<List<CausedEffect>> effects = effects();
		List<StateTransition> states = new ArrayList<>();
		List<HandledMessage> messages = new ArrayList<>(this.batch.size());
		for (int i = 0; i < this.batch.size(); i++) {
			Reported report = this.attribution.reports().get(i);
			messages.add(new HandledMessage(this.batch.messages().get(i).id(), outcome(i, report), effects.get(i),
					(report != null) ? transitions(report) : List.of(),
					Optional.ofNullable((report != null) ? report.failure() : null)));
		}
		if (this.attribution.reports().isEmpty()) {
			states.addAll(transitions());
			if (this.batch.size() == 1 && !states.isEmpty()) {
				HandledMessage only = messages.get(0);
				messages.set(0, new HandledMessage(only.id(), only.outcome(), only.effects(), states, only.failure()));
				states = List.of();
			}
		}
		return event(attempt, ended, Outcome.REPLIED, messages, effects.get(this.batch.size()), states);
	}

	private EndedRequest event(Attempt attempt, long ended, Outcome outcome, List<HandledMessage> messages,
			List<CausedEffect> unattributed, List<StateTransition> states) {
		return new EndedRequest(this.mailbox.address(), messages, attempt.number(), Instant.ofEpochMilli(ended),
				attempt.duration(), outcome, unattributed, states, Optional.empty(), Optional.empty());
	}

	private MessageOutcome outcome(int position, @Nullable Reported report) {
		if (report != null) {
			return switch (report.outcome()) {
				case HANDLED -> MessageOutcome.HANDLED;
				case SKIPPED -> MessageOutcome.SKIPPED;
				case DEAD_LETTERED -> MessageOutcome.DEAD_LETTERED;
				case RETRIED -> MessageOutcome.FAILED;
			};
		}
		boolean dropped = !this.attribution.reports().isEmpty() || isReplacedTimer(position);
		return dropped ? MessageOutcome.DROPPED : MessageOutcome.UNKNOWN;
	}

	private boolean isReplacedTimer(int position) {
		byte[] argument = this.batch.messages().get(position).argument();
		TimerMessage timer = Content.of(this.flow.dialect(), argument).timer();
		return timer != null && !Long.valueOf(timer.nonce()).equals(this.pending.get(timer.name()));
	}

	// Effects by position of their message, and those of an unknown one at the end
	private List<List<CausedEffect>> effects() {
		List<List<CausedEffect>> effects = new ArrayList<>(this.batch.size() + 1);
		for (int i = 0; i <= this.batch.size(); i++) {
			effects.add(new ArrayList<>(2));
		}
		int message = 0;
		int delayed = 0;
		int record = 0;
		for (Reply.Effect effect : this.reply.sent()) {
			if (effect instanceof Reply.Sent) {
				add(effects, this.attribution.messages()[message], caused(effect, this.messages[message]));
				message++;
			}
			else if (effect instanceof Delayed later) {
				CausedEffect caused = caused(later, delayed);
				if (caused != null) {
					add(effects, this.attribution.delayed()[delayed], caused);
				}
				delayed++;
			}
			else {
				add(effects, this.attribution.records()[record++], caused(effect, 0));
			}
		}
		return effects;
	}

	private void add(List<List<CausedEffect>> effects, int position, CausedEffect caused) {
		effects.get((position == Attribution.UNKNOWN) ? this.batch.size() : position).add(caused);
	}

	private CausedEffect caused(Reply.Effect effect, long message) {
		return new CausedEffect(ReplyEffects.describe(this.flow.dialect(), effect), id(message), Optional.empty());
	}

	// Returns null for a cancellation that only precedes the start of the same timer
	private @Nullable CausedEffect caused(Delayed later, int position) {
		String timer = timerOf(later);
		if (timer == null) {
			return caused(later, this.delayed[position]);
		}
		if (!later.cancellation()) {
			Content content = Content.of(this.flow.dialect(), later.argument());
			return new CausedEffect(ReplyEffects.describe(later, content), id(this.delayed[position]),
					Optional.of(timer));
		}
		int next = position + 1;
		boolean restarted = next < this.delayed.length && !this.reply.delayed().get(next).cancellation()
				&& timer.equals(timerOf(this.reply.delayed().get(next)));
		return restarted ? null : new CausedEffect(ReplyEffects.describe(this.flow.dialect(), later),
				OptionalLong.empty(), Optional.of(timer));
	}

	private @Nullable String timerOf(Delayed delayed) {
		return NamedTimers.nameOf(this.mailbox.function().type(), this.flow.dialect(), delayed);
	}

	private static OptionalLong id(long message) {
		return (message != 0) ? OptionalLong.of(message) : OptionalLong.empty();
	}

	// The message begins with what the ones before it have left
	private List<StateTransition> transitions(Reported report) {
		List<StateTransition> transitions = new ArrayList<>(report.states().size());
		report.states().forEach((name, value) -> transitions.add(transition(name, value)));
		return transitions;
	}

	private StateTransition transition(String name, @Nullable Any value) {
		Any before = (value != null) ? this.before.put(name, value) : this.before.remove(name);
		return new StateTransition(name, Optional.ofNullable(before), Optional.ofNullable(value));
	}

	private List<StateTransition> transitions() {
		return this.reply.mutations()
			.stream()
			.filter((mutation) -> !mutation.name().equals(NamedTimers.STATE))
			.map((mutation) -> transition(mutation.name(), valueOf(mutation)))
			.toList();
	}

	private @Nullable Any valueOf(Mutation mutation) {
		return (mutation.kind() == Mutation.MODIFY)
				? Cluster.stateValue(this.flow.dialect(), mutation.typename(), mutation.value()) : null;
	}

}
