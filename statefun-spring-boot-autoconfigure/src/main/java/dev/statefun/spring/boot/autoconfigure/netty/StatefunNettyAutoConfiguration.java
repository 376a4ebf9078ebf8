package dev.statefun.spring.boot.autoconfigure.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.netty.AccessLog;
import dev.statefun.netty.BlockListener;
import dev.statefun.netty.EndpointPath;
import dev.statefun.netty.NettyEndpointServer;
import dev.statefun.netty.RequestListener;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.endpoint.StatefunEndpointConfiguration;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation.Server;
import dev.statefun.spring.boot.autoconfigure.internal.WebType;
import dev.statefun.spring.boot.autoconfigure.security.EndpointTls;
import dev.statefun.spring.boot.autoconfigure.security.ServerAccessConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties;
import dev.statefun.spring.observation.DefaultEndpointRequestObservationConvention;
import dev.statefun.spring.observation.EndpointRequestObservationConvention;
import dev.statefun.spring.observation.EndpointRequestObservations;
import io.micrometer.observation.ObservationRegistry;
import io.netty.handler.ssl.SslContext;
import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.security.web.servlet.ApplicationContextRequestMatcher;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.web.SecurityFilterChain;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the endpoint that clusters call, on a Netty server of its own:
 * in an application without a servlet container, or beside one if
 * {@code statefun.server.engine} is {@code netty}. Comes after those of the servlet
 * endpoint: the conditions of all that import a configuration are evaluated where the
 * first of them stands.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { StatefunAutoConfiguration.class, StatefunSecurityAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(NettyEndpointServer.class)
@ConditionalOnBean(value = RequestReplyHandler.class, search = SearchStrategy.CURRENT)
public final class StatefunNettyAutoConfiguration {

	// Where a servlet container would serve the endpoint, and Netty does
	private static List<String> servletPaths(StatefunProperties properties, Environment environment) {
		return List.of(EndpointLocation.withoutServer(environment, properties.path()).pathInContext(),
				properties.path());
	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnNettyEngineCondition.class)
	@Import({ StatefunEndpointConfiguration.class, ServerAccessConfiguration.class })
	static class ServerConfiguration {

		@Bean
		EndpointLocation statefunEndpointLocation(StatefunProperties properties, ListableBeanFactory beanFactory,
				Environment environment) {
			boolean beside = beanFactory.getBeanNamesForType(RequiredPort.class, true, false).length > 0
					|| WebType.isCommandOfWebApplication(environment);
			return new EndpointLocation("", properties.path(), beside ? Server.BESIDE : Server.ALONE);
		}

		@Bean
		@Lazy(false)
		NettyServerLifecycle statefunNettyServerLifecycle(Endpoint endpoint, BodyLimits bodies, BatchHandler batches,
				EndpointAccess access, StatefulFunctions functions, StatefunProperties properties,
				StatefunServerProperties server, ObjectProvider<SslBundles> bundles,
				ObjectProvider<RequestListener> listeners, ObjectProvider<BlockListener> blocks,
				ConfigurableApplicationContext context) {
			InetSocketAddress address = addressOf(server.forOwnServer(context.getEnvironment()), context);
			Supplier<SslContext> tls = tlsOf(server, bundles);
			BatchExecutionFactory executions = new BatchExecutionFactory(server, functions,
					() -> blocks.getIfUnique(() -> BlockListener.NONE));
			return new NettyServerLifecycle(() -> {
				NettyEndpointServer.Builder builder = NettyEndpointServer.builder(endpoint, bodies, batches, access)
					.path(properties.path())
					.address(address)
					.execution(executions.create());
				configure(builder, server.netty());
				if (tls != null) {
					builder.tls(tls);
				}
				listeners.orderedStream().forEach(builder::listener);
				return builder.build();
			}, ((tls != null) ? "(https)" : "(http)") + " with path '" + properties.path() + "'", context);
		}

		@Bean
		@Lazy(false)
		IgnoredSslCheck statefunIgnoredSslCheck(EndpointLocation location, Environment environment) {
			return new IgnoredSslCheck(location, environment);
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		@ConditionalOnBooleanProperty("statefun.server.access-log.enabled")
		AccessLog statefunAccessLog(StatefunProperties properties, EndpointRestrictions restrictions) {
			return new AccessLog(new EndpointPath(properties.path(), restrictions.secret()), InstantSource.system(),
					ZoneId.systemDefault());
		}

		private static void configure(NettyEndpointServer.Builder builder, StatefunServerProperties.Netty settings) {
			builder.maxConnections(settings.maxConnections())
				.maxHeadSize((int) settings.maxHeadSize().toBytes())
				.idleTimeout(settings.idleTimeout())
				.writeTimeout(settings.writeTimeout());
			if (settings.eventLoops() != null) {
				builder.eventLoops(settings.eventLoops());
			}
		}

		private static InetSocketAddress addressOf(StatefunServerProperties server,
				ConfigurableApplicationContext context) {
			int port = Objects.requireNonNull(server.port());
			InetAddress address = (server.address() != null) ? server.address()
					: Binder.get(context.getEnvironment()).bind("server.address", InetAddress.class).orElse(null);
			return (address != null) ? new InetSocketAddress(address, port) : new InetSocketAddress(port);
		}

		private static @Nullable Supplier<SslContext> tlsOf(StatefunServerProperties server,
				ObjectProvider<SslBundles> bundles) {
			if (server.ssl().bundle() == null) {
				return null;
			}
			SslBundles all = bundles.getObject();
			EndpointTls tls = Objects.requireNonNull(EndpointTls.of(server.ssl(), all));
			ReloadableSslContext context = new ReloadableSslContext(tls);
			all.addBundleUpdateHandler(tls.name(), context::update);
			return context;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	@Conditional(OnNettyEngineCondition.class)
	static class ObservationConfiguration {

		// Around all other listeners
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		EndpointRequestObservations statefunEndpointRequestObservations(ObservationRegistry registry,
				ObjectProvider<EndpointRequestObservationConvention> convention, StatefunProperties properties,
				EndpointRestrictions restrictions, Environment environment) {
			return new EndpointRequestObservations(registry, convention.getIfAvailable(),
					environment.getProperty("management.observations.http.server.requests.name",
							DefaultEndpointRequestObservationConvention.DEFAULT_NAME),
					new EndpointPath(properties.path(), restrictions.secret()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication
	@Conditional(OnNettyEngineCondition.class)
	static class BesideServerConfiguration {

		@Bean
		@Lazy(false)
		RequiredPort statefunRequiredPort(StatefunServerProperties server) {
			return new RequiredPort(server);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ SecurityFilterChain.class, ApplicationContextRequestMatcher.class })
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@Conditional(OnNettyEngineCondition.class)
	static class SpringSecurityConfiguration {

		@Bean
		@Lazy(false)
		UselessChainCheck statefunUselessChainCheck(ListableBeanFactory beanFactory, StatefunProperties properties,
				Environment environment, ServletContext servletContext) {
			return new UselessChainCheck(beanFactory, servletPaths(properties, environment), servletContext);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(AbstractFilterRegistrationBean.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@Conditional(OnNettyEngineCondition.class)
	static class FilterConfiguration {

		@Bean
		@Lazy(false)
		UselessFilterCheck statefunUselessFilterCheck(ListableBeanFactory beanFactory, StatefunProperties properties,
				Environment environment) {
			return new UselessFilterCheck(beanFactory, servletPaths(properties, environment));
		}

	}

}
