package dev.statefun.spring.logging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationAutoConfiguration;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the log context of lines that are logged while a message is handled.
 */
class LogContextTests {

	private static final Logger logger = (Logger) LoggerFactory.getLogger(Hopping.class);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class,
				StatefunObservationAutoConfiguration.class, TaskExecutionAutoConfiguration.class))
		.withPropertyValues("spring.task.execution.propagate-context=true", "spring.task.execution.pool.core-size=1")
		.withUserConfiguration(Hopping.class);

	private final Lines lines = new Lines();

	@BeforeEach
	void capture() {
		this.lines.start();
		logger.setLevel(Level.INFO);
		logger.addAppender(this.lines);
	}

	@AfterEach
	void release() {
		logger.detachAppender(this.lines);
	}

	@Test
	void logContextFollowsAHandlerAcrossThreads() {
		this.contextRunner.run((context) -> {
			CompletionStage<byte[]> reply = context.getBean(RequestReplyHandler.class)
				.handle(ClusterRequest.v3("test/hopping", "a")
					.messageFrom("test/other", "x", 1)
					.message(2)
					.toByteArray());
			context.getBean(Hopping.class).mayHop.countDown();
			reply.toCompletableFuture().join();
			String self = "statefun.function=test/hopping, statefun.id=a";
			String called = "{statefun.caller=test/other/x, " + self + "}";
			assertThat(this.lines.entries).hasSize(6);
			assertThat(this.lines.of("got 1")).endsWith(called).startsWith(Thread.currentThread().getName());
			assertThat(this.lines.of("hopped with 1")).startsWith("task-").endsWith(called);
			assertThat(this.lines.of("then 1")).startsWith("task-").endsWith(called);
			// Where the batch continues, the first caller is no longer set
			assertThat(this.lines.of("got 2")).startsWith("task-").endsWith("{" + self + "}");
			assertThat(this.lines.of("hopped with 2")).endsWith("{" + self + "}");
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsHaveTheSameEntriesAndKeepNone() {
		this.contextRunner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			Executor virtual = context.getBean("applicationTaskExecutor", Executor.class);
			assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().toString(), virtual).join())
				.startsWith("VirtualThread");
			context.getBean(Hopping.class).mayHop.countDown();
			CompletableFuture<Map<String, String>> left = CompletableFuture.supplyAsync(() -> {
				context.getBean(RequestReplyHandler.class)
					.handle(ClusterRequest.v3("test/hopping", "a")
						.messageFrom("test/other", "x", 1)
						.message(2)
						.toByteArray())
					.toCompletableFuture()
					.join();
				return MDC.getCopyOfContextMap();
			}, virtual);
			assertThat(left.join()).isNullOrEmpty();
			String self = "statefun.function=test/hopping, statefun.id=a";
			for (String message : List.of("got ", "hopped with ", "then ")) {
				assertThat(this.lines.of(message + 1)).endsWith("{statefun.caller=test/other/x, " + self + "}");
				assertThat(this.lines.of(message + 2)).endsWith("{" + self + "}");
			}
		});
	}

	@Test
	void logContextIsClearedOnEveryThread() {
		MDC.put("own", "kept");
		try {
			this.contextRunner.run((context) -> {
				context.getBean(Hopping.class).mayHop.countDown();
				context.getBean(RequestReplyHandler.class)
					.handle(ClusterRequest.v3("test/hopping", "a").messageFrom("test/other", "x", 1).toByteArray())
					.toCompletableFuture()
					.join();
				assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("own", "kept"));
				Executor plain = context.getBean("applicationTaskExecutor", Executor.class);
				MDC.clear();
				assertThat(CompletableFuture.supplyAsync(MDC::getCopyOfContextMap, plain).join()).isNullOrEmpty();
			});
		}
		finally {
			MDC.clear();
		}
	}

	@Test
	void logContextIsClearedAfterAFailure() {
		this.contextRunner.run((context) -> {
			assertThat(context.getBean(RequestReplyHandler.class)
				.handle(ClusterRequest.v3("test/hopping", "a").message(-1).toByteArray())
				.toCompletableFuture()).isCompletedExceptionally();
			assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
		});
	}

	@Test
	void messageOfATimerHasNoCallerOfAnother() {
		List<String> seen = new ArrayList<>();
		FailurePolicy skipping = (failed) -> {
			seen.add("failed " + MDC.get("statefun.caller"));
			return FailureAction.skip();
		};
		Any pending = Values.of("statefun/timers", ByteString.copyFrom(TimerFields.encodeNonces(Map.of("remind", 7L))));
		byte[] fired = TimerFields.encodeMessage(Dialect.V3, "remind", 7, Utf8.encode("io.statefun.types/int"),
				Values.integer(2).getValue().toByteArray(), new byte[0]);
		this.contextRunner.withBean(FailurePolicy.class, () -> skipping)
			.withBean(Timed.class, () -> new Timed(seen))
			.run((context) -> {
				context.getBean(RequestReplyHandler.class)
					.handle(ClusterRequest.v3("test/timed", "a")
						.state("statefun_timers", pending)
						.messageFrom("test/other", "x", 1)
						.messageFrom("test/timed", "a", Values.of("statefun/timer", ByteString.copyFrom(fired)))
						.messageFrom("test/other", "y", 3)
						.messageFrom("test/timed", "a", Values.of("statefun/timer", ByteString.EMPTY))
						.toByteArray())
					.toCompletableFuture()
					.join();
				assertThat(seen).containsExactly("1 test/other/x", "2 null", "3 test/other/y", "failed test/timed/a");
			});
	}

	@Test
	void logContextCanBeDisabled() {
		this.contextRunner.withPropertyValues("statefun.observations.mdc=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LogContext.class));
	}

	/**
	 * Function with timers.
	 */
	@StatefulFunction("test/timed")
	static class Timed {

		private final List<String> seen;

		Timed(List<String> seen) {
			this.seen = seen;
		}

		@Handler
		void on(int number, Timers timers) {
			this.seen.add(number + " " + MDC.get("statefun.caller"));
		}

	}

	/**
	 * Continues on the application's executor, once released: a stage that completes
	 * before the batch waits for it leaves the batch on its current thread.
	 */
	@StatefulFunction("test/hopping")
	static class Hopping {

		private final CountDownLatch mayHop = new CountDownLatch(1);

		private final Executor executor;

		Hopping(@Qualifier("applicationTaskExecutor") Executor executor) {
			this.executor = executor;
		}

		@Handler
		CompletionStage<Void> on(int number) {
			if (number < 0) {
				throw new IllegalArgumentException("negative");
			}
			logger.info("got " + number);
			return CompletableFuture.runAsync(() -> hop(number), this.executor)
				.thenRunAsync(() -> logger.info("then " + number), this.executor);
		}

		private void hop(int number) {
			try {
				assertThat(this.mayHop.await(10, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			logger.info("hopped with " + number);
		}

	}

	/**
	 * Records lines with their thread and log context.
	 */
	private static final class Lines extends AppenderBase<ILoggingEvent> {

		private final List<String> entries = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			this.entries.add(event.getFormattedMessage() + ": " + event.getThreadName() + " "
					+ new TreeMap<>(event.getMDCPropertyMap()));
		}

		private String of(String message) {
			return this.entries.stream()
				.filter((entry) -> entry.startsWith(message + ": "))
				.map((entry) -> entry.substring(message.length() + 2))
				.findFirst()
				.orElseThrow();
		}

	}

}
