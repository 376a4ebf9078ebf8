package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * Internal: may change in any release. Maps paths ahead of all other mappings, as one of
 * those may take any path, and only on the server of the own context.
 */
public final class OwnServerHandlerMapping extends SimpleUrlHandlerMapping implements PriorityOrdered {

	/**
	 * Create a mapping.
	 * @param pattern pattern of the paths
	 * @param handler handles them
	 */
	public OwnServerHandlerMapping(String pattern, HttpRequestHandler handler) {
		// PriorityOrdered precedes other mappings of the same order
		super(Map.of(pattern, handler), Ordered.HIGHEST_PRECEDENCE);
	}

	// Spring MVC uses the mappings of parent contexts too, which have another server
	@Override
	protected @Nullable Object getHandlerInternal(HttpServletRequest request) throws Exception {
		boolean otherServer = request
			.getAttribute(DispatcherServlet.WEB_APPLICATION_CONTEXT_ATTRIBUTE) instanceof WebApplicationContext context
				&& context.getServletContext() != getServletContext();
		return otherServer ? null : super.getHandlerInternal(request);
	}

}
