package dev.statefun.sdk;

import java.util.List;

import dev.statefun.sdk.FunctionDescriptor.HandlerDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function's code for one message. Immutable.
 */
interface FunctionInvoker {

	// Returns the handler's result: null, a value to reply, an Optional of one, or a
	// stage
	@Nullable Object invoke(IncomingMessage message) throws Throwable;

	List<HandlerDescriptor> handlers();

}
