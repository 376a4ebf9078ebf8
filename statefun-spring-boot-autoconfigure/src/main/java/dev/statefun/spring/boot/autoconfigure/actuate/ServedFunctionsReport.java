package dev.statefun.spring.boot.autoconfigure.actuate;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.internal.Ancestors;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeProperties;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.core.log.LogMessage;
import org.springframework.util.ClassUtils;

/**
 * Logs the served functions at start-up, once the port is known, and points out a local
 * runtime that could be enabled.
 */
final class ServedFunctionsReport implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(ServedFunctionsReport.class);

	private final StatefulFunctions functions;

	private final @Nullable EndpointLocation location;

	private final ApplicationContext context;

	private final List<ConfigurableListableBeanFactory> ancestors;

	ServedFunctionsReport(StatefulFunctions functions, @Nullable EndpointLocation location, ApplicationContext context,
			ConfigurableListableBeanFactory beanFactory) {
		this.functions = functions;
		this.location = location;
		this.context = context;
		this.ancestors = Ancestors.of(beanFactory);
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() == this.context) {
			report();
			reportUnservedRegistries();
			if (!this.functions.functions().isEmpty() && isLocalRuntimeForgotten()) {
				logger.info("The local runtime is on the class path, but off. To run the functions without a cluster "
						+ "during development, set 'statefun.local-runtime.enabled' to true; false removes this line");
			}
		}
	}

	// Disabled on purpose is not forgotten, and where it is forbidden it must not be
	// enabled
	private boolean isLocalRuntimeForgotten() {
		Environment environment = this.context.getEnvironment();
		Binder binder = Binder.get(environment);
		return ClassUtils.isPresent("dev.statefun.local.LocalRuntime", this.context.getClassLoader())
				&& !binder.bind("statefun.local-runtime.enabled", String.class).isBound()
				&& binder.bind("statefun.local-runtime.forbidden-profiles", Bindable.listOf(String.class))
					.orElse(StatefunLocalRuntimeProperties.FORBIDDEN_PROFILES)
					.stream()
					.noneMatch((profile) -> environment.acceptsProfiles(Profiles.of(profile)));
	}

	// This context serves annotated beans of such a context, but can't take over a
	// registry
	private void reportUnservedRegistries() {
		for (ConfigurableListableBeanFactory ancestor : this.ancestors) {
			if (EndpointLocation.isIn(ancestor)) {
				return;
			}
			for (String name : ancestor.getBeanNamesForType(StatefulFunctions.class, true, false)) {
				List<FunctionType> types = new ArrayList<>(typesOf(ancestor.getBean(name, StatefulFunctions.class)));
				types.removeAll(typesOf(this.functions));
				if (this.location != null && !types.isEmpty()) {
					logger.warn(LogMessage.format("Functions %s of the registry '%s' are not served, as it is in a "
							+ "parent context without an endpoint. Define that bean in the context that serves, or "
							+ "annotate its functions with @StatefulFunction", types, name));
				}
			}
		}
	}

	private static List<FunctionType> typesOf(StatefulFunctions functions) {
		return functions.functions().stream().map(FunctionDescriptor::type).toList();
	}

	private void report() {
		List<FunctionType> types = typesOf(this.functions);
		if (types.isEmpty()) {
			logger.warn("No stateful functions were found. Annotate a bean with "
					+ "@StatefulFunction(\"<namespace>/<name>\"), or register one with a StatefulFunctionsCustomizer"
					+ (this.ancestors.stream().anyMatch(EndpointLocation::isIn)
							? ". Those of a parent context that has an endpoint are served there alone" : ""));
			return;
		}
		if (this.location == null) {
			logger.warn(LogMessage.format(
					"%s registered, but no cluster can reach them: %s. "
							+ "The endpoint needs a servlet web application with Spring MVC, or the dependency "
							+ "'statefun-spring-boot-starter-netty' and 'statefun.server.engine=netty'%s",
					(types.size() == 1) ? "1 stateful function is" : types.size() + " stateful functions are", types,
					this.ancestors.isEmpty() ? ""
							: "; below a parent that has a DispatcherServlet, Boot sets up no other, "
									+ "so declare one in this context"));
			return;
		}
		String ownPort = this.context.getEnvironment().getProperty("local.statefun.port");
		logger.info(LogMessage.format("Serving %s at POST %s%s: %s",
				(types.size() == 1) ? "1 stateful function" : types.size() + " stateful functions",
				this.location.path(), (ownPort != null) ? " on port " + ownPort : "", types));
		types.stream()
			.filter((type) -> type.namespace().indexOf('/') >= 0)
			.forEach((type) -> logger.warn(LogMessage.format(
					"Function '%s' has a '/' in its namespace, which only clusters of the generation 2.x can address",
					type)));
	}

}
