package dev.statefun.flinktests.gateway;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service whose functions are reached through a gateway.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class GatewayApplication {

	/** Property that makes the function {@code gateway.test/skips} skip what fails. */
	public static final String SKIP = "--statefun.functions.\"[gateway.test/skips]\".failure.policy=skip";

}
