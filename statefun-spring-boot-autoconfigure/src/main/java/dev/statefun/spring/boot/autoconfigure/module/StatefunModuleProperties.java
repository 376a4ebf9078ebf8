package dev.statefun.spring.boot.autoconfigure.module;

import java.nio.file.Path;

import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import dev.statefun.spring.module.ModuleFormat;
import dev.statefun.spring.module.ModuleSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for the cluster's module.yaml.
 *
 * @param endpoint URL under which clusters reach this application; the path is added
 * unless the URL has one.
 * @param format Format of module.yaml; when not set, 'v3' for writing, and that of the
 * file for checking.
 * @param writeTo File to write module.yaml to instead of serving, '-' for standard
 * output.
 * @param verify File to check against the functions instead of serving.
 * @param maxNumBatchRequests Maximum number of messages that wait for one function
 * instance before the cluster holds back its input, 0 to 2147483647; 0 for no limit.
 * @param wildcards Whether to write one entry with a wildcard for all functions of a
 * namespace; for clusters of 3.x only.
 * @param transport Transport that clusters call the endpoint with.
 * @param kafka Kafka ingresses and egresses.
 * @param kinesis Kinesis ingresses and egresses.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.module")
public record StatefunModuleProperties(@Nullable String endpoint, @Nullable ModuleFormat format,
		@Nullable String writeTo, @Nullable Path verify, @DefaultValue("1000") int maxNumBatchRequests,
		@DefaultValue("false") boolean wildcards,
		@DefaultValue @NestedConfigurationProperty ModuleSettings.Transport transport,
		@DefaultValue @NestedConfigurationProperty ModuleSettings.Kafka kafka,
		@DefaultValue @NestedConfigurationProperty ModuleSettings.Kinesis kinesis) {

	private static final PropertyRange<Integer> WAITING_MESSAGES = PropertyRange.of(0, Integer.MAX_VALUE);

	/**
	 * Create the properties.
	 * @param endpoint URL under which clusters reach this application
	 * @param format format of module.yaml
	 * @param writeTo file to write module.yaml to
	 * @param verify file to check against the functions
	 * @param maxNumBatchRequests maximum number of messages that wait for one function
	 * instance
	 * @param wildcards whether to write one entry for all functions of a namespace
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
	 * @return the configured format, or that of 3.x
	 */
	public ModuleFormat formatToWrite() {
		return (this.format != null) ? this.format : ModuleFormat.V3;
	}

}
