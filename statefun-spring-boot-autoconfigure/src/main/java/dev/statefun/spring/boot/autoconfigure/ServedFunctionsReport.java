package dev.statefun.spring.boot.autoconfigure;

import java.util.List;

import dev.statefun.sdk.FunctionDescriptor;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.StatefulFunctions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.log.LogMessage;

/**
 * Tells at start-up which functions are served, once it is known on which port.
 */
final class ServedFunctionsReport implements ApplicationListener<ContextRefreshedEvent> {

	private static final Log logger = LogFactory.getLog(ServedFunctionsReport.class);

	private final StatefulFunctions functions;

	private final @Nullable EndpointLocation location;

	private final ApplicationContext context;

	ServedFunctionsReport(StatefulFunctions functions, @Nullable EndpointLocation location,
			ApplicationContext context) {
		this.functions = functions;
		this.location = location;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() == this.context) {
			report();
		}
	}

	private void report() {
		List<FunctionType> types = this.functions.functions().stream().map(FunctionDescriptor::type).toList();
		if (types.isEmpty()) {
			logger.warn("No stateful functions were found. Annotate a bean with "
					+ "@StatefulFunction(\"<namespace>/<name>\"), or register one with a StatefulFunctionsCustomizer");
			return;
		}
		if (this.location == null) {
			logger.warn(LogMessage.format("%d stateful functions are registered, but no cluster can reach them: %s. "
					+ "The endpoint needs a servlet web application with Spring MVC", types.size(), types));
			return;
		}
		String ownPort = this.context.getEnvironment().getProperty("local.statefun.port");
		logger.info(LogMessage.format("Serving %d stateful functions at POST %s%s: %s", types.size(),
				this.location.path(), (ownPort != null) ? " on port " + ownPort : "", types));
		types.stream()
			.filter((type) -> type.namespace().indexOf('/') >= 0)
			.forEach((type) -> logger.warn(LogMessage.format(
					"Function '%s' has a '/' in its namespace, which only clusters of the generation 2.x can address",
					type)));
	}

}
