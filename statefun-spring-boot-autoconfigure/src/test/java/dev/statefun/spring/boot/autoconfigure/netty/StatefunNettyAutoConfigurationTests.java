package dev.statefun.spring.boot.autoconfigure.netty;

import java.util.List;

import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.netty.NettyEndpointServer;
import dev.statefun.netty.RequestHead;
import dev.statefun.netty.RequestListener;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunRequest;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.observation.EndpointRequestObservations;
import dev.statefun.spring.web.StatefunHttpHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatefunNettyAutoConfiguration}.
 */
class StatefunNettyAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(StatefunAutoConfiguration.class,
			StatefunNettyAutoConfiguration.class, StatefunAbsentNettyAutoConfiguration.class,
			StatefunWebMvcAutoConfiguration.class);

	private static final String[] LOCAL = { "statefun.server.port=0", "statefun.server.address=127.0.0.1" };

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues(LOCAL)
		.withPropertyValues("spring.main.web-application-type=none");

	private final WebApplicationContextRunner chosenRunner = new WebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues(LOCAL)
		.withPropertyValues("statefun.server.engine=netty");

	@Test
	void applicationWithoutAServerHasOne() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(NettyServerLifecycle.class)
				.hasSingleBean(Endpoint.class)
				.hasSingleBean(EndpointAccess.class);
			assertThat(context.getEnvironment().getProperty("local.statefun.port", Integer.class)).isPositive();
		});
	}

	// All that Boot's servers need is absent in an application of the lean starter
	@Test
	void applicationNeedsNoClassesOfTheWeb() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "jakarta.servlet",
					"org.apache.catalina", "org.springframework.boot.tomcat", "org.springframework.boot.webmvc",
					"org.springframework.boot.web", "org.springframework.security", "io.micrometer",
					"org.springframework.boot.actuate", "org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasSingleBean(NettyServerLifecycle.class));
	}

	@Test
	void observationsOfRequestsHaveTheConfiguredName() {
		this.contextRunner.withBean(TestObservationRegistry.class, TestObservationRegistry::create)
			.withPropertyValues("management.observations.http.server.requests.name=own.requests")
			.run((context) -> {
				context.getBean(EndpointRequestObservations.class)
					.received(
							RequestHead
								.of(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf("BREW"), "/pot")),
							"127.0.0.1")
					.ended(404, 0, null);
				TestObservationRegistryAssert.assertThat(context.getBean(TestObservationRegistry.class))
					.hasObservationWithNameEqualTo("own.requests")
					.that()
					.hasContextualNameEqualTo("http unknown")
					.hasLowCardinalityKeyValue("method", "UNKNOWN")
					.hasLowCardinalityKeyValue("uri", "NOT_FOUND")
					.hasLowCardinalityKeyValue("status", "404")
					.hasLowCardinalityKeyValue("outcome", "CLIENT_ERROR")
					.hasLowCardinalityKeyValue("exception", "none")
					.hasHighCardinalityKeyValue("http.url", "/pot")
					.hasBeenStopped();
			});
	}

	@Test
	void requestsAreNotObservedWithoutAnObserver() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(RequestListener.class));
		this.contextRunner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context.getBean(EndpointRequestObservations.class)
				.received(RequestHead.of(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/statefun")),
						"127.0.0.1"))
				.isSameAs(RequestListener.ReceivedRequest.UNOBSERVED));
	}

	@Test
	void reactiveApplicationHasOne() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues(LOCAL)
			.withPropertyValues("spring.main.web-application-type=reactive")
			.run((context) -> assertThat(context).hasSingleBean(NettyServerLifecycle.class));
	}

	@Test
	void secondServerNeedsAPort() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("statefun.server.engine=netty")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining("'statefun.server.port' is not set"));
	}

	@Test
	void chainForTheEndpointStopsTheStartUp() {
		this.chosenRunner
			.withBean("mine", SecurityFilterChain.class,
					() -> new DefaultSecurityFilterChain(StatefunRequest.toEndpoint()))
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining("The security filter chain 'mine' is for the endpoint, but Netty"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/statefun", "/statefun/**", "/mvc/statefun" })
	void chainThatSpellsOutThePathStopsTheStartUp(String pattern) {
		this.chosenRunner.withPropertyValues("spring.mvc.servlet.path=/mvc")
			.withBean("mine", SecurityFilterChain.class,
					() -> new DefaultSecurityFilterChain(PathPatternRequestMatcher.withDefaults().matcher(pattern)))
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining(
						"The security filter chain 'mine' is for the endpoint, but Netty serves it, where "
								+ "Spring Security does not apply"));
	}

	@Test
	void filterForTheEndpointStopsTheStartUp() {
		for (String pattern : List.of("/statefun", "/statefun/*")) {
			this.chosenRunner.withBean("mine", FilterRegistrationBean.class, () -> registration("/page", pattern))
				.run((context) -> assertThat(context).getFailure()
					.isInstanceOf(FailureAnalyzedException.class)
					.hasMessageContaining(
							"The filter of 'mine' is for the endpoint, but Netty serves it, where filters "
									+ "do not apply"));
		}
		this.chosenRunner.withBean("all", FilterRegistrationBean.class, () -> registration("/*"))
			.withBean("page", FilterRegistrationBean.class, () -> registration("/page", "/statefun-page"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void filterRegisteredByAnAnnotationForTheEndpointStopsTheStartUp() {
		this.chosenRunner.withUserConfiguration(AnnotatedFilter.class)
			.withPropertyValues("statefun.path=/mine")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining("The filter of 'annotated' is for the endpoint"));
		this.chosenRunner.withUserConfiguration(AnnotatedFilter.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static FilterRegistrationBean<Filter> registration(String... patterns) {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(
				(request, response, chain) -> chain.doFilter(request, response));
		registration.addUrlPatterns(patterns);
		return registration;
	}

	@Test
	void otherChainsDoNot() {
		this.chosenRunner.withPropertyValues("statefun.path=/api/statefun")
			.withBean("api", SecurityFilterChain.class,
					() -> new DefaultSecurityFilterChain(PathPatternRequestMatcher.withDefaults().matcher("/api/**")))
			.withBean("all", SecurityFilterChain.class,
					() -> new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE))
			.withBean("broken", SecurityFilterChain.class, () -> new DefaultSecurityFilterChain((request) -> {
				throw new UnsupportedOperationException("needs a session");
			}))
			.withBean("most", SecurityFilterChain.class,
					() -> new DefaultSecurityFilterChain(
							new NegatedRequestMatcher(PathPatternRequestMatcher.withDefaults().matcher("/page"))))
			.withBean("other", SecurityFilterChain.class,
					() -> new DefaultSecurityFilterChain(PathPatternRequestMatcher.withDefaults().matcher("/page")))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void servletApplicationHasNone() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean(NettyServerLifecycle.class)
				.hasSingleBean(StatefunHttpHandler.class));
	}

	@Test
	void servletApplicationMayChooseIt() {
		this.chosenRunner.run((context) -> assertThat(context).hasSingleBean(NettyServerLifecycle.class)
			.hasSingleBean(Endpoint.class)
			.doesNotHaveBean(StatefunHttpHandler.class));
	}

	@Test
	void applicationWithoutTheModuleHasNoEndpoint() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(NettyEndpointServer.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Endpoint.class));
	}

	@Test
	void choosingItWithoutTheModuleStopsTheStartUp() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(NettyEndpointServer.class))
			.withPropertyValues("statefun.server.engine=netty")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining("that server is not on the class path"));
	}

	// As of a parent whose child has the container
	@Test
	void springMvcOnTheClassPathMayServeOtherContexts() {
		ApplicationContextRunner undecided = this.contextRunner.withPropertyValues("spring.main.web-application-type=");
		undecided.run((context) -> assertThat(context).doesNotHaveBean(NettyServerLifecycle.class)
			.doesNotHaveBean(Endpoint.class));
		undecided.withPropertyValues("statefun.server.engine=netty")
			.run((context) -> assertThat(context).hasSingleBean(NettyServerLifecycle.class));
		undecided.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run((context) -> assertThat(context).hasSingleBean(NettyServerLifecycle.class));
	}

	@Test
	void portOfTheOnlyServerMayBeThatOfTheApplication() {
		ApplicationContextRunner portless = new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("spring.main.web-application-type=none", "statefun.server.address=127.0.0.1");
		portless.withPropertyValues("server.port=0")
			.run((context) -> assertThat(
					context.getEnvironment().getRequiredProperty("local.statefun.port", Integer.class))
				.isGreaterThan(1024)
				.isNotEqualTo(8080));
		portless.withPropertyValues("server.port=-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining("'server.port' is -1, and 'statefun.server.port' is not set"));
	}

	@Test
	void disabledApplicationHasNone() {
		this.contextRunner.withPropertyValues("statefun.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(NettyServerLifecycle.class));
	}

	@Test
	void invalidRestrictionsStopTheStartUp() {
		this.contextRunner.withPropertyValues("statefun.security.secret=short")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FailureAnalyzedException.class)
				.hasMessageContaining("'statefun.security.secret' has 5 characters"));
	}

	@Configuration(proxyBeanMethods = false)
	static class AnnotatedFilter {

		@Bean
		@FilterRegistration(urlPatterns = "/mine/*")
		Filter annotated() {
			return (request, response, chain) -> chain.doFilter(request, response);
		}

	}

}
