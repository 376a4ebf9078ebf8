package dev.statefun.spring.web;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.StringValue;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests on a real server for exceptions whose causes form a cycle or whose methods throw,
 * with everything that inspects exceptions, from observations to the log.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HostileExceptionsServerTests {

	// Recorded spans read the exception's message
	private static final String TRACED = "management.opentelemetry.enabled=true";

	private static final String ALL_SPANS = "management.tracing.sampling.probability=1.0";

	private static final List<String> FAILURES = List.of("circle", "circle later", "message", "message later", "cause",
			"cause later", "text", "text later");

	@ParameterizedTest
	@ValueSource(strings = { "statefun.failure.policy=retry", "statefun.failure.retry.max-retries=1" })
	void batchFailsWith500AndReleasesTheInstance(String property) throws Exception {
		try (RunningService service = RunningService.start(Application.class, property, TRACED, ALL_SPANS)) {
			for (String failure : FAILURES) {
				assertThat(service.post("/statefun", batch(failure)).statusCode()).as(failure).isEqualTo(500);
				assertThat(service.post("/statefun", batch("fine")).statusCode()).as(failure).isEqualTo(200);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "statefun.failure.policy=skip", "statefun.failure.policy=dead-letter" })
	void otherMessagesOfTheBatchAreApplied(String property) throws Exception {
		try (RunningService service = RunningService.start(Application.class, property, TRACED, ALL_SPANS,
				"statefun.failure.dead-letter.egress=test/letters", "statefun.failure.dead-letter.topic=dead")) {
			for (String failure : FAILURES) {
				ClusterReply reply = ClusterReply.v3(service.post("/statefun", batch(failure)).body());
				assertThat(reply.messages()).as(failure).hasSize(2);
				assertThat(reply.egressValues("test/letters")).as(failure).hasSize(property.endsWith("skip") ? 0 : 1);
			}
		}
	}

	private static byte[] batch(String failure) {
		ClusterRequest request = ClusterRequest.v3("test/thrower", "joe");
		for (String text : List.of("first", failure, "third")) {
			request.messageFrom("test/other", "ann", "io.statefun.types/string", StringValue.of(text).toByteString());
		}
		return request.toByteArray();
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Thrower.class)
	static class Application {

	}

	@StatefulFunction("test/thrower")
	static class Thrower {

		@Handler
		CompletionStage<String> on(String text) {
			RuntimeException thrown = exception(text);
			if (thrown == null) {
				return CompletableFuture.completedFuture(text);
			}
			if (!text.endsWith(" later")) {
				throw thrown;
			}
			CompletableFuture<String> stage = new CompletableFuture<>();
			CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS)
				.execute(() -> stage.completeExceptionally(thrown));
			return stage;
		}

		private static @Nullable RuntimeException exception(String text) {
			return switch (text.split(" ")[0]) {
				case "circle" -> {
					CircularException circle = new CircularException();
					circle.initCause(new ExecutionException(circle));
					yield circle;
				}
				case "message", "cause", "text" -> new Failing(text.split(" ")[0]);
				default -> null;
			};
		}

	}

	private static final class CircularException extends CompletionException {

		private CircularException() {
			super("circular");
		}

	}

	private static final class Failing extends RuntimeException {

		private final String what;

		private Failing(String what) {
			this.what = what;
		}

		private void failAt(String what) {
			if (this.what.equals(what)) {
				throw new AssertionError("no " + what);
			}
		}

		@Override
		public @Nullable String getMessage() {
			failAt("message");
			return super.getMessage();
		}

		@Override
		public synchronized @Nullable Throwable getCause() {
			failAt("cause");
			return super.getCause();
		}

		@Override
		public String toString() {
			failAt("text");
			return super.toString();
		}

	}

}
