package dev.statefun.sdk.registry;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Passes every message unchanged to a {@link FunctionHandler}.
 */
final class UntypedInvoker implements FunctionInvoker {

	private final Supplier<? extends FunctionHandler> handler;

	private final HandlerDescriptor descriptor;

	UntypedInvoker(Supplier<? extends FunctionHandler> handler, String method) {
		this.handler = handler;
		this.descriptor = new HandlerDescriptor("*", Any.class, method, List.of());
	}

	@Override
	public @Nullable Object invoke(IncomingMessage message) throws Exception {
		message.handledBy(0);
		this.handler.get().handle(message.context(), message.message());
		return null;
	}

	@Override
	public boolean takes(String typename) {
		return true;
	}

	@Override
	public List<HandlerDescriptor> handlers() {
		return List.of(this.descriptor);
	}

	@Override
	public Map<String, String> requiredHeaders() {
		return Map.of();
	}

}
