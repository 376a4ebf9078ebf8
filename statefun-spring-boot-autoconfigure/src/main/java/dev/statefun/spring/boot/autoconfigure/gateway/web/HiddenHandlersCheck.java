package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Logs once at start-up which handlers of the application are mapped to paths of the
 * gateway, as they are never called.
 */
final class HiddenHandlersCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(HiddenHandlersCheck.class);

	private final String path;

	private final HandlerMapping own;

	private final ListableBeanFactory beanFactory;

	/**
	 * Create a check.
	 * @param path path of the gateway within Spring MVC's servlet
	 * @param own the gateway's own mapping
	 * @param beanFactory has the mappings
	 */
	HiddenHandlersCheck(String path, HandlerMapping own, ListableBeanFactory beanFactory) {
		this.path = path;
		this.own = own;
		this.beanFactory = beanFactory;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Set<String> hidden = new TreeSet<>();
		this.beanFactory.getBeansOfType(HandlerMapping.class, true, false).forEach((name, mapping) -> {
			if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
				methods.getHandlerMethods().forEach((info, method) -> {
					if (isAnyHidden(info.getPatternValues())) {
						hidden.add(method.toString());
					}
				});
			}
			else if (mapping instanceof AbstractUrlHandlerMapping urls && mapping != this.own
					&& isAnyHidden(urls.getHandlerMap().keySet())) {
				hidden.add("a handler of bean '" + name + "'");
			}
		});
		if (!hidden.isEmpty()) {
			logger.warn("Functions are reached below '" + this.path + "', so these handlers are never called there: "
					+ List.copyOf(hidden)
					+ ". Map them elsewhere, or set 'statefun.gateway.http.path' to another path");
		}
	}

	private boolean isAnyHidden(Collection<String> patterns) {
		return patterns.stream().anyMatch((pattern) -> (pattern + "/").startsWith(this.path + "/"));
	}

}
