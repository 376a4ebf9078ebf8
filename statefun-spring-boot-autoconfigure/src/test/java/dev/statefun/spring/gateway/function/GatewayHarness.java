package dev.statefun.spring.gateway.function;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.GatewayName;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.ReplyDestination;
import org.jspecify.annotations.Nullable;

/**
 * A gateway and targets in a local runtime with a manual clock.
 */
final class GatewayHarness implements AutoCloseable {

	static final GatewayName NAME = new GatewayName("shop");

	static final ReplyDestination CLIENT = new ReplyDestination("shop-replies", "client-1");

	static final String TEXT = "io.statefun.types/string";

	static final Duration KEEP = Duration.ofHours(1);

	/** What the targets have received. */
	final List<String> received = new ArrayList<>();

	/** What the gateway has done. */
	final List<GatewayEvent> events = new ArrayList<>();

	/** Callers that targets have kept. */
	final List<Address> callers = new ArrayList<>();

	final LocalRuntime runtime;

	private int requests;

	GatewayHarness() {
		this(Protocol.V3, 900_000, 900_000);
	}

	GatewayHarness(Protocol protocol, int maxRequestSize, int maxReplySize) {
		GatewayFunction gateway = new GatewayFunction(
				new GatewaySettings(NAME, Set.of("shop-replies", "other-replies"), maxRequestSize, maxReplySize, KEEP),
				new Targets(), (event, target) -> this.events.add(event), this::now);
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(gateway.spec(), gateway)
			.register(FunctionSpec.of("test/echo"), this::echo)
			.register(FunctionSpec.of("test/silent"), this::keepCaller)
			.register(FunctionSpec.of("test/twice"), (context, message) -> {
				context.reply("first");
				context.reply("second");
			})
			.register(FunctionSpec.of("test/large"), (context, message) -> context.reply("x".repeat(2_000_000)))
			.register(FunctionSpec.of("test/broken"), (context, message) -> {
				context.send("test/echo", "effect", message);
				throw new IllegalStateException("planted secret");
			})
			.build();
		FailurePolicy skip = (failed) -> FailureAction.skip();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions).failurePolicy(skip).build();
		this.runtime = LocalRuntime.builder()
			.functions(functions, handler::handle)
			.protocol(protocol)
			.manualClock(Instant.parse("2026-01-01T00:00:00Z"))
			.batchSize(NAME.functionType(), gateway.maxBatch(64 << 20, 32 << 20))
			.start();
	}

	private void echo(Context context, Any message) {
		String text = text(message);
		this.received.add(context.self().id() + ":" + text);
		context.caller().ifPresent((caller) -> context.reply("echo " + text));
	}

	private void keepCaller(Context context, Any message) {
		this.received.add(context.self().id() + ":" + text(message));
		this.callers.add(context.caller().orElseThrow());
	}

	Instant now() {
		return this.runtime.time();
	}

	String newId() {
		return String.format("%032x", ++this.requests);
	}

	GatewayRequest request(String function, String id, String text) {
		return GatewayRequest.request(newId(), Address.of(function, id), value(text), CLIENT, now().plusSeconds(10));
	}

	GatewayRequest send(String function, String id, String text) {
		return GatewayRequest.send(newId(), Address.of(function, id), value(text));
	}

	GatewayRequest poll(String id) {
		return GatewayRequest.poll(newId(), id, CLIENT, now().plusSeconds(10));
	}

	GatewayRequest await(String id) {
		return GatewayRequest.await(newId(), id, CLIENT, now().plusSeconds(10));
	}

	void deliver(GatewayRequest request) {
		deliver(request.instance(), request);
		this.runtime.runUntilIdle();
	}

	void deliver(String instance, GatewayRequest request) {
		this.runtime.send(Address.of(NAME.functionType(), instance), any(GatewayRequest.TYPENAME, request.toBytes()));
	}

	// As the record of a topic, whose key and bytes may be anything
	void deliver(String instance, ByteString bytes) {
		this.runtime.send(Address.of(NAME.functionType(), instance), any(GatewayRequest.TYPENAME, bytes));
		this.runtime.runUntilIdle();
	}

	List<GatewayReply> replies() {
		return this.runtime.egress().stream().map((record) -> {
			Envelope fields = Envelope.parse(record.record().getValue());
			return GatewayReply.parse(fields.bytes(2));
		}).toList();
	}

	@Nullable GatewayReply replyTo(GatewayRequest request) {
		return replies().stream().filter((reply) -> reply.id().equals(request.id())).findFirst().orElse(null);
	}

	GatewayReply requireReplyTo(GatewayRequest request) {
		GatewayReply reply = replyTo(request);
		if (reply == null) {
			throw new AssertionError("no reply to " + request.id() + " among " + replies());
		}
		return reply;
	}

	boolean hasState(String instance) {
		return !this.runtime.states(Address.of(NAME.functionType(), instance)).isEmpty();
	}

	static Any value(String text) {
		return any(TEXT, new Envelope.Writer().text(1, text).toBytes());
	}

	static String text(Any message) {
		return Envelope.parse(message.getValue()).text(1);
	}

	private static Any any(String typename, ByteString value) {
		return Any.newBuilder().setTypeUrl(typename).setValue(value).build();
	}

	@Override
	public void close() {
		this.runtime.close();
	}

	/**
	 * Functions of one namespace, which take no messages of one type.
	 */
	static final class Targets implements GatewayTargets {

		@Override
		public boolean reaches(FunctionType type) {
			return type.namespace().equals("test");
		}

		@Override
		public boolean takes(FunctionType type, String typename) {
			return !typename.equals("test/Unknown");
		}

	}

}
