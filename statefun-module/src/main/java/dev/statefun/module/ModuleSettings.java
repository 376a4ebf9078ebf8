package dev.statefun.module;

import java.util.List;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Credentials;
import dev.statefun.module.settings.FailureMode;
import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.Kinesis;
import dev.statefun.module.settings.Region;
import dev.statefun.module.settings.Transport;
import dev.statefun.sdk.egress.EgressId;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a module.yaml that functions do not have: URL and transport of the
 * endpoint, sources of messages and destinations of records. Immutable.
 *
 * <pre class="code">
 * ModuleSettings settings = ModuleSettings.of("http://cart:8080/statefun").transport(Transport.okhttp());
 * </pre>
 *
 * @param endpoint the URL of the endpoint, with its path
 * @param secret secret in that path, or {@code null} for none; it is masked in messages
 * @param maxNumBatchRequests maximum number of messages that wait for one function
 * instance before the cluster holds back its input; 0 or less for no limit
 * @param wildcards whether all functions of a namespace are written as one entry
 * @param transport transport that the cluster calls the endpoint with
 * @param batchTimeLimit time limit of requests at the endpoint
 * @param kafka ingresses and egresses of Kafka
 * @param kinesis ingresses and egresses of Kinesis
 * @param deadLetters ids of the Kafka egresses for dead letters
 * @param runtime runtime of the cluster, or {@code null} for that of Apache
 * @param failureMode reaction to a failed call, with the runtime {@code fransking};
 * {@code null} for its default
 * @param gateway gateway of the application, or {@code null} for none
 * @since 0.1.0
 */
public record ModuleSettings(String endpoint, @Nullable String secret, int maxNumBatchRequests, boolean wildcards,
		Transport transport, BatchTimeLimit batchTimeLimit, Kafka kafka, Kinesis kinesis, List<EgressId> deadLetters,
		@Nullable ModuleRuntime runtime, @Nullable FailureMode failureMode, @Nullable Gateway gateway) {

	static final String MASK = "******";

	/**
	 * Create settings.
	 * @param endpoint the URL of the endpoint, with its path
	 * @param secret secret in that path
	 * @param maxNumBatchRequests maximum number of messages that wait for one function
	 * instance
	 * @param wildcards whether all functions of a namespace are written as one entry
	 * @param transport transport that the cluster calls the endpoint with
	 * @param batchTimeLimit time limit of requests at the endpoint
	 * @param kafka ingresses and egresses of Kafka
	 * @param kinesis ingresses and egresses of Kinesis
	 * @param deadLetters ids of the Kafka egresses for dead letters
	 * @param runtime runtime of the cluster
	 * @param failureMode reaction to a failed call
	 * @param gateway gateway of the application
	 * @throws IllegalArgumentException if {@code secret} is empty
	 */
	public ModuleSettings {
		if (secret != null && secret.isBlank()) {
			throw new IllegalArgumentException("'secret' must not be empty");
		}
		deadLetters = List.copyOf(deadLetters);
	}

	/**
	 * Return settings for an endpoint, with the defaults of clusters and no ingresses or
	 * egresses.
	 * @param endpoint the URL of the endpoint, with its path
	 * @return the settings
	 */
	public static ModuleSettings of(String endpoint) {
		return new ModuleSettings(endpoint, null, 1000, false, Transport.async(), BatchTimeLimit.of(null, null),
				new Kafka(null, List.of(), List.of()),
				new Kinesis(new Region(null, null), new Credentials(null, null, null, null), List.of(), List.of()),
				List.of(), null, null, null);
	}

	/**
	 * Return the URL of the endpoint.
	 * @param base the URL under which clusters reach the application
	 * @param path path to add unless it has one
	 * @return the URL
	 * @throws dev.statefun.sdk.message.InvalidDeclarationException if it is not a URL
	 * that clusters can call
	 */
	public static String endpoint(String base, String path) {
		return EndpointUrl.of(base, path).text();
	}

	/**
	 * Return the same settings with another transport.
	 * @param transport transport that the cluster calls the endpoint with
	 * @return the settings
	 */
	public ModuleSettings transport(Transport transport) {
		return new ModuleSettings(this.endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, transport,
				this.batchTimeLimit, this.kafka, this.kinesis, this.deadLetters, this.runtime, this.failureMode,
				this.gateway);
	}

	/**
	 * Return the same settings with other ingresses and egresses of Kafka.
	 * @param kafka ingresses and egresses of Kafka
	 * @return the settings
	 */
	public ModuleSettings kafka(Kafka kafka) {
		return new ModuleSettings(this.endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, this.transport,
				this.batchTimeLimit, kafka, this.kinesis, this.deadLetters, this.runtime, this.failureMode,
				this.gateway);
	}

	/**
	 * Return the same settings with other ingresses and egresses of Kinesis.
	 * @param kinesis ingresses and egresses of Kinesis
	 * @return the settings
	 */
	public ModuleSettings kinesis(Kinesis kinesis) {
		return new ModuleSettings(this.endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, this.transport,
				this.batchTimeLimit, this.kafka, kinesis, this.deadLetters, this.runtime, this.failureMode,
				this.gateway);
	}

	/**
	 * Return the same settings for another URL.
	 * @param endpoint the URL of the endpoint, with its path
	 * @return the settings
	 */
	public ModuleSettings endpoint(String endpoint) {
		return new ModuleSettings(endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, this.transport,
				this.batchTimeLimit, this.kafka, this.kinesis, this.deadLetters, this.runtime, this.failureMode,
				this.gateway);
	}

	/**
	 * Return the same settings for another runtime.
	 * @param runtime runtime of the cluster
	 * @return the settings
	 */
	public ModuleSettings runtime(ModuleRuntime runtime) {
		return new ModuleSettings(this.endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, this.transport,
				this.batchTimeLimit, this.kafka, this.kinesis, this.deadLetters, runtime, this.failureMode,
				this.gateway);
	}

	/**
	 * Return the same settings with another reaction to a failed call.
	 * @param failureMode reaction to a failed call
	 * @return the settings
	 */
	public ModuleSettings failureMode(FailureMode failureMode) {
		return new ModuleSettings(this.endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, this.transport,
				this.batchTimeLimit, this.kafka, this.kinesis, this.deadLetters, this.runtime, failureMode,
				this.gateway);
	}

	/**
	 * Return the same settings with a gateway.
	 * @param gateway gateway of the application, or {@code null} for none
	 * @return the settings
	 */
	public ModuleSettings gateway(@Nullable Gateway gateway) {
		return new ModuleSettings(this.endpoint, this.secret, this.maxNumBatchRequests, this.wildcards, this.transport,
				this.batchTimeLimit, this.kafka, this.kinesis, this.deadLetters, this.runtime, this.failureMode,
				gateway);
	}

	/**
	 * Return whether the URL leads to the machine that calls it.
	 * @return whether its host is a loopback address
	 */
	public boolean isLoopback() {
		return new EndpointUrl(this.endpoint).isLoopback();
	}

	// The runtime that reads a form
	ModuleRuntime runtimeFor(ModuleFormat format) {
		return (this.runtime != null && this.runtime.format() == format) ? this.runtime : ModuleRuntime.of(format);
	}

	int maxNumBatchRequests(String function) {
		Gateway gateway = this.gateway;
		if (gateway == null || !gateway.function().equals(function)) {
			return this.maxNumBatchRequests;
		}
		int most = gateway.maxNumBatchRequests();
		return (this.maxNumBatchRequests > 0) ? Math.min(most, this.maxNumBatchRequests) : most;
	}

	String maskedEndpoint() {
		return mask(this.endpoint, this.secret);
	}

	static String mask(String text, @Nullable String secret) {
		return (secret != null) ? text.replace(secret, MASK) : text;
	}

	@Override
	public String toString() {
		return "ModuleSettings[endpoint=" + maskedEndpoint() + "]";
	}

}
