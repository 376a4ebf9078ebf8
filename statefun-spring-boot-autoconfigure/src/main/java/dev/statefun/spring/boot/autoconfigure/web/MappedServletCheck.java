package dev.statefun.spring.boot.autoconfigure.web;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import dev.statefun.endpoint.access.EndpointSecret;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Stops the start-up if requests of clusters would not reach Spring MVC: the server
 * chooses the servlet, and has no order that could be set.
 */
final class MappedServletCheck implements SmartInitializingSingleton {

	private final String path;

	private final @Nullable DispatcherServletPath servlet;

	private final ServletContext servletContext;

	private final Supplier<@Nullable EndpointSecret> secret;

	MappedServletCheck(String path, @Nullable DispatcherServletPath servlet, ServletContext servletContext,
			Supplier<@Nullable EndpointSecret> secret) {
		this.path = path;
		this.servlet = servlet;
		this.servletContext = servletContext;
		this.secret = secret;
	}

	// The server has its servlets by now; tests without a server have none
	@Override
	public void afterSingletonsInstantiated() {
		Collection<? extends ServletRegistration> servlets = this.servletContext.getServletRegistrations().values();
		if (servlets.isEmpty()) {
			return;
		}
		EndpointSecret secret = this.secret.get();
		for (String called : (secret != null) ? List.of(this.path, secret.behind(this.path)) : List.of(this.path)) {
			ServletMatch match = ServletMatch.find(servlets, called);
			if (match != null && !isOfSpringMvc(match)) {
				throw MappedPathException.ofServlet(this.path, match);
			}
		}
	}

	private boolean isOfSpringMvc(ServletMatch match) {
		boolean dispatcher = isDispatcher(match.servlet().getClassName());
		// Without a path, the mapping that the application has chosen is not known
		return (this.servlet != null) ? dispatcher && match.mapping().equals(this.servlet.getServletUrlMapping())
				: dispatcher || !match.isExact();
	}

	// By the class: servlets get their names in several ways
	private boolean isDispatcher(@Nullable String className) {
		ClassLoader classLoader = this.servletContext.getClassLoader();
		return className == null || (ClassUtils.isPresent(className, classLoader)
				&& DispatcherServlet.class.isAssignableFrom(ClassUtils.resolveClassName(className, classLoader)));
	}

}
