package dev.statefun.spring.boot.autoconfigure;

import java.nio.file.Path;

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
 * unless it has one.
 * @param format Form of module.yaml; when not set, 'v3' for writing, and that of the file
 * for checking.
 * @param writeTo File to write module.yaml to instead of serving, '-' for standard
 * output.
 * @param verify File to check against the functions instead of serving.
 * @param maxNumBatchRequests How many messages may wait for one function instance before
 * the cluster holds back its input; 0 for any number.
 * @param transport How clusters call the endpoint.
 * @param kafka Ingresses and egresses of Kafka.
 * @param kinesis Ingresses and egresses of Kinesis.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.module")
public record StatefunModuleProperties(@Nullable String endpoint, @Nullable ModuleFormat format,
		@Nullable String writeTo, @Nullable Path verify, @DefaultValue("1000") int maxNumBatchRequests,
		@DefaultValue @NestedConfigurationProperty ModuleSettings.Transport transport,
		@DefaultValue @NestedConfigurationProperty ModuleSettings.Kafka kafka,
		@DefaultValue @NestedConfigurationProperty ModuleSettings.Kinesis kinesis) {

	ModuleFormat formatToWrite() {
		return (this.format != null) ? this.format : ModuleFormat.V3;
	}

}
