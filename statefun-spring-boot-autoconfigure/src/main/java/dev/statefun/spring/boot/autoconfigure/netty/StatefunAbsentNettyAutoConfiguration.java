package dev.statefun.spring.boot.autoconfigure.netty;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} that stops the start-up if {@code statefun.server.engine} is
 * {@code netty}, but the Netty server is absent.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnMissingClass("dev.statefun.netty.NettyEndpointServer")
@ConditionalOnProperty(name = "statefun.server.engine", havingValue = "netty")
@ConditionalOnBean(value = RequestReplyHandler.class, search = SearchStrategy.CURRENT)
public final class StatefunAbsentNettyAutoConfiguration {

	@Bean
	@Lazy(false)
	AbsentNettyServer statefunAbsentNettyServer() {
		return new AbsentNettyServer();
	}

}
