package dev.statefun.console.autoconfigure;

import java.time.Duration;
import java.util.List;

import com.google.protobuf.Any;
import dev.statefun.console.http.ConsoleHandler;
import dev.statefun.console.http.ConsoleView;
import dev.statefun.console.record.Recording;
import dev.statefun.console.record.RecordingSwitch;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the auto-configuration of the console.
 */
class StatefunConsoleAutoConfigurationTests {

	private static final String[] LOCAL = { "statefun.local-runtime.enabled=true",
			"statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0" };

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(WebMvcAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
						StatefunAutoConfiguration.class, StatefunLocalRuntimeAutoConfiguration.class,
						StatefunModuleAutoConfiguration.class, StatefunConsoleAutoConfiguration.class))
		.withBean(StatefulFunctionsCustomizer.class,
				() -> (functions) -> functions.register(FunctionSpec.of("test/any"), (context, message) -> {
				}));

	@Test
	void nothingIsThereWithoutTheLocalRuntime() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(ConsoleHandler.class)
				.doesNotHaveBean(ConsoleView.class)
				.doesNotHaveBean(Recording.class)
				.doesNotHaveBean(StatefunConsoleProperties.class);
			MockMvcTester mvc = MockMvcTester.from(context);
			assertThat(mvc.get().uri("/statefun-console/")).hasStatus(404);
			assertThat(mvc.get().uri("/statefun-console/index.html")).hasStatus(404);
			assertThat(mvc.get().uri("/statefun-console/api/info")).hasStatus(404);
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("statefun-console"));
		});
	}

	@Test
	void consoleIsThereWithTheLocalRuntime() {
		this.runner.withPropertyValues(LOCAL).run((context) -> {
			MockMvcTester mvc = MockMvcTester.from(context);
			assertThat(mvc.get().uri("/statefun-console/api/functions")).hasStatusOk().bodyText().contains("test/any");
			assertThat(mvc.get().uri("/statefun-console/")).hasStatusOk()
				.headers()
				.hasValue("Cache-Control", "no-cache");
			assertThat(mvc.get().uri("/statefun-console")).hasStatus(302)
				.headers()
				.hasValue("Location", "/statefun-console/");
			assertThat(context.getBean(Recording.class).isOn()).isTrue();
		});
	}

	@Test
	void propertySwitchesItOff() {
		this.runner.withPropertyValues(LOCAL)
			.withPropertyValues("statefun.console.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ConsoleHandler.class)
				.hasSingleBean(LocalRuntime.class));
	}

	@Test
	void otherApplicationsHaveNone() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunConsoleAutoConfiguration.class))
			.withPropertyValues("statefun.console.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ConsoleHandler.class));
	}

	@Test
	void clusterIsSaidToBeOutOfSight() {
		this.runner.withClassLoader(new FilteredClassLoader(LocalRuntime.class))
			.withPropertyValues("statefun.console.enabled=true")
			.run((context) -> {
				MockMvcTester mvc = MockMvcTester.from(context);
				assertThat(mvc.get().uri("/statefun-console/api/info")).hasStatusOk()
					.bodyJson()
					.extractingPath("$.mode")
					.isEqualTo("cluster");
				for (String path : List.of("instances?type=test/any", "timers", "clock", "meters", "flink")) {
					assertThat(mvc.get().uri("/statefun-console/api/" + path)).hasStatus(501)
						.bodyJson()
						.extractingPath("$.code")
						.isEqualTo("unavailable");
				}
				assertThat(mvc.get().uri("/statefun-console/api/functions")).hasStatusOk();
				assertThat(mvc.get().uri("/statefun-console/api/failures")).hasStatusOk();
				assertThat(mvc.get().uri("/statefun-console/api/requests")).hasStatusOk();
				assertThat(mvc.get().uri("/statefun-console/api/module")).hasStatusOk();
			});
	}

	@Test
	void requestsOfAClusterAreRecordedWithTheirFailures() {
		this.runner.withPropertyValues("statefun.console.enabled=true")
			.withBean("failing", StatefulFunctionsCustomizer.class,
					() -> (functions) -> functions.register(FunctionSpec.of("test/failing"), (context, message) -> {
						throw new IllegalStateException("out of order");
					}))
			.run((context) -> {
				RequestReplyHandler handler = context.getBean(RequestReplyHandler.class);
				handler.handle(ClusterRequest.v3("test/any", "one").message(Values.user("Joe")).toByteArray());
				handler.handle(ClusterRequest.v3("test/failing", "two").message(Values.user("Joe")).toByteArray());
				MockMvcTester mvc = MockMvcTester.from(context);
				assertThat(mvc.get().uri("/statefun-console/api/requests")).bodyJson()
					.extractingPath("$.requests[*].outcome")
					.asArray()
					.containsExactly("retried", "replied");
				MvcTestResult failures = mvc.get().uri("/statefun-console/api/failures").exchange();
				assertThat(failures).bodyJson().extractingPath("$.failures.length()").isEqualTo(1);
				assertThat(failures).bodyJson().extractingPath("$.failures[0].failure.text").isEqualTo("out of order");
				assertThat(failures).bodyJson().extractingPath("$.failures[0].sendable").isEqualTo(false);
				assertThat(mvc.get().uri("/statefun-console/api/functions")).bodyJson()
					.extractingPath("$.functions[0].instances")
					.isNull();
			});
	}

	@Test
	void nothingListensWhileNoPageIsOpen() {
		this.runner.withPropertyValues(LOCAL)
			.withPropertyValues("statefun.console.record=while-open")
			.run((context) -> {
				Recording recording = context.getBean(Recording.class);
				LocalRuntime runtime = context.getBean(LocalRuntime.class);
				assertThat(recording.isOn()).isFalse();
				runtime.send(Address.of("test/any", "x"), Any.getDefaultInstance());
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> runtime.operations().functions().get(0).messages() == 0);
				assertThat(recording.usage().messages()).isZero();
				RecordingSwitch recordingSwitch = context.getBean(RecordingSwitch.class);
				recordingSwitch.opened();
				runtime.send(Address.of("test/any", "x"), Any.getDefaultInstance());
				assertThat(recording.usage().messages()).isEqualTo(1);
				recordingSwitch.closed();
				assertThat(recording.isOn()).isFalse();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "prod", "PRODUCTION" })
	void forbiddenProfileNeedsASecurityChain(String profile) {
		this.runner.withPropertyValues("statefun.console.enabled=true", "spring.profiles.active=" + profile)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("no security chain keeps requests without credentials from /statefun-console"));
	}

	@Test
	void forbiddenProfileIsReadOnly() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class))
			.withUserConfiguration(Covering.class)
			.withPropertyValues("statefun.console.enabled=true", "spring.profiles.active=prod")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MockMvcTester mvc = MockMvcTester.from(context);
				MvcTestResult info = mvc.get().uri("/statefun-console/api/info").exchange();
				assertThat(info).bodyJson().extractingPath("$.readOnly").isEqualTo(true);
				assertThat(info).bodyJson().extractingPath("$.token").isNull();
				assertThat(mvc.post().uri("/statefun-console/api/failures/1/send")).hasStatus(403)
					.bodyJson()
					.extractingPath("$.code")
					.isEqualTo("read-only");
			});
	}

	@Test
	void chainThatLeavesReadsOpenDoesNotCover() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class))
			.withUserConfiguration(ReadsOpen.class)
			.withPropertyValues("statefun.console.enabled=true", "spring.profiles.active=prod")
			.run((context) -> assertThat(context).hasFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ftp://localhost", "localhost:8081", "http://user:secret@localhost:8081" })
	void addressOfFlinkIsChecked(String url) {
		this.runner.withPropertyValues("statefun.console.enabled=true", "statefun.console.flink-rest=" + url)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'statefun.console.flink-rest' is no URL of Flink"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Covering {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers(StatefunConsoleRequest.toConsole())
					.authenticated()
					.anyRequest()
					.permitAll())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReadsOpen {

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers(HttpMethod.GET, "/**")
					.permitAll()
					.anyRequest()
					.authenticated())
				.build();
		}

	}

}
