package dev.statefun.local;

import java.io.UncheckedIOException;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.TimerMessage;
import org.jspecify.annotations.Nullable;

/**
 * Content of a message, as its function gets it.
 *
 * @param message the message; that of a named timer without its envelope
 * @param headers headers of the message
 * @param timer the timer that sends it, or {@code null}
 */
record Content(Any message, Headers headers, @Nullable TimerMessage timer) {

	static Content of(Dialect dialect, byte[] argument) {
		Any message = Argument.decode(dialect, argument);
		TimerMessage timer = NamedTimers.timerOf(message);
		if (timer != null) {
			try {
				return new Content(Argument.decode(dialect, timer.content()), Headers.ofMessage(timer.content()),
						timer);
			}
			catch (UncheckedIOException | MalformedRequestException ex) {
				// Its envelope has no message: not from a named timer
			}
		}
		return new Content(message, Headers.ofMessage(argument), null);
	}

	Optional<String> timerName() {
		return (this.timer != null) ? Optional.of(this.timer.name()) : Optional.empty();
	}

}
