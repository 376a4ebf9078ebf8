package dev.statefun.docs;

import java.time.Duration;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@StatefulFunction("shop/sessions")
class Sessions {

	@Handler
	void seen(PageSeen page, Timers timers) {
		// Each page starts the timer again
		timers.start("idle", Duration.ofMinutes(30), new Idle());
	}

	@Handler
	void signOut(SignOut request, Timers timers) {
		timers.cancel("idle");
	}

	@Handler
	void idle(Idle idle, Context context) {
		context.send("shop/baskets", context.self().id(), new SignOut());
	}

	@MessageType("shop/PageSeen")
	record PageSeen(String path) {

	}

	@MessageType("shop/SignOut")
	record SignOut() {

	}

	@MessageType("shop/Idle")
	record Idle() {

	}

	@Configuration(proxyBeanMethods = false)
	static class TimersByCode {

		@Bean
		StatefulFunctionsCustomizer alarms() {
			FunctionSpec spec = FunctionSpec.of("shop/alarms").timers();
			return (functions) -> functions.register(spec, (context, message) -> {
				if (message.getTypeUrl().equals("shop/Idle")) {
					context.send("shop/guards", context.self().id(), message);
				}
				else {
					Timers.of(context).start("alarm", Duration.ofMinutes(5), new Idle());
				}
			});
		}

	}

	@StatefulFunction("shop/polls")
	static class Polls implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) {
			context.send("shop/stock", context.self().id(), message);
			Timers.of(context).start("poll", Duration.ofMinutes(1), message);
		}

		@Override
		public boolean hasTimers() {
			return true;
		}

	}

}
