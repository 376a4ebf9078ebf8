package dev.statefun.spring.boot.autoconfigure.deploy;

import java.util.HashMap;
import java.util.Map;

import dev.statefun.deploy.DeploymentFiles;
import dev.statefun.deploy.DeploymentSettings;
import dev.statefun.deploy.DeploymentSettings.Application;
import dev.statefun.deploy.DeploymentSettings.Cluster;
import dev.statefun.deploy.DeploymentTarget;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleRuntime;
import dev.statefun.module.ModuleSettings;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Gateway;
import dev.statefun.module.settings.Kafka;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.module.ModuleWiring;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for writing deployment files.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { StatefunAutoConfiguration.class, StatefunModuleAutoConfiguration.class })
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(StatefunDeployProperties.class)
public final class StatefunDeployAutoConfiguration {

	private static final String BROKER = "kafka:9092";

	// Lazy: a service needs none of it
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Yaml.class)
	static class FilesConfiguration {

		@Bean
		@Lazy
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		DeploymentFiles statefunDeploymentFiles(StatefulFunctions functions, StatefunDeployProperties deploy,
				StatefunModuleProperties module, StatefunProperties properties, BatchTimeLimit limit,
				Environment environment, ObjectProvider<EndpointLocation> location,
				ObjectProvider<EndpointRestrictions> restrictions, ObjectProvider<Gateway> gateway) {
			ServedApplication served = new ServedApplication(environment, hasHealth(),
					EndpointLocation.isAlone(location.getIfAvailable()));
			String name = served.name(deploy.name());
			ModuleRuntime runtime = (module.runtime() != null) ? module.runtime() : runtimeOf(module);
			Gateway own = gateway.getIfAvailable();
			boolean broker = startsBroker(module.kafka(), own, deploy);
			// The client of a gateway connects with the broker that the cluster has
			DeploymentSettings settings = settings(name, served, runtime, deploy, broker,
					broker && own != null && own.kafka() != null);
			ModuleSettings cluster = ModuleWiring.settingsAt(isContainers(deploy) ? name : "localhost", module,
					properties, limit, environment, location.getIfAvailable(),
					ModuleWiring.secret(properties, environment, restrictions.getIfAvailable()), own);
			return new DeploymentFiles(settings,
					new ModuleGenerator(functions,
							cluster.runtime(runtime)
								.kafka(kafka(cluster.kafka(), deploy, broker))
								.gateway(gateway(own, deploy, broker))));
		}

		private static DeploymentSettings settings(String name, ServedApplication served, ModuleRuntime runtime,
				StatefunDeployProperties deploy, boolean broker, boolean ownClient) {
			Map<String, String> variables = new HashMap<>(served.variables());
			if (ownClient) {
				variables.putIfAbsent("SPRING_KAFKA_BOOTSTRAP_SERVERS", BROKER);
			}
			Application application = new Application(image(deploy, name), deploy.replicas(), served.ports(),
					served.health(), served.shutdownPhase(), variables);
			String runtimeImage = StringUtils.hasText(deploy.runtimeImage()) ? deploy.runtimeImage() : null;
			Cluster cluster = new Cluster(runtime, runtimeImage, deploy.taskManagers(), deploy.checkpoints(), broker);
			try {
				return new DeploymentSettings(name, deploy.namespace(), application, cluster);
			}
			catch (IllegalArgumentException ex) {
				throw new FailureAnalyzedException(
						"Found a name that is not valid among 'statefun.deploy.*': " + ex.getMessage() + ".",
						"Correct 'statefun.deploy.name' or 'statefun.deploy.namespace'.", ex);
			}
		}

		// Without Boot's servers, the actuator is not served
		private static boolean hasHealth() {
			ClassLoader loader = StatefunDeployAutoConfiguration.class.getClassLoader();
			return ClassUtils.isPresent(
					"org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration", loader)
					&& ClassUtils.isPresent("org.springframework.boot.health.contributor.HealthIndicator", loader)
					&& ClassUtils.isPresent("org.springframework.boot.web.server.WebServer", loader);
		}

		private static boolean isContainers(StatefunDeployProperties deploy) {
			return deploy.target() == null || deploy.target().isContainers();
		}

		private static ModuleRuntime runtimeOf(StatefunModuleProperties module) {
			return switch (module.formatToWrite()) {
				case V2 -> ModuleRuntime.APACHE_2_2;
				case V3 -> ModuleRuntime.APACHE_3_3;
			};
		}

		private static Kafka kafka(Kafka kafka, StatefunDeployProperties deploy, boolean broker) {
			String address = StringUtils.hasText(deploy.kafkaAddress()) ? deploy.kafkaAddress()
					: broker ? BROKER : kafka.address();
			return new Kafka(address, kafka.ingresses(), kafka.egresses());
		}

		private static @Nullable Gateway gateway(@Nullable Gateway gateway, StatefunDeployProperties deploy,
				boolean broker) {
			if (gateway == null || gateway.kafka() == null) {
				return gateway;
			}
			String address = StringUtils.hasText(deploy.kafkaAddress()) ? deploy.kafkaAddress()
					: broker ? BROKER : gateway.kafka().address();
			return gateway.kafka(gateway.kafka().address(address));
		}

		private static boolean startsBroker(StatefunModuleProperties.KafkaProperties kafka, @Nullable Gateway gateway,
				StatefunDeployProperties deploy) {
			boolean used = kafka.address() != null || !kafka.ingresses().isEmpty() || !kafka.egresses().isEmpty()
					|| (gateway != null && gateway.kafka() != null);
			return deploy.target() == DeploymentTarget.COMPOSE && !StringUtils.hasText(deploy.kafkaAddress()) && used;
		}

		private static String image(StatefunDeployProperties deploy, String name) {
			String image = deploy.image();
			if (StringUtils.hasText(image)) {
				return image;
			}
			if (isContainers(deploy)) {
				throw new FailureAnalyzedException(
						"Found no 'statefun.deploy.image'; expected the container image of the application, as the "
								+ "target '" + described(deploy.target()) + "' runs it.",
						"Set 'statefun.deploy.image', for example to 'registry.example.com/" + name + ":1.0'.");
			}
			return name;
		}

		private static String described(@Nullable DeploymentTarget target) {
			return (target != null) ? target.toString() : "";
		}

	}

}
