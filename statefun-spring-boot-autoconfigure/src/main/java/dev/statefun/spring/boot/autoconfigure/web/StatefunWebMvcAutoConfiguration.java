package dev.statefun.spring.boot.autoconfigure.web;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.endpoint.StatefunEndpointConfiguration;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.OwnBeansFirst;
import dev.statefun.spring.boot.autoconfigure.internal.OwnServerHandlerMapping;
import dev.statefun.spring.web.BodyReader;
import dev.statefun.spring.web.DrainingHttp11Protocol;
import dev.statefun.spring.web.StatefunHttpHandler;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.DynamicRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the endpoint that clusters call, on the application's own
 * server.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class,
		afterName = "org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(value = RequestReplyHandler.class, search = SearchStrategy.CURRENT)
@ConditionalOnProperty(name = "statefun.server.engine", havingValue = "auto", matchIfMissing = true)
@Conditional(OnOwnSpringMvcCondition.class)
@Import(StatefunEndpointConfiguration.class)
public final class StatefunWebMvcAutoConfiguration {

	@Bean
	static OwnBeansFirst statefunOwnWebBeansFirst() {
		return new OwnBeansFirst(BodyReader.class, StatefunHttpHandler.class);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	BodyReader statefunBodyReader(BodyLimits limits, Environment environment) {
		return new BodyReader(limits, Math.max(1, threadsOf(environment) / 4));
	}

	// Of the server that is in use; both have 200 by default
	private static int threadsOf(Environment environment) {
		return environment.getProperty("server.tomcat.threads.max", Integer.class,
				environment.getProperty("server.jetty.threads.max", Integer.class, 200));
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	StatefunHttpHandler statefunHttpHandler(Endpoint endpoint, BatchHandler batches, BodyReader bodies,
			ObjectProvider<DynamicRegistrationBean<?>> registrations, ListableBeanFactory beans) {
		return new StatefunHttpHandler(endpoint, batches, bodies, new AsyncObstacles(registrations, beans)::describe);
	}

	@Bean
	EndpointLocation statefunEndpointLocation(StatefunProperties properties, Environment environment,
			ListableBeanFactory beanFactory) {
		DispatcherServletPath servletPath = servletPathOf(beanFactory);
		return EndpointLocation.of(environment, (servletPath != null) ? servletPath.getPrefix() : "",
				properties.path());
	}

	// The path of an ancestor's servlet says nothing about this context
	private static @Nullable DispatcherServletPath servletPathOf(ListableBeanFactory beanFactory) {
		return (beanFactory.getBeanNamesForType(DispatcherServletPath.class, true, false).length > 0)
				? beanFactory.getBean(DispatcherServletPath.class) : null;
	}

	@Bean
	@ConditionalOnMissingBean(name = "statefunHandlerMapping", search = SearchStrategy.CURRENT)
	SimpleUrlHandlerMapping statefunHandlerMapping(StatefunHttpHandler handler, StatefunProperties properties) {
		return new OwnServerHandlerMapping(properties.path(), handler);
	}

	@Bean
	MappedPathCheck statefunMappedPathCheck(StatefunProperties properties,
			@Qualifier("statefunHandlerMapping") HandlerMapping own, Map<String, HandlerMapping> mappings,
			ListableBeanFactory beanFactory) {
		return new MappedPathCheck(properties.path(), own, mappings, () -> routersOf(beanFactory));
	}

	private static Map<String, RouterFunction<?>> routersOf(ListableBeanFactory beanFactory) {
		Map<String, RouterFunction<?>> routers = new LinkedHashMap<>();
		beanFactory.getBeansOfType(RouterFunction.class).forEach(routers::put);
		return routers;
	}

	@Bean
	MappedServletCheck statefunMappedServletCheck(EndpointLocation location, ListableBeanFactory beanFactory,
			ServletContext servletContext, ObjectProvider<EndpointRestrictions> restrictions) {
		return new MappedServletCheck(location.pathInContext(), servletPathOf(beanFactory), servletContext, () -> {
			EndpointRestrictions present = restrictions.getIfAvailable();
			return (present != null) ? present.secret() : null;
		});
	}

	@Bean
	UnusedNettySettings statefunUnusedNettySettings(Environment environment) {
		return new UnusedNettySettings(environment);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConfigurableTomcatWebServerFactory.class)
	@ImportRuntimeHints(TomcatHints.class)
	static class TomcatConfiguration {

		@Bean
		TomcatKeepAliveCustomizer statefunTomcatKeepAliveCustomizer(Environment environment) {
			return new TomcatKeepAliveCustomizer(environment);
		}

		@Bean
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> statefunUnreadBodyCustomizer() {
			return (factory) -> factory
				.addContextCustomizers((context) -> context.getPipeline().addValve(new UnreadBodyValve()));
		}

	}

	/**
	 * Tomcat creates its protocol by name.
	 */
	static class TomcatHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.reflection().registerType(DrainingHttp11Protocol.class, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		}

	}

}
