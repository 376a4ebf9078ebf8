package dev.statefun.console.record;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Clock of what is recorded: that of the runtime, if there is one.
 *
 * @param source provides the times
 * @since 0.1.0
 */
public record ConsoleClock(InstantSource source) implements InstantSource {

	@Override
	public Instant instant() {
		return this.source.instant();
	}

}
