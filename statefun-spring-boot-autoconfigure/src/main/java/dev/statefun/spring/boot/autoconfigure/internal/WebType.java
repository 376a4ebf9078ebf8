package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Internal: may change in any release. Type of a web application: that of the service,
 * even where a command runs without any server.
 */
public final class WebType {

	/**
	 * Property that commands set to the type of the service; empty if it has no server,
	 * but not by a property.
	 */
	public static final String OF_SERVICE = "statefun.command.web-application-type";

	private static final String PROPERTY = "spring.main.web-application-type";

	private static final String SPRING_MVC = "org.springframework.web.servlet.DispatcherServlet";

	private WebType() {
	}

	/**
	 * Return the type of a service before a command changes it.
	 * @param environment environment of the service
	 * @param application the service
	 * @return value of {@link #OF_SERVICE}
	 */
	public static String of(Environment environment, SpringApplication application) {
		String type = environment.getProperty(PROPERTY);
		if (type != null) {
			return type;
		}
		WebApplicationType deduced = application.getWebApplicationType();
		return (deduced != null && deduced != WebApplicationType.NONE) ? deduced.name().toLowerCase(Locale.ROOT) : "";
	}

	/**
	 * Return whether a context that is not one of the web belongs to a service without a
	 * servlet container. With Spring MVC on the class path, it may be a parent of one
	 * that has it, unless a property decides.
	 * @param environment environment of the context
	 * @param classLoader its class loader
	 * @return whether nothing but the endpoint's own server could serve it
	 */
	public static boolean isWithoutContainer(Environment environment, @Nullable ClassLoader classLoader) {
		String command = environment.getProperty(OF_SERVICE);
		String type = (command != null) ? command : environment.getProperty(PROPERTY, "");
		if (type.isEmpty()) {
			return !ClassUtils.isPresent(SPRING_MVC, classLoader);
		}
		return !type.equalsIgnoreCase(WebApplicationType.SERVLET.name());
	}

	/**
	 * Return whether a command belongs to a service that has a server of its own.
	 * @param environment environment of the command, or of a service
	 * @return whether it is a command of a web application
	 */
	public static boolean isCommandOfWebApplication(Environment environment) {
		String type = environment.getProperty(OF_SERVICE, "");
		return !type.isEmpty() && !type.equalsIgnoreCase(WebApplicationType.NONE.name());
	}

}
