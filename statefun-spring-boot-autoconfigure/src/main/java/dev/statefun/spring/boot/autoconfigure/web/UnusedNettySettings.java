package dev.statefun.spring.boot.autoconfigure.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Warns of settings for the Netty server in an application whose servlet container serves
 * the endpoint.
 */
final class UnusedNettySettings implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(UnusedNettySettings.class);

	private static final String PREFIX = "statefun.server.";

	private final Environment environment;

	UnusedNettySettings(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<String> names = new ArrayList<>();
		Binder binder = Binder.get(this.environment);
		for (String name : new String[] { PREFIX + "execution", PREFIX + "pool-size" }) {
			binder.bind(name, String.class).ifBound((value) -> names.add(name));
		}
		binder.bind(PREFIX + "netty", Bindable.mapOf(String.class, String.class))
			.orElseGet(Map::of)
			.keySet()
			.forEach((name) -> names.add(PREFIX + "netty." + name));
		if (!names.isEmpty()) {
			logger.warn(names + " of the configuration have no effect, as the servlet container of the application "
					+ "serves the endpoint; its own settings apply, such as 'server.tomcat.*'. Remove them, or let "
					+ "Netty serve it with 'statefun.server.engine=netty'");
		}
	}

}
