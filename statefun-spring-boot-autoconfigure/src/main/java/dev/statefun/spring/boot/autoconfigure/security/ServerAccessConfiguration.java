package dev.statefun.spring.boot.autoconfigure.security;

import java.time.InstantSource;

import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.SecurityChainDecision;
import dev.statefun.spring.boot.autoconfigure.internal.ServerExposure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

/**
 * Internal: may change in any release. Configuration of access to an endpoint with a
 * server of its own, which serves nothing else and checks each request itself. Neither
 * servlet filters nor Spring Security apply there.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ StatefunServerProperties.class, StatefunSecurityProperties.class })
@Import(SecretSanitizingConfiguration.class)
public class ServerAccessConfiguration {

	/**
	 * Create the configuration.
	 */
	public ServerAccessConfiguration() {
	}

	// Never lazy: invalid restrictions have to stop the start-up
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	EndpointRestrictions statefunEndpointRestrictions(EndpointLocation location, StatefunServerProperties server,
			StatefunSecurityProperties security, ApplicationContext context) {
		return new RestrictionsReader(location.path(), context).readForOwnServer(server, security);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	EndpointAccess statefunEndpointAccess(EndpointRestrictions restrictions, ObjectProvider<TrafficListener> listener) {
		return new EndpointAccess(restrictions, InstantSource.system(),
				listener.getIfUnique(() -> TrafficListener.NONE));
	}

	@Bean
	ExposureCheck statefunExposureCheck(EndpointLocation location, ObjectProvider<EndpointRestrictions> restrictions,
			StatefunServerProperties server, ObjectProvider<SslBundles> bundles, ApplicationContext context) {
		return new ExposureCheck(location.path(),
				new Exposure(new ServerExposure(context.getEnvironment()),
						server.forOwnServer(context.getEnvironment()), bundles, restrictions),
				() -> SecurityChainDecision.PERMITS, context);
	}

}
