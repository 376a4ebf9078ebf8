package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.util.List;

import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.client.GatewayThreads;
import dev.statefun.spring.gateway.client.RequestObserver.ObservedRequest;
import dev.statefun.spring.testing.ScriptedGateway;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.mock.web.MockServletContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayHttpRuntimeHints}.
 */
class GatewayHttpRuntimeHintsTests {

	@Test
	void messagesThatJsonIsReadAndWrittenWithHaveHints() {
		try (AnnotationConfigServletWebApplicationContext context = new AnnotationConfigServletWebApplicationContext()) {
			TestPropertyValues.of("statefun.gateway.http.enabled=true").applyTo(context);
			context.setServletContext(new MockServletContext());
			context.register(Gateway.class, StatefunGatewayHttpAutoConfiguration.class);
			GenerationContext generation = new TestGenerationContext();
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			for (Class<?> type : List.of(Int64Value.class, Int64Value.Builder.class, StringValue.class,
					Timestamp.Builder.class)) {
				assertThat(RuntimeHintsPredicates.reflection()
					.onType(type)
					.withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(generation.getRuntimeHints());
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Gateway {

		@Bean
		GatewayRequests gatewayRequests() {
			return new GatewayRequests(new ScriptedGateway(), () -> {
			}, (target, kind) -> ObservedRequest.NONE, 2048, 100, GatewayThreads.platform());
		}

	}

}
