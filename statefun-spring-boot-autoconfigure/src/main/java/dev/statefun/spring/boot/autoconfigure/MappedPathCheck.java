package dev.statefun.spring.boot.autoconfigure;

import java.util.Set;

import org.springframework.beans.factory.ObjectProvider;
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

	private final ObjectProvider<HandlerMapping> mappings;

	MappedPathCheck(String path, HandlerMapping own, ObjectProvider<HandlerMapping> mappings) {
		this.path = path;
		this.own = own;
		this.mappings = mappings;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.mappings.stream().filter((mapping) -> mapping != this.own).forEach(this::requireFree);
	}

	private void requireFree(HandlerMapping mapping) {
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
			Object handler = urls.getHandlerMap().get(this.path);
			if (handler != null) {
				throw new MappedPathException(this.path, "'" + handler + "'");
			}
		}
	}

}
