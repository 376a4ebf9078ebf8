package dev.statefun.sdk.registry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Timers;

/**
 * Parameter of a handler that receives the named timers of the function instance.
 */
final class TimersParameter {

	private TimersParameter() {
	}

	static boolean isTimers(HandlerParameter parameter) {
		return parameter.type() == Timers.class;
	}

	// A method handle from the context to the timers
	static MethodHandle reader() {
		try {
			return MethodHandles.lookup()
				.findStatic(Timers.class, "of", MethodType.methodType(Timers.class, Context.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
