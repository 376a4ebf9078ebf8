package dev.statefun.spring.boot.autoconfigure.security;

import java.time.InstantSource;
import java.util.function.Supplier;

import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChains;
import dev.statefun.spring.boot.autoconfigure.internal.ServerExposure;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.security.EndpointAccessFilter;
import dev.statefun.spring.security.RefusedHeaderFilter;
import dev.statefun.spring.web.StatefunHttpHandler;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import org.apache.catalina.startup.Tomcat;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.MappedInterceptor;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for restricting access to the endpoint.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunWebMvcAutoConfiguration.class,
		afterName = "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(value = StatefunHttpHandler.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties({ StatefunServerProperties.class, StatefunSecurityProperties.class })
@Import(SecretSanitizingConfiguration.class)
public final class StatefunSecurityAutoConfiguration {

	@Bean
	ExposureCheck statefunExposureCheck(EndpointLocation location, ObjectProvider<EndpointRestrictions> restrictions,
			StatefunServerProperties server, ObjectProvider<SslBundles> bundles, ObjectProvider<SecurityChains> chains,
			ServletContext servletContext, ApplicationContext context) {
		Supplier<SecurityChainDecision> decision = () -> {
			SecurityChains present = chains.getIfAvailable();
			return (present != null) ? present.decisionOn(location.pathInContext()) : SecurityChainDecision.PERMITS;
		};
		return new ExposureCheck(servletContext.getContextPath() + location.pathInContext(),
				new Exposure(new ServerExposure(context.getEnvironment()), server, bundles, restrictions), decision,
				context);
	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnRestrictionCondition.class)
	static class RestrictionConfiguration {

		// Never lazy: invalid restrictions have to stop the start-up
		@Bean
		@Lazy(false)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		EndpointRestrictions statefunEndpointRestrictions(EndpointLocation location, StatefunServerProperties server,
				StatefunSecurityProperties security, ApplicationContext context) {
			return new RestrictionsReader(location.pathInContext(), context).read(server, security);
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		EndpointAccess statefunEndpointAccess(EndpointRestrictions restrictions,
				ObjectProvider<TrafficListener> listener) {
			return new EndpointAccess(restrictions, InstantSource.system(),
					listener.getIfUnique(() -> TrafficListener.NONE));
		}

		@Bean
		EndpointAccessFilterRegistration statefunEndpointAccessFilterRegistration(EndpointLocation location,
				EndpointAccess access) {
			return new EndpointAccessFilterRegistration(new EndpointAccessFilter(location.pathInContext(), access));
		}

		@Bean
		MappedInterceptor statefunAdmittedRequestsInterceptor(EndpointAccess access) {
			return new MappedInterceptor(null, new AdmittedRequestsInterceptor(access));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnRestrictionCondition.class)
	@ConditionalOnClass({ Tomcat.class, TomcatServletWebServerFactory.class })
	static class TomcatConfiguration {

		@Bean
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> statefunClusterConnectionCustomizer() {
			return (factory) -> factory.addEngineValves(new ClusterConnectionValve());
		}

		@Bean
		EndpointConnectorCustomizer statefunEndpointConnectorCustomizer(StatefunServerProperties properties,
				ObjectProvider<SslBundles> bundles) {
			return new EndpointConnectorCustomizer(properties, bundles);
		}

		@Bean
		EndpointPortListener statefunEndpointPortListener(ConfigurableApplicationContext context) {
			return new EndpointPortListener(context);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnRestrictionCondition.class)
	@ConditionalOnClass(WebServerApplicationContext.class)
	static class ServerConfiguration {

		@Bean
		EndpointPortCheck statefunEndpointPortCheck(StatefunServerProperties properties, ApplicationContext context) {
			return new EndpointPortCheck(properties, context);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebInvocationPrivilegeEvaluator.class)
	@ConditionalOnBean(WebInvocationPrivilegeEvaluator.class)
	static class SpringSecurityConfiguration {

		@Bean
		SecurityChains statefunSecurityChains(ObjectProvider<WebInvocationPrivilegeEvaluator> evaluators,
				ObjectProvider<SecurityFilterChain> chains, ServletContext servletContext) {
			return new SecurityChains(evaluators.orderedStream().toList(), chains.orderedStream().toList(),
					servletContext);
		}

		// Precedes the filter that records exchanges
		@Bean
		FilterRegistrationBean<RefusedHeaderFilter> statefunRefusedHeaderFilterRegistration() {
			FilterRegistrationBean<RefusedHeaderFilter> registration = new FilterRegistrationBean<>(
					new RefusedHeaderFilter(InstantSource.system()));
			registration.setOrder(Ordered.LOWEST_PRECEDENCE - 11);
			registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
			return registration;
		}

	}

}
