package dev.statefun.sdk.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BatchListener}.
 */
class BatchListenerTests {

	private static final FunctionType FUNCTION = FunctionType.parse(Cluster.FUNCTION);

	private final List<BatchReport> reports = new ArrayList<>();

	@Test
	void handledBatchIsReportedAsReplied() {
		Cluster.replyOf(send(FunctionSpec.of(FUNCTION), (context, message) -> {
		}, Cluster.request(Values.user("a")).toV2().toByteArray()));
		assertReported(FUNCTION, BatchOutcome.REPLIED);
	}

	@Test
	void batchWithoutItsStatesOn3xIsReportedAsMissingState() {
		Cluster.replyOf(send(FunctionSpec.of(FUNCTION).state("count", Count.class), (context, message) -> {
		}, Cluster.request(Values.user("a")).toV3().toByteArray()));
		assertReported(FUNCTION, BatchOutcome.MISSING_STATE);
	}

	@Test
	void batchWithoutItsStatesOn2xIsReportedAsRefused() {
		Cluster.failureOf(send(FunctionSpec.of(FUNCTION).state("count", Count.class), (context, message) -> {
		}, Cluster.request(Values.user("a")).toV2().toByteArray()));
		assertReported(FUNCTION, BatchOutcome.REFUSED);
	}

	@Test
	void failedBatchIsReportedAsRetried() {
		Cluster.failureOf(send(FunctionSpec.of(FUNCTION), (context, message) -> {
			throw new IllegalStateException();
		}, Cluster.request(Values.user("a")).toV3().toByteArray()));
		assertReported(FUNCTION, BatchOutcome.RETRIED);
	}

	@Test
	void requestForAnUnknownFunctionIsReportedAsRefused() {
		Cluster.failureOf(send(FunctionSpec.of("example/other"), (context, message) -> {
		}, Cluster.request(Values.user("a")).toV3().toByteArray()));
		assertThat(this.reports).singleElement().satisfies((report) -> {
			assertThat(report.function()).isNull();
			assertThat(report.outcome()).isEqualTo(BatchOutcome.REFUSED);
		});
	}

	@Test
	void bytesThatAreNoRequestAreReportedAsRefused() {
		Cluster.failureOf(send(FunctionSpec.of(FUNCTION), (context, message) -> {
		}, new byte[] { 1, 2, 3 }));
		assertThat(this.reports).singleElement().satisfies((report) -> {
			assertThat(report.function()).isNull();
			assertThat(report.outcome()).isEqualTo(BatchOutcome.REFUSED);
		});
	}

	@Test
	void batchWithAPendingStageIsReportedWhenItEnds() {
		CompletableFuture<Object> pending = new CompletableFuture<>();
		CompletionStage<byte[]> reply = send(new Waiting(pending), Values.user("a"));
		assertThat(this.reports).isEmpty();
		pending.complete(Any.getDefaultInstance());
		Cluster.replyOf(reply);
		assertReported(FUNCTION, BatchOutcome.REPLIED);
	}

	@Test
	void batchWithAFailedStageIsReportedAsRetried() {
		CompletableFuture<Object> pending = new CompletableFuture<>();
		CompletionStage<byte[]> reply = send(new Waiting(pending), Values.user("a"));
		pending.completeExceptionally(new IllegalStateException());
		assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class);
		assertReported(FUNCTION, BatchOutcome.RETRIED);
	}

	@Test
	void replyThatCannotBeWrittenIsReportedAsRetried() {
		// An immutable value is encoded when the batch is complete, so it only fails
		// then
		Cluster.failureOf(send(FunctionSpec.of(FUNCTION).state("text", String.class),
				(context, message) -> context.state("text", String.class).set("\ud800"),
				Cluster.request(Values.user("a")).absentState("text").toV3().toByteArray()));
		assertReported(FUNCTION, BatchOutcome.RETRIED);
	}

	@Test
	void exceptionOfAListenerFailsTheBatch() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(Cluster.FUNCTION,
					new Waiting(CompletableFuture.failedFuture(new IllegalArgumentException("bad"))))
			.build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions).listener(new BatchListener() {

			@Override
			public void batchEnded(BatchReport report) {
				BatchListenerTests.this.reports.add(report);
			}

			@Override
			public void invocationFailed(FailedInvocation failed, FailureAction action) {
				throw new IllegalStateException("listener");
			}

		}).failurePolicy((failed) -> FailureAction.skip()).build();
		byte[] request = Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.toV3()
			.toByteArray();
		assertThat(Cluster.failureOf(handler.handle(request))).isInstanceOf(InvocationFailedException.class)
			.hasRootCauseMessage("listener");
		assertReported(FUNCTION, BatchOutcome.RETRIED);
	}

	@Test
	void failureIsTheSameWithAndWithoutAListener() {
		// A caller that checks the type of the exception must not have to unwrap it
		byte[] request = { 1, 2, 3 };
		StatefulFunctions functions = StatefulFunctions.builder().build();
		List<RequestReplyHandler> handlers = List.of(new RequestReplyHandler(functions),
				RequestReplyHandler.builder(functions).listener(this.reports::add).build());
		for (RequestReplyHandler handler : handlers) {
			AtomicReference<Throwable> seen = new AtomicReference<>();
			handler.handle(request).whenComplete((reply, ex) -> seen.set(ex));
			assertThat(seen.get()).isInstanceOf(RequestRefusedException.class);
		}
	}

	private CompletionStage<byte[]> send(FunctionSpec spec, FunctionHandler function, byte[] request) {
		return handler(StatefulFunctions.builder().register(spec, function)).handle(request);
	}

	private CompletionStage<byte[]> send(Waiting function, Any message) {
		return handler(StatefulFunctions.builder().register(Cluster.FUNCTION, function)).handle(
				Cluster.request().messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, message).toV3().toByteArray());
	}

	private RequestReplyHandler handler(StatefulFunctions.Builder functions) {
		return RequestReplyHandler.builder(functions.build()).listener(this.reports::add).build();
	}

	private void assertReported(FunctionType function, BatchOutcome outcome) {
		assertThat(this.reports).singleElement().satisfies((report) -> {
			assertThat(report.function()).isEqualTo(function);
			assertThat(report.outcome()).isEqualTo(outcome);
			assertThat(report.duration()).isBetween(Duration.ZERO, Cluster.BOUND);
		});
	}

	/**
	 * Returns a stage.
	 *
	 * @param stage the stage
	 */
	record Waiting(CompletionStage<Object> stage) {

		@Handler
		CompletionStage<Object> on(User user) {
			return this.stage;
		}

	}

}
