package dev.statefun.console.autoconfigure;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.BiFunction;

import dev.statefun.console.http.ConsoleHandler;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.RequestGuard;
import dev.statefun.console.local.InstancesView;
import dev.statefun.console.local.LocalConsoleRuntime;
import dev.statefun.console.local.RuntimeFailures;
import dev.statefun.console.local.TimerWriter;
import dev.statefun.console.local.TimersView;
import dev.statefun.console.payload.Masking;
import dev.statefun.console.payload.PayloadReader;
import dev.statefun.console.record.ClusterFailures;
import dev.statefun.console.record.ConsoleClock;
import dev.statefun.console.record.EventLog;
import dev.statefun.console.record.FailureLog;
import dev.statefun.console.record.FailureRecorder;
import dev.statefun.console.record.GatewayRecorder;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.console.record.RequestRecorder;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.console.view.CurlCommand;
import dev.statefun.console.view.EgressView;
import dev.statefun.console.view.EventStreams;
import dev.statefun.console.view.FailuresView;
import dev.statefun.console.view.FlinkView;
import dev.statefun.console.view.FunctionsView;
import dev.statefun.console.view.InfoView;
import dev.statefun.console.view.MessageForm;
import dev.statefun.console.view.MessagesView;
import dev.statefun.console.view.MetersView;
import dev.statefun.console.view.ModuleView;
import dev.statefun.console.view.PayloadsView;
import dev.statefun.console.view.RecordWriter;
import dev.statefun.console.view.RequestsView;
import dev.statefun.console.view.SendView;
import dev.statefun.console.view.TestSource;
import dev.statefun.console.view.UnavailableView;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.playground.Playground;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.sdk.http.DescribedMessages;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.ForbiddenProfiles;
import dev.statefun.spring.boot.autoconfigure.internal.OwnServerHandlerMapping;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChains;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the console.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration",
		"dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeAutoConfiguration",
		"dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration",
		"dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration",
		"dev.statefun.spring.boot.autoconfigure.gateway.StatefunGatewayAutoConfiguration",
		"dev.statefun.spring.boot.autoconfigure.gateway.web.StatefunGatewayHttpAutoConfiguration",
		"org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ DispatcherServlet.class, JsonMapper.class })
@Conditional(OnConsoleCondition.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(StatefunConsoleProperties.class)
@ImportRuntimeHints(ConsoleRuntimeHints.class)
public final class StatefunConsoleAutoConfiguration {

	/** A page that is loaded again is open again within this time. */
	private static final long LINGER = 10_000;

	@Bean
	ConsoleLocation statefunConsoleLocation(ObjectProvider<DispatcherServletPath> servletPath) {
		DispatcherServletPath servlet = servletPath.getIfAvailable();
		return new ConsoleLocation(((servlet != null) ? servlet.getPrefix() : "") + ConsoleLocation.PATH);
	}

	@Bean
	ConsoleReport statefunConsoleReport(ConsoleLocation location, ApplicationContext context) {
		return new ConsoleReport(location, context);
	}

	// Never lazy: it may have to stop the start-up
	@Bean
	@Lazy(false)
	ConsoleAccess statefunConsoleAccess(ConsoleLocation location, StatefunConsoleProperties properties,
			ObjectProvider<SecurityChains> chains, Environment environment) {
		BiFunction<String, String, SecurityChainDecision> decision = (path, method) -> {
			SecurityChains present = chains.getIfAvailable();
			return (present != null) ? present.decisionOn(path, method) : SecurityChainDecision.PERMITS;
		};
		return new ConsoleAccess(location.pathInContext(), properties.allowedAddresses(), decision,
				ForbiddenProfiles.activeIn(environment));
	}

	@Bean
	RequestGuard statefunConsoleGuard(StatefunConsoleProperties properties, ConsoleAccess access,
			Environment environment) {
		return new RequestGuard(random(16), properties.allowedHosts(), access, readOnlyReason(properties, environment));
	}

	private static @Nullable String readOnlyReason(StatefunConsoleProperties properties, Environment environment) {
		String profile = ForbiddenProfiles.activeIn(environment);
		if (profile != null) {
			return "The console changes nothing while the profile '" + profile + "' is active";
		}
		return properties.readOnly() ? "The console changes nothing, as 'statefun.console.read-only' is true" : null;
	}

	private static String random(int bytes) {
		byte[] random = new byte[bytes];
		new SecureRandom().nextBytes(random);
		return HexFormat.of().formatHex(random);
	}

	@Bean
	ConsoleHandler statefunConsoleHandler(ConsoleLocation location, RequestGuard guard,
			ObjectProvider<ConsoleView> views) {
		return new ConsoleHandler(location.pathInContext(), guard, views.orderedStream().toList());
	}

	@Bean
	OwnServerHandlerMapping statefunConsoleHandlerMapping(ConsoleHandler handler) {
		return new OwnServerHandlerMapping(ConsoleLocation.PATH + "/**", handler);
	}

	/**
	 * What is recorded. Used by the handler of requests, so it uses nothing that uses
	 * that.
	 */
	@Configuration(proxyBeanMethods = false)
	static class RecordingConfiguration {

		@Bean
		Recording statefunConsoleRecording() {
			return new Recording(InstantSource.system(), new EventLog());
		}

		@Bean
		FailureLog statefunConsoleFailures(Recording recording) {
			return new FailureLog(recording.events());
		}

		@Bean
		@ConditionalOnMissingBean(type = "dev.statefun.local.LocalRuntime", search = SearchStrategy.CURRENT)
		ConsoleClock statefunConsoleClock() {
			return new ConsoleClock(InstantSource.system());
		}

		@Bean
		@ConditionalOnMissingBean(type = "dev.statefun.local.LocalRuntime", search = SearchStrategy.CURRENT)
		ClusterFailures statefunConsoleClusterFailures(FailureLog failures, ConsoleClock clock) {
			return new ClusterFailures(failures, clock);
		}

		@Bean
		FailureRecorder statefunConsoleFailureRecorder(FailureLog failures, Recording recording, ConsoleClock clock) {
			return new FailureRecorder(failures, recording, clock);
		}

		@Bean
		RequestRecorder statefunConsoleRequestRecorder(Recording recording, ConsoleClock clock) {
			return new RequestRecorder(recording, clock);
		}

		@Bean
		GatewayRecorder statefunConsoleGatewayRecorder(Recording recording, ConsoleClock clock) {
			return new GatewayRecorder(recording, clock);
		}

	}

	/**
	 * What is shown in any application.
	 */
	@Configuration(proxyBeanMethods = false)
	static class ViewConfiguration {

		@Bean
		RecordWriter statefunConsoleRecordWriter(StatefulFunctions functions, Recording recording,
				StatefunConsoleProperties properties) {
			return new RecordWriter(new PayloadReader(messages(functions), functions.mappings(),
					new Masking(properties.maskedTypes(), properties.maskedFields())), recording);
		}

		private static HttpMessages messages(StatefulFunctions functions) {
			return new HttpMessages(functions, DescribedMessages.besideThoseOf(functions));
		}

		@Bean
		MessageForm statefunConsoleMessageForm(StatefulFunctions functions, ObjectProvider<ConsoleRuntime> runtime) {
			return new MessageForm(messages(functions), functions.mappings(), runtime.getIfAvailable());
		}

		@Bean
		CurlCommand statefunConsoleCurlCommand(RecordWriter writer, ObjectProvider<ConsoleRuntime> runtime,
				RequestGuard guard, ConsoleLocation location) {
			return new CurlCommand(writer.payloads(), runtime.getIfAvailable(), guard, location.pathInContext());
		}

		@Bean
		RecordingSwitch statefunConsoleRecordingSwitch(Recording recording, StatefunConsoleProperties properties,
				ObjectProvider<ConsoleRuntime> runtime) {
			return new RecordingSwitch(recording, properties.record() == StatefunConsoleProperties.Record.ALWAYS,
					runtime.stream().map(ConsoleRuntime::source).toList());
		}

		@Bean
		UnavailableView statefunConsoleUnavailableView(ObjectProvider<ConsoleRuntime> runtime,
				ObjectProvider<MetersView> meters, ObjectProvider<ModuleView> module,
				StatefunConsoleProperties properties) {
			UnavailableView view = new UnavailableView();
			if (runtime.getIfAvailable() == null) {
				view.without("This service does not see into the cluster; only the local runtime shows it", "instances",
						"instance", "timers", "clock", "clock/advance", "send");
			}
			if (meters.getIfAvailable() == null) {
				view.without("There is no registry of Micrometer", "meters");
			}
			if (module.getIfAvailable() == null) {
				view.without("The library 'org.yaml:snakeyaml' is missing", "module");
			}
			return (properties.flinkRest() != null) ? view
					: view.without("'statefun.console.flink-rest' is not set", "flink");
		}

		@Bean
		InfoView statefunConsoleInfoView(Environment environment, StatefunConsoleProperties properties,
				RequestGuard guard, Recording recording, RecordingSwitch recordingSwitch,
				ObjectProvider<ConsoleRuntime> runtime, ObjectProvider<EndpointLocation> endpoint,
				UnavailableView unavailable, ConsoleBoot boot) {
			EndpointLocation location = endpoint.getIfAvailable();
			InfoView.Application application = new InfoView.Application(
					environment.getProperty("spring.application.name"),
					environment.getProperty("spring.application.version"), boot.id(), boot.time(),
					properties.flinkRest() != null, environment.getProperty("statefun.protocol", "auto"),
					(location != null) ? location.path() : null);
			return new InfoView(application, guard, recording, recordingSwitch, runtime.getIfAvailable(),
					unavailable.reasons());
		}

		@Bean
		ConsoleBoot statefunConsoleBoot() {
			return new ConsoleBoot(random(4), Instant.now());
		}

		@Bean
		FunctionsView statefunConsoleFunctionsView(StatefulFunctions functions, Recording recording,
				FailureLog failures, ObjectProvider<ConsoleRuntime> runtime) {
			return new FunctionsView(functions, recording, failures, runtime.getIfAvailable(), InstantSource.system());
		}

		@Bean
		MessagesView statefunConsoleMessagesView(StatefulFunctions functions, Recording recording, RecordWriter writer,
				CurlCommand curl, ObjectProvider<ConsoleRuntime> runtime, BeanFactory beanFactory) {
			String packageName = AutoConfigurationPackages.has(beanFactory)
					? AutoConfigurationPackages.get(beanFactory).get(0) : "";
			return new MessagesView(recording, writer, curl,
					new TestSource(functions, writer, runtime.getIfAvailable(), packageName));
		}

		@Bean
		FailuresView statefunConsoleFailuresView(FailureLog failures, RecordWriter writer, MessageForm form,
				Recording recording) {
			return new FailuresView(failures, writer, form, recording);
		}

		@Bean
		SendView statefunConsoleSendView(StatefulFunctions functions, MessageForm form, RecordWriter writer,
				CurlCommand curl) {
			return new SendView(functions, form, writer, curl);
		}

		@Bean
		EgressView statefunConsoleEgressView(Recording recording, RecordWriter writer) {
			return new EgressView(recording, writer);
		}

		@Bean
		RequestsView statefunConsoleRequestsView(Recording recording, RecordWriter writer) {
			return new RequestsView(recording, writer);
		}

		@Bean
		PayloadsView statefunConsolePayloadsView(Recording recording, FailureLog failures, RecordWriter writer,
				ObjectProvider<ConsoleRuntime> runtime) {
			return new PayloadsView(recording, failures, writer, runtime.getIfAvailable());
		}

		@Bean
		EventStreams statefunConsoleEventStreams(ConsoleBoot boot, Recording recording, FailureLog failures,
				RecordWriter writer, RecordingSwitch recordingSwitch, ObjectProvider<ConsoleRuntime> runtime) {
			return new EventStreams(boot.id(), recording, failures, writer, recordingSwitch, runtime.getIfAvailable(),
					LINGER);
		}

		@Bean
		@ConditionalOnProperty("statefun.console.flink-rest")
		FlinkView statefunConsoleFlinkView(StatefunConsoleProperties properties) {
			return new FlinkView(Objects.requireNonNull(properties.flinkRest()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Yaml.class)
	@ConditionalOnBean(value = ModuleGenerator.class, search = SearchStrategy.CURRENT)
	static class ModuleConfiguration {

		@Bean
		ModuleView statefunConsoleModuleView(StatefulFunctions functions, ObjectProvider<ModuleGenerator> generator,
				ObjectProvider<ModuleVerifier> verifier, StatefunModuleProperties module,
				StatefunConsoleProperties properties) {
			ModuleFormat format = (module.format() != null) ? module.format()
					: (module.runtime() != null) ? module.runtime().format() : ModuleFormat.V3;
			return new ModuleView(functions, generator::getObject, verifier::getObject, format, properties.module(),
					properties.manifest());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBean(MeterRegistry.class)
	static class MetersConfiguration {

		@Bean
		MetersView statefunConsoleMetersView(MeterRegistry registry) {
			return new MetersView(registry);
		}

	}

	/**
	 * What is shown of the local runtime.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LocalRuntime.class)
	@ConditionalOnBean(value = LocalRuntime.class, search = SearchStrategy.CURRENT)
	static class LocalConfiguration {

		// The runtime uses listeners that use this
		@Bean
		ConsoleClock statefunConsoleRuntimeClock(ObjectProvider<LocalRuntime> runtime) {
			return new ConsoleClock(() -> runtime.getObject().time());
		}

		@Bean
		RuntimeFailures statefunConsoleRuntimeFailures(FailureLog failures, ConsoleClock clock) {
			return new RuntimeFailures(failures, clock);
		}

		@Bean
		LocalConsoleRuntime statefunConsoleRuntime(LocalRuntime runtime, Recording recording,
				ObjectProvider<Playground> playground) {
			return new LocalConsoleRuntime(runtime, recording, playground.getIfAvailable());
		}

		@Bean
		TimerWriter statefunConsoleTimerWriter(Recording recording, RecordWriter writer) {
			return new TimerWriter(recording, writer);
		}

		@Bean
		TimersView statefunConsoleTimersView(LocalRuntime runtime, ConsoleRuntime view, TimerWriter writer,
				Recording recording) {
			return new TimersView(runtime, view, writer, recording.events());
		}

		@Bean
		InstancesView statefunConsoleInstancesView(LocalRuntime runtime, StatefulFunctions functions,
				Recording recording, RecordWriter writer, MessageForm form, TimerWriter timers) {
			return new InstancesView(runtime, functions, recording, writer, form, timers);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebInvocationPrivilegeEvaluator.class)
	@ConditionalOnBean(WebInvocationPrivilegeEvaluator.class)
	static class SpringSecurityConfiguration {

		// There is one already where the application has the endpoint
		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		SecurityChains statefunConsoleSecurityChains(ObjectProvider<WebInvocationPrivilegeEvaluator> evaluators,
				ObjectProvider<SecurityFilterChain> chains, ServletContext servletContext) {
			return new SecurityChains(evaluators.orderedStream().toList(), chains.orderedStream().toList(),
					servletContext);
		}

	}

	/**
	 * This start of the application.
	 *
	 * @param id text that changes with each start
	 * @param time its time
	 */
	record ConsoleBoot(String id, Instant time) {

	}

}
