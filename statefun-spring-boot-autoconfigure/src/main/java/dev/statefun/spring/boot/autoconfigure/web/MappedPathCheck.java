package dev.statefun.spring.boot.autoconfigure.web;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.log.LogMessage;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Stops the start-up if another handler is mapped to the path of the endpoint by a
 * pattern without wildcards and variables, as it would never be called. Handlers that
 * take any path remain behind the endpoint.
 */
final class MappedPathCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(MappedPathCheck.class);

	private static final String WELCOME_PAGE = "welcomePage";

	private final String path;

	private final PathContainer parsedPath;

	private final HandlerMapping own;

	private final Map<String, HandlerMapping> mappings;

	private final Supplier<Map<String, RouterFunction<?>>> routers;

	MappedPathCheck(String path, HandlerMapping own, Map<String, HandlerMapping> mappings,
			Supplier<Map<String, RouterFunction<?>>> routers) {
		this.path = path;
		this.parsedPath = PathContainer.parsePath(path);
		this.own = own;
		this.mappings = mappings;
		this.routers = routers;
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
				if (names(info)) {
					Set<RequestMethod> verbs = info.getMethodsCondition().getMethods();
					claimed(method.toString(), verbs.isEmpty() || verbs.contains(RequestMethod.POST));
				}
			});
		}
		else if (mapping instanceof AbstractUrlHandlerMapping urls) {
			if (names(name, urls)) {
				claimed("a handler of bean '" + name + "'", true);
			}
		}
		else if (mapping instanceof RouterFunctionMapping router) {
			requireFree(name, router);
		}
	}

	private boolean names(RequestMappingInfo info) {
		PathPatternsRequestCondition patterns = info.getPathPatternsCondition();
		return (patterns != null) ? names(patterns.getPatterns()) : info.getPatternValues().contains(this.path);
	}

	// The welcome page is whatever file has its name
	private boolean names(String name, AbstractUrlHandlerMapping urls) {
		return urls.getHandlerMap().containsKey(this.path) || names(urls.getPathPatternHandlerMap().keySet())
				|| (this.path.equals("/") && urls.getRootHandler() != null && !name.startsWith(WELCOME_PAGE));
	}

	private boolean names(Collection<PathPattern> patterns) {
		return patterns.stream().anyMatch((pattern) -> !pattern.hasPatternSyntax() && pattern.matches(this.parsedPath));
	}

	private void requireFree(String name, RouterFunctionMapping mapping) {
		RouterFunction<?> all = mapping.getRouterFunction();
		if (all == null) {
			return;
		}
		PathPatternParser parser = (mapping.getPatternParser() != null) ? mapping.getPatternParser()
				: PathPatternParser.defaultInstance;
		for (HttpMethod method : new HttpMethod[] { HttpMethod.POST, HttpMethod.GET }) {
			String route = RouteFinder.find(all, method, this.path, parser);
			if (route != null) {
				String bean = nameOf(method, parser);
				claimed("the route " + route + " of bean '" + ((bean != null) ? bean : name) + "'",
						method == HttpMethod.POST);
			}
		}
	}

	// The mapping itself combines all of them
	private @Nullable String nameOf(HttpMethod method, PathPatternParser parser) {
		for (Map.Entry<String, RouterFunction<?>> router : this.routers.get().entrySet()) {
			if (RouteFinder.find(router.getValue(), method, this.path, parser) != null) {
				return router.getKey();
			}
		}
		return null;
	}

	private void claimed(String handler, boolean takesPost) {
		if (takesPost) {
			throw MappedPathException.ofHandler(this.path, handler);
		}
		logger.warn(LogMessage.format("Path '%s' is the endpoint for StateFun clusters, so %s is never called: "
				+ "methods other than POST are answered 405. Map it elsewhere, or set 'statefun.path' to another path",
				this.path, handler));
	}

}
