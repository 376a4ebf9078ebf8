package dev.statefun.console.record;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a message was handled, as far as it was.
 *
 * @param startedAt when its request was last sent
 * @param endedAt when that ended, if it has
 * @param duration duration of the request, if it has ended
 * @param attempts number of attempts
 * @param batch the request
 * @param effects effects of the message, or of the whole request
 * @param changes changes of states by the message, or by the whole request
 * @param perMessage whether effects and changes are those of the message
 * @param failure why it failed last, if it did
 * @since 0.1.0
 */
public record Handling(Instant startedAt, @Nullable Instant endedAt, @Nullable Duration duration, int attempts,
		BatchPosition batch, List<Effect> effects, List<StateChange> changes, boolean perMessage,
		@Nullable FailureDetail failure) {

	/**
	 * Create a handling.
	 * @param startedAt when its request was last sent
	 * @param endedAt when that ended
	 * @param duration duration of the request
	 * @param attempts number of attempts
	 * @param batch the request
	 * @param effects its effects
	 * @param changes its changes of states
	 * @param perMessage whether they are those of the message
	 * @param failure why it failed last
	 */
	public Handling {
		effects = List.copyOf(effects);
		changes = List.copyOf(changes);
	}

	int size() {
		int size = 0;
		for (Effect effect : this.effects) {
			size += effect.size();
		}
		for (StateChange change : this.changes) {
			size += change.size();
		}
		// Those of a whole request are shared by its messages
		return 150 + (this.perMessage ? size : size / this.batch.size())
				+ ((this.failure != null) ? this.failure.stackTrace().length() : 0);
	}

	/**
	 * Position of a message in a request.
	 *
	 * @param id number of the request
	 * @param size number of its messages
	 * @param index position of the message, from 0
	 */
	public record BatchPosition(long id, int size, int index) {

	}

}
