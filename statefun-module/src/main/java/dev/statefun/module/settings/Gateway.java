package dev.statefun.module.settings;

import org.jspecify.annotations.Nullable;

/**
 * Gateway of the application, through which clients outside of the cluster reach
 * functions. It has an entry of its own in module.yaml, also with wildcards: too many
 * requests in one batch would make its reply larger than the endpoint may send.
 *
 * @param function type of the gateway function
 * @param ingress id of the ingress with the requests
 * @param egress id of the egress for the replies
 * @param valueType type of the requests
 * @param maxNumBatchRequests maximum number of requests that wait for one of its
 * instances
 * @param kafka topics, or {@code null} if ingress and egress are defined elsewhere
 * @since 0.1.0
 */
public record Gateway(String function, String ingress, String egress, String valueType, int maxNumBatchRequests,
		@Nullable GatewayKafka kafka) {

	/**
	 * Create the settings.
	 * @param function type of the gateway function
	 * @param ingress id of the ingress with the requests
	 * @param egress id of the egress for the replies
	 * @param valueType type of the requests
	 * @param maxNumBatchRequests maximum number of requests that wait for one of its
	 * instances
	 * @param kafka topics
	 * @throws IllegalArgumentException if a name is empty, or the number is not positive
	 */
	public Gateway {
		Checks.hasText(function, "function");
		Checks.hasText(ingress, "ingress");
		Checks.hasText(egress, "egress");
		Checks.hasText(valueType, "value-type");
		Checks.isTrue(maxNumBatchRequests > 0, () -> "'max-num-batch-requests' must be positive");
	}

	/**
	 * Return the same settings with other topics.
	 * @param kafka topics, or {@code null} if ingress and egress are defined elsewhere
	 * @return the settings
	 */
	public Gateway kafka(@Nullable GatewayKafka kafka) {
		return new Gateway(this.function, this.ingress, this.egress, this.valueType, this.maxNumBatchRequests, kafka);
	}

}
