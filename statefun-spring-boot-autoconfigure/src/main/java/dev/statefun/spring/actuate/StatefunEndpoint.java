package dev.statefun.spring.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionDescriptor;
import dev.statefun.sdk.StatefulFunctions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.util.Assert;

/**
 * Actuator endpoint that shows the functions of this service, with their handlers and
 * states.
 *
 * @since 0.1.0
 */
@Endpoint(id = "statefun")
public final class StatefunEndpoint {

	private final StatefulFunctions functions;

	/**
	 * Create the endpoint.
	 * @param functions the functions to show
	 */
	public StatefunEndpoint(StatefulFunctions functions) {
		Assert.notNull(functions, "'functions' must not be null");
		this.functions = functions;
	}

	/**
	 * Describe all functions.
	 * @return the functions by type
	 */
	@ReadOperation
	public FunctionsDescriptor functions() {
		Map<String, FunctionView> views = new TreeMap<>();
		this.functions.functions().forEach((function) -> views.put(function.type().toString(), view(function)));
		return new FunctionsDescriptor(views);
	}

	private static FunctionView view(FunctionDescriptor function) {
		Map<String, String> handlers = new TreeMap<>();
		function.handlers().forEach((handler) -> handlers.put(handler.typename(), handler.method()));
		Map<String, StateView> states = new TreeMap<>();
		function.states()
			.forEach((state) -> states.put(state.name(),
					new StateView(state.typename(), timeToLive(state.expiration(), Expiration.Mode.AFTER_WRITE),
							timeToLive(state.expiration(), Expiration.Mode.AFTER_CALL))));
		return new FunctionView(function.origin(), handlers, states);
	}

	private static @Nullable Duration timeToLive(Expiration expiration, Expiration.Mode mode) {
		return (expiration.mode() == mode) ? expiration.timeToLive() : null;
	}

	/**
	 * The functions of this service.
	 *
	 * @param functions functions by type
	 */
	public record FunctionsDescriptor(Map<String, FunctionView> functions) {

	}

	/**
	 * One function.
	 *
	 * @param declaredBy bean or class that declares it
	 * @param handlers methods by the type of the messages they take
	 * @param states states by name
	 */
	public record FunctionView(String declaredBy, Map<String, String> handlers, Map<String, StateView> states) {

	}

	/**
	 * One state.
	 *
	 * @param type type of its value on the wire
	 * @param expireAfterWrite time to live after a write, if it has one
	 * @param expireAfterCall time to live after a call, if it has one
	 */
	public record StateView(String type, @Nullable Duration expireAfterWrite, @Nullable Duration expireAfterCall) {

	}

}
