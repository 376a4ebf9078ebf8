package dev.statefun.module.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Time limit of requests, by the transport that the cluster uses: slightly less than the
 * cluster waits for the reply. Immutable.
 *
 * @param forAsyncTransport limit for the asynchronous transport of 3.x clusters; zero for
 * none
 * @param forOkHttpTransport limit for OkHttp, which all other clusters use; zero for none
 * @since 0.1.0
 */
public record BatchTimeLimit(Duration forAsyncTransport, Duration forOkHttpTransport) {

	/**
	 * Time between the limit and the timeout of the cluster, reserved for the answer that
	 * the batch has failed.
	 */
	public static final Duration MARGIN = Duration.ofSeconds(5);

	// Below its budget of 2 minutes, which includes connecting (protocol.md §6.3)
	private static final Duration ASYNC = Duration.ofSeconds(110);

	// Below its 1 minute for each call (protocol.md §6.2)
	private static final Duration OKHTTP = Duration.ofSeconds(55);

	// Exactly that; all others are 'okhttp/3.14.6' (protocol.md §2.3)
	private static final String ASYNC_USER_AGENT = "statefun";

	/**
	 * Create limits.
	 * @param forAsyncTransport limit for the asynchronous transport; zero for none
	 * @param forOkHttpTransport limit for OkHttp; zero for none
	 * @throws IllegalArgumentException if one of them is negative
	 */
	public BatchTimeLimit {
		Checks.isTrue(!forAsyncTransport.isNegative(), () -> "'forAsyncTransport' must not be negative");
		Checks.isTrue(!forOkHttpTransport.isNegative(), () -> "'forOkHttpTransport' must not be negative");
	}

	/**
	 * Create limits from the settings of an application.
	 * @param explicit configured limit, which applies to every transport; zero for none,
	 * {@code null} if it is not set
	 * @param moduleCall {@code call} timeout in the module.yaml of clusters, or
	 * {@code null} if they have their defaults
	 * @return the limits
	 * @throws IllegalArgumentException if the limit is negative, or the timeout is not
	 * positive
	 */
	public static BatchTimeLimit of(@Nullable Duration explicit, @Nullable Duration moduleCall) {
		if (explicit != null) {
			return new BatchTimeLimit(explicit, explicit);
		}
		if (moduleCall != null) {
			Checks.isTrue(!moduleCall.isNegative() && !moduleCall.isZero(),
					() -> "'statefun.module.transport.call' is " + moduleCall + "; expected a positive time");
			return new BatchTimeLimit(below(moduleCall), below(moduleCall));
		}
		return new BatchTimeLimit(ASYNC, OKHTTP);
	}

	// Of a call that is shorter than twice the margin, half is left to the batch
	private static Duration below(Duration call) {
		Duration half = call.dividedBy(2);
		return (half.compareTo(MARGIN) < 0) ? half : call.minus(MARGIN);
	}

	/**
	 * Return the limit for a request.
	 * @param userAgent its {@code User-Agent}, or {@code null} if it has none
	 * @return the limit; zero for none
	 */
	public Duration forUserAgent(@Nullable String userAgent) {
		return ASYNC_USER_AGENT.equals(userAgent) ? this.forAsyncTransport : this.forOkHttpTransport;
	}

	/**
	 * Return the longest time that any request may take.
	 * @return the longest limit; zero if a transport has none
	 */
	public Duration longest() {
		if (this.forAsyncTransport.isZero() || this.forOkHttpTransport.isZero()) {
			return Duration.ZERO;
		}
		return (this.forAsyncTransport.compareTo(this.forOkHttpTransport) > 0) ? this.forAsyncTransport
				: this.forOkHttpTransport;
	}

}
