package dev.statefun.spring.gateway.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no request gets the reply to another one, whatever the reply topic does: it
 * delays, duplicates and reorders replies, and delivers them to the wrong instance too.
 */
class CrossingRepliesTests {

	private static final Address TARGET = Address.of(FunctionType.of("shop", "cart"), "joe");

	private static final int UNDER_WAY = 200;

	@Test
	@Timeout(60)
	void noRequestGetsTheReplyToAnotherOne() throws Exception {
		run(5_000);
	}

	@Tag("soak")
	@Test
	@Timeout(300)
	void noneOfManyRequestsGetsTheReplyToAnotherOne() throws Exception {
		run(100_000);
	}

	private static void run(int requests) throws Exception {
		ScheduledExecutorService delays = Executors.newScheduledThreadPool(2);
		try (GatewayThreads threads = GatewayThreads.platform()) {
			ReplyTopic topic = new ReplyTopic(delays);
			AtomicInteger unexpected = new AtomicInteger();
			List<GatewayRequests> clients = List.of(client(topic, "one", unexpected, threads),
					client(topic, "two", unexpected, threads));
			int answered = 0;
			for (int begin = 0; begin < requests; begin += UNDER_WAY) {
				Map<String, CompletableFuture<GatewayReply>> replies = new ConcurrentHashMap<>();
				for (int i = begin; i < begin + UNDER_WAY; i++) {
					GatewayRequests client = clients.get(i % 2);
					replies.put("message " + i,
							client.request(
									GatewayRequest.request(client.newId(), TARGET, message("message " + i),
											client.replyDestination(), Instant.now().plusSeconds(30)),
									Duration.ofSeconds(30)));
				}
				for (Map.Entry<String, CompletableFuture<GatewayReply>> reply : replies.entrySet()) {
					assertThat(reply.getValue().get(40, TimeUnit.SECONDS).message()).isEqualTo(message(reply.getKey()));
					answered++;
				}
			}
			assertThat(answered).isEqualTo(requests);
			assertThat(unexpected).hasValueGreaterThan(requests);
			assertThat(clients).allSatisfy((client) -> assertThat(client.waiting()).isZero());
		}
		finally {
			delays.shutdownNow();
		}
	}

	private static GatewayRequests client(ReplyTopic topic, String name, AtomicInteger unexpected,
			GatewayThreads threads) {
		return new GatewayRequests(topic.transport(name), unexpected::incrementAndGet,
				(target, kind) -> RequestObserver.ObservedRequest.NONE, 1 << 20, 1_000, threads);
	}

	private static Any message(String text) {
		return Any.newBuilder().setTypeUrl("shop/Text").setValue(ByteString.copyFromUtf8(text)).build();
	}

	/**
	 * Gateway and topic in one: answers each request with its message, by several records
	 * for all instances.
	 */
	private static final class ReplyTopic {

		private final List<Consumer<byte[]>> instances = new ArrayList<>();

		private final ScheduledExecutorService delays;

		private final AtomicInteger records = new AtomicInteger();

		private ReplyTopic(ScheduledExecutorService delays) {
			this.delays = delays;
		}

		private GatewayTransport transport(String client) {
			return new GatewayTransport() {

				@Override
				public ReplyDestination replyDestination() {
					return new ReplyDestination("replies", client);
				}

				@Override
				public void receive(Consumer<byte[]> replies) {
					ReplyTopic.this.instances.add(replies);
				}

				@Override
				public boolean isReady() {
					return true;
				}

				@Override
				public CompletionStage<Void> send(String instance, byte[] request, Duration timeout) {
					answer(GatewayRequest.parse(ByteString.copyFrom(request)));
					return CompletableFuture.completedFuture(null);
				}

			};
		}

		private void answer(GatewayRequest request) {
			byte[] reply = new GatewayReply(request.id(), Outcome.REPLIED, request.message(), null).toBytes()
				.toByteArray();
			for (Consumer<byte[]> instance : this.instances) {
				for (int copy = 0; copy < 2; copy++) {
					// Spread over some milliseconds, and not in the order of the requests
					long delay = this.records.incrementAndGet() * 7_919L % 5_000;
					this.delays.schedule(() -> instance.accept(reply), delay, TimeUnit.MICROSECONDS);
				}
			}
		}

	}

}
