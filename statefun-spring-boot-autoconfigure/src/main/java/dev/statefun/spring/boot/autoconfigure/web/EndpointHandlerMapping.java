package dev.statefun.spring.boot.autoconfigure.web;

import java.util.Map;

import dev.statefun.spring.web.StatefunHttpHandler;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * Maps the path of the endpoint ahead of all other mappings: one that takes any path
 * would answer clusters otherwise.
 */
final class EndpointHandlerMapping extends SimpleUrlHandlerMapping implements PriorityOrdered {

	EndpointHandlerMapping(String path, StatefunHttpHandler handler) {
		// PriorityOrdered precedes other mappings of the same order
		super(Map.of(path, handler), Ordered.HIGHEST_PRECEDENCE);
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
