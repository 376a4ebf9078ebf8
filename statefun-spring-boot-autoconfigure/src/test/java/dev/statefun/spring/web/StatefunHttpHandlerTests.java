package dev.statefun.spring.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.context.junit.jupiter.web.SpringJUnitWebConfig;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatefunHttpHandler} from a cluster's point of view.
 */
@SpringJUnitWebConfig(StatefunHttpHandlerTests.Functions.class)
@ExtendWith(OutputCaptureExtension.class)
class StatefunHttpHandlerTests {

	private static final byte[] ADD_TWO = ClusterRequest.v3("test/counter", "joe")
		.intState("total", 40)
		.message(2)
		.toByteArray();

	private final MockMvcTester mvc;

	StatefunHttpHandlerTests(WebApplicationContext context) {
		this.mvc = MockMvcTester.from(context, (builder) -> builder.addFilters(forcedEncoding()).build());
	}

	// As Boot's 'spring.servlet.encoding.force-response'
	private static Filter forcedEncoding() {
		return (request, response, chain) -> {
			response.setCharacterEncoding("UTF-8");
			chain.doFilter(request, response);
		};
	}

	@Test
	void replyIsAnOctetStreamWithoutParameters() {
		MvcTestResult result = post(ADD_TWO);
		assertThat(result).hasStatusOk();
		MockHttpServletResponse response = result.getResponse();
		assertThat(response.getHeader("Content-Type")).isEqualTo("application/octet-stream");
		assertThat(response.getContentLength()).isEqualTo(response.getContentAsByteArray().length);
		assertThat(ClusterReply.v3(response.getContentAsByteArray()).intStates()).containsEntry("total", 42);
	}

	@Test
	void requestWithoutContentTypeIsAccepted() {
		assertThat(this.mvc.post().uri("/statefun").content(ADD_TWO)).hasStatusOk();
	}

	@Test
	void otherContentTypeFails(CapturedOutput output) {
		assertThat(this.mvc.post().uri("/statefun").contentType(MediaType.APPLICATION_JSON).content("{}"))
			.hasStatus(500)
			.bodyText()
			.contains("'application/json'")
			.contains("expected 'application/octet-stream'");
		assertThat(output).contains("'application/json'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/octet-streamfoo", "application/octet-stream2;charset=utf-8",
			"application/octet", "text/plain", "text/\u0085\u009bplain" })
	void similarContentTypeFails(String type, CapturedOutput output) {
		assertThat(this.mvc.post().uri("/statefun").header("Content-Type", type).content(ADD_TWO)).hasStatus(500)
			.bodyText()
			.contains("expected 'application/octet-stream'")
			.doesNotContain("\u0085", "\u009b");
		assertThat(output).doesNotContain("\u0085").doesNotContain("\u009b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/octet-stream", "Application/Octet-Stream",
			"application/octet-stream;charset=utf-8", "application/octet-stream ; a=b" })
	void contentTypeWithParametersIsAccepted(String type) {
		assertThat(this.mvc.post().uri("/statefun").header("Content-Type", type).content(ADD_TWO)).hasStatusOk();
	}

	@Test
	void otherMethodIsRejected() {
		assertThat(this.mvc.get().uri("/statefun")).hasStatus(405).hasHeader("Allow", "POST");
		assertThat(this.mvc.put().uri("/statefun").content(ADD_TWO)).hasStatus(405).hasHeader("Allow", "POST");
	}

	@Test
	void emptyBodyFails() {
		assertThat(post(new byte[0])).hasStatus(500).bodyText().contains("0 bytes carry no invocation batch");
	}

	@Test
	void failingHandlerHidesItsCause(CapturedOutput output) {
		byte[] request = ClusterRequest.v3("test/failing", "joe").message(7).toByteArray();
		assertThat(post(request)).hasStatus(500).bodyText().doesNotContain("secret");
		assertThat(output).contains("Function 'test/failing' failed for id 'joe' on message 1 of 1")
			.contains("java.lang.IllegalStateException: secret");
		assertThat(post(ADD_TWO)).hasStatusOk();
	}

	@Test
	void unknownFunctionFails() {
		byte[] request = ClusterRequest.v2("test/unknown", "joe").message(1).toByteArray();
		assertThat(post(request)).hasStatus(500).bodyText().contains("'test/unknown' is not served here");
	}

	@Test
	void unknownMessageTypeFails(CapturedOutput output) {
		byte[] request = ClusterRequest.v2("test/failing", "joe")
			.message("shop/Unknown", ByteString.EMPTY)
			.toByteArray();
		assertThat(post(request)).hasStatus(500);
		assertThat(output).contains("takes no message of type 'shop/Unknown'; expected one of [io.statefun.types/int]");
	}

	@Test
	void pendingReplyIsWrittenOnCompletion() {
		byte[] request = ClusterRequest.v3("test/pending", "joe").messageFrom("test/counter", "ann", 1).toByteArray();
		MvcTestResult started = this.mvc.post().uri("/statefun").content(request).asyncExchange();
		assertThat(started.getRequest().isAsyncStarted()).isTrue();
		MvcTestResult answered = this.mvc.post().uri("/statefun").content(request).exchange();
		assertThat(answered).hasStatusOk();
		assertThat(answered.getResponse().getHeader("Content-Type")).isEqualTo("application/octet-stream");
		assertThat(ClusterReply.v3(answered.getResponse().getContentAsByteArray()).messages()).singleElement()
			.asString()
			.startsWith("test/counter/ann=io.statefun.types/int:");
	}

	@Test
	void failedPendingReplyFailsTheRequest() throws Exception {
		byte[] request = ClusterRequest.v3("test/pending", "joe").message(1).toByteArray();
		MvcTestResult result = this.mvc.post().uri("/statefun").content(request).exchange();
		assertThat(result.getResponse().getStatus()).isEqualTo(500);
		assertThat(result.getResponse().getContentAsString()).doesNotContain("caller");
	}

	private MvcTestResult post(byte[] body) {
		return this.mvc.post()
			.uri("/statefun")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.content(body)
			.exchange();
	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@StatefulFunction("test/failing")
	static class Failing {

		@Handler
		void on(int message) {
			throw new IllegalStateException("secret");
		}

	}

	@StatefulFunction("test/pending")
	static class PendingFunction {

		// Replying without a caller is an error
		@Handler
		CompletionStage<Integer> on(int message) {
			return new CompletableFuture<Integer>().completeOnTimeout(5, 50, TimeUnit.MILLISECONDS);
		}

	}

	@EnableWebMvc
	@Configuration(proxyBeanMethods = false)
	@Import({ Counter.class, Failing.class, PendingFunction.class })
	@ImportAutoConfiguration({ StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class })
	static class Functions {

	}

}
