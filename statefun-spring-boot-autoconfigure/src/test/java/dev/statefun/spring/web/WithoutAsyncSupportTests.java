package dev.statefun.spring.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletComponentScan;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for an endpoint behind a filter or servlet that does not support asynchronous
 * processing. They run on a real server, because the server rejects it.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class WithoutAsyncSupportTests {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private @Nullable ConfigurableApplicationContext context;

	private Stages stages = new Stages();

	private void start(Class<?> obstacle, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--server.address=127.0.0.1", "--server.port=0"));
		Stream.of(properties).map("--"::concat).forEach(arguments::add);
		this.context = new SpringApplication(Functions.class, obstacle).run(arguments.toArray(String[]::new));
		this.stages = bean(Stages.class);
	}

	@AfterEach
	void stop() {
		this.stages.completeAll();
		context().close();
	}

	private ConfigurableApplicationContext context() {
		return Objects.requireNonNull(this.context);
	}

	private <T> T bean(Class<T> type) {
		return context().getBean(type);
	}

	private CompletableFuture<HttpResponse<byte[]>> post(byte[] body) {
		int port = Objects.requireNonNull(((ServletWebServerApplicationContext) context()).getWebServer()).getPort();
		return this.client.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/statefun"))
			.header("Content-Type", "application/octet-stream")
			.timeout(BOUND)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build(), HttpResponse.BodyHandlers.ofByteArray());
	}

	private static byte[] request(String id, int message) {
		return ClusterRequest.v3("test/staged", id).messageFrom("test/caller", "c", message).toByteArray();
	}

	private static String text(HttpResponse<byte[]> response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	private Admission admission() {
		return bean(Admission.class);
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("asynchronous processing")).toList();
	}

	static Stream<Arguments> obstacles() {
		return Stream.of(
				Arguments.of(RegisteredFilter.class, "the registration of 'legacy urls=[/statefun] order=2147483647'"),
				Arguments.of(AnnotatedFilter.class,
						"the registration of 'dev.statefun.spring.web.WithoutAsyncSupportTests$Annotated urls=[/*]"),
				Arguments.of(Servlet.class, "the registration of 'dispatcherServlet urls=[/]'"),
				Arguments.of(PlainFilter.class, "'plain' (" + Plain.class.getName() + ")"));
	}

	@ParameterizedTest
	@MethodSource("obstacles")
	void pendingRepliesAreAwaitedWithOneWarningThatNamesTheCause(Class<?> obstacle, String named,
			CapturedOutput output) {
		start(obstacle);
		for (int i = 1; i <= 3; i++) {
			CompletableFuture<HttpResponse<byte[]>> pending = post(request("a", i));
			this.stages.awaitCalls(i);
			assertThat(pending).isNotDone();
			this.stages.complete();
			assertThat(pending).succeedsWithin(BOUND).satisfies((response) -> {
				assertThat(response.statusCode()).isEqualTo(200);
				assertThat(response.headers().allValues("Content-Type")).containsExactly("application/octet-stream");
				assertThat(ClusterReply.v3(response.body()).messages()).hasSize(1);
			});
		}
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains(" WARN ")
			.contains(named)
			.contains("call setAsyncSupported(true)");
		assertNothingIsInFlight();
	}

	@Test
	void thereIsNoWarningWithAsyncSupport(CapturedOutput output) {
		start(Functions.class);
		CompletableFuture<HttpResponse<byte[]>> pending = post(request("a", 1));
		this.stages.awaitCalls(1);
		this.stages.complete();
		assertThat(pending).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void requestsWaitForRoom() {
		start(RegisteredFilter.class, "statefun.max-in-flight=1", "statefun.queue-timeout=30s",
				"statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("a", 1));
		this.stages.awaitCalls(1);
		CompletableFuture<HttpResponse<byte[]>> second = post(request("b", 1));
		await().atMost(BOUND).until(() -> admission().requestsWaiting() == 1);
		this.stages.complete();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		this.stages.awaitCalls(2);
		this.stages.complete();
		assertThat(second).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertNothingIsInFlight();
	}

	@Test
	void waitForRoomEndsAtTheQueueTimeout() {
		start(RegisteredFilter.class, "statefun.max-in-flight=1", "statefun.queue-timeout=100ms",
				"statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("a", 1));
		this.stages.awaitCalls(1);
		HttpResponse<byte[]> refused = post(request("b", 1)).join();
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(text(refused)).contains("'statefun.max-in-flight'");
		this.stages.complete();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertNothingIsInFlight();
	}

	@Test
	void otherBatchForTheSameInstanceWaitsForTheFirst() {
		start(RegisteredFilter.class, "statefun.queue-timeout=30s", "statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("a", 1));
		this.stages.awaitCalls(1);
		CompletableFuture<HttpResponse<byte[]>> second = post(request("a", 2));
		await().atMost(BOUND).until(() -> admission().requestsInFlight() == 2);
		this.stages.complete();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		this.stages.awaitCalls(2);
		this.stages.complete();
		assertThat(second).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertNothingIsInFlight();
	}

	@Test
	void waitForAnotherBatchEndsAtTheQueueTimeout() {
		start(RegisteredFilter.class, "statefun.queue-timeout=100ms", "statefun.batch-timeout=60s");
		CompletableFuture<HttpResponse<byte[]>> first = post(request("a", 1));
		this.stages.awaitCalls(1);
		HttpResponse<byte[]> refused = post(request("a", 2)).join();
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(text(refused)).contains("Another batch for the same function instance");
		this.stages.complete();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
	}

	@Test
	void secondDeliveriesJoinTheFirst() {
		start(RegisteredFilter.class, "statefun.batch-timeout=60s", "statefun.max-in-flight=2");
		byte[] batch = request("a", 1);
		List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>(List.of(post(batch)));
		this.stages.awaitCalls(1);
		Redeliveries redeliveries = bean(Redeliveries.class);
		for (int i = 1; i <= 6; i++) {
			all.add(post(batch));
			int joined = i;
			await().atMost(BOUND).until(() -> redeliveries.joined() == joined);
			await().atMost(BOUND)
				.untilAsserted(() -> assertThat(admission()).returns(1, Admission::requestsInFlight)
					.returns(batch.length + RequestReplyHandler.decodedSize(batch), Admission::bytesInFlight));
		}
		this.stages.complete();
		assertThat(all)
			.allSatisfy((reply) -> assertThat(reply).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode));
		assertThat(this.stages.calls).hasValue(1);
		assertNothingIsInFlight();
	}

	@Test
	void batchTimeoutEndsTheWait(CapturedOutput output) {
		start(RegisteredFilter.class, "statefun.batch-timeout=300ms");
		assertThat(post(request("a", 1))).succeedsWithin(BOUND).returns(500, HttpResponse::statusCode);
		assertThat(output).contains("'statefun.batch-timeout'");
		this.stages.completeAll();
		assertNothingIsInFlight();
	}

	@Test
	void interruptedThreadAnswersImmediately(CapturedOutput output) {
		start(RegisteredFilter.class, "statefun.batch-timeout=60s");
		byte[] batch = request("a", 1);
		CompletableFuture<HttpResponse<byte[]>> first = post(batch);
		this.stages.awaitCalls(1);
		await().atMost(BOUND).until(() -> waitingThreads().size() == 1);
		waitingThreads().forEach(Thread::interrupt);
		assertThat(first).succeedsWithin(BOUND).satisfies((response) -> {
			assertThat(response.statusCode()).isEqualTo(500);
			assertThat(text(response)).contains("was interrupted while it waited");
		});
		assertThat(output).contains("was interrupted while it waited");
		CompletableFuture<HttpResponse<byte[]>> second = post(batch);
		Redeliveries redeliveries = bean(Redeliveries.class);
		await().atMost(BOUND).until(() -> redeliveries.joined() == 1);
		this.stages.complete();
		assertThat(second).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(this.stages.calls).hasValue(1);
		assertNothingIsInFlight();
	}

	private static List<Thread> waitingThreads() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> Stream.of(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().equals(StatefunHttpHandler.class.getName())))
			.filter((thread) -> thread.getKey().getState() == Thread.State.WAITING)
			.map(Map.Entry::getKey)
			.toList();
	}

	@Test
	void waitingRequestsAreAnsweredBeforeTheServerStops() throws Exception {
		start(RegisteredFilter.class, "statefun.batch-timeout=60s");
		byte[] batch = request("a", 1);
		CompletableFuture<HttpResponse<byte[]>> first = post(batch);
		this.stages.awaitCalls(1);
		CompletableFuture<HttpResponse<byte[]>> second = post(batch);
		Redeliveries redeliveries = bean(Redeliveries.class);
		await().atMost(BOUND).until(() -> redeliveries.joined() == 1);
		Thread closing = new Thread(context()::close);
		closing.start();
		await().atMost(BOUND).until(() -> admission().isDraining());
		this.stages.complete();
		assertThat(first).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		assertThat(second).succeedsWithin(BOUND).returns(200, HttpResponse::statusCode);
		closing.join(BOUND.toMillis());
		assertThat(closing.isAlive()).isFalse();
	}

	private void assertNothingIsInFlight() {
		await().atMost(BOUND)
			.untilAsserted(() -> assertThat(admission()).returns(0, Admission::requestsInFlight)
				.returns(0L, Admission::bytesInFlight)
				.returns(0, Admission::requestsWaiting));
		Redeliveries redeliveries = bean(Redeliveries.class);
		await().atMost(BOUND).until(() -> redeliveries.size() == 0);
	}

	/**
	 * Stages that the test completes, in the order of their creation.
	 */
	static class Stages {

		private final AtomicInteger calls = new AtomicInteger();

		private final Queue<CompletableFuture<String>> pending = new ConcurrentLinkedQueue<>();

		CompletionStage<String> next() {
			CompletableFuture<String> stage = new CompletableFuture<>();
			this.pending.add(stage);
			this.calls.incrementAndGet();
			return stage;
		}

		void awaitCalls(int count) {
			await().atMost(BOUND).until(() -> this.calls.get() == count);
		}

		void complete() {
			Objects.requireNonNull(this.pending.poll()).complete("done");
		}

		void completeAll() {
			this.pending.forEach((stage) -> stage.complete("done"));
			this.pending.clear();
		}

	}

	@StatefulFunction("test/staged")
	static class Staged {

		private final Stages stages;

		Staged(Stages stages) {
			this.stages = stages;
		}

		@Handler
		CompletionStage<Integer> on(int message, Context context) {
			return this.stages.next().thenApply((done) -> message);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RegisteredFilter {

		@Bean
		FilterRegistrationBean<Filter> legacy() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(new Plain());
			registration.addUrlPatterns("/statefun");
			registration.setAsyncSupported(false);
			return registration;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ServletComponentScan(basePackageClasses = WithoutAsyncSupportTests.class)
	static class AnnotatedFilter {

	}

	static class Plain extends HttpFilter {

	}

	/**
	 * Found by component scanning.
	 */
	@WebFilter("/*")
	static class Annotated extends HttpFilter {

	}

	@Configuration(proxyBeanMethods = false)
	static class Servlet {

		@Bean
		static BeanPostProcessor servletWithoutAsyncSupport() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessBeforeInitialization(Object bean, String beanName) {
					if (bean instanceof DispatcherServletRegistrationBean registration) {
						registration.setAsyncSupported(false);
					}
					return bean;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PlainFilter {

		@Bean
		ServletContextInitializer plainFilter() {
			return (context) -> {
				FilterRegistration.Dynamic registration = context.addFilter("plain", new Plain());
				registration.setAsyncSupported(false);
				registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
			};
		}

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import({ Stages.class, Staged.class })
	static class Functions {

	}

}
