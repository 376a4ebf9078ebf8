package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import com.google.protobuf.Any;
import dev.statefun.local.Effects.Invocation;
import dev.statefun.local.Effects.TimerCancelled;
import dev.statefun.local.Effects.TimerDropped;
import dev.statefun.local.Effects.TimerEvent;
import dev.statefun.local.Effects.TimerStarted;
import dev.statefun.local.Reply.Delayed;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.protocol.TimerMessage;
import org.jspecify.annotations.Nullable;

/**
 * Finds the named timers in a batch and the reply to it. A timer whose message was in the
 * batch has fired if it was pending before the batch.
 */
final class NamedTimers {

	/** Name of the state that a function with timers has. */
	static final String STATE = PendingTimers.STATE.name();

	private final Dialect dialect;

	/** Nonces of the timers that were pending before the batch and have not fired. */
	private final SortedMap<String, Long> pending;

	private final List<Invocation> invocations = new ArrayList<>();

	private final List<TimerEvent> events = new ArrayList<>();

	NamedTimers(Dialect dialect, @Nullable Any state) {
		this.dialect = dialect;
		this.pending = new TreeMap<>(noncesOf(state));
	}

	/**
	 * Return the nonces of pending timers.
	 * @param state value of the state, if it has one
	 * @return the nonces by name
	 */
	static SortedMap<String, Long> noncesOf(@Nullable Any state) {
		if (state == null || !state.getTypeUrl().equals(PendingTimers.TYPENAME)) {
			return new TreeMap<>();
		}
		byte[] value = state.getValue().toByteArray();
		try {
			return TimerFields.readNonces(value, 0, value.length);
		}
		catch (MalformedRequestException ex) {
			return new TreeMap<>();
		}
	}

	/**
	 * Read the message of a timer.
	 * @param message a message
	 * @return the timer, or {@code null} if the message is not that of one
	 */
	static @Nullable TimerMessage timerOf(Any message) {
		if (!message.getTypeUrl().equals(TimerFields.MESSAGE_TYPENAME)) {
			return null;
		}
		byte[] value = message.getValue().toByteArray();
		try {
			return TimerFields.readMessage(value, 0, value.length);
		}
		catch (MalformedRequestException ex) {
			return null;
		}
	}

	/**
	 * Return the name of the timer that an effect of a reply starts or cancels.
	 * @param self type of the function that replied
	 * @param dialect dialect of the reply
	 * @param delayed the effect
	 * @return the name, or {@code null} if the effect is not that of a timer
	 */
	static @Nullable String nameOf(FunctionType self, Dialect dialect, Delayed delayed) {
		if (delayed.cancellation()) {
			return nameOf(self, delayed.token());
		}
		TimerMessage timer = timerOf(Argument.decode(dialect, delayed.argument()));
		return (timer != null) ? timer.name() : null;
	}

	private static @Nullable String nameOf(FunctionType self, String token) {
		String prefix = TimerFields.token(self.toString(), "");
		return token.startsWith(prefix) ? token.substring(prefix.length()) : null;
	}

	void invoked(Invocation invocation) {
		TimerMessage timer = timerOf(invocation.message());
		if (timer == null) {
			this.invocations.add(invocation);
		}
		else if (this.pending.remove(timer.name(), timer.nonce())) {
			this.invocations.add(new Invocation(Optional.empty(), Argument.decode(this.dialect, timer.content()),
					Headers.ofMessage(timer.content()), Optional.of(timer.name())));
		}
		else {
			this.events.add(new TimerDropped(timer.name()));
		}
	}

	void sent(Duration delay, Any message) {
		TimerMessage timer = timerOf(message);
		if (timer != null) {
			this.events.add(new TimerStarted(timer.name(), delay, Argument.decode(this.dialect, timer.content()),
					Headers.ofMessage(timer.content())));
		}
	}

	// The new value of the state
	void changed(@Nullable Any state) {
		SortedMap<String, Long> changed = noncesOf(state);
		this.pending.keySet()
			.stream()
			.filter((name) -> !changed.containsKey(name))
			.forEach((name) -> this.events.add(new TimerCancelled(name)));
	}

	// The messages that were handled
	List<Invocation> invocations() {
		return this.invocations;
	}

	List<TimerEvent> events() {
		return this.events;
	}

}
