package dev.statefun.spring.observation;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.listener.BatchReport;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Observation context of a batch.
 *
 * @since 0.1.0
 */
public class BatchObservationContext extends Observation.Context {

	private final @Nullable Address self;

	private @Nullable BatchReport report;

	/** Observation of the message that is handled. Written by one thread at a time. */
	private volatile @Nullable Observation message;

	/**
	 * Create a context.
	 * @param self the function instance, or {@code null} if no function was called
	 */
	public BatchObservationContext(@Nullable Address self) {
		this.self = self;
	}

	/**
	 * Return the function instance.
	 * @return its address, or {@code null} if no function was called
	 */
	public @Nullable Address self() {
		return this.self;
	}

	/**
	 * Return the report of the batch.
	 * @return the report, or {@code null} while the batch runs
	 */
	public @Nullable BatchReport report() {
		return this.report;
	}

	/**
	 * Return the function.
	 * @return its type, or {@code null} if the request names none that is served here
	 */
	public @Nullable FunctionType function() {
		if (this.self != null) {
			return this.self.type();
		}
		return (this.report != null) ? this.report.function() : null;
	}

	@Nullable Observation message() {
		return this.message;
	}

	void message(@Nullable Observation message) {
		this.message = message;
	}

	void end(BatchReport report) {
		this.report = report;
	}

}
