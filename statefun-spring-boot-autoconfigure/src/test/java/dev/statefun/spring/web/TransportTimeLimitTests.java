package dev.statefun.spring.web;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.execution.StatefunExecutionAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.junit.jupiter.web.SpringJUnitWebConfig;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the time limit of a batch depends on the transport of its cluster, which the
 * {@code User-Agent} names (protocol.md §2.3).
 */
@SpringJUnitWebConfig(TransportTimeLimitTests.Service.class)
class TransportTimeLimitTests {

	private static final byte[] BATCH = ClusterRequest.v3("test/slow", "joe").message(1).toByteArray();

	private final MockMvcTester mvc;

	TransportTimeLimitTests(WebApplicationContext context) {
		this.mvc = MockMvcTester.from(context);
	}

	private MockMvcTester.MockMvcRequestBuilder batch() {
		return this.mvc.post().uri("/statefun").contentType(MediaType.APPLICATION_OCTET_STREAM).content(BATCH);
	}

	@Test
	void asynchronousTransportHasItsOwnTimeLimit() {
		assertThat(batch().header("User-Agent", "statefun")).hasStatusOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { "okhttp/3.14.6", "statefun/1", "curl/8" })
	void otherTransportsHaveTheLimitOfOkHttp(String userAgent) {
		assertThat(batch().header("User-Agent", userAgent)).hasStatus(500);
	}

	@Test
	void requestWithoutUserAgentHasTheLimitOfOkHttp() {
		assertThat(batch()).hasStatus(500);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	@ImportAutoConfiguration({ StatefunExecutionAutoConfiguration.class, StatefunAutoConfiguration.class,
			StatefunWebMvcAutoConfiguration.class })
	@Import(Slow.class)
	static class Service {

		@Bean
		BatchTimeLimit batchTimeLimit() {
			return new BatchTimeLimit(Duration.ofSeconds(60), Duration.ofMillis(20));
		}

	}

	@StatefulFunction("test/slow")
	static class Slow {

		@Handler
		void on(int message) throws InterruptedException {
			new CountDownLatch(1).await(150, TimeUnit.MILLISECONDS);
		}

	}

}
