package dev.statefun.spring.observation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.handler.InvocationInterceptor;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.execution.StatefunExecutionAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for traces that go on through messages.
 */
class MessageTracesTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";

	private final InMemorySpanExporter spans = InMemorySpanExporter.create();

	private final ApplicationContextRunner untraced = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class,
				StatefunObservationAutoConfiguration.class, ObservationAutoConfiguration.class))
		.withUserConfiguration(Relay.class);

	private final ApplicationContextRunner traced = this.untraced
		.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
				OpenTelemetryTracingAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
		.withBean(SpanProcessor.class, () -> SimpleSpanProcessor.create(this.spans))
		.withPropertyValues("management.tracing.sampling.probability=1.0");

	@Test
	void traceOfTheMessageGoesOnToAllThatIsSent() {
		this.traced.run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			SpanData span = messageSpans().get(0);
			assertThat(span.getTraceId()).isEqualTo(TRACE);
			assertThat(span.getParentSpanId()).isEqualTo(SPAN);
			assertThat(traces(reply)).hasSize(4).containsOnly("00-" + TRACE + "-" + span.getSpanId() + "-01");
		});
	}

	@Test
	void messagesOfSeveralTracesAreLinkedWithTheirBatch() {
		this.traced.run((context) -> {
			String other = "00-" + TRACE.replace('0', '1') + "-" + SPAN + "-01";
			call(context.getBean(RequestReplyHandler.class), message(SAMPLED), message(other));
			SpanData batch = batchSpan();
			assertThat(messageSpans()).extracting(SpanData::getTraceId).containsExactly(TRACE, TRACE.replace('0', '1'));
			assertThat(messageSpans()).allSatisfy((span) -> assertThat(span.getLinks())
				.extracting((LinkData link) -> link.getSpanContext().getSpanId())
				.containsExactly(batch.getSpanId()));
		});
	}

	@Test
	void messageWithoutATraceBelongsToThatOfItsBatch() {
		this.traced.run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), Values.integer(1));
			SpanData span = messageSpans().get(0);
			assertThat(span.getParentSpanId()).isEqualTo(batchSpan().getSpanId());
			assertThat(span.getLinks()).isEmpty();
			assertThat(traces(reply)).hasSize(4)
				.allSatisfy((trace) -> assertThat(trace)
					.startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-"));
		});
	}

	@Test
	void headersThatAreNoTraceBeginOne() {
		this.traced.run((context) -> {
			Any garbage = Values.withField(Values.withHeader(Values.integer(1), "tracestate", "\u0000=,,="),
					Values.HEADERS,
					Values.withHeader(Any.getDefaultInstance(), "traceparent", "x")
						.getUnknownFields()
						.getField(Values.HEADERS)
						.getLengthDelimitedList()
						.get(0)
						.concat(ByteString.copyFrom(new byte[] { 0x12, 1, -1 })));
			for (Any message : List.of(garbage, message("00-nonsense"), message(""))) {
				this.spans.reset();
				ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message);
				SpanData span = messageSpans().get(0);
				assertThat(span.getParentSpanId()).isEqualTo(batchSpan().getSpanId());
				assertThat(traces(reply)).hasSize(4)
					.allSatisfy((trace) -> assertThat(trace)
						.startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-"));
			}
		});
	}

	@Test
	void decisionNotToSampleIsKept() {
		this.traced.run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class),
					message("00-" + TRACE + "-" + SPAN + "-00"));
			assertThat(messageSpans()).isEmpty();
			assertThat(traces(reply)).hasSize(4)
				.allSatisfy((trace) -> assertThat(trace).startsWith("00-" + TRACE + "-").endsWith("-00"));
		});
	}

	@Test
	void spanOfTheHandlerIsTheParentOfWhatItSends() {
		this.traced.run((context) -> {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			context.getBean(Relay.class).program = (message, invocation) -> {
				Observation.createNotStarted("charge", registry).observe(() -> invocation.send("a/b", "1", message));
				return null;
			};
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			SpanData own = spans("charge").get(0);
			assertThat(own.getParentSpanId()).isEqualTo(messageSpans().get(0).getSpanId());
			assertThat(traces(reply)).containsExactly("00-" + TRACE + "-" + own.getSpanId() + "-01");
		});
	}

	@Test
	void spanOfATracerIsTheParentOfWhatIsSentWithin() {
		this.traced.run((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			context.getBean(Relay.class).program = (message, invocation) -> {
				Span span = tracer.nextSpan().name("charge").start();
				Tracer.SpanInScope scope = tracer.withSpan(span);
				invocation.send("a/b", "1", message);
				scope.close();
				span.end();
				return null;
			};
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			assertThat(traces(reply)).containsExactly("00-" + TRACE + "-" + spans("charge").get(0).getSpanId() + "-01");
		});
	}

	@Test
	void asynchronousRetryRunsInTheTraceOfTheMessage() {
		this.traced.withConfiguration(AutoConfigurations.of(StatefunExecutionAutoConfiguration.class))
			.withPropertyValues("statefun.failure.retry.max-retries=1", "statefun.failure.retry.delay=1ms")
			.run((context) -> {
				ObservationRegistry registry = context.getBean(ObservationRegistry.class);
				AtomicBoolean failed = new AtomicBoolean();
				context.getBean(Relay.class).program = (message, invocation) -> {
					if (failed.compareAndSet(false, true)) {
						return CompletableFuture.failedFuture(new IllegalStateException("first attempt"));
					}
					Observation.createNotStarted("charge", registry)
						.observe(() -> invocation.send("a/b", "1", message));
					return null;
				};
				ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
				SpanData own = spans("charge").get(0);
				assertThat(own.getParentSpanId()).isEqualTo(messageSpans().get(0).getSpanId());
				assertThat(traces(reply)).containsExactly("00-" + TRACE + "-" + own.getSpanId() + "-01");
			});
	}

	@Test
	void interceptorThatRepliesIsInTheTraceOfTheMessage() {
		this.traced.withBean(InvocationInterceptor.class, () -> (invocation) -> {
			invocation.context().reply(1);
			return null;
		}).run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			assertThat(traces(reply)).containsExactly("00-" + TRACE + "-" + messageSpans().get(0).getSpanId() + "-01");
		});
	}

	@Test
	void injectorOfAnInterceptorAddsToTheTrace() {
		this.traced.withBean(InvocationInterceptor.class, () -> (invocation) -> {
			invocation.injectHeaders((headers) -> headers.accept("tenant", "acme"));
			return invocation.proceed();
		}).run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			assertThat(traces(reply)).hasSize(4);
			assertThat(values(reply, "tenant")).hasSize(4).containsOnly("acme");
		});
	}

	@Test
	void threadInAnotherTraceSendsInThatOfTheMessage() {
		this.traced.run((context) -> {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			context.getBean(Relay.class).program = (message, invocation) -> CompletableFuture
				.runAsync(() -> Observation.createNotStarted("other", registry)
					.observe(() -> invocation.send("a/b", "1", message)));
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			assertThat(traces(reply)).containsExactly("00-" + TRACE + "-" + messageSpans().get(0).getSpanId() + "-01");
		});
	}

	@Test
	void traceIsTheCurrentOneOnEveryThread() {
		this.traced.run((context) -> {
			Tracer tracer = context.getBean(Tracer.class);
			List<String> current = new CopyOnWriteArrayList<>();
			context.getBean(Relay.class).program = (message, invocation) -> {
				Span span = Objects.requireNonNull(tracer.currentSpan());
				current.add(span.context().traceId() + "-" + span.context().spanId());
				return CompletableFuture.runAsync(() -> {
				}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
			};
			String other = "00-" + TRACE.replace('0', '1') + "-" + SPAN + "-01";
			call(context.getBean(RequestReplyHandler.class), message(SAMPLED), message(other));
			assertThat(current)
				.isEqualTo(messageSpans().stream().map((span) -> span.getTraceId() + "-" + span.getSpanId()).toList());
			assertThat(tracer.currentSpan()).isNull();
		});
	}

	@Test
	void baggageGoesOn() {
		this.traced.withPropertyValues("management.tracing.baggage.remote-fields=tenant").run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class),
					Values.withHeader(message(SAMPLED), "tenant", "acme"));
			assertThat(values(reply, "tenant")).hasSize(4).containsOnly("acme");
		});
	}

	@Test
	void traceOfAMessageThatIsNotObservedGoesOn() {
		this.traced.withBean(ObservationPredicate.class, () -> (name, observed) -> !name.equals("statefun.invocation"))
			.run((context) -> {
				ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
				assertThat(messageSpans()).isEmpty();
				assertThat(traces(reply)).hasSize(4).containsOnly(SAMPLED);
			});
	}

	@Test
	void deadLetterBelongsToTheTraceOfItsMessage() {
		this.traced
			.withPropertyValues("statefun.failure.policy=dead-letter", "statefun.failure.dead-letter.egress=a/dead",
					"statefun.failure.dead-letter.topic=dead")
			.run((context) -> {
				context.getBean(Relay.class).program = (message, invocation) -> {
					throw new IllegalStateException("poison");
				};
				ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
				assertThat(traces(reply))
					.containsExactly("00-" + TRACE + "-" + messageSpans().get(0).getSpanId() + "-01");
			});
	}

	@Test
	void withoutHeadersEachBatchHasATraceOfItsOwn() {
		this.traced.withPropertyValues("statefun.headers.enabled=false").run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			assertThat(messageSpans().get(0).getTraceId()).isNotEqualTo(TRACE);
			assertThat(traces(reply)).isEmpty();
		});
	}

	@Test
	void tracingMayBeAbsentFromTheClassPath() {
		this.untraced.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
			.withPropertyValues("statefun.observations.invocations=true", "statefun.observations.batches=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(traces(call(context.getBean(RequestReplyHandler.class), message(SAMPLED)))).isEmpty();
			});
	}

	@Test
	void withoutTracingNothingIsWritten() {
		this.untraced.run((context) -> {
			assertThat(context).doesNotHaveBean(MessageTraces.class).doesNotHaveBean(MessageTracingHandler.class);
			assertThat(traces(call(context.getBean(RequestReplyHandler.class), message(SAMPLED)))).isEmpty();
		});
	}

	@Test
	void withoutTracingTheTraceCanBePropagatedAsAHeader() {
		this.untraced.withPropertyValues("statefun.headers.propagate=traceparent").run((context) -> {
			ClusterReply reply = call(context.getBean(RequestReplyHandler.class), message(SAMPLED));
			assertThat(traces(reply)).hasSize(4).containsOnly(SAMPLED);
		});
	}

	private static Any message(String traceparent) {
		return Values.withHeader(Values.integer(1), "traceparent", traceparent);
	}

	private static ClusterReply call(RequestReplyHandler handler, Any... messages) {
		ClusterRequest request = ClusterRequest.v3("test/relay", "a");
		for (Any message : messages) {
			request.messageFrom("test/caller", "x", message);
		}
		return ClusterReply.v3(handler.handle(request.toByteArray()).toCompletableFuture().join());
	}

	private static List<String> traces(ClusterReply reply) {
		return values(reply, "traceparent");
	}

	private static List<String> values(ClusterReply reply, String key) {
		Stream<Any> messages = Stream
			.of(reply.sent().stream().map(ClusterReply.Sent::message),
					reply.delayed().stream().map(ClusterReply.Delayed::message),
					reply.records().stream().map(ClusterReply.Egress::message))
			.flatMap((sent) -> sent);
		return messages.map((message) -> Headers.ofMessage(message.toByteArray()))
			.flatMap((headers) -> headers.all().stream().filter((entry) -> entry.key().equals(key)))
			.map((entry) -> (entry.value() != null) ? entry.value().toStringUtf8() : "")
			.toList();
	}

	private List<SpanData> messageSpans() {
		return spans("invoke test/relay");
	}

	private SpanData batchSpan() {
		return spans("batch test/relay").get(0);
	}

	private List<SpanData> spans(String name) {
		return this.spans.getFinishedSpanItems().stream().filter((span) -> span.getName().equals(name)).toList();
	}

	/**
	 * Sends a message in each of the four ways, unless a test has another program.
	 */
	@StatefulFunction("test/relay")
	static class Relay {

		private BiFunction<Integer, Context, @Nullable CompletionStage<?>> program = Relay::sendInEachWay;

		@Handler
		@Nullable CompletionStage<?> on(int message, Context context) {
			return this.program.apply(message, context);
		}

		private static CompletionStage<?> sendInEachWay(int message, Context context) {
			context.send("a/b", "1", message);
			context.sendAfter(Duration.ofSeconds(1), Address.of("a/b", "1"), message);
			context.sendEgress("a/egress", message);
			return CompletableFuture.completedFuture(message);
		}

	}

}
