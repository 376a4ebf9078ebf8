package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.time.InstantSource;
import java.util.function.Function;

import dev.statefun.sdk.http.DescribedMessages;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.gateway.StatefunGatewayProperties;
import dev.statefun.spring.boot.autoconfigure.internal.OwnServerHandlerMapping;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChains;
import dev.statefun.spring.boot.autoconfigure.internal.ServerExposure;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.openapi.GatewayDocument;
import dev.statefun.spring.gateway.web.AllowedFunctions;
import dev.statefun.spring.gateway.web.GatewayHttpHandler;
import dev.statefun.spring.gateway.web.GatewayHttpSettings;
import jakarta.servlet.ServletContext;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.WebInvocationPrivilegeEvaluator;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for HTTP access to functions through a gateway.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class,
		afterName = { "dev.statefun.spring.boot.autoconfigure.gateway.StatefunGatewayAutoConfiguration",
				"dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration",
				"org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration",
				"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration" })
@ConditionalOnBooleanProperty("statefun.gateway.http.enabled")
@EnableConfigurationProperties(StatefunGatewayHttpProperties.class)
public final class StatefunGatewayHttpAutoConfiguration {

	@Bean
	AbsentGatewayCheck statefunAbsentGatewayCheck(ListableBeanFactory beanFactory) {
		return new AbsentGatewayCheck(beanFactory);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass({ DispatcherServlet.class, JsonMapper.class })
	@ConditionalOnBean(value = GatewayRequests.class, search = SearchStrategy.CURRENT)
	@EnableConfigurationProperties(StatefunGatewayProperties.class)
	@ImportRuntimeHints(GatewayHttpRuntimeHints.class)
	static class WebMvcConfiguration {

		@Bean
		GatewayLocation statefunGatewayLocation(StatefunGatewayHttpProperties properties,
				ObjectProvider<DispatcherServletPath> servletPath, Environment environment) {
			requireFree(properties.path(), environment.getProperty("statefun.path", "/statefun"));
			DispatcherServletPath servlet = servletPath.getIfAvailable();
			return new GatewayLocation(((servlet != null) ? servlet.getPrefix() : "") + properties.path());
		}

		private static void requireFree(String path, String endpoint) {
			if ((path + "/").startsWith(endpoint + "/") || (endpoint + "/").startsWith(path + "/")) {
				throw new FailureAnalyzedException(
						"'statefun.gateway.http.path' is '" + path + "', and the endpoint for StateFun clusters is at '"
								+ endpoint + "'.",
						"Set one of the properties 'statefun.gateway.http.path' and 'statefun.path' so that neither "
								+ "path is within the other.");
			}
		}

		@Bean
		AllowedFunctions statefunAllowedFunctions(StatefunGatewayProperties properties) {
			return AllowedFunctions.of(properties.functions());
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		GatewayHttpHandler statefunGatewayHttpHandler(StatefunGatewayHttpProperties http,
				StatefunGatewayProperties gateway, GatewayLocation location, AllowedFunctions allowed,
				GatewayRequests requests, ObjectProvider<StatefulFunctions> registered, Environment environment) {
			StatefulFunctions functions = registered.getIfAvailable(() -> StatefulFunctions.builder().build());
			String title = environment.getProperty("spring.application.name", "Functions");
			SingletonSupplier<byte[]> document = SingletonSupplier.of(() -> GatewayDocument.write(title,
					location.pathInContext(), functions, allowed, HttpMessages.hasJsonLibrary()));
			return new GatewayHttpHandler(
					new GatewayHttpSettings(location.pathInContext(), http.timeout(),
							(int) gateway.maxRequestSize().toBytes(), http.maxWaiting()),
					allowed, new HttpMessages(functions, DescribedMessages.besideThoseOf(functions)), requests,
					document::obtain, InstantSource.system());
		}

		@Bean
		@ConditionalOnMissingBean(name = "statefunGatewayHandlerMapping", search = SearchStrategy.CURRENT)
		SimpleUrlHandlerMapping statefunGatewayHandlerMapping(GatewayHttpHandler handler,
				StatefunGatewayHttpProperties properties) {
			return new OwnServerHandlerMapping(properties.path() + "/**", handler);
		}

		@Bean
		HiddenHandlersCheck statefunHiddenHandlersCheck(StatefunGatewayHttpProperties properties,
				@Qualifier("statefunGatewayHandlerMapping") HandlerMapping own, ListableBeanFactory beanFactory) {
			return new HiddenHandlersCheck(properties.path(), own, beanFactory);
		}

		@Bean
		GatewayExposureCheck statefunGatewayExposureCheck(GatewayLocation location,
				StatefunGatewayProperties properties, ObjectProvider<SecurityChains> chains,
				ApplicationContext context) {
			Function<String, SecurityChainDecision> decision = (path) -> {
				SecurityChains present = chains.getIfAvailable();
				return (present != null) ? present.decisionOn(path) : SecurityChainDecision.PERMITS;
			};
			return new GatewayExposureCheck(location.pathInContext(), properties.functions(),
					new ServerExposure(context.getEnvironment()), decision, context);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnClass(WebInvocationPrivilegeEvaluator.class)
	@ConditionalOnBean({ WebInvocationPrivilegeEvaluator.class, GatewayLocation.class })
	static class SpringSecurityConfiguration {

		// There is one already where the application has the endpoint
		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		SecurityChains statefunGatewaySecurityChains(ObjectProvider<WebInvocationPrivilegeEvaluator> evaluators,
				ObjectProvider<SecurityFilterChain> chains, ServletContext servletContext) {
			return new SecurityChains(evaluators.orderedStream().toList(), chains.orderedStream().toList(),
					servletContext);
		}

	}

}
