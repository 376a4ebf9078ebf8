package dev.statefun.spring.boot.autoconfigure;

import java.util.Map;

import dev.statefun.sdk.Protocol;
import dev.statefun.spring.FailureDecision;
import dev.statefun.spring.failure.DeadLetterFormat;
import dev.statefun.spring.failure.DeadLetterKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Configuration properties for stateful functions.
 *
 * @param path Path of the endpoint that clusters call.
 * @param protocol Generation of the clusters to serve; with 'auto' each request tells by
 * its own bytes.
 * @param failure What becomes of messages that failed.
 * @param functions Settings for single functions, by function type; what is left out is
 * as for all functions.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun")
public record StatefunProperties(@DefaultValue("/statefun") String path, @DefaultValue("auto") Protocol protocol,
		@DefaultValue Failure failure, @DefaultValue Map<String, Function> functions) {

	/**
	 * Create the properties.
	 * @param path path of the endpoint
	 * @param protocol generation of the clusters to serve
	 * @param failure what becomes of messages that failed
	 * @param functions settings for single functions
	 */
	public StatefunProperties {
		Assert.isTrue(path.startsWith("/") && path.chars().noneMatch((c) -> "*?{}".indexOf(c) >= 0),
				() -> "'statefun.path' is '" + path + "'; expected a plain path that starts with '/'");
		functions = Map.copyOf(functions);
	}

	/**
	 * Settings for one function.
	 *
	 * @param failure What becomes of the function's messages that failed.
	 */
	public record Function(@DefaultValue Failure failure) {

	}

	/**
	 * What becomes of messages that failed.
	 *
	 * @param policy What to do about a failed message, unless its exception has a
	 * decision of its own.
	 * @param exceptions What to do by class of the exception, which stands for its
	 * subclasses too.
	 * @param deadLetter Where dead letters are sent.
	 */
	public record Failure(@Nullable FailureDecision policy, @DefaultValue Map<String, FailureDecision> exceptions,
			@DefaultValue DeadLetter deadLetter) {

		/**
		 * Create the settings.
		 * @param policy what to do about a failed message
		 * @param exceptions what to do by class of the exception
		 * @param deadLetter where dead letters are sent
		 */
		public Failure {
			exceptions = Map.copyOf(exceptions);
		}

	}

	/**
	 * Where dead letters are sent.
	 *
	 * @param egress Egress that takes dead letters, as module.yaml names it.
	 * @param kind Kind of the egress that takes dead letters.
	 * @param topic Topic that dead letters are written to, if the egress is of the kind
	 * 'kafka'.
	 * @param format Form of the dead letters.
	 */
	public record DeadLetter(@Nullable String egress, @Nullable DeadLetterKind kind, @Nullable String topic,
			@Nullable DeadLetterFormat format) {

	}

}
