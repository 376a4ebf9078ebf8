package dev.statefun.console.view;

import java.lang.reflect.Type;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.console.http.Answer;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.http.JsonObject;
import dev.statefun.console.http.Routes;
import dev.statefun.console.record.FailureLog;
import dev.statefun.console.record.FailureRecord;
import dev.statefun.console.record.FlowGraph;
import dev.statefun.console.record.Outcome;
import dev.statefun.console.record.Page;
import dev.statefun.console.record.Recording;
import dev.statefun.console.runtime.ConsoleRuntime;
import dev.statefun.console.runtime.ConsoleRuntime.Load;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the service, and what has flowed between them.
 *
 * @since 0.1.0
 */
public final class FunctionsView implements ConsoleView {

	private final StatefulFunctions functions;

	private final Recording recording;

	private final FailureLog failures;

	private final @Nullable ConsoleRuntime runtime;

	private final InstantSource clock;

	/**
	 * Create the part.
	 * @param functions the functions
	 * @param recording what was recorded
	 * @param failures the failures
	 * @param runtime the runtime, if there is one
	 * @param clock provides wall-clock times
	 */
	public FunctionsView(StatefulFunctions functions, Recording recording, FailureLog failures,
			@Nullable ConsoleRuntime runtime, InstantSource clock) {
		this.functions = functions;
		this.recording = recording;
		this.failures = failures;
		this.runtime = runtime;
		this.clock = clock;
	}

	@Override
	public void addTo(Routes routes) {
		routes.get("functions", (request) -> Answer.of(list()));
		routes.get("functions/graph", (request) -> Answer.of(graph()));
	}

	private JsonObject list() {
		Map<FunctionType, Load> loads = (this.runtime != null) ? this.runtime.loads() : Map.of();
		return new JsonObject().with("since", this.recording.since())
			.with("functions",
					this.functions.functions()
						.stream()
						.map((function) -> function(function, loads.get(function.type())))
						.toList());
	}

	private JsonObject function(FunctionDescriptor function, @Nullable Load load) {
		FunctionType type = function.type();
		Page<FailureRecord> last = this.failures.page(Long.MAX_VALUE, 1,
				(failure) -> failure.address().type().equals(type));
		return new JsonObject().with("type", type.toString())
			.with("declaredBy", function.origin())
			.with("handlers", function.handlers().stream().map(FunctionsView::handler).toList())
			.with("states", function.states().stream().map(FunctionsView::state).toList())
			.with("instances", (load != null) ? load.instances() : null)
			.with("waiting", (load != null) ? load.waiting() : null)
			.with("inFlight", (load != null) ? load.inFlight() : null)
			.with("delayed", (load != null) ? load.delayed() : null)
			.with("rate", this.recording.rates().rate(type, this.clock.millis()))
			.with("messages",
					new JsonObject().with("handled", this.recording.total(type, Outcome.DONE))
						.with("retried", this.recording.total(type, Outcome.RETRYING))
						.with("skipped", this.recording.total(type, Outcome.SKIPPED))
						.with("dead-letter", this.recording.total(type, Outcome.DEAD_LETTER)))
			.with("lastFailure", last.records().isEmpty() ? null : failure(last.records().get(0)));
	}

	private static JsonObject failure(FailureRecord failure) {
		return new JsonObject().with("id", failure.id())
			.with("at", failure.lastAt())
			.with("text", failure.detail().line());
	}

	private static JsonObject handler(HandlerDescriptor handler) {
		return new JsonObject().with("messageType", handler.typename())
			.with("javaType", handler.messageType().getTypeName())
			.with("method", handler.method())
			.with("replyTypes", handler.replyTypes().stream().map(Type::getTypeName).toList());
	}

	private static JsonObject state(StateDescriptor state) {
		Expiration expiration = state.expiration();
		return new JsonObject().with("name", state.name())
			.with("type", state.typename())
			.with("javaType", state.valueType().getTypeName())
			.with("expiration", expiration(expiration))
			.with("timeToLive", (expiration.mode() != Expiration.Mode.NEVER) ? expiration.timeToLive() : null);
	}

	/**
	 * Name an expiration.
	 * @param expiration the expiration
	 * @return its mode in the API
	 */
	public static String expiration(Expiration expiration) {
		return switch (expiration.mode()) {
			case NEVER -> "never";
			case AFTER_WRITE -> "after-write";
			case AFTER_CALL -> "after-call";
		};
	}

	private JsonObject graph() {
		Map<String, JsonObject> nodes = new LinkedHashMap<>();
		for (FunctionDescriptor function : this.functions.functions()) {
			node(nodes, "f:" + function.type(), "function", function.type().toString());
		}
		List<JsonObject> edges = new ArrayList<>();
		for (FlowGraph.Edge edge : this.recording.graph().edges()) {
			FlowGraph.EdgeKey key = edge.key();
			node(nodes, key.from(), key.from().equals("ingress") ? "ingress" : "elsewhere", name(key.from()));
			node(nodes, key.to(), key.to().startsWith("e:") ? "egress" : "elsewhere", name(key.to()));
			edges.add(new JsonObject().with("from", key.from())
				.with("to", key.to())
				.with("kind", key.kind())
				.with("type", key.type())
				.with("count", edge.count())
				.with("lastAt", edge.lastAt()));
		}
		return new JsonObject().with("since", this.recording.since())
			.with("nodes", new ArrayList<>(nodes.values()))
			.with("edges", edges);
	}

	private static String name(String node) {
		return node.equals("ingress") ? node : node.substring(2);
	}

	private static void node(Map<String, JsonObject> nodes, String id, String kind, String name) {
		nodes.computeIfAbsent(id, (key) -> new JsonObject().with("id", id).with("kind", kind).with("name", name));
	}

}
