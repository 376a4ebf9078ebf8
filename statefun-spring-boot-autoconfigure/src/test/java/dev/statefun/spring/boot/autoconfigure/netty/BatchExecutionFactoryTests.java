package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.statefun.netty.BatchExecution;
import dev.statefun.netty.BlockListener;
import dev.statefun.netty.EndpointBatch;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties;
import dev.statefun.testing.ClusterRequest;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BatchExecutionFactory}.
 */
@Timeout(120)
class BatchExecutionFactoryTests {

	private static final String HANDED_OFF = BatchExecution.hasVirtualThreads() ? "" : "statefun-batch-";

	private final EventLoop loop = new DefaultEventLoop();

	@AfterEach
	void close() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	private BatchExecutionFactory factory(Map<String, String> properties) {
		StatefunServerProperties server = new Binder(new MapConfigurationPropertySource(properties))
			.bindOrCreate("statefun.server", StatefunServerProperties.class);
		StatefulFunctions functions = StatefulFunctions.builder().register("test/quick", new Ignoring()).build();
		return new BatchExecutionFactory(server, functions, () -> BlockListener.NONE);
	}

	private BatchExecution create(String execution) {
		return factory(Map.of("statefun.server.execution", execution, "statefun.server.pool-size", "1")).create();
	}

	private Thread run(BatchExecution execution) throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		this.loop.execute(() -> execution.run(new Batch(this.loop, thread)));
		return thread.get(60, TimeUnit.SECONDS);
	}

	private Thread loopThread() throws Exception {
		return this.loop.submit(Thread::currentThread).get(60, TimeUnit.SECONDS);
	}

	@Test
	void poolHasItsSize() throws Exception {
		try (BatchExecution execution = create("pool")) {
			Thread thread = run(execution);
			assertThat(thread.getName()).startsWith("statefun-batch-");
			assertThat(run(execution)).isSameAs(thread);
		}
	}

	@Test
	void eventLoopIsUsedFromTheFirstBatch() throws Exception {
		try (BatchExecution execution = create("event-loop")) {
			assertThat(run(execution)).isSameAs(loopThread());
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsAreUsed() throws Exception {
		try (BatchExecution execution = create("virtual-threads")) {
			assertThat(run(execution).getClass().getName()).isEqualTo("java.lang.VirtualThread");
		}
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void virtualThreadsBeforeJava21StopTheStartUp() {
		assertThatExceptionOfType(FailureAnalyzedException.class).isThrownBy(() -> create("virtual-threads"))
			.withMessageContaining("'statefun.server.execution' is 'virtual-threads', but Java 17 has none")
			.satisfies((ex) -> assertThat(ex.analysis().getAction())
				.isEqualTo("Run the application on Java 21 or newer, or set 'statefun.server.execution' to 'pool'."));
	}

	@Test
	void quickFunctionsRunOnTheEventLoopByDefault() throws Exception {
		try (BatchExecution execution = factory(Map.of()).create()) {
			assertThat(run(execution)).isNotSameAs(loopThread());
			assertThat(run(execution).getName()).startsWith(HANDED_OFF);
			Awaitility.await()
				.pollInterval(1, TimeUnit.MILLISECONDS)
				.atMost(60, TimeUnit.SECONDS)
				.until(() -> run(execution) == loopThread());
		}
	}

	/**
	 * Batch without a connection.
	 *
	 * @param eventLoop its event loop
	 * @param thread completes with the thread on which it has run
	 */
	private record Batch(EventLoop eventLoop, CompletableFuture<Thread> thread) implements EndpointBatch {

		private static final byte[] REQUEST = ClusterRequest.v3("test/quick", "joe").message(1).toByteArray();

		@Override
		public void run() {
			this.thread.complete(Thread.currentThread());
		}

		@Override
		public byte[] request() {
			return REQUEST;
		}

		@Override
		public int countNeighbors() {
			return 0;
		}

	}

	/**
	 * Function without effects.
	 */
	static final class Ignoring {

		@Handler
		void on(int message) {
		}

	}

}
