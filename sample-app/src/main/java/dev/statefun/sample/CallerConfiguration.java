package dev.statefun.sample;

import com.google.protobuf.Any;
import dev.statefun.sample.messages.User;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.spring.StatefulFunctionsCustomizer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Registers a function programmatically, in its untyped form: it accepts any message.
 */
@Configuration(proxyBeanMethods = false)
class CallerConfiguration {

	@Bean
	StatefulFunctionsCustomizer caller() {
		return (functions) -> functions.register(FunctionSpec.of("example/caller"), CallerConfiguration::call);
	}

	private static void call(Context context, Any message) {
		User user = User.newBuilder().setUserId("user1").setName("Seth").build();
		context.send("example/hello", "user1", user);
	}

}
