package dev.statefun.spring.gateway.local;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.Effects;
import dev.statefun.local.EgressMessage;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeListener;
import dev.statefun.sdk.Address;
import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.GatewayName;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests to the gateway in a local runtime, and replies back. The ingress and
 * the egress of the gateway are the runtime's own; there is no topic.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class LocalGatewayTransport implements GatewayTransport, LocalRuntimeListener {

	private static final int KEY = 1;

	private static final int VALUE = 2;

	private final GatewayName name;

	private final Supplier<LocalRuntime> runtime;

	private final ReplyDestination destination;

	private volatile @Nullable Consumer<byte[]> replies;

	/**
	 * Create a transport.
	 * @param name name of the gateway
	 * @param runtime returns the local runtime, which is asked for when a request is sent
	 */
	public LocalGatewayTransport(GatewayName name, Supplier<LocalRuntime> runtime) {
		this.name = name;
		this.runtime = runtime;
		this.destination = new ReplyDestination(name.egress().toString(), UUID.randomUUID().toString());
	}

	@Override
	public ReplyDestination replyDestination() {
		return this.destination;
	}

	@Override
	public void receive(Consumer<byte[]> replies) {
		this.replies = replies;
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public CompletionStage<Void> send(String instance, byte[] request, Duration timeout) {
		Any message = Any.newBuilder()
			.setTypeUrl(GatewayRequest.TYPENAME)
			.setValue(ByteString.copyFrom(request))
			.build();
		this.runtime.get().send(Address.of(this.name.functionType(), instance), message);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void replied(Effects effects) {
		Consumer<byte[]> replies = this.replies;
		if (replies == null || !effects.self().type().equals(this.name.functionType())) {
			return;
		}
		for (EgressMessage message : effects.egress()) {
			Envelope record = Envelope.parse(message.record().getValue());
			if (record.text(KEY).equals(this.destination.client())) {
				replies.accept(record.bytes(VALUE).toByteArray());
			}
		}
	}

}
