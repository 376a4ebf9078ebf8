package dev.statefun.sdk.handler;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Headers.Entry;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.EgressRecord;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisRecord;
import dev.statefun.sdk.failure.DeadLetter;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.egress.KafkaProducerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the headers of messages. A cluster keeps them as unknown fields.
 */
class MessageHeadersTests {

	private static final Address TARGET = Address.of("a/b", "1");

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void headersOfEachMessageAreRead(Dialect dialect) {
		List<Headers> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, (context, message) -> seen.add(context.headers()));
		cluster.call(Cluster.request()
			.message(tenant("acme"))
			.message(Values.user("none"))
			.message(Values.withHeader(Values.withHeader(tenant("x"), "tenant", "y"), "absent", null)));
		assertThat(seen.get(0).get("tenant")).contains("acme");
		assertThat(seen.get(1)).isEqualTo(Headers.empty());
		assertThat(seen.get(2).get("tenant")).contains("y");
		assertThat(seen.get(2).all()).containsExactly(entry("tenant", "x"), entry("tenant", "y"),
				new Entry("absent", null));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void fieldsThatAreNoHeadersAreIgnoredAndForwarded(Dialect dialect) {
		Any foreign = Values.withField(tenant("acme"), Values.HEADERS, bytes(0x0a, 9));
		List<Headers> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			seen.add(context.headers());
			context.forward(TARGET);
		});
		assertThat(cluster.call(foreign).sent()).containsExactly(new Sent("a/b/1", foreign));
		assertThat(seen).containsExactly(Headers.of("tenant", "acme"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void fieldsOfLaterProtocolsAreForwarded(Dialect dialect) {
		ByteString field = ByteString.copyFromUtf8("of a later protocol");
		Cluster cluster = Cluster.of(dialect, (context, message) -> context.forward(TARGET));
		byte[] reply = Cluster.replyOf(cluster.send(Cluster.request(Values.withField(tenant("acme"), 1000, field))));
		Any expected = Values.withField(Any.getDefaultInstance(), 1000, field);
		assertThat(ByteString.copyFrom(reply).toString(StandardCharsets.ISO_8859_1))
			.contains(expected.toByteString().toString(StandardCharsets.ISO_8859_1));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messagesGivenToHandlersHaveNoHeaders(Dialect dialect) {
		List<Any> seen = new ArrayList<>();
		Cluster.of(dialect, (context, message) -> seen.add(message)).call(tenant("acme"));
		assertThat(seen).containsExactly(Values.user("a"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageThatIsSentHasNoneOfTheReceivedHeaders(Dialect dialect) {
		Cluster cluster = Cluster.of(dialect, (context, message) -> context.send(TARGET, message));
		assertThat(cluster.call(tenant("acme")).sent()).containsExactly(new Sent("a/b/1", Values.user("a")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void everyKindOfMessageCanHaveHeaders(Dialect dialect) {
		Any expected = Values.withHeader(Values.withHeader(Values.count(1), "tenant", "acme"), "empty", "");
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			Context with = context.withHeaders(Headers.of("tenant", "acme")).withHeaders(Headers.of("empty", ""));
			with.send(TARGET, Values.countOf(1));
			with.reply(Values.countOf(1));
			with.sendAfter(Duration.ofSeconds(1), TARGET, Values.countOf(1));
			with.sendEgress("a/egress", Values.countOf(1));
			context.send(TARGET, Values.countOf(1));
		});
		ClusterReply reply = cluster
			.call(Cluster.request().messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a")));
		assertThat(reply.sent()).containsExactly(new Sent("a/b/1", expected),
				new Sent(Cluster.CALLER_TYPE + "/" + Cluster.CALLER_ID, expected), new Sent("a/b/1", Values.count(1)));
		assertThat(reply.delayed()).containsExactly(Delayed.of(1000, "a/b/1", expected));
		assertThat(reply.records()).containsExactly(new Egress("a/egress", expected));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void contextWithHeadersIsThatOfTheInvocation(Dialect dialect) {
		List<Context> kept = new ArrayList<>();
		List<Object> seen = new ArrayList<>();
		Cluster cluster = Cluster.of(dialect, FunctionSpec.of(Cluster.FUNCTION).state("count", Integer.class),
				(context, message) -> {
					Context with = context.withHeaders(Headers.of("tenant", "acme"));
					seen.add(with.self().equals(context.self()) && with.caller().equals(context.caller()));
					with.state("count", Integer.class).set(1);
					seen.add(context.state("count", Integer.class).get());
					seen.add(with.headers());
					kept.add(with);
				});
		cluster.call(Cluster.request().absentState("count").message(tenant("x")));
		assertThat(seen).containsExactly(true, Optional.of(1), Headers.of("tenant", "x"));
		assertThatIllegalStateException().isThrownBy(() -> kept.get(0).send(TARGET, 1))
			.withMessageContaining("was used after its invocation had ended");
		assertThatIllegalStateException().isThrownBy(() -> kept.get(0).headers());
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void propagatedHeadersGoOnByThemselves(Dialect dialect) {
		RequestReplyHandler handler = handler((context, message) -> {
			context.send(TARGET, Values.countOf(1));
			context.withHeaders(Headers.of("tenant", "other")).send(TARGET, Values.countOf(2));
			context.sendEgress("a/egress", Values.countOf(3));
		}, (builder) -> builder.propagateHeaders(List.of("tenant", "zone")));
		Any received = Values.withHeader(Values.withHeader(tenant("acme"), "private", "p"), "zone", "z");
		ClusterReply reply = call(handler, dialect, Cluster.request(received));
		assertThat(reply.sent()).containsExactly(
				new Sent("a/b/1", Values.withHeader(Values.withHeader(Values.count(1), "tenant", "acme"), "zone", "z")),
				new Sent("a/b/1",
						Values.withHeader(Values.withHeader(Values.count(2), "zone", "z"), "tenant", "other")));
		assertThat(reply.records()).containsExactly(new Egress("a/egress",
				Values.withHeader(Values.withHeader(Values.count(3), "tenant", "acme"), "zone", "z")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void returnedValuesHavePropagatedHeaders(Dialect dialect) {
		StatefulFunctions functions = StatefulFunctions.builder().register(Cluster.FUNCTION, new Object() {

			@Handler
			CompletableFuture<Integer> on(int message) {
				return CompletableFuture.completedFuture(message);
			}

		}).build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.propagateHeaders(List.of("tenant"))
			.build();
		Any message = Values.withHeader(Values.integer(3), "tenant", "acme");
		assertThat(
				call(handler, dialect, Cluster.request().messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, message))
					.sent())
			.extracting(Sent::message)
			.containsExactly(message);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void forwardedMessageIsUnchanged(Dialect dialect) {
		Any received = Values.withHeader(Values.withHeader(tenant("acme"), "tenant", "b"), "absent", null);
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			context.forward(TARGET.type(), "1");
			context.withHeaders(Headers.of("tenant", "c")).forward("a/b", "1");
		});
		assertThat(cluster.call(received).sent()).containsExactly(new Sent("a/b/1", received), new Sent("a/b/1",
				Values.withHeader(Values.withHeader(Values.user("a"), "absent", null), "tenant", "c")));
		assertThat(Cluster.of(dialect, (context, message) -> context.forward("a/b", "")).mistake(received))
			.isInstanceOf(IllegalArgumentException.class)
			.hasMessage("A message to 'a/b' needs an id that is not empty");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void headersCanBeDisabled(Dialect dialect) {
		List<Headers> seen = new ArrayList<>();
		RequestReplyHandler handler = handler((context, message) -> {
			seen.add(context.headers());
			context.withHeaders(Headers.of("tenant", "acme")).send(TARGET, message);
			context.forward(TARGET);
		}, (builder) -> builder.withoutHeaders().propagateHeaders(List.of("tenant")).interceptor((invocation) -> {
			invocation.injectHeaders((headers) -> headers.accept("injected", "x"));
			return invocation.proceed();
		}));
		assertThat(call(handler, dialect, Cluster.request(tenant("acme"))).sent())
			.containsExactly(new Sent("a/b/1", Values.user("a")), new Sent("a/b/1", Values.user("a")));
		assertThat(seen).containsExactly(Headers.empty());
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void injectedHeadersReplacePropagatedOnesAndYieldToThoseOfTheHandler(Dialect dialect) {
		int[] calls = { 0 };
		RequestReplyHandler handler = handler((context, message) -> {
			context.send(TARGET, Values.countOf(1));
			context.withHeaders(Headers.of("trace", "own")).send(TARGET, Values.countOf(2));
			context.forward(TARGET);
		}, (builder) -> builder.propagateHeaders(List.of("trace")).interceptor((invocation) -> {
			invocation.injectHeaders((headers) -> headers.accept("trace", "t-" + ++calls[0]));
			return invocation.proceed();
		}));
		Any received = Values.withHeader(Values.user("a"), "trace", "t-0");
		assertThat(call(handler, dialect, Cluster.request(received)).sent()).containsExactly(
				new Sent("a/b/1", Values.withHeader(Values.count(1), "trace", "t-1")),
				new Sent("a/b/1", Values.withHeader(Values.count(2), "trace", "own")),
				new Sent("a/b/1", Values.withHeader(Values.user("a"), "trace", "t-3")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void injectorsAddUpAndTheLastOneOfAKeyCounts(Dialect dialect) {
		RequestReplyHandler handler = handler((context, message) -> context.send(TARGET, Values.countOf(1)),
				(builder) -> builder.interceptor((invocation) -> {
					invocation.injectHeaders((headers) -> {
						headers.accept("outer", "o");
						headers.accept("both", "outer");
					});
					return invocation.proceed();
				}).interceptor((invocation) -> {
					invocation.injectHeaders((headers) -> headers.accept("both", "inner"));
					return invocation.proceed();
				}));
		assertThat(call(handler, dialect, Cluster.request(Values.user("a"))).sent()).containsExactly(new Sent("a/b/1",
				Values.withHeader(Values.withHeader(Values.count(1), "outer", "o"), "both", "inner")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void injectorIsRefusedAfterTheInvocation(Dialect dialect) {
		List<Invocation> kept = new ArrayList<>();
		RequestReplyHandler handler = handler((context, message) -> {
		}, (builder) -> builder.interceptor((invocation) -> {
			kept.add(invocation);
			return invocation.proceed();
		}));
		call(handler, dialect, Cluster.request(Values.user("a")).message(Values.user("b")));
		assertThatIllegalStateException().isThrownBy(() -> kept.get(0).injectHeaders((headers) -> {
		})).withMessageContaining("was used after its invocation had ended");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void retriedMessageKeepsHeadersAndInjector(Dialect dialect) {
		int[] attempts = { 0 };
		RequestReplyHandler handler = handler((context, message) -> {
			context.send(TARGET, Values.countOf(++attempts[0]));
			if (attempts[0] == 1) {
				throw new IllegalStateException("first attempt of " + context.headers().get("tenant"));
			}
		}, (builder) -> builder.propagateHeaders(List.of("tenant")).interceptor((invocation) -> {
			invocation.injectHeaders((headers) -> headers.accept("trace", "t"));
			return invocation.proceed();
		}).interceptor((invocation) -> {
			try {
				return invocation.proceed();
			}
			catch (IllegalStateException ex) {
				return invocation.proceed();
			}
		}));
		assertThat(call(handler, dialect, Cluster.request(tenant("acme"))).sent()).containsExactly(new Sent("a/b/1",
				Values.withHeader(Values.withHeader(Values.count(2), "tenant", "acme"), "trace", "t")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void deadLetterKnowsTheHeaders(Dialect dialect) throws Exception {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				throw new IllegalStateException("poison");
			})
			.build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.propagateHeaders(List.of("tenant"))
			.failurePolicy((failed) -> FailureAction.deadLetter(EgressId.parse("a/dead"),
					KafkaRecord.forTopic("dead").value(DeadLetter.of(failed, Instant.EPOCH).toProtobuf()).build()))
			.build();
		ClusterReply reply = call(handler, dialect,
				Cluster.request(Values.withHeader(Values.withHeader(tenant("acme"), "empty", ""), "absent", null)));
		KafkaProducerRecord record = KafkaProducerRecord.parseFrom(reply.records().get(0).message().getValue());
		assertThat(dev.statefun.deadletter.DeadLetter.parseFrom(record.getValueBytes()).getHeadersList())
			.extracting((header) -> header.getKey() + "=" + header.getValue().toStringUtf8() + header.getHasValue())
			.containsExactly("tenant=acmetrue", "empty=true", "absent=false");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void deadLetterThatIsSentAgainHasItsHeaders(Dialect dialect) throws Exception {
		Any original = Values.withHeader(Values.withHeader(Values.withHeader(tenant("a"), "tenant", "b"), "empty", ""),
				"absent", null);
		byte[] letter = deadLetterOf(original, dialect).toProtobuf();
		Cluster cluster = Cluster.of(dialect, (context, message) -> {
			var read = dev.statefun.deadletter.DeadLetter.parseFrom(letter);
			List<Entry> entries = read.getHeadersList()
				.stream()
				.map((header) -> new Entry(header.getKey(), header.getHasValue() ? header.getValue() : null))
				.toList();
			context.withHeaders(Headers.ofAll(entries)).send(TARGET, Values.of(read.getType(), read.getValue()));
		});
		assertThat(cluster.call(Values.user("again")).sent()).containsExactly(new Sent("a/b/1", original));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void jsonOfADeadLetterHasTheHeaders(Dialect dialect) {
		Any original = Values.withHeader(Values.withHeader(tenant("a"), "k\"ey", ""), "absent", null);
		assertThat(new String(deadLetterOf(original, dialect).toJson(), StandardCharsets.UTF_8)).endsWith("""
				,"headers":[{"key":"tenant","value":"YQ==","hasValue":true},\
				{"key":"k\\"ey","value":"","hasValue":true},{"key":"absent"}]}""");
		assertThat(new String(deadLetterOf(Values.user("a"), dialect).toJson(), StandardCharsets.UTF_8))
			.doesNotContain("headers");
	}

	private static DeadLetter deadLetterOf(Any message, Dialect dialect) {
		List<DeadLetter> letters = new ArrayList<>();
		RequestReplyHandler handler = handler((context, received) -> {
			throw new IllegalStateException("poison");
		}, (builder) -> builder.failurePolicy((failed) -> {
			letters.add(DeadLetter.of(failed, Instant.EPOCH));
			return FailureAction.skip();
		}));
		call(handler, dialect, Cluster.request(message));
		return letters.get(0);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void kafkaRecordsHaveHeadersWhereTheRuntimeKnowsThem(Dialect dialect) throws Exception {
		FunctionHandler function = (context, message) -> {
			Context with = context.withHeaders(Headers.of("tenant", "acme"));
			with.sendEgress("a/kafka", record());
			with.sendEgress("a/kinesis", KinesisRecord.forStream("s").partitionKey("k").utf8Value("v").build());
		};
		ClusterReply apache = call(handler(function, (builder) -> builder), dialect, Cluster.request(tenant("x")));
		ClusterReply fork = call(handler(function, RequestReplyHandler.Builder::kafkaRecordHeaders), dialect,
				Cluster.request(tenant("x")));
		Any expected = Values.withHeader(Any.getDefaultInstance(), "tenant", "acme");
		assertThat(apache.records())
			.allSatisfy((sent) -> assertThat(sent.message().getUnknownFields()).isEqualTo(expected.getUnknownFields()));
		assertThat(fieldsOfRecord(apache, 0)).isEqualTo(Any.getDefaultInstance().getUnknownFields());
		assertThat(fieldsOfRecord(fork, 0)).isEqualTo(expected.getUnknownFields());
		assertThat(fork.records().get(1)).isEqualTo(apache.records().get(1));
	}

	private static EgressRecord record() {
		return KafkaRecord.forTopic("t").key("k").utf8Value("v").build();
	}

	private static UnknownFieldSet fieldsOfRecord(ClusterReply reply, int index) throws Exception {
		return KafkaProducerRecord.parseFrom(reply.records().get(index).message().getValue()).getUnknownFields();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void headersOfParallelStagesStayWithTheirMessages(Dialect dialect) {
		int messages = 50;
		StatefulFunctions functions = StatefulFunctions.builder().register(Cluster.FUNCTION, new Object() {

			@Handler
			CompletableFuture<Void> on(int number, Context context) {
				return CompletableFuture.allOf(CompletableFuture.runAsync(() -> send(number, context)),
						CompletableFuture.runAsync(() -> send(number, context)));
			}

			private void send(int number, Context context) {
				context.withHeaders(Headers.of("own", "" + number)).send(TARGET, number);
			}

		}).build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.propagateHeaders(List.of("number"))
			.build();
		ClusterRequest request = Cluster.request();
		List<Sent> expected = new ArrayList<>();
		for (int i = 0; i < messages; i++) {
			request.message(Values.withHeader(Values.integer(i), "number", "n-" + i));
			Any sent = Values.withHeader(Values.withHeader(Values.integer(i), "number", "n-" + i), "own", "" + i);
			expected.addAll(List.of(new Sent("a/b/1", sent), new Sent("a/b/1", sent)));
		}
		assertThat(call(handler, dialect, request).sent()).isEqualTo(expected);
	}

	private static RequestReplyHandler handler(FunctionHandler function,
			UnaryOperator<RequestReplyHandler.Builder> options) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of(Cluster.FUNCTION), function)
			.build();
		return options.apply(RequestReplyHandler.builder(functions)).build();
	}

	private static ClusterReply call(RequestReplyHandler handler, Dialect dialect, ClusterRequest request) {
		boolean v3 = dialect == Dialect.V3;
		return ClusterReply.of(v3, Cluster.replyOf(handler.handle(request.toByteArray(v3))));
	}

	private static Any tenant(String tenant) {
		return Values.withHeader(Values.user("a"), "tenant", tenant);
	}

	private static Entry entry(String key, String value) {
		return new Entry(key, ByteString.copyFromUtf8(value));
	}

	private static ByteString bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return ByteString.copyFrom(bytes);
	}

}
