package dev.statefun.spring.actuate;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of the failed messages of a function.
 *
 * @param policy what is done about a failed message, or the class of the application's
 * own policy
 * @param exceptions what is done by class of the exception
 * @param deadLetters egress that dead letters go to, if there can be any
 * @since 0.1.0
 */
public record FailurePolicyDescription(String policy, Map<String, String> exceptions, @Nullable String deadLetters) {

	/** Failed messages are sent again. */
	public static final FailurePolicyDescription RETRY = new FailurePolicyDescription("retry", Map.of(), null);

	/**
	 * Create a description.
	 * @param policy what is done about a failed message
	 * @param exceptions what is done by class of the exception
	 * @param deadLetters egress that dead letters go to
	 */
	public FailurePolicyDescription {
		exceptions = Map.copyOf(exceptions);
	}

}
