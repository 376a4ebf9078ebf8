package dev.statefun.spring.boot.autoconfigure;

import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * Stops the start-up if the path of the endpoint is mapped to somebody else as well: one
 * of them would never be called, and which one would depend on an order that nobody set.
 */
final class MappedPathCheck implements SmartInitializingSingleton {

	private final String path;

	private final HandlerMapping own;

	private final Map<String, HandlerMapping> mappings;

	MappedPathCheck(String path, HandlerMapping own, Map<String, HandlerMapping> mappings) {
		this.path = path;
		this.own = own;
		this.mappings = mappings;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.mappings.forEach((name, mapping) -> {
			if (mapping != this.own) {
				requireFree(name, mapping);
			}
		});
	}

	private void requireFree(String name, HandlerMapping mapping) {
		if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
			methods.getHandlerMethods().forEach((info, method) -> {
				Set<RequestMethod> verbs = info.getMethodsCondition().getMethods();
				if (info.getPatternValues().contains(this.path)
						&& (verbs.isEmpty() || verbs.contains(RequestMethod.POST))) {
					throw new MappedPathException(this.path, method.toString());
				}
			});
		}
		else if (mapping instanceof AbstractUrlHandlerMapping urls) {
			if (urls.getHandlerMap().containsKey(this.path)) {
				throw new MappedPathException(this.path, "a handler of bean '" + name + "'");
			}
		}
	}

}
