package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.ByteString;
import dev.statefun.local.Effects.Invocation;
import dev.statefun.local.Effects.Sent;
import dev.statefun.local.Effects.SentLater;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the headers of messages in a runtime of either generation.
 */
class MessageHeadersTests {

	private static final Address RELAY = Address.of("test/relay", "joe");

	private static final Address END = Address.of("test/end", "joe");

	private static final Headers ACME = Headers.of("tenant", "acme")
		.and("trace", ByteString.copyFrom(new byte[] { -1 }));

	private static final Headers UMBRELLA = Headers.of("tenant", "umbrella");

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register("test/relay", new Relay())
		.register("test/end", new End())
		.build();

	private final RequestReplyHandler handler = RequestReplyHandler.builder(this.functions)
		.propagateHeaders(Set.of("tenant", "trace"))
		.build();

	private final List<byte[]> requests = new ArrayList<>();

	private final List<String> received = new ArrayList<>();

	private final List<Effects> effects = new ArrayList<>();

	private LocalRuntime.Builder runtime(Protocol protocol) {
		return LocalRuntime.builder()
			.functions(this.functions, this::call)
			.protocol(protocol)
			.manualClock()
			.listener(new LocalRuntimeListener() {

				@Override
				public void replied(Effects reply) {
					MessageHeadersTests.this.effects.add(reply);
				}

			});
	}

	private CompletionStage<byte[]> call(byte[] request) {
		this.requests.add(request);
		return this.handler.handle(request);
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void headersGoFromTheIngressThroughAllFunctionsToTheEgress(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.sendFrom(END, RELAY, "now", ACME);
			runtime.send(RELAY, "plain");
			runtime.runUntilIdle();
			runtime.advance(Duration.ofSeconds(1));
			assertThat(runtime.egress()).extracting(EgressMessage::headers)
				.containsExactly(ACME.and("at", "egress"), Headers.of("at", "egress"));
		}
		assertThat(this.received).containsExactly("now acme", "sent acme", "plain -", "replied acme", "sent -",
				"later acme", "later -");
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void listenersSeeTheHeadersOfAllMessages(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.sendFrom(END, RELAY, "now", ACME);
			runtime.runUntilIdle();
		}
		Effects relayed = this.effects.get(0);
		assertThat(relayed.invocations()).extracting(Invocation::headers).containsExactly(ACME);
		assertThat(relayed.messages()).extracting(Sent::headers).containsExactly(ACME, ACME);
		assertThat(relayed.delayed()).extracting(SentLater::headers).containsExactly(ACME);
		assertThat(relayed.egress()).extracting(EgressMessage::headers).containsExactly(ACME.and("at", "egress"));
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void eachMessageOfABatchHasItsOwnHeaders(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.send(END, "first", UMBRELLA);
			runtime.send(END, "second", ACME);
			runtime.send(END, "third");
			runtime.sendTogether(END, List.of("fourth", "fifth"), UMBRELLA);
			runtime.sendTogetherFrom(RELAY, END, List.of("sixth"), ACME);
			runtime.runUntilIdle();
		}
		assertThat(this.requests).as("the first one alone, and the others").hasSize(2);
		assertThat(this.received).containsExactly("first umbrella", "second acme", "third -", "fourth umbrella",
				"fifth umbrella", "sixth acme");
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void retryHasTheSameBytes(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.failOnce(END);
			runtime.send(END, "again", ACME);
			runtime.runUntilIdle();
			runtime.advance(Duration.ofSeconds(1));
		}
		assertThat(this.received).containsExactly("again acme", "again acme");
		assertThat(this.requests).hasSize(2);
		assertThat(this.requests.get(1)).isEqualTo(this.requests.get(0));
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void secondDeliveryHasTheSameBytes(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).deliverTwice().start()) {
			runtime.send(END, "twice", ACME);
			runtime.runUntilIdle();
		}
		assertThat(this.received).containsExactly("twice acme", "twice acme");
		assertThat(this.requests).hasSize(2);
		assertThat(this.requests.get(1)).isEqualTo(this.requests.get(0));
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void snapshotKeepsTheHeadersOfWaitingAndDelayedMessages(Protocol protocol) {
		byte[] snapshot;
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.send(RELAY, "now", ACME);
			runtime.runUntilIdle();
			runtime.send(END, "in flight", UMBRELLA);
			runtime.send(END, "waiting", ACME);
			snapshot = runtime.snapshot();
		}
		this.received.clear();
		try (LocalRuntime runtime = runtime(protocol).restore(snapshot).start()) {
			runtime.runUntilIdle();
			runtime.advance(Duration.ofSeconds(1));
		}
		assertThat(this.received).containsExactly("in flight umbrella", "waiting acme", "later acme");
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void restartReadsTheHeadersOfTheInputAgain(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.send(RELAY, "now", ACME);
			runtime.runUntilIdle();
			runtime.checkpoint();
			runtime.send(END, "input", UMBRELLA);
			runtime.runUntilIdle();
			this.received.clear();
			runtime.restart();
			runtime.runUntilIdle();
			runtime.advance(Duration.ofSeconds(1));
			assertThat(runtime.egress()).extracting(EgressMessage::headers).containsExactly(ACME.and("at", "egress"));
		}
		assertThat(this.received).containsExactly("input umbrella", "later acme");
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void withoutHeadersTheBytesAreThoseOfAPlainMessage(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			runtime.send(END, "plain");
			runtime.runUntilIdle();
			runtime.send(END, "plain", Headers.empty());
			runtime.runUntilIdle();
		}
		assertThat(this.requests.get(1)).isEqualTo(this.requests.get(0));
		assertThat(ByteString.copyFrom(this.requests.get(0)).toStringUtf8()).doesNotContain("tenant");
	}

	private void received(String message, Context context) {
		this.received.add(message + " " + context.headers().get("tenant").orElse("-"));
	}

	/**
	 * Sends each message on in every way.
	 */
	final class Relay {

		@Handler
		void on(String message, Context context) {
			received(message, context);
			context.send(END, "sent");
			if (context.caller().isPresent()) {
				context.reply("replied");
			}
			context.sendAfter(Duration.ofSeconds(1), END, "later");
			context.withHeaders(Headers.of("at", "egress")).sendEgress("test/out", message);
		}

	}

	/**
	 * Receives messages.
	 */
	final class End {

		@Handler
		void on(String message, Context context) {
			received(message, context);
		}

	}

}
