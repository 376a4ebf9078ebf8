package dev.statefun.local;

import java.util.SortedMap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.protocol.TimerMessage;
import org.jspecify.annotations.Nullable;

/**
 * The state in which the instance of a named timer keeps its pending timers. The caller
 * holds the lock of the dispatcher.
 *
 * @param mailbox the instance, or {@code null} if it has no states
 * @param timer the timer
 * @param cluster the cluster
 * @param now time of the runtime
 */
record NamedTimersState(@Nullable Mailbox mailbox, TimerMessage timer, Cluster cluster, long now) {

	static NamedTimersState of(DelayedMessage delayed, TimerMessage timer, Dispatcher dispatcher) {
		return new NamedTimersState(delayed.target().findMailbox(delayed.id()), timer, dispatcher.cluster(),
				dispatcher.now());
	}

	// Whether the timer has not been replaced or cancelled
	boolean isPending() {
		return this.mailbox != null && isAmong(nonces(this.mailbox));
	}

	private boolean isAmong(SortedMap<String, Long> nonces) {
		Long nonce = nonces.get(this.timer.name());
		return nonce != null && nonce == this.timer.nonce();
	}

	private SortedMap<String, Long> nonces(Mailbox mailbox) {
		return NamedTimers.noncesOf(this.cluster.timersOf(mailbox, this.now));
	}

	// Ends the timer. A request in flight has the state already, and may replace it
	void forget() {
		Mailbox mailbox = this.mailbox;
		if (mailbox == null) {
			return;
		}
		SortedMap<String, Long> nonces = nonces(mailbox);
		if (!isAmong(nonces)) {
			return;
		}
		if (mailbox.inFlight() != null) {
			throw new StateConflictException("Timer '" + this.timer.name() + "' of '" + mailbox.address()
					+ "' can't be cancelled while messages are waiting for it; try again when they are handled");
		}
		nonces.remove(this.timer.name());
		int state = mailbox.function().indexOf(NamedTimers.STATE);
		mailbox.value(state, nonces.isEmpty() ? null : valueOf(nonces, mailbox.function().states().get(state)),
				this.now);
		mailbox.function().removeIfEmpty(mailbox, this.now);
	}

	private byte[] valueOf(SortedMap<String, Long> nonces, KeptState state) {
		return this.cluster.stateBytes(Any.newBuilder()
			.setTypeUrl(PendingTimers.TYPENAME)
			.setValue(ByteString.copyFrom(TimerFields.encodeNonces(nonces)))
			.build(), state.typename());
	}

}
