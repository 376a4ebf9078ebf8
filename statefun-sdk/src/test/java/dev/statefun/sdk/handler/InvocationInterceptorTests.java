package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link InvocationInterceptor}.
 */
class InvocationInterceptorTests {

	private final List<String> events = new ArrayList<>();

	private final Echo echo = new Echo();

	@ParameterizedTest
	@EnumSource
	void interceptorsRunInOrderAroundEveryMessage(Dialect dialect) {
		RequestReplyHandler handler = handler(logging("outer"), logging("inner"));
		assertThat(Cluster.replyOf(handler.handle(request("a", "b").toByteArray(dialect == Dialect.V3)))).isNotEmpty();
		assertThat(this.events).containsExactly("outer before a", "inner before a", "handled a", "inner after a",
				"outer after a", "outer before b", "inner before b", "handled b", "inner after b", "outer after b");
	}

	@Test
	void proceedReturnsTheStageOfTheHandler() {
		CompletableFuture<String> pending = new CompletableFuture<>();
		this.echo.pending = pending;
		RequestReplyHandler handler = handler((invocation) -> {
			Object result = invocation.proceed();
			assertThat(result).isInstanceOf(CompletionStage.class);
			return Objects.requireNonNull((CompletionStage<?>) result).thenApply((value) -> value + ", intercepted");
		});
		CompletionStage<byte[]> reply = handler.handle(request("a").toV3().toByteArray());
		assertThat(reply.toCompletableFuture()).isNotDone();
		pending.complete("late");
		assertThat(replies(reply)).containsExactly(Values.text("late, intercepted"));
	}

	@Test
	void interceptorMayReplaceTheHandler() {
		RequestReplyHandler handler = handler((invocation) -> "not called");
		assertThat(replies(handler.handle(request("a").toV3().toByteArray())))
			.containsExactly(Values.text("not called"));
		assertThat(this.events).isEmpty();
	}

	@Test
	void interceptorSeesTheMessageAndTheContext() {
		List<Any> seen = new ArrayList<>();
		RequestReplyHandler handler = handler((invocation) -> {
			seen.add(invocation.message());
			invocation.context().sendEgress("example/audit", invocation.context().self().id());
			return invocation.proceed();
		});
		ClusterReply reply = ClusterReply.v3(Cluster.replyOf(handler.handle(request("a").toV3().toByteArray())));
		assertThat(seen).containsExactly(Values.text("a"));
		assertThat(reply.records()).startsWith(new ClusterReply.Egress("example/audit", Values.text(Cluster.ID)));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failureBeforeOrAfterTheHandlerFailsTheMessage(boolean before) {
		RequestReplyHandler handler = handler((invocation) -> {
			Object result = before ? null : invocation.proceed();
			if (invocation.message().equals(Values.text("a"))) {
				throw new IllegalArgumentException("refused " + result);
			}
			return before ? invocation.proceed() : result;
		});
		assertThat(Cluster.failureOf(handler.handle(request("a").toV3().toByteArray())))
			.isInstanceOf(InvocationFailedException.class)
			.hasRootCauseInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void interceptorSeesTheExceptionOfTheHandler() {
		List<Throwable> seen = new ArrayList<>();
		RequestReplyHandler handler = handler((invocation) -> {
			try {
				return invocation.proceed();
			}
			catch (IllegalArgumentException ex) {
				seen.add(ex);
				throw ex;
			}
		});
		assertThat(Cluster.failureOf(handler.handle(request("fail").toV3().toByteArray())))
			.isInstanceOf(InvocationFailedException.class);
		assertThat(seen).singleElement().satisfies((ex) -> assertThat(ex).hasMessage("made to fail"));
	}

	@ParameterizedTest
	@EnumSource
	void secondProceedDiscardsTheEffectsOfTheFirst(Dialect dialect) {
		RequestReplyHandler handler = handler((invocation) -> {
			try {
				return invocation.proceed();
			}
			catch (IllegalArgumentException ex) {
				return invocation.proceed();
			}
		});
		byte[] request = request("a", "fail once", "b").toByteArray(dialect == Dialect.V3);
		ClusterReply reply = ClusterReply.of(dialect == Dialect.V3, Cluster.replyOf(handler.handle(request)));
		assertThat(reply.records()).extracting(ClusterReply.Egress::message)
			.containsExactly(Values.text("a 1"), Values.text("fail once 2"), Values.text("b 3"));
		assertThat(reply.stateChanges()).containsExactly(new ClusterReply.StateChange("count", Values.integer(3)));
		assertThat(this.echo.contexts).hasSize(4);
		assertThatIllegalStateException()
			.isThrownBy(() -> this.echo.contexts.get(1).send("a/b", "c", "in the name of the next attempt"));
	}

	@Test
	void stageCanBeRetried() {
		RequestReplyHandler handler = handler(
				(invocation) -> ((CompletionStage<?>) Objects.requireNonNull(invocation.proceed()))
					.<Object>thenApply((value) -> value)
					.exceptionallyCompose((ex) -> {
						try {
							return ((CompletionStage<?>) Objects.requireNonNull(invocation.proceed()))
								.thenApply((value) -> value);
						}
						catch (Throwable again) {
							return CompletableFuture.failedFuture(again);
						}
					}));
		this.echo.pending = CompletableFuture.failedFuture(new IllegalStateException("first"));
		this.echo.next = CompletableFuture.completedFuture("second");
		ClusterReply reply = ClusterReply.v3(Cluster.replyOf(handler.handle(request("a").toV3().toByteArray())));
		assertThat(reply.sent()).extracting(ClusterReply.Sent::message).containsExactly(Values.text("second"));
		assertThat(reply.records()).hasSize(1);
	}

	@Test
	void invocationThatHasEndedCannotProceed() {
		List<Invocation> kept = new ArrayList<>();
		RequestReplyHandler handler = handler((invocation) -> {
			kept.add(invocation);
			return invocation.proceed();
		});
		Cluster.replyOf(handler.handle(request("a", "b").toV3().toByteArray()));
		for (Invocation late : kept) {
			assertThatIllegalStateException().isThrownBy(late::proceed)
				.withMessageContaining("was used after its invocation had ended");
		}
		assertThat(this.events).containsExactly("handled a", "handled b");
	}

	@Test
	void skippedMessageUnwindsItsInterceptors() {
		StatefulFunctions functions = StatefulFunctions.builder().register(Cluster.FUNCTION, this.echo).build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.failurePolicy((failed) -> FailureAction.skip())
			.interceptor((invocation) -> {
				try {
					return invocation.proceed();
				}
				finally {
					this.events.add("unwound");
				}
			})
			.build();
		Cluster.replyOf(handler.handle(request("fail", "b").toV3().toByteArray()));
		assertThat(this.events).containsExactly("handled fail", "unwound", "handled b", "unwound");
	}

	private InvocationInterceptor logging(String name) {
		return (invocation) -> {
			String text = invocation.message().getValue().substring(2).toStringUtf8();
			this.events.add(name + " before " + text);
			Object result = invocation.proceed();
			this.events.add(name + " after " + text);
			return result;
		};
	}

	private RequestReplyHandler handler(InvocationInterceptor... interceptors) {
		StatefulFunctions functions = StatefulFunctions.builder().register(Cluster.FUNCTION, this.echo).build();
		RequestReplyHandler.Builder handler = RequestReplyHandler.builder(functions);
		List.of(interceptors).forEach(handler::interceptor);
		return handler.build();
	}

	private static List<Any> replies(CompletionStage<byte[]> reply) {
		return ClusterReply.v3(Cluster.replyOf(reply)).sent().stream().map(ClusterReply.Sent::message).toList();
	}

	private static ClusterRequest request(String... texts) {
		ClusterRequest request = Cluster.request().absentState("count");
		for (String text : texts) {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text(text));
		}
		return request;
	}

	/**
	 * Counts its messages and sends the number.
	 */
	final class Echo {

		private final List<Context> contexts = new ArrayList<>();

		private @Nullable CompletionStage<String> pending;

		private @Nullable CompletionStage<String> next;

		private boolean failed;

		@Handler
		@Nullable CompletionStage<String> on(String text, @Persisted("count") PersistedValue<Integer> count, Context context) {
			InvocationInterceptorTests.this.events.add("handled " + text);
			this.contexts.add(context);
			count.set(count.get().orElse(0) + 1);
			context.sendEgress("example/out", text + " " + count.get().orElse(0));
			if (text.equals("fail") || (text.equals("fail once") && !this.failed)) {
				this.failed = true;
				throw new IllegalArgumentException("made to fail");
			}
			CompletionStage<String> stage = this.pending;
			this.pending = this.next;
			return stage;
		}

	}

}
