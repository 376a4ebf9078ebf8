package dev.statefun.sdk;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What became of one batch.
 *
 * @param function type of the function, or {@code null} if the request names none that is
 * served here
 * @param outcome how the batch ended
 * @param duration time from the request's bytes to the reply's, stages included
 * @since 0.1.0
 */
public record BatchReport(@Nullable FunctionType function, BatchOutcome outcome, Duration duration) {

}
