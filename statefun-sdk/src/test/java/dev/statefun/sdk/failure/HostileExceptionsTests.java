package dev.statefun.sdk.failure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that exceptions whose causes form a cycle or whose methods throw are handled like
 * any others.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileExceptionsTests {

	private static final EgressId LETTERS = EgressId.parse("example/letters");

	static Stream<Arguments> failures() {
		return Stream.of(Kind.values())
			.flatMap((kind) -> Stream.of(Way.values()).map((way) -> Arguments.of(kind, way)));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void withoutPolicyTheBatchFails(Kind kind, Way way) {
		Throwable thrown = kind.create.get();
		assertThat(failureOf(call(handler(thrown, way, null)))).isInstanceOf(InvocationFailedException.class)
			.satisfies((failure) -> assertThat(failure.getMessage())
				.startsWith("Function 'example/function' failed for id 'id-1' on message 2 of 3, ")
				.contains(kind.create.get().getClass().getName()))
			.satisfies((failure) -> assertThat(failure.getCause() == thrown).isTrue());
	}

	@ParameterizedTest
	@MethodSource("failures")
	void policyDecidesAboutTheException(Kind kind, Way way) {
		Throwable thrown = kind.create.get();
		List<FailedInvocation> decided = new ArrayList<>();
		byte[] reply = replyOf(call(handler(thrown, way, (failed) -> {
			decided.add(failed);
			return FailureAction.skip();
		})));
		assertThat(ClusterReply.v3(reply).sent()).hasSize(2);
		assertThat(decided).singleElement().satisfies((failed) -> {
			assertThat(failed.cause() == thrown).isTrue();
			assertThat(failed.kind()).isEqualTo(FailureKind.HANDLER);
		});
	}

	@ParameterizedTest
	@MethodSource("failures")
	void deadLetterIsSent(Kind kind, Way way) {
		byte[] reply = replyOf(call(handler(kind.create.get(), way,
				(failed) -> FailureAction.deadLetter(LETTERS,
						KafkaRecord.forTopic("dead")
							.key("key")
							.value(DeadLetter.of(failed, Instant.EPOCH).toProtobuf())
							.build()))));
		assertThat(ClusterReply.v3(reply).records()).hasSize(1);
	}

	@ParameterizedTest
	@MethodSource("failures")
	void policyThatRethrowsFailsTheBatch(Kind kind, Way way) {
		Throwable thrown = kind.create.get();
		assertThat(failureOf(call(handler(thrown, way, (failed) -> {
			throw sneaky(failed.cause());
		})))).isInstanceOf(InvocationFailedException.class)
			.satisfies((failure) -> assertThat(failure.getCause() == thrown).isTrue());
	}

	@ParameterizedTest
	@MethodSource("failures")
	void listenerThatRethrowsFailsTheBatch(Kind kind, Way way) {
		RequestReplyHandler handler = builder(kind.create.get(), way).listener(new BatchListener() {

			@Override
			public void batchEnded(BatchReport report) {
			}

			@Override
			public void invocationFailed(FailedInvocation failed, FailureAction action) {
				throw sneaky(failed.cause());
			}

		}).build();
		assertThat(failureOf(call(handler))).isInstanceOf(InvocationFailedException.class);
	}

	@Test
	void unreadableStateIsFoundInACycleOfCauses() {
		CircularException circle = new CircularException();
		UnreadableStateException unreadable = new UnreadableStateException(FunctionType.parse("example/function"),
				"seen", null, "example/Seen", "unreadable", circle);
		circle.initCause(unreadable);
		assertThat(UnreadableStateException.findIn(circle)).containsSame(unreadable);
		assertThat(ExceptionWrappers.unwrap(circle)).isSameAs(unreadable);
	}

	// The exception must not reach the report of a failed test, which would fail
	// itself
	private static byte[] replyOf(CompletionStage<byte[]> stage) {
		return stage.handle((reply, ex) -> {
			if (ex != null) {
				throw new AssertionError("the request failed");
			}
			return reply;
		}).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	private static Throwable failureOf(CompletionStage<byte[]> stage) {
		return stage.handle((reply, ex) -> {
			if (ex == null) {
				throw new AssertionError("the request did not fail");
			}
			return ex;
		}).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	private static CompletionStage<byte[]> call(RequestReplyHandler handler) {
		try {
			return handler.handle(batch());
		}
		catch (Throwable ex) {
			throw new AssertionError("thrown instead of a failed reply: " + ex.getClass());
		}
	}

	private static byte[] batch() {
		return Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text("first"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text("poison"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text("third"))
			.toV3()
			.toByteArray();
	}

	private static RequestReplyHandler handler(Throwable thrown, Way way, @Nullable FailurePolicy policy) {
		RequestReplyHandler.Builder builder = builder(thrown, way);
		return ((policy != null) ? builder.failurePolicy(policy) : builder).build();
	}

	private static RequestReplyHandler.Builder builder(Throwable thrown, Way way) {
		return RequestReplyHandler
			.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, new Thrower(thrown, way)).build());
	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> RuntimeException sneaky(Throwable thrown) throws X {
		throw (X) thrown;
	}

	/**
	 * Ways in which a handler fails.
	 */
	enum Way {

		THROWN, FAILED_STAGE, FAILED_LATER, OTHER_STAGE

	}

	/**
	 * Exceptions with which it fails.
	 */
	enum Kind {

		CIRCLE_OF_WRAPPERS(() -> {
			CircularException circle = new CircularException();
			circle.initCause(new ExecutionException(circle));
			return circle;
		}),

		CIRCLE_OF_OTHERS(() -> {
			RuntimeException first = new RuntimeException("first");
			first.initCause(new IllegalStateException("second", first));
			return first;
		}),

		ITS_OWN_CAUSE(SelfCaused::new),

		SUPPRESSED_EACH_OTHER(() -> {
			RuntimeException first = new RuntimeException("first");
			RuntimeException second = new RuntimeException("second");
			first.addSuppressed(second);
			second.addSuppressed(first);
			return first;
		}),

		MESSAGE_FAILS(() -> new Failing("getMessage", new IllegalStateException("no text"))),

		MESSAGE_IS_AN_ERROR(() -> new Failing("getMessage", new AssertionError("no text"))),

		TEXT_IS_AN_ERROR(() -> new Failing("toString", new AssertionError("no text"))),

		CAUSE_FAILS(() -> new Failing("getCause", new IllegalStateException("no cause"))),

		CAUSE_IS_AN_ERROR(() -> new Failing("getCause", new AssertionError("no cause"))),

		CAUSE_OVERFLOWS(() -> new Failing("getCause", new StackOverflowError("no cause"))),

		CAUSE_OF_A_WRAPPER_IS_AN_ERROR(FailingWrapper::new);

		private final Supplier<Throwable> create;

		Kind(Supplier<Throwable> create) {
			this.create = create;
		}

	}

	/**
	 * Throws at the second message.
	 *
	 * @param thrown the exception
	 * @param way the way in which it fails
	 */
	record Thrower(Throwable thrown, Way way) {

		@Handler
		@Nullable CompletionStage<String> on(String text) throws Throwable {
			if (!text.equals("poison")) {
				return CompletableFuture.completedFuture(text);
			}
			CompletableFuture<String> stage = new CompletableFuture<>();
			switch (this.way) {
				case THROWN -> throw this.thrown;
				case FAILED_LATER -> CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
					.execute(() -> stage.completeExceptionally(this.thrown));
				case OTHER_STAGE -> {
					CompletableFuture<String> other = new OtherStage();
					other.completeExceptionally(this.thrown);
					return other;
				}
				default -> stage.completeExceptionally(this.thrown);
			}
			return stage;
		}

	}

	/**
	 * A stage that is no CompletableFuture.
	 */
	private static final class OtherStage extends CompletableFuture<String> {

	}

	private static final class CircularException extends CompletionException {

		private CircularException() {
			super("circular");
		}

	}

	private static final class SelfCaused extends RuntimeException {

		@Override
		public synchronized Throwable getCause() {
			return this;
		}

	}

	private static final class FailingWrapper extends CompletionException {

		private FailingWrapper() {
			super("wraps nothing that could be asked for");
		}

		@Override
		public synchronized Throwable getCause() {
			throw new AssertionError("no cause");
		}

	}

	private static final class Failing extends RuntimeException {

		private final String method;

		private final Throwable thrown;

		private Failing(String method, Throwable thrown) {
			this.method = method;
			this.thrown = thrown;
		}

		private void failAt(String method) {
			if (this.method.equals(method)) {
				throw sneaky(this.thrown);
			}
		}

		@Override
		public @Nullable String getMessage() {
			failAt("getMessage");
			return super.getMessage();
		}

		@Override
		public synchronized @Nullable Throwable getCause() {
			failAt("getCause");
			return super.getCause();
		}

		@Override
		public String toString() {
			failAt("toString");
			return super.toString();
		}

	}

}
