package dev.statefun.spring.boot.autoconfigure.local;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import dev.statefun.local.EgressKind;
import dev.statefun.local.FunctionEndpoint;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.local.playground.Playground;
import dev.statefun.local.playground.PlaygroundRecord;
import dev.statefun.local.playground.PlaygroundRecordReader;
import dev.statefun.local.playground.PlaygroundTopics;
import dev.statefun.sdk.egress.EgressDestination;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.LocalRuntimeCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.internal.Customizers;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeProperties.Clock;
import dev.statefun.spring.boot.autoconfigure.module.ModuleWiring;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.gateway.function.GatewayFunction;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.Assert;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for a StateFun runtime in the application's own process, with the
 * curl lines of the Apache playground.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnBooleanProperty("statefun.local-runtime.enabled")
@ConditionalOnBean(value = { StatefulFunctions.class, RequestReplyHandler.class }, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(StatefunLocalRuntimeProperties.class)
public final class StatefunLocalRuntimeAutoConfiguration {

	private static final Duration RESTART_DELAY = Duration.ofSeconds(10);

	// Never lazy: it has to stop the start-up
	@Bean
	@Lazy(false)
	LocalRuntimeGuard statefunLocalRuntimeGuard(StatefunLocalRuntimeProperties properties, Environment environment,
			ResourceLoader resources) {
		return new LocalRuntimeGuard(properties, environment, resources.getClassLoader());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LocalRuntime.class)
	static class RuntimeConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		PlaygroundTopics statefunPlaygroundTopics(ObjectProvider<PlaygroundRecordReader> reader) {
			return new PlaygroundTopics(reader.getIfAvailable(PlaygroundRecordReader::protobuf),
					LogFactory.getLog(PlaygroundTopics.class)::warn, PlaygroundTopics.DEFAULT_LIMIT);
		}

		@Bean
		LocalRuntimeLog statefunLocalRuntimeLog() {
			return new LocalRuntimeLog(InstantSource.system());
		}

		@Bean
		SnapshotStore statefunSnapshotStore(StatefunLocalRuntimeProperties properties,
				ObjectProvider<DevToolsSnapshot> restarted) {
			Path file = properties.snapshot();
			return new SnapshotStore(restarted.getIfAvailable(), (file != null) ? new SnapshotFile(file) : null);
		}

		// After the guard, which may stop the start-up
		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		LocalRuntime statefunLocalRuntime(LocalRuntimeGuard guard, StatefulFunctions functions,
				RequestReplyHandler handler, StatefunProperties statefun, StatefunLocalRuntimeProperties properties,
				ObjectProvider<StatefunModuleProperties> module, SnapshotStore snapshots,
				ObjectProvider<GatewayFunction> gateway, ObjectProvider<LocalRuntimeListener> listeners,
				ObjectProvider<LocalRuntimeCustomizer> customizers) {
			return snapshots.restore(() -> {
				LocalRuntime.Builder runtime = LocalRuntime.of(functions)
					.functions(functions, FunctionEndpoint.of(handler))
					.protocol(statefun.protocol())
					.keptEgressRecords(0)
					.restartDelay(RESTART_DELAY);
				if (properties.clock() == Clock.AHEAD) {
					runtime.clockAhead();
				}
				if (!properties.egresses().isEmpty()) {
					declareEgresses(runtime, properties, ModuleWiring.named(statefun, module.getIfAvailable()));
					functions.egresses().values().forEach((egress) -> runtime.egress(egress.id(), kindOf(egress)));
					gateway.ifAvailable((function) -> runtime.egress(function.egress(), EgressKind.KAFKA));
				}
				gateway.ifAvailable((function) -> runtime.batchSize(function.spec().type(),
						function.maxBatch(statefun.maxRequestBytes(), statefun.maxReplySize().toBytes())));
				listeners.orderedStream().forEach(runtime::listener);
				Customizers.call(customizers, (customizer) -> customizer.customize(runtime));
				return runtime;
			});
		}

		// The playground has its own egress in addition to those of a module
		private static void declareEgresses(LocalRuntime.Builder runtime, StatefunLocalRuntimeProperties properties,
				Set<EgressId> named) {
			runtime.egress(EgressId.parse(ModuleWiring.PLAYGROUND), EgressKind.PLAYGROUND);
			named.forEach((egress) -> runtime.egress(egress, EgressKind.ANY));
			properties.egresses().forEach((egress) -> runtime.egress(EgressId.parse(egress), EgressKind.ANY));
		}

		private static EgressKind kindOf(EgressDestination egress) {
			return (egress.kind() == EgressDestination.Kind.KAFKA) ? EgressKind.KAFKA : EgressKind.KINESIS;
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		Playground statefunPlayground(LocalRuntimeGuard guard, LocalRuntime runtime, StatefulFunctions functions,
				PlaygroundTopics topics, StatefunLocalRuntimeProperties properties) {
			return Playground.of(runtime, functions, topics)
				.address(properties.address())
				.ingressPort(properties.ingressPort())
				.egressPort(properties.egressPort())
				.egressWait(properties.egressWait())
				.maxRequestSize(properties.maxRequestSize().toBytes())
				.create();
		}

		@Bean
		LocalRuntimeLifecycle statefunLocalRuntimeLifecycle(LocalRuntimeGuard guard, LocalRuntime runtime,
				Playground playground, SnapshotStore snapshots, StatefunLocalRuntimeProperties properties) {
			return new LocalRuntimeLifecycle(runtime, playground, snapshots, properties);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ LocalRuntime.class, JsonMapper.class })
	static class JacksonConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		PlaygroundRecordReader statefunPlaygroundRecordReader() {
			return JacksonConfiguration::read;
		}

		private static PlaygroundRecord read(byte[] json) {
			JsonNode record = JsonMapper.shared().readTree(json);
			return new PlaygroundRecord(text(record, "topic"), text(record, "payload"));
		}

		private static String text(JsonNode record, String name) {
			JsonNode value = record.path(name);
			Assert.isTrue(value.isString(), () -> "'" + name + "' is missing, or no text");
			return value.stringValue();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ LocalRuntime.class, Restarter.class })
	static class DevToolsConfiguration {

		private static final String ATTRIBUTE = "statefun.local-runtime.snapshot";

		@Bean
		DevToolsSnapshot statefunDevToolsSnapshot() {
			return new DevToolsSnapshot(kept());
		}

		// Bytes only, in a class of the JDK: the restarter outlives the application's
		// classes
		@SuppressWarnings("unchecked")
		private static AtomicReference<byte @Nullable []> kept() {
			try {
				return (AtomicReference<byte @Nullable []>) Restarter.getInstance()
					.getOrAddAttribute(ATTRIBUTE, AtomicReference::new);
			}
			catch (IllegalStateException ex) {
				// DevTools does not restart this application: it is a test, or
				// deployed
				return new AtomicReference<>();
			}
		}

	}

}
