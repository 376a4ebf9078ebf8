package dev.statefun.spring.boot.autoconfigure.gateway.web;

import dev.statefun.spring.gateway.client.GatewayRequests;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Logs once at start-up if functions can't be reached over HTTP although that is enabled.
 */
final class AbsentGatewayCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(AbsentGatewayCheck.class);

	private final ListableBeanFactory beanFactory;

	AbsentGatewayCheck(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (has(GatewayLocation.class)) {
			return;
		}
		String start = "'statefun.gateway.http.enabled' is set, but functions can't be reached over HTTP: ";
		if (has(GatewayRequests.class)) {
			logger.warn(start + "that requires Spring MVC on a servlet server, and Jackson. FunctionClient works here");
		}
		else {
			logger.warn(start + "there is no gateway to send requests to. Set 'statefun.gateway.enabled', or "
					+ "'statefun.client.gateway' to the name of another application's gateway");
		}
	}

	private boolean has(Class<?> type) {
		return this.beanFactory.getBeanNamesForType(type, true, false).length > 0;
	}

}
