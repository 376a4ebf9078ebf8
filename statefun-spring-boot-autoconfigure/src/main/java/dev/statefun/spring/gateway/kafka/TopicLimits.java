package dev.statefun.spring.gateway.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Warns of topics that do not take records as large as the gateway lets pass, or that
 * lose records. A reply that its topic does not take fails the cluster's job again and
 * again.
 */
final class TopicLimits {

	private static final Log logger = LogFactory.getLog(TopicLimits.class);

	private static final int TIMEOUT_MILLIS = 10_000;

	private final Map<String, Object> properties;

	private final GatewayTopics topics;

	TopicLimits(Map<String, Object> connection, GatewayTopics topics) {
		this.topics = topics;
		Map<String, Object> properties = new HashMap<>(connection);
		properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
		properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
		this.properties = Map.copyOf(properties);
	}

	/**
	 * Check the limits on a thread of its own, as nothing depends on the outcome.
	 */
	void check() {
		Thread thread = new Thread(this::warn, "statefun-gateway-topics");
		thread.setDaemon(true);
		thread.start();
	}

	private void warn() {
		Set<String> replies = new TreeSet<>(this.topics.others());
		replies.add(this.topics.replies());
		try (Admin admin = Admin.create(this.properties)) {
			warn(admin, this.topics.requests(), this.topics.maxRequestSize(), "statefun.gateway.max-request-size",
					"such a request fails");
			for (String topic : replies) {
				warn(admin, topic, this.topics.maxReplySize(), "statefun.gateway.max-reply-size",
						"such a reply fails the cluster's job again and again");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.debug("The size limits of the gateway's topics could not be read", ex);
		}
	}

	private static void warn(Admin admin, String topic, int payload, String property, String consequence)
			throws InterruptedException {
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
		try {
			Config config = Objects.requireNonNull(admin.describeConfigs(List.of(resource)).values().get(resource))
				.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
			warn(topic, config, payload, property, consequence);
			ConfigEntry cleanup = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
			if (cleanup != null && String.valueOf(cleanup.value()).contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
				logger.warn("The topic '" + topic + "' is compacted, and so loses all but the last message for each "
						+ "target, or reply to each client. Set its '" + TopicConfig.CLEANUP_POLICY_CONFIG + "' to '"
						+ TopicConfig.CLEANUP_POLICY_DELETE + "'");
			}
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof UnknownTopicOrPartitionException) {
				logger
					.warn("The topic '" + topic + "' of 'statefun.gateway.reply-topics' does not exist. Create it, as "
							+ "a reply to it would fail the cluster's job again and again");
				return;
			}
			// Not all applications may read the configuration of topics
			logger.debug("The size limit of the topic '" + topic + "' could not be read", ex);
		}
		catch (TimeoutException ex) {
			logger.debug("The size limit of the topic '" + topic + "' could not be read", ex);
		}
	}

	private static void warn(String topic, Config config, int payload, String property, String consequence) {
		ConfigEntry entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
		int needed = GatewayTopics.recordSize(payload);
		if (entry != null && entry.value() != null && Long.parseLong(entry.value()) < needed) {
			logger.warn("The topic '" + topic + "' takes records of up to " + entry.value() + " bytes, and '" + property
					+ "' lets up to " + needed + " pass: " + consequence + ". Set '"
					+ TopicConfig.MAX_MESSAGE_BYTES_CONFIG + "' of the topic to " + needed
					+ " or more, or lower the property");
		}
	}

}
