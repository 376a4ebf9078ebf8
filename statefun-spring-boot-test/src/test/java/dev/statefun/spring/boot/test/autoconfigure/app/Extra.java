package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunctionsCustomizer;

import org.springframework.stereotype.Component;

/**
 * Registers a function programmatically.
 */
@Component
class Extra implements StatefulFunctionsCustomizer {

	@Override
	public void customize(StatefulFunctions.Builder functions) {
		functions.register(FunctionSpec.of("example/extra"), (context, message) -> {
		});
	}

}
