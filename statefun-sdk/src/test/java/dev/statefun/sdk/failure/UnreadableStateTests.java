package dev.statefun.sdk.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnreadableStateException} and its kind of failure.
 */
class UnreadableStateTests {

	private static final String INT = "io.statefun.types/int";

	private static final String STRING = "io.statefun.types/string";

	private static final FunctionSpec COUNTER = FunctionSpec.of(Cluster.FUNCTION).state("count", Integer.class);

	private static final Any NO_INT = Values.of(INT, Values.longInteger(1).getValue());

	private static final FunctionHandler READ = (context, message) -> context.state("count", Integer.class).get();

	private final List<FailedInvocation> failed = new ArrayList<>();

	private final List<FailureAction> actions = new ArrayList<>();

	static Stream<Arguments> unreadable() {
		FunctionHandler readRaw = (context, message) -> context.state("count").get();
		FunctionHandler write = (context, message) -> context.state("count", Integer.class).set(1);
		FunctionHandler writeRaw = (context, message) -> context.state("count").set(Values.integer(1));
		FunctionHandler removeAndWrite = (context, message) -> {
			context.state("count", Integer.class).remove();
			context.state("count", Integer.class).set(1);
		};
		FunctionSpec undeclared = FunctionSpec.of(Cluster.FUNCTION);
		return Stream.of(Arguments.of(Dialect.V2, COUNTER, Values.text("x"), READ, STRING),
				Arguments.of(Dialect.V3, COUNTER, Values.text("x"), READ, STRING),
				Arguments.of(Dialect.V2, COUNTER, Values.text("x"), readRaw, STRING),
				Arguments.of(Dialect.V3, COUNTER, Values.text("x"), readRaw, STRING),
				Arguments.of(Dialect.V2, COUNTER, NO_INT, READ, INT),
				Arguments.of(Dialect.V3, COUNTER, NO_INT, READ, INT),
				Arguments.of(Dialect.V3, COUNTER, Values.text("x"), write, STRING),
				Arguments.of(Dialect.V3, COUNTER, Values.text("x"), writeRaw, STRING),
				Arguments.of(Dialect.V3, COUNTER, Values.text("x"), removeAndWrite, STRING),
				Arguments.of(Dialect.V2, undeclared, Values.text("x"), READ, STRING),
				Arguments.of(Dialect.V2, undeclared, NO_INT, READ, INT));
	}

	@ParameterizedTest
	@MethodSource("unreadable")
	void unreadableStateHasItsOwnKindAndNamesFunctionStateAndBothTypes(Dialect dialect, FunctionSpec spec, Any stored,
			FunctionHandler function, String found) {
		Throwable failure = fail(dialect, spec, stored, function, null);
		assertThat(failure).isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("Function 'example/function' failed for id 'id-1'")
			.hasMessageContaining("State 'count' of function 'example/function'")
			.hasMessageContaining("'" + found + "'")
			.hasMessageContaining("; expected ");
		assertThat(this.failed).singleElement().satisfies((failed) -> {
			assertThat(failed.kind()).isEqualTo(FailureKind.UNREADABLE_STATE);
			assertThat(failed.cause()).isInstanceOfSatisfying(UnreadableStateException.class, (unreadable) -> {
				assertThat(unreadable.function()).hasToString(Cluster.FUNCTION);
				assertThat(unreadable.state()).isEqualTo("count");
				assertThat(unreadable.foundType()).hasValue(found);
				assertThat(unreadable.expectedType()).isEqualTo(INT);
			});
		});
		assertThat(this.actions).containsExactly(FailureAction.retry());
	}

	@Test
	void bytesThatAreNoAnyHaveNoType() {
		ClusterRequest request = Cluster.request(Values.text("go"))
			.state("count", Values.of(Values.ANY_TYPE, ByteString.copyFromUtf8("\u0007")));
		assertThat(Cluster.failureOf(handler(COUNTER, READ, null).handle(request.toV2().toByteArray())))
			.hasMessageContaining("not a google.protobuf.Any");
		assertThat(this.failed).singleElement().satisfies((failed) -> {
			assertThat(failed.kind()).isEqualTo(FailureKind.UNREADABLE_STATE);
			assertThat(failed.cause()).isInstanceOfSatisfying(UnreadableStateException.class,
					(unreadable) -> assertThat(unreadable.foundType()).isEmpty());
		});
	}

	@Test
	void errorForUndecodableBytesNamesTheExpectedClass() {
		assertThat(fail(Dialect.V3, COUNTER, NO_INT, READ, null)).hasMessageEndingWith(
				"State 'count' of function 'example/function' can't be read: its 9 bytes are no value of the type "
						+ "'io.statefun.types/int'; expected a 'java.lang.Integer'");
	}

	static Stream<FunctionHandler> wrapping() {
		return Stream.of((context, message) -> {
			try {
				READ.handle(context, message);
			}
			catch (IllegalStateException ex) {
				throw new CartException(new RuntimeException(ex));
			}
		}, (context, message) -> {
			try {
				READ.handle(context, message);
			}
			catch (IllegalStateException ex) {
				throw new InvalidMessageException("not valid", ex);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("wrapping")
	void wrappedExceptionIsFound(FunctionHandler function) {
		assertThat(fail(Dialect.V3, COUNTER, Values.text("x"), function, null)).hasMessageContaining(
				"caused by dev.statefun.sdk.failure.UnreadableStateException: State 'count' of function 'example/function' holds");
		assertThat(this.failed).singleElement().satisfies((failed) -> {
			assertThat(failed.kind()).isEqualTo(FailureKind.UNREADABLE_STATE);
			assertThat(failed.cause()).isNotInstanceOf(UnreadableStateException.class);
		});
	}

	@Test
	void failureOfAStageHasTheSameKind() {
		RequestReplyHandler handler = handler(new Object() {

			@Handler
			CompletableFuture<?> on(String text, @Persisted("count") PersistedValue<Integer> count) {
				return CompletableFuture.supplyAsync(count::get).exceptionally((ex) -> {
					throw new CompletionException(new CartException(ex));
				});
			}

		});
		ClusterRequest request = Cluster.request(Values.text("go")).state("count", Values.text("x"));
		assertThat(Cluster.failureOf(handler.handle(request.toV3().toByteArray())))
			.hasMessageContaining("UnreadableStateException: State 'count'");
		assertThat(this.failed).singleElement()
			.satisfies((failed) -> assertThat(failed.kind()).isEqualTo(FailureKind.UNREADABLE_STATE));
	}

	@Test
	@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void searchEndsInACycleOfCauses() {
		fail(Dialect.V3, COUNTER, Values.text("x"), (context, message) -> {
			throw new CircularException();
		}, null);
		assertThat(this.failed).singleElement()
			.satisfies((failed) -> assertThat(failed.kind()).isEqualTo(FailureKind.HANDLER));
	}

	@ParameterizedTest
	@EnumSource
	void policyDecidesAboutUnreadableStates(Dialect dialect) {
		byte[] request = Cluster.request(Values.text("go"))
			.state("count", Values.text("x"))
			.toByteArray(dialect == Dialect.V3);
		RequestReplyHandler handler = handler(COUNTER, READ, (failed) -> (failed.kind() == FailureKind.UNREADABLE_STATE)
				? FailureAction.skip() : FailureAction.retry());
		assertThat(ClusterReply.of(dialect == Dialect.V3, Cluster.replyOf(handler.handle(request))))
			.isEqualTo(ClusterReply.NOTHING);
		assertThat(this.actions).containsExactly(FailureAction.skip());
	}

	@Test
	void valueSetByTheMessageIsAMistakeOfTheHandler() {
		FunctionHandler setAndReadAsAnother = (context, message) -> {
			context.state("count", String.class).set("x");
			READ.handle(context, message);
		};
		fail(Dialect.V2, FunctionSpec.of(Cluster.FUNCTION), Values.integer(1), setAndReadAsAnother, null);
		RequestReplyHandler handler = handler(new Object() {

			@Handler
			void on(String text, @Persisted("one-way") PersistedValue<OneWay> value) {
				value.set(new OneWay());
				value.get();
			}

		});
		Cluster
			.failureOf(handler.handle(Cluster.request(Values.text("go")).absentState("one-way").toV3().toByteArray()));
		assertThat(this.failed).hasSize(2)
			.allSatisfy((failed) -> assertThat(failed.kind()).isEqualTo(FailureKind.HANDLER));
	}

	private Throwable fail(Dialect dialect, FunctionSpec spec, Any stored, FunctionHandler function,
			@Nullable FailurePolicy policy) {
		ClusterRequest request = Cluster.request(Values.text("go")).state("count", stored);
		return Cluster.failureOf(handler(spec, function, policy).handle(request.toByteArray(dialect == Dialect.V3)));
	}

	private RequestReplyHandler handler(FunctionSpec spec, FunctionHandler function, @Nullable FailurePolicy policy) {
		return handler(StatefulFunctions.builder().register(spec, function), policy);
	}

	private RequestReplyHandler handler(Object annotated) {
		return handler(StatefulFunctions.builder().codec(new OneWayCodec()).register(Cluster.FUNCTION, annotated),
				null);
	}

	private RequestReplyHandler handler(StatefulFunctions.Builder functions, @Nullable FailurePolicy policy) {
		RequestReplyHandler.Builder handler = RequestReplyHandler.builder(functions.build())
			.listener(new BatchListener() {

				@Override
				public void batchEnded(BatchReport report) {
				}

				@Override
				public void invocationFailed(FailedInvocation failed, FailureAction action) {
					UnreadableStateTests.this.failed.add(failed);
					UnreadableStateTests.this.actions.add(action);
				}

			});
		return ((policy != null) ? handler.failurePolicy(policy) : handler).build();
	}

	static final class CartException extends RuntimeException {

		CartException(Throwable cause) {
			super("no cart", cause);
		}

	}

	static final class CircularException extends RuntimeException {

		@Override
		public synchronized Throwable getCause() {
			return new IllegalStateException(this);
		}

	}

	/**
	 * A value that can be written but not read.
	 */
	record OneWay() {

	}

	private static final class OneWayCodec implements MessageCodec<OneWay> {

		@Override
		public Class<OneWay> type() {
			return OneWay.class;
		}

		@Override
		public String typename() {
			return "example/one-way";
		}

		@Override
		public boolean immutable() {
			return false;
		}

		@Override
		public OneWay decode(byte[] buffer, int offset, int length) {
			throw new IllegalArgumentException("one way");
		}

		@Override
		public byte[] encode(OneWay value) {
			return new byte[] { 1 };
		}

	}

}
