package dev.statefun.sdk.listener;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BatchObserver} and its threads.
 */
class BatchObserverTests {

	private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> new Thread(task, "elsewhere"));

	private final String here = Thread.currentThread().getName();

	// Observers may be notified of the end of a batch after its reply is complete
	@AfterEach
	void awaitOtherThread() throws InterruptedException {
		this.executor.shutdown();
		assertThat(this.executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void batchIsObservedAroundItsMessages() {
		Cluster.replyOf(handler((user) -> null).build().handle(request("a", "b")));
		assertThat(this.events).containsExactly("follow example/function/id-1", "enter on " + this.here, "next null",
				"handle a on " + this.here, "next null", "handle b on " + this.here, "leave on " + this.here,
				"end REPLIED");
	}

	@Test
	void threadThatCompletesAStageIsEntered() throws InterruptedException {
		CompletableFuture<Object> first = new CompletableFuture<>();
		CompletionStage<byte[]> reply = handler((user) -> user.equals("a") ? first : null).build()
			.handle(request("a", "b"));
		assertThat(this.events).endsWith("handle a on " + this.here, "leave on " + this.here);
		this.executor.execute(() -> first.complete(null));
		Cluster.replyOf(reply);
		awaitOtherThread();
		assertThat(this.events).containsExactly("follow example/function/id-1", "enter on " + this.here, "next null",
				"handle a on " + this.here, "leave on " + this.here, "enter on elsewhere", "next null",
				"handle b on elsewhere", "leave on elsewhere", "end REPLIED");
	}

	@Test
	void threadThatOnlyCompletesTheLastStageIsNotEntered() throws InterruptedException {
		CompletableFuture<Object> last = new CompletableFuture<>();
		CompletionStage<byte[]> reply = handler((user) -> last).build().handle(request("a"));
		this.executor.execute(() -> last.complete(null));
		Cluster.replyOf(reply);
		awaitOtherThread();
		assertThat(this.events).doesNotContain("enter on elsewhere").endsWith("end REPLIED");
	}

	@Test
	void threadThatAnInterceptorMovesToIsEntered() throws InterruptedException {
		RequestReplyHandler handler = handler((user) -> null)
			.interceptor((invocation) -> CompletableFuture.runAsync(() -> proceed(invocation), this.executor))
			.build();
		Cluster.replyOf(handler.handle(request("a")));
		awaitOtherThread();
		assertThat(this.events).containsSubsequence("enter on elsewhere", "next null", "handle a on elsewhere",
				"leave on elsewhere", "end REPLIED");
		assertThat(this.events).filteredOn((event) -> event.startsWith("enter"))
			.containsExactlyInAnyOrder("enter on " + this.here, "enter on elsewhere");
	}

	@Test
	void callerOfEachMessageIsReported() {
		byte[] request = Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.state("count", Values.count(1))
			.toV3()
			.toByteArray();
		Cluster.replyOf(handler((user) -> null).build().handle(request));
		assertThat(this.events).contains("next example/caller/c-1");
	}

	@Test
	void failureIsReportedAtTheEnd() {
		Cluster.failureOf(handler((user) -> {
			throw new IllegalStateException("bad");
		}).build().handle(request("a")));
		assertThat(this.events).endsWith("leave on " + this.here, "end RETRIED");
	}

	@Test
	void refusedBatchesAndThoseWithoutTheirStatesAreNotObserved() {
		RequestReplyHandler handler = handler((user) -> null).build();
		Cluster.replyOf(handler.handle(Cluster.request(Values.user("a")).toV3().toByteArray()));
		Cluster.failureOf(handler.handle(new byte[] { 1 }));
		assertThat(this.events).isEmpty();
	}

	@Test
	void observersAreNested() {
		RequestReplyHandler handler = handler((user) -> null).observer(recording("inner ")).build();
		Cluster.replyOf(handler.handle(request("a")));
		assertThat(this.events).containsExactly("follow example/function/id-1", "inner follow example/function/id-1",
				"enter on " + this.here, "inner enter on " + this.here, "next null", "inner next null",
				"handle a on " + this.here, "inner leave on " + this.here, "leave on " + this.here, "inner end REPLIED",
				"end REPLIED");
	}

	private static void proceed(Invocation invocation) {
		try {
			invocation.proceed();
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] request(String... names) {
		ClusterRequest request = Cluster.request();
		List.of(names).forEach((name) -> request.message(Values.user(name)));
		return request.state("count", Values.count(1)).toV3().toByteArray();
	}

	private RequestReplyHandler.Builder handler(Answer answer) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(Cluster.FUNCTION, new Recorded(this.events, answer))
			.build();
		return RequestReplyHandler.builder(functions).observer(recording(""));
	}

	private BatchObserver recording(String name) {
		return (self) -> {
			this.events.add(name + "follow " + self);
			return new RecordingScope(name);
		};
	}

	/**
	 * Result of the function.
	 */
	@FunctionalInterface
	interface Answer {

		@Nullable CompletionStage<Object> to(String user);

	}

	/**
	 * Records the thread of each call.
	 *
	 * @param events the calls
	 * @param answer the result
	 */
	record Recorded(ConcurrentLinkedQueue<String> events, Answer answer) {

		@Handler
		CompletionStage<Object> on(User user, @Persisted("count") PersistedValue<Count> count) {
			this.events.add("handle " + user.getName() + " on " + Thread.currentThread().getName());
			return Objects.requireNonNullElseGet(this.answer.to(user.getName()),
					() -> CompletableFuture.completedFuture(null));
		}

	}

	private final class RecordingScope implements BatchScope, BatchScope.ThreadScope {

		private final String name;

		private RecordingScope(String name) {
			this.name = name;
		}

		@Override
		public ThreadScope enter() {
			add("enter on " + Thread.currentThread().getName());
			return this;
		}

		@Override
		public void invoking(Context context) {
			add("next " + context.caller().map(Address::toString).orElse(null));
		}

		@Override
		public void leave() {
			add("leave on " + Thread.currentThread().getName());
		}

		@Override
		public void end(BatchReport report) {
			add("end " + report.outcome());
		}

		private void add(String event) {
			BatchObserverTests.this.events.add(this.name + event);
		}

	}

}
