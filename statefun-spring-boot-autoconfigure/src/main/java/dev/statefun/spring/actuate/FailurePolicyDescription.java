package dev.statefun.spring.actuate;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Description of how failed messages of a function are handled.
 *
 * @param policy decision about a failed message, or the class of the application's own
 * policy
 * @param exceptions decisions by class of the exception
 * @param deadLetters egress for dead letters, if there can be any
 * @since 0.1.0
 */
public record FailurePolicyDescription(String policy, Map<String, String> exceptions, @Nullable String deadLetters) {

	/** Failed messages are sent again. */
	public static final FailurePolicyDescription RETRY = new FailurePolicyDescription("retry", Map.of(), null);

	/**
	 * Create a description.
	 * @param policy decision about a failed message
	 * @param exceptions decisions by class of the exception
	 * @param deadLetters egress for dead letters
	 */
	public FailurePolicyDescription {
		exceptions = Map.copyOf(exceptions);
	}

}
