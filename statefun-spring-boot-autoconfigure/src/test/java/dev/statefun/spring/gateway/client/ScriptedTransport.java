package dev.statefun.spring.gateway.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import org.jspecify.annotations.Nullable;

/**
 * Transport whose replies a test gives.
 */
final class ScriptedTransport implements GatewayTransport {

	final List<GatewayRequest> sent = new CopyOnWriteArrayList<>();

	volatile boolean ready = true;

	volatile CompletionStage<Void> acknowledgment = CompletableFuture.completedFuture(null);

	private volatile @Nullable Consumer<byte[]> replies;

	@Override
	public ReplyDestination replyDestination() {
		return new ReplyDestination("replies", "client-1");
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
	public CompletionStage<Void> send(String instance, byte[] request, Duration timeout) {
		this.sent.add(GatewayRequest.parse(ByteString.copyFrom(request)));
		return this.acknowledgment;
	}

	GatewayRequest last() {
		return this.sent.get(this.sent.size() - 1);
	}

	void reply(Any message) {
		reply(new GatewayReply(last().id(), Outcome.REPLIED, message, null));
	}

	void reply(GatewayReply reply) {
		receive(reply.toBytes().toByteArray());
	}

	void receive(byte[] bytes) {
		Objects.requireNonNull(this.replies).accept(bytes);
	}

}
