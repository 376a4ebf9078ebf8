package dev.statefun.spring.boot.autoconfigure;

import java.util.List;

import dev.statefun.sdk.FunctionDescriptor;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.StatefulFunctions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.log.LogMessage;

/**
 * Tells at start-up which functions are served.
 */
final class ServedFunctionsReport implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ServedFunctionsReport.class);

	private final StatefulFunctions functions;

	private final @Nullable EndpointLocation location;

	ServedFunctionsReport(StatefulFunctions functions, @Nullable EndpointLocation location) {
		this.functions = functions;
		this.location = location;
	}

	@Override
	public void afterSingletonsInstantiated() {
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
		logger.info(LogMessage.format("Serving %d stateful functions at POST %s: %s", types.size(),
				this.location.path(), types));
		types.stream()
			.filter((type) -> type.namespace().indexOf('/') >= 0)
			.forEach((type) -> logger.warn(LogMessage.format(
					"Function '%s' has a '/' in its namespace, which only clusters of the generation 2.x can address",
					type)));
	}

}
