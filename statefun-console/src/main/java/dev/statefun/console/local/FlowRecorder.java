package dev.statefun.console.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import com.google.protobuf.Any;
import dev.statefun.console.record.Cause;
import dev.statefun.console.record.Effect;
import dev.statefun.console.record.FailureDetail;
import dev.statefun.console.record.Origin;
import dev.statefun.console.record.Outcome;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.console.record.StateChange;
import dev.statefun.local.AcceptedMessage;
import dev.statefun.local.CancelledMessage;
import dev.statefun.local.Effects;
import dev.statefun.local.EgressMessage;
import dev.statefun.local.EndedRequest;
import dev.statefun.local.EndedRequest.CausedEffect;
import dev.statefun.local.EndedRequest.HandledMessage;
import dev.statefun.local.EndedRequest.StateTransition;
import dev.statefun.local.FiredMessage;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeOperations;
import dev.statefun.local.LocalRuntimeOperations.Instance;
import dev.statefun.local.LocalRuntimeOperations.MailboxContent;
import dev.statefun.local.LocalRuntimeOperations.PendingTimer;
import dev.statefun.local.LocalRuntimeOperations.QueuedMessage;
import dev.statefun.local.MessageCause;
import dev.statefun.local.MessageFlowListener;
import dev.statefun.local.StartedRequest;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Records the flow of messages through the local runtime, while it is attached.
 */
final class FlowRecorder implements MessageFlowListener, RecordingSwitch.Source {

	/** Messages that wait already when the recording begins. */
	private static final int MAX_SEEDED = 1000;

	private final LocalRuntime runtime;

	private final Recording recording;

	FlowRecorder(LocalRuntime runtime, Recording recording) {
		this.runtime = runtime;
		this.recording = recording;
	}

	@Override
	public void attach() {
		this.runtime.addListener(this);
		seed(this.runtime.operations());
	}

	@Override
	public void detach() {
		this.runtime.removeListener(this);
	}

	private void seed(LocalRuntimeOperations operations) {
		for (PendingTimer timer : operations.timers(null, MAX_SEEDED).timers()) {
			this.recording.seed(new Origin(
					timer.id(), timer.target(), timer.timer().isPresent() ? null : timer.sender(), timer.message(),
					timer.headers(), new Cause(Cause.Kind.UNKNOWN, List.of(), timer.sender()), null, new Origin.Delay(
							Duration.ZERO, timer.due(), timer.token().orElse(null), timer.timer().orElse(null))),
					Outcome.DELAYED);
		}
		for (LocalRuntimeOperations.FunctionLoad load : operations.functions()) {
			if (load.busy() > 0) {
				seed(operations, load.type());
			}
		}
	}

	private void seed(LocalRuntimeOperations operations, FunctionType type) {
		for (Instance instance : operations.instances(type, null, MAX_SEEDED).instances()) {
			if (instance.inFlight() + instance.waiting() > 0) {
				MailboxContent mailbox = operations.mailbox(instance.self(), MAX_SEEDED);
				mailbox.inFlight().forEach((message) -> seed(instance.self(), message));
				mailbox.waiting().forEach((message) -> seed(instance.self(), message));
			}
		}
	}

	private void seed(Address self, QueuedMessage message) {
		Address caller = message.caller().orElse(null);
		this.recording.seed(new Origin(message.id(), self, caller, message.message(), message.headers(),
				new Cause(Cause.Kind.UNKNOWN, List.of(), caller), null, null), Outcome.WAITING);
	}

	/**
	 * Send a message.
	 * @param target address of the receiver
	 * @param message the message
	 * @param headers its headers
	 * @return its id, or {@code null} if it is not recorded
	 */
	@Nullable Long send(Address target, Any message, Headers headers) {
		long id = this.runtime.send(target, message, headers);
		return (this.recording.find(id) != null) ? id : null;
	}

	@Override
	public void accepted(AcceptedMessage message) {
		Address caller = message.caller().orElse(null);
		Origin.Delay delay = message.delay()
			.map((it) -> new Origin.Delay(it.duration(), it.due(), it.token().orElse(null), it.timer().orElse(null)))
			.orElse(null);
		this.recording.accepted(new Origin(message.id(), message.target(), caller, message.message(), message.headers(),
				cause(message.cause(), caller), message.when(), delay));
	}

	private static Cause cause(MessageCause cause, @Nullable Address sender) {
		Cause.Kind kind = switch (cause.kind()) {
			case OUTSIDE -> Cause.Kind.INGRESS;
			case MESSAGE -> Cause.Kind.MESSAGE;
			case BATCH -> Cause.Kind.BATCH;
		};
		return new Cause(kind, cause.messages(), sender);
	}

	@Override
	public void fired(FiredMessage message) {
		this.recording.fired(message.id());
	}

	@Override
	public void cancelled(CancelledMessage message) {
		this.recording.cancelled(message.id());
	}

	@Override
	public void started(StartedRequest request) {
		this.recording.started(request.self(), request.messages(), request.when());
	}

	@Override
	public void ended(EndedRequest request) {
		boolean shared = !request.unattributed().isEmpty() || !request.states().isEmpty();
		List<Effect> sharedEffects = effects(request, request.unattributed());
		List<StateChange> sharedChanges = changes(request.states());
		FailureDetail failure = failure(request);
		List<Recording.Result> results = new ArrayList<>();
		for (HandledMessage message : request.messages()) {
			results.add(new Recording.Result(message.id(), outcome(request, message),
					shared ? sharedEffects : effects(request, message.effects()),
					shared ? sharedChanges : changes(message.states()), !shared || request.messages().size() == 1,
					failure(message, failure)));
		}
		this.recording.ended(request.self(), request.when(), request.duration(), results);
		if (request.outcome() == EndedRequest.Outcome.REPLIED) {
			for (HandledMessage message : request.messages()) {
				recordEgress(request, message.effects(), message.id());
			}
			Long only = (request.messages().size() == 1) ? request.messages().get(0).id() : null;
			recordEgress(request, request.unattributed(), only);
		}
	}

	private void recordEgress(EndedRequest request, List<CausedEffect> effects, @Nullable Long messageId) {
		for (CausedEffect caused : effects) {
			if (caused.effect() instanceof EgressMessage egress) {
				this.recording.egress(egress.egress(), request.self(), messageId, effect(request, caused),
						request.when());
			}
		}
	}

	private static @Nullable FailureDetail failure(EndedRequest request) {
		return request.failure()
			.map((failure) -> FailureDetail.of((failure.getCause() != null) ? failure.getCause() : failure, "retry"))
			.orElse(null);
	}

	// The failure of the request belongs to the message that failed, if that is known
	private static @Nullable FailureDetail failure(HandledMessage message, @Nullable FailureDetail ofRequest) {
		return switch (message.outcome()) {
			case SKIPPED -> message.failure().map((failure) -> FailureDetail.of(failure, "skip")).orElse(null);
			case DEAD_LETTERED ->
				message.failure().map((failure) -> FailureDetail.of(failure, "dead-letter")).orElse(null);
			case FAILED -> message.failure().map((failure) -> FailureDetail.of(failure, "retry")).orElse(ofRequest);
			case NOT_APPLIED -> ofRequest;
			default -> null;
		};
	}

	private static Outcome outcome(EndedRequest request, HandledMessage message) {
		if (request.outcome() == EndedRequest.Outcome.MISSING_STATES) {
			return Outcome.RUNNING;
		}
		return switch (message.outcome()) {
			case HANDLED, UNKNOWN -> Outcome.DONE;
			case SKIPPED -> Outcome.SKIPPED;
			case DEAD_LETTERED -> Outcome.DEAD_LETTER;
			case DROPPED -> Outcome.CANCELLED;
			case FAILED, NOT_APPLIED -> Outcome.RETRYING;
		};
	}

	private static List<Effect> effects(EndedRequest request, List<CausedEffect> effects) {
		return effects.stream().map((caused) -> effect(request, caused)).toList();
	}

	private static Effect effect(EndedRequest request, CausedEffect caused) {
		Effects.Effect effect = caused.effect();
		Long id = boxed(caused.message());
		String timer = caused.timer().orElse(null);
		if (effect instanceof Effects.Sent sent) {
			return new Effect(Effect.Kind.MESSAGE, sent.target(), null, sent.message(), sent.headers(), null, null, id);
		}
		if (effect instanceof Effects.SentLater later) {
			return new Effect((timer != null) ? Effect.Kind.TIMER_STARTED : Effect.Kind.DELAYED, later.target(), null,
					later.message(), later.headers(), later.delay(),
					(timer != null) ? timer : later.token().orElse(null), id);
		}
		if (effect instanceof Effects.Cancellation cancellation) {
			return new Effect((timer != null) ? Effect.Kind.TIMER_CANCELLED : Effect.Kind.CANCELLATION, null, null,
					null, Headers.empty(), null, (timer != null) ? timer : cancellation.token(), null);
		}
		if (effect instanceof EgressMessage egress) {
			return new Effect(Effect.Kind.EGRESS, null, egress.egress(), egress.record(), egress.headers(), null, null,
					null);
		}
		throw new IllegalStateException("A request of '" + request.self() + "' has an unknown effect: " + effect);
	}

	private static @Nullable Long boxed(OptionalLong id) {
		return id.isPresent() ? id.getAsLong() : null;
	}

	private static List<StateChange> changes(List<StateTransition> states) {
		return states.stream()
			.map((state) -> new StateChange(state.name(), state.before().orElse(null), state.after().orElse(null)))
			.toList();
	}

}
