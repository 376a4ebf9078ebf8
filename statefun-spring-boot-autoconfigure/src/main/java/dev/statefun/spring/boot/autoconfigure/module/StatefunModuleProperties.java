package dev.statefun.spring.boot.autoconfigure.module;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleRuntime;
import dev.statefun.module.settings.Credentials;
import dev.statefun.module.settings.FailureMode;
import dev.statefun.module.settings.Kafka;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.Kinesis;
import dev.statefun.module.settings.KinesisEgress;
import dev.statefun.module.settings.KinesisIngress;
import dev.statefun.module.settings.Region;
import dev.statefun.module.settings.StartupPosition;
import dev.statefun.module.settings.Transport;
import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.annotation.RegisterReflection;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the cluster's module.yaml.
 *
 * @param endpoint URL under which clusters reach this application; the path is added
 * unless the URL has one.
 * @param format Format of module.yaml; when not set, that of the runtime, or else 'v3'
 * for writing, and that of the file for checking.
 * @param runtime Runtime of the cluster, from which the format follows; when not set,
 * that of Apache for the format.
 * @param writeTo File to write module.yaml to instead of serving, '-' for standard
 * output.
 * @param writeDescriptorsTo File to write the descriptors of protobuf messages to instead
 * of serving, '-' for standard output.
 * @param verify File to check against the functions instead of serving.
 * @param maxNumBatchRequests Maximum number of messages that wait for one function
 * instance before the cluster holds back its input, 0 to 2147483647; 0 for no limit.
 * @param wildcards Whether to write one entry with a wildcard for all functions of a
 * namespace; for clusters of 3.x only.
 * @param failureMode Reaction of the cluster to a call that has failed for good; for the
 * runtime 'fransking' only.
 * @param transport Transport that clusters call the endpoint with.
 * @param kafka Kafka ingresses and egresses.
 * @param kinesis Kinesis ingresses and egresses.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.module")
// Spring Boot finds the other types itself: in lists, or as nested properties
@RegisterReflection(classes = StartupPosition.class, memberCategories = MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
public record StatefunModuleProperties(@Nullable String endpoint, @Nullable ModuleFormat format,
		@Nullable ModuleRuntime runtime, @Nullable String writeTo, @Nullable String writeDescriptorsTo,
		@Nullable Path verify, @DefaultValue("1000") int maxNumBatchRequests, @DefaultValue("false") boolean wildcards,
		@Nullable FailureMode failureMode, @DefaultValue TransportProperties transport,
		@DefaultValue KafkaProperties kafka, @DefaultValue KinesisProperties kinesis) {

	private static final PropertyRange<Integer> WAITING_MESSAGES = PropertyRange.of(0, Integer.MAX_VALUE);

	/**
	 * Create the properties.
	 * @param endpoint URL under which clusters reach this application
	 * @param format format of module.yaml
	 * @param runtime runtime of the cluster
	 * @param writeTo file to write module.yaml to
	 * @param writeDescriptorsTo file to write the descriptors of protobuf messages to
	 * @param verify file to check against the functions
	 * @param maxNumBatchRequests maximum number of messages that wait for one function
	 * instance
	 * @param wildcards whether to write one entry for all functions of a namespace
	 * @param failureMode reaction of the cluster to a failed call
	 * @param transport transport that clusters call the endpoint with
	 * @param kafka Kafka ingresses and egresses
	 * @param kinesis Kinesis ingresses and egresses
	 */
	public StatefunModuleProperties {
		WAITING_MESSAGES.check("statefun.module.max-num-batch-requests", maxNumBatchRequests);
		String prefix = "statefun.module.transport.";
		PropertyRange.POSITIVE_TIME.check(prefix + "call", transport.call());
		PropertyRange.POSITIVE_TIME.check(prefix + "connect", transport.connect());
		PropertyRange.POSITIVE_TIME.check(prefix + "read", transport.read());
		PropertyRange.POSITIVE_TIME.check(prefix + "write", transport.write());
		PropertyRange.COUNT.check(prefix + "pool-size", transport.poolSize());
		PropertyRange.POSITIVE_TIME.check(prefix + "pool-ttl", transport.poolTtl());
		PropertyRange.BODY_SIZE.check(prefix + "payload-max-bytes", transport.payloadMaxBytes());
		// Checks that the properties of a certificate belong together
		transport.toSettings();
		for (int i = 0; i < kafka.egresses().size(); i++) {
			PropertyRange.POSITIVE_TIME.check("statefun.module.kafka.egresses[" + i + "].transaction-timeout",
					kafka.egresses().get(i).transactionTimeout());
		}
		for (int i = 0; i < kinesis.egresses().size(); i++) {
			PropertyRange.COUNT.check("statefun.module.kinesis.egresses[" + i + "].max-outstanding-records",
					kinesis.egresses().get(i).maxOutstandingRecords());
		}
	}

	/**
	 * Return the format to write.
	 * @return the configured format, or that of the runtime, or that of 3.x
	 */
	public ModuleFormat formatToWrite() {
		if (this.format == null && this.runtime != null) {
			return this.runtime.format();
		}
		return (this.format != null) ? this.format : ModuleFormat.V3;
	}

	/**
	 * Transport that clusters call the endpoint with.
	 *
	 * @param type Client that 3.x clusters call functions with; 2.x clusters always use
	 * OkHttp.
	 * @param call Maximum time that a cluster tries to have a batch handled, 1ms to 7d;
	 * when not set, long enough for a batch, and at least 2 minutes with the asynchronous
	 * client, 1 minute with OkHttp.
	 * @param connect Maximum time to connect, 1ms to 7d; when not set, 20 seconds with
	 * the asynchronous client, 10 seconds with OkHttp.
	 * @param read Maximum time that OkHttp waits for an answer before it sends the batch
	 * again, 1ms to 7d; when not set, 5 seconds longer than a batch may take.
	 * @param write Maximum time that OkHttp takes to send a request, 1ms to 7d; when not
	 * set, 10 seconds.
	 * @param poolSize Number of connections that the asynchronous client keeps, 1 to
	 * 1000000.
	 * @param poolTtl Time for which the asynchronous client keeps a connection; 1ms to
	 * 7d.
	 * @param payloadMaxBytes Maximum size of a reply that the asynchronous client
	 * accepts; 1B to 2047MB.
	 * @param trustCacerts Location, on the cluster, of the certificates to trust, in PEM.
	 * @param clientCert Location, on the cluster, of its client certificate, in PEM.
	 * @param clientKey Location, on the cluster, of the key of its client certificate, in
	 * PKCS#8.
	 * @param clientKeyPassword Location, on the cluster, of a file that contains only the
	 * password of that key.
	 */
	public record TransportProperties(@DefaultValue("async") Transport.Type type, @Nullable Duration call,
			@Nullable Duration connect, @Nullable Duration read, @Nullable Duration write,
			@DefaultValue("1024") int poolSize, @DefaultValue("15s") Duration poolTtl,
			@DefaultValue("32MB") DataSize payloadMaxBytes, @Nullable String trustCacerts, @Nullable String clientCert,
			@Nullable String clientKey, @Nullable String clientKeyPassword) {

		Transport toSettings() {
			return new Transport(this.type, this.call, this.connect, this.read, this.write, this.poolSize, this.poolTtl,
					this.payloadMaxBytes.toBytes(), this.trustCacerts, this.clientCert, this.clientKey,
					this.clientKeyPassword);
		}

	}

	/**
	 * Kafka ingresses and egresses.
	 *
	 * @param address Addresses of Kafka's brokers, for all ingresses and egresses without
	 * their own.
	 * @param ingresses Kafka ingresses.
	 * @param egresses Kafka egresses.
	 */
	public record KafkaProperties(@Nullable String address, @DefaultValue List<KafkaIngress> ingresses,
			@DefaultValue List<KafkaEgress> egresses) {

		Kafka toSettings() {
			return new Kafka(this.address, this.ingresses, this.egresses);
		}

	}

	/**
	 * Kinesis ingresses and egresses.
	 *
	 * @param region AWS region, for all ingresses and egresses without their own.
	 * @param credentials AWS credentials, for all ingresses and egresses without their
	 * own.
	 * @param ingresses Kinesis ingresses.
	 * @param egresses Kinesis egresses.
	 */
	public record KinesisProperties(@DefaultValue @NestedConfigurationProperty Region region,
			@DefaultValue @NestedConfigurationProperty Credentials credentials,
			@DefaultValue List<KinesisIngress> ingresses, @DefaultValue List<KinesisEgress> egresses) {

		Kinesis toSettings() {
			return new Kinesis(this.region, this.credentials, this.ingresses, this.egresses);
		}

	}

}
