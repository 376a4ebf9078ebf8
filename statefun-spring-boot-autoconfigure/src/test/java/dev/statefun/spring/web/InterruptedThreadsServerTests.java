package dev.statefun.spring.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.StringValue;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests on a real server for handlers that leave their thread interrupted. Writing on an
 * interrupted thread would close the connection without a response.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class InterruptedThreadsServerTests {

	@ParameterizedTest
	@ValueSource(strings = { "return", "return later" })
	void replyArrivesAndTheNextMessageIsHandled(String what, CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Application.class,
				"logging.level.dev.statefun.endpoint.failure=debug")) {
			ClusterReply reply = ClusterReply.v3(service.post("/statefun", batch(what)).body());
			assertThat(reply.messages()).hasSize(3);
			assertThat(output).containsOnlyOnce("DEBUG")
				.contains("Code that ran for function 'test/interrupter', id 'joe', changed the interrupt flag of its "
						+ "thread; what runs on the thread after it does not see that");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "statefun.failure.policy=skip", "statefun.failure.policy=dead-letter" })
	void decisionsAboutFailedMessagesTakeEffect(String property) throws Exception {
		try (RunningService service = RunningService.start(Application.class, property,
				"statefun.failure.dead-letter.egress=test/letters", "statefun.failure.dead-letter.topic=dead")) {
			ClusterReply reply = ClusterReply.v3(service.post("/statefun", batch("throw")).body());
			assertThat(reply.messages()).hasSize(2);
			assertThat(reply.egressValues("test/letters")).hasSize(property.endsWith("skip") ? 0 : 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "throw", "throw InterruptedException" })
	void failureIsAnswered(String what) throws Exception {
		try (RunningService service = RunningService.start(Application.class)) {
			assertThat(service.post("/statefun", batch(what)).statusCode()).isEqualTo(500);
		}
	}

	private static byte[] batch(String what) {
		ClusterRequest request = ClusterRequest.v3("test/interrupter", "joe");
		for (String text : new String[] { "sleep", what, "sleep" }) {
			request.messageFrom("test/other", "ann", "io.statefun.types/string", StringValue.of(text).toByteString());
		}
		return request.toByteArray();
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Interrupter.class)
	static class Application {

	}

	@StatefulFunction("test/interrupter")
	static class Interrupter {

		@Handler
		CompletionStage<String> on(String text) throws Exception {
			switch (text) {
				case "return" -> Thread.currentThread().interrupt();
				case "return later" -> {
					return CompletableFuture.supplyAsync(() -> {
						Thread.currentThread().interrupt();
						return text;
					}, CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
				}
				case "throw" -> {
					Thread.currentThread().interrupt();
					throw new IllegalStateException("interrupted");
				}
				case "throw InterruptedException" -> throw new InterruptedException("interrupted");
				default -> TimeUnit.MILLISECONDS.sleep(1);
			}
			return CompletableFuture.completedFuture(text);
		}

	}

}
