package dev.statefun.console.record;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A request that was answered.
 *
 * @param seq its number
 * @param kind {@code batch} or {@code gateway}
 * @param at when it ended
 * @param function type of the function, if known
 * @param id id of the instance, if known
 * @param outcome how it ended
 * @param duration its duration
 * @param messages number of messages
 * @param requestBytes size of the request, if known
 * @param replyBytes size of the reply, if known
 * @param failure why it failed, if it did
 * @since 0.1.0
 */
public record RequestRecord(long seq, String kind, Instant at, @Nullable String function, @Nullable String id,
		String outcome, Duration duration, int messages, @Nullable Integer requestBytes, @Nullable Integer replyBytes,
		@Nullable String failure) {

}
