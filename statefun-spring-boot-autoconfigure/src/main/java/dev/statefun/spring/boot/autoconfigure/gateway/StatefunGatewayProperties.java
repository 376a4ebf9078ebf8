package dev.statefun.spring.boot.autoconfigure.gateway;

import java.time.Duration;
import java.util.List;

import dev.statefun.sdk.FunctionType;
import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the gateway through which clients reach functions.
 *
 * @param enabled Whether this application has a gateway function.
 * @param name Name of the gateway, 1 to 100 letters, digits, dots, underscores and
 * hyphens; when not set, the name of the application. Two applications of one cluster
 * need different names.
 * @param targets Comma-separated list of function types of other applications that
 * clients may reach, in addition to the functions of this one. The cluster must know
 * them: a message for a type that it does not know fails its job.
 * @param functions Comma-separated list of the function types that can be reached over
 * HTTP, as '&lt;namespace&gt;/&lt;name&gt;' or '&lt;namespace&gt;/*'.
 * @param replies When replies are passed to the client.
 * @param replyTopics Comma-separated list of the topics of other applications that may
 * get replies of this gateway.
 * @param maxRequestSize Maximum size of a request with its envelope, 1KB to 10MB.
 * @param maxReplySize Maximum size of a reply with its envelope, 1KB to 10MB.
 * @param keep Time for which the outcome of a request with an idempotency key is kept, 1s
 * to 7d.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.gateway")
public record StatefunGatewayProperties(@DefaultValue("false") boolean enabled, @Nullable String name,
		@DefaultValue List<String> targets, @DefaultValue List<String> functions, @DefaultValue("fast") Replies replies,
		@DefaultValue List<String> replyTopics, @DefaultValue("900KB") DataSize maxRequestSize,
		@DefaultValue("900KB") DataSize maxReplySize, @DefaultValue("1h") Duration keep) {

	private static final PropertyRange<DataSize> SIZE = PropertyRange.ofSize("1KB", "10MB");

	private static final PropertyRange<Duration> KEEP = PropertyRange.ofTime("1s", "7d");

	/**
	 * Create the properties.
	 * @param enabled whether this application has a gateway function
	 * @param name name of the gateway
	 * @param targets function types of other applications that clients may reach
	 * @param functions function types that can be reached over HTTP
	 * @param replies when replies are passed to the client
	 * @param replyTopics topics of other applications that may get replies
	 * @param maxRequestSize maximum size of a request
	 * @param maxReplySize maximum size of a reply
	 * @param keep time for which the outcome of a request is kept
	 */
	public StatefunGatewayProperties {
		SIZE.check("statefun.gateway.max-request-size", maxRequestSize);
		SIZE.check("statefun.gateway.max-reply-size", maxReplySize);
		KEEP.check("statefun.gateway.keep", keep);
		targets.forEach(FunctionType::parse);
	}

	/**
	 * When replies are passed to the client.
	 */
	public enum Replies {

		/**
		 * At once. If the job restarts before its next checkpoint, the reply may be one
		 * of an attempt that the restart undoes.
		 */
		FAST,

		/**
		 * With the cluster's next checkpoint, so that each reply is part of the
		 * function's history.
		 */
		COMMITTED

	}

}
