package dev.statefun.spring.testing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that replies as a test says.
 */
public final class ScriptedGateway implements GatewayTransport {

	private final List<GatewayRequest> requests = new CopyOnWriteArrayList<>();

	private volatile Consumer<byte[]> replies = (reply) -> {
	};

	private volatile Function<GatewayRequest, @Nullable GatewayReply> script = (request) -> null;

	private volatile boolean ready = true;

	private volatile CompletionStage<Void> acknowledgment = CompletableFuture.completedFuture(null);

	public void reset() {
		this.requests.clear();
		this.script = (request) -> null;
		this.ready = true;
		this.acknowledgment = CompletableFuture.completedFuture(null);
	}

	public void replyWith(Function<GatewayRequest, @Nullable GatewayReply> script) {
		this.script = script;
	}

	public void replyWith(Outcome outcome) {
		replyWith((request) -> GatewayReply.of(request.id(), outcome));
	}

	public void replyWith(Message message) {
		replyWith(Any.pack(message));
	}

	public void replyWith(Any message) {
		replyWith((request) -> new GatewayReply(request.id(), Outcome.REPLIED, message, null));
	}

	public void reply(Any message) {
		reply(new GatewayReply(lastRequest().id(), Outcome.REPLIED, message, null));
	}

	public void reply(GatewayReply reply) {
		receive(reply.toBytes().toByteArray());
	}

	public void receive(byte[] reply) {
		this.replies.accept(reply);
	}

	public void notReady() {
		this.ready = false;
	}

	public void failToSend(RuntimeException failure) {
		acknowledgeWith(CompletableFuture.failedFuture(failure));
	}

	public void acknowledgeWith(CompletionStage<Void> acknowledgment) {
		this.acknowledgment = acknowledgment;
	}

	public List<GatewayRequest> requests() {
		return this.requests;
	}

	public GatewayRequest lastRequest() {
		return this.requests.get(this.requests.size() - 1);
	}

	public Any lastMessage() {
		return Objects.requireNonNull(lastRequest().message());
	}

	@Override
	public ReplyDestination replyDestination() {
		return new ReplyDestination("replies", "client");
	}

	@Override
	public void receive(Consumer<byte[]> replies) {
		this.replies = replies;
	}

	@Override
	public boolean isReady() {
		return this.ready;
	}

	@Override
	public CompletionStage<Void> send(String instance, byte[] bytes, Duration timeout) {
		GatewayRequest request = GatewayRequest.parse(ByteString.copyFrom(bytes));
		this.requests.add(request);
		GatewayReply reply = this.script.apply(request);
		if (reply != null) {
			reply(reply);
		}
		return this.acknowledgment;
	}

}
