package dev.statefun.spring.gateway.kafka;

import java.util.List;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.util.Assert;

/**
 * Reports whether replies of a gateway are read from Kafka.
 *
 * @since 0.1.0
 */
public final class GatewayHealthIndicator extends AbstractHealthIndicator {

	private final KafkaGatewayTransport transport;

	/**
	 * Create the indicator.
	 * @param transport reads the replies
	 */
	public GatewayHealthIndicator(KafkaGatewayTransport transport) {
		super("The health of the gateway's transport could not be determined");
		Assert.notNull(transport, "'transport' must not be null");
		this.transport = transport;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		String problem = this.transport.problem();
		boolean ready = this.transport.isReady();
		builder.status((ready && problem == null) ? "UP" : "DOWN")
			.withDetail("ready", ready)
			.withDetail("requestTopic", this.transport.topics().requests())
			.withDetail("replyTopic", this.transport.topics().replies());
		if (problem != null) {
			builder.withDetail("problem", problem);
		}
		List<Integer> unread = this.transport.unreadPartitions();
		if (!unread.isEmpty()) {
			builder.withDetail("unreadPartitions", unread);
		}
	}

}
