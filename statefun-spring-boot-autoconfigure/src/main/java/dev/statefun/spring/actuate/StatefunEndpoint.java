package dev.statefun.spring.actuate;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressDestination;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.egress.KinesisEgress;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.util.Assert;

/**
 * Actuator endpoint that shows the functions of this service: where they are declared,
 * their handlers, states and failure policies, and what they have done.
 *
 * @since 0.1.0
 */
@Endpoint(id = "statefun")
public final class StatefunEndpoint {

	private final StatefulFunctions functions;

	private final Function<FunctionType, FailurePolicyDescription> policies;

	private final FunctionActivity activity;

	/**
	 * Create the endpoint.
	 * @param functions the functions to show
	 * @param policies describes how a function's failed messages are handled
	 * @param activity counts what they have done
	 */
	public StatefunEndpoint(StatefulFunctions functions, Function<FunctionType, FailurePolicyDescription> policies,
			FunctionActivity activity) {
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(policies, "'policies' must not be null");
		Assert.notNull(activity, "'activity' must not be null");
		this.functions = functions;
		this.policies = policies;
		this.activity = activity;
	}

	/**
	 * Describe all functions and typed egresses.
	 * @return the functions by type and the egresses by name
	 */
	@ReadOperation
	public FunctionsDescriptor functions() {
		Map<String, FunctionView> views = new TreeMap<>();
		this.functions.functions().forEach((function) -> views.put(function.type().toString(), view(function)));
		Map<String, EgressView> egresses = new TreeMap<>();
		this.functions.egresses().forEach((name, destination) -> egresses.put(name, view(destination)));
		return new FunctionsDescriptor(views, egresses);
	}

	/**
	 * Describe one function.
	 * @param type the parts of its type between slashes
	 * @return the function, or {@code null} if it is not served here
	 */
	@ReadOperation
	public @Nullable FunctionView function(@Selector(match = Match.ALL_REMAINING) String... type) {
		String wanted = String.join("/", type);
		return this.functions.functions()
			.stream()
			.filter((function) -> function.type().toString().equals(wanted))
			.findFirst()
			.map(this::view)
			.orElse(null);
	}

	private FunctionView view(FunctionDescriptor function) {
		Map<String, String> handlers = new TreeMap<>();
		function.handlers().forEach((handler) -> handlers.put(handler.typename(), handler.method()));
		Map<String, StateView> states = new TreeMap<>();
		function.states()
			.forEach((state) -> states.put(state.name(),
					new StateView(state.typename(), timeToLive(state.expiration(), Expiration.Mode.AFTER_WRITE),
							timeToLive(state.expiration(), Expiration.Mode.AFTER_CALL))));
		FunctionType type = function.type();
		return new FunctionView(function.origin(), handlers, states, this.policies.apply(type),
				this.activity.batches(type), this.activity.messages(type), this.activity.timers(type),
				this.activity.lastFailure(type));
	}

	private static EgressView view(EgressDestination destination) {
		String kind = destination.kind().name().toLowerCase(Locale.ROOT);
		String id = destination.id().toString();
		return (destination instanceof KafkaEgress kafka) ? new EgressView(kind, id, kafka.topic(), null)
				: new EgressView(kind, id, null, ((KinesisEgress) destination).stream());
	}

	private static @Nullable Duration timeToLive(Expiration expiration, Expiration.Mode mode) {
		return (expiration.mode() == mode) ? expiration.timeToLive() : null;
	}

	/**
	 * The functions of this service.
	 *
	 * @param functions functions by type
	 * @param egresses typed egresses by name
	 */
	public record FunctionsDescriptor(Map<String, FunctionView> functions, Map<String, EgressView> egresses) {

	}

	/**
	 * One function.
	 *
	 * @param declaredBy bean or class that declares it
	 * @param handlers methods by the type of the messages they take
	 * @param states states by name
	 * @param failurePolicy how failed messages are handled
	 * @param batches numbers of batches since the start, by outcome
	 * @param messages numbers of messages since the start, by outcome
	 * @param timers numbers of changes and messages of each named timer since the start,
	 * by outcome
	 * @param lastFailure last failure, if there was one
	 */
	public record FunctionView(String declaredBy, Map<String, String> handlers, Map<String, StateView> states,
			FailurePolicyDescription failurePolicy, Map<String, Long> batches, Map<String, Long> messages,
			Map<String, Map<String, Long>> timers, FunctionActivity.@Nullable LastFailure lastFailure) {

	}

	/**
	 * One typed egress.
	 *
	 * @param type kind of the egress
	 * @param id id of the egress in module.yaml
	 * @param topic the topic, if it is one of Kafka
	 * @param stream the stream, if it is one of Kinesis
	 */
	public record EgressView(String type, String id, @Nullable String topic, @Nullable String stream) {

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
