package dev.statefun.spring.boot.autoconfigure.netty;

import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.internal.ServerTls;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;

/**
 * Logs a WARN if an application that has no other server than Netty has settings for the
 * TLS of one, and would serve plain HTTP.
 */
final class IgnoredSslCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(IgnoredSslCheck.class);

	private final EndpointLocation location;

	private final Environment environment;

	IgnoredSslCheck(EndpointLocation location, Environment environment) {
		this.location = location;
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (EndpointLocation.isAlone(this.location) && ServerTls.ofApplication(this.environment)
				&& !ServerTls.ofEndpoint(this.environment)) {
			logger.warn("'server.ssl.*' does not apply to the endpoint on Netty, which speaks plain HTTP. "
					+ "Set 'statefun.server.ssl.bundle'");
		}
	}

}
