package dev.statefun.spring.boot.autoconfigure.web;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterRequest;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the precedence of the endpoint over other mappings: the endpoint precedes
 * catch-all mappings, and a mapping of the same path stops the start-up. All tests run on
 * a real server.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointMatrixTests {

	private static final String FREE_PATH = "Set 'statefun.path' to a free path, or map the other handler elsewhere.";

	private static final String OTHER_SERVLET_PATH = "Map the servlet elsewhere, or give Spring MVC a path that no "
			+ "other servlet has, with 'spring.mvc.servlet.path'.";

	@ParameterizedTest
	@EnumSource
	void endpointPrecedesAllCatchAllMappings(Place place, CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CatchAlls.class, place.properties)) {
			assertThat(post(service, place, place.url).statusCode()).isEqualTo(200);
			assertThat(output).contains("at POST " + place.url);
			if (place != Place.OWN_PORT) {
				assertThat(post(service, place, place.url + "/other").statusCode()).isNotIn(200, 500);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("takers")
	void endpointPrecedesEachCatchAllMapping(Class<?> taker) throws Exception {
		try (RunningService service = RunningService.start(Functions.class, "spring.main.sources=" + taker.getName())) {
			assertThat(post(service, Place.APPLICATION_PORT, "/statefun").statusCode()).isEqualTo(200);
		}
	}

	static Stream<Class<?>> takers() {
		return Stream.of(RouterForAll.class, FirstRouterForAll.class, ControllerForAll.class, ResourcesForAll.class,
				ViewForAll.class, MappingForAll.class, ServletForAllElse.class);
	}

	static Stream<Arguments> claims() {
		Map<Class<?>, String> handlers = Map.of(RouterForPath.class, "the route (POST && /%s) of bean 'routerForPath'",
				ControllerForPath.class, ControllerForPath.class.getName() + "#post()", ResourceForPath.class,
				"a handler of bean 'resourceHandlerMapping'", ViewForPath.class,
				"a handler of bean 'viewControllerHandlerMapping'", ServletForPath.class, "servlet 'servletForPath'");
		return Stream.of(Place.values())
			.flatMap((place) -> handlers.entrySet()
				.stream()
				.map((handler) -> Arguments.of(place, handler.getKey(), handler.getValue())));
	}

	@ParameterizedTest
	@MethodSource("claims")
	void samePathStopsTheStartUp(Place place, Class<?> handler, String name, CapturedOutput output) {
		requireStopped(handler, place, output);
		boolean servlet = handler == ServletForPath.class;
		String path = servlet ? place.servletPath() : place.path;
		assertThat(output)
			.contains("Path '" + path + "' is the endpoint for StateFun clusters, but is mapped to "
					+ name.replace("/%s", place.path) + " as well.")
			.contains(FREE_PATH);
	}

	@ParameterizedTest
	@MethodSource("nearer")
	void servletWithPrecedenceStopsTheStartUp(Class<?> servlet, String mapping, CapturedOutput output) {
		requireStopped(servlet, Place.APPLICATION_PORT, output);
		assertThat(output)
			.contains("Path '/statefun' is the endpoint for StateFun clusters, but is mapped to servlet '"
					+ beanNameOf(servlet) + "', whose mapping '" + mapping
					+ "' a server prefers to that of Spring MVC, as well.")
			.contains(OTHER_SERVLET_PATH);
	}

	static Stream<Arguments> nearer() {
		return Stream.of(Arguments.of(ServletForAll.class, "/*"), Arguments.of(ServletForPrefix.class, "/statefun/*"),
				Arguments.of(ServletInsteadOfSpringMvc.class, "/"));
	}

	@Test
	void servletBelowThePathConflictsWithTheSecret(CapturedOutput output) {
		requireStopped(ServletForSecret.class, Place.APPLICATION_PORT, output,
				"statefun.security.secret=0123456789abcdef");
		assertThat(output)
			.contains("Path '/statefun' is the endpoint for StateFun clusters, but is mapped to servlet "
					+ "'servletForSecret' as well.")
			.doesNotContain("0123456789abcdef' is");
	}

	@Test
	void catchAllServletYieldsToSpringMvcPath() throws Exception {
		try (RunningService service = RunningService.start(Functions.class,
				"spring.main.sources=" + ServletForAll.class.getName(), "spring.mvc.servlet.path=/mvc")) {
			assertThat(post(service, Place.APPLICATION_PORT, "/mvc/statefun").statusCode()).isEqualTo(200);
			assertThat(post(service, Place.APPLICATION_PORT, "/statefun").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void handlersOfOtherMethodsCauseAWarning(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(Functions.class,
				"spring.main.sources=" + OnlyGet.class.getName())) {
			assertThat(post(service, Place.APPLICATION_PORT, "/statefun").statusCode()).isEqualTo(200);
			assertThat(service.get(service.port(), "/statefun").statusCode()).isEqualTo(405);
		}
		assertThat(output).contains("Path '/statefun' is the endpoint for StateFun clusters, so the route "
				+ "(GET && /statefun) of bean 'getRoute' is never called: methods other than POST are answered 405.");
	}

	@Test
	void endpointAtTheRootPrecedesTheWelcomePage() throws Exception {
		try (RunningService service = RunningService.start(Functions.class, "statefun.path=/",
				"spring.web.resources.static-locations=classpath:/welcome/")) {
			assertThat(post(service, Place.APPLICATION_PORT, "/").statusCode()).isEqualTo(200);
		}
	}

	private static void requireStopped(Class<?> configuration, Place place, CapturedOutput output,
			String... properties) {
		String[] all = Stream
			.of(Stream.of(place.properties), Stream.of(properties),
					Stream.of("spring.main.sources=" + configuration.getName()))
			.flatMap((part) -> part)
			.toArray(String[]::new);
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> RunningService.start(Functions.class, all).close());
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("Serving 1 stateful function");
	}

	private static String beanNameOf(Class<?> configuration) {
		String name = configuration.getSimpleName();
		return name.substring(0, 1).toLowerCase() + name.substring(1);
	}

	private static HttpResponse<byte[]> post(RunningService service, Place place, String url) throws Exception {
		int port = (place == Place.OWN_PORT) ? service.clusterPort() : service.port();
		return service.post(port, url, ClusterRequest.v3("test/counter", "joe").message(2).toByteArray());
	}

	/**
	 * Location of the endpoint.
	 */
	enum Place {

		APPLICATION_PORT("/statefun", "/statefun"),

		OWN_PORT("/statefun", "/statefun", "statefun.server.port=0"),

		CONTEXT_PATH("/statefun", "/app/statefun", "server.servlet.context-path=/app"),

		SERVLET_PATH("/statefun", "/mvc/statefun", "spring.mvc.servlet.path=/mvc"),

		OTHER_PATH("/all/functions", "/all/functions", "statefun.path=/all/functions");

		private final String path;

		private final String url;

		private final String[] properties;

		Place(String path, String url, String... properties) {
			this.path = path;
			this.url = url;
			this.properties = properties;
		}

		private String servletPath() {
			return (this == SERVLET_PATH) ? this.url : this.path;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, SslAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class, StatefunAutoConfiguration.class, StatefunActuatorAutoConfiguration.class,
			StatefunSecurityAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class })
	@Import(Counter.class)
	static class Functions {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Functions.class, RouterForAll.class, FirstRouterForAll.class, ControllerForAll.class,
			ResourcesForAll.class, ViewForAll.class, MappingForAll.class })
	static class CatchAlls {

	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RouterForAll {

		@Bean
		RouterFunction<ServerResponse> all() {
			return RouterFunctions.route(RequestPredicates.all(), (request) -> ServerResponse.notFound().build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FirstRouterForAll {

		@Bean
		RouterFunctionMapping firstRouterFunctionMapping() {
			RouterFunctionMapping mapping = new RouterFunctionMapping(RouterFunctions.route()
				.path("/{any}", (nested) -> nested.POST((request) -> ServerResponse.notFound().build()))
				.build());
			mapping.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return mapping;
		}

	}

	@RestController
	static class ControllerForAll {

		@RequestMapping({ "/**", "/{any}" })
		void all(HttpServletResponse response) {
			response.setStatus(404);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ResourcesForAll implements WebMvcConfigurer {

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.addResourceHandler("/**").addResourceLocations("classpath:/none/");
			registry.setOrder(Ordered.HIGHEST_PRECEDENCE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ViewForAll implements WebMvcConfigurer {

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addViewController("/**").setViewName("index");
			registry.setOrder(Ordered.HIGHEST_PRECEDENCE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MappingForAll {

		@Bean
		SimpleUrlHandlerMapping mappingForAll() {
			HttpRequestHandler handler = (request, response) -> response.setStatus(404);
			return new SimpleUrlHandlerMapping(Map.of("/**", handler), Ordered.HIGHEST_PRECEDENCE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServletForAllElse {

		@Bean
		ServletRegistrationBean<NotFound> servletForAllElse() {
			return new ServletRegistrationBean<>(new NotFound(), "/other/*", "*.do", "");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RouterForPath {

		@Bean
		RouterFunction<ServerResponse> routerForPath(@Value("${statefun.path:/statefun}") String path) {
			return RouterFunctions.route()
				.GET("/other", (request) -> ServerResponse.notFound().build())
				.POST(path, (request) -> ServerResponse.notFound().build())
				.build();
		}

	}

	@RestController
	static class ControllerForPath {

		@RequestMapping("${statefun.path:/statefun}")
		void post() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ResourceForPath implements WebMvcConfigurer {

		@Value("${statefun.path:/statefun}")
		private String path = "";

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.addResourceHandler(this.path).addResourceLocations("classpath:/none/");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ViewForPath implements WebMvcConfigurer {

		@Value("${statefun.path:/statefun}")
		private String path = "";

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addViewController(this.path).setViewName("index");
		}

	}

	// Not as a bean: only the server's registrations count
	@Configuration(proxyBeanMethods = false)
	static class ServletForPath {

		@Bean
		ServletContextInitializer servletForPathInitializer(@Value("${statefun.path:/statefun}") String path,
				@Value("${spring.mvc.servlet.path:}") String prefix) {
			return (ServletContext context) -> context.addServlet("servletForPath", new NotFound())
				.addMapping(prefix + path, "/elsewhere/*");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServletForAll {

		@Bean
		ServletRegistrationBean<NotFound> servletForAll() {
			return new ServletRegistrationBean<>(new NotFound(), "/*");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServletForPrefix {

		@Bean
		ServletRegistrationBean<NotFound> servletForPrefix() {
			return new ServletRegistrationBean<>(new NotFound(), "/statefun/*");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServletInsteadOfSpringMvc {

		@Bean
		ServletContextInitializer servletInsteadOfSpringMvcInitializer() {
			return new First();
		}

		static class First implements ServletContextInitializer, Ordered {

			@Override
			public void onStartup(ServletContext context) {
				context.addServlet("servletInsteadOfSpringMvc", new NotFound()).addMapping("/");
			}

			@Override
			public int getOrder() {
				return Ordered.HIGHEST_PRECEDENCE;
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServletForSecret {

		@Bean
		ServletRegistrationBean<NotFound> servletForSecret(@Value("${statefun.security.secret}") String secret) {
			return new ServletRegistrationBean<>(new NotFound(), "/statefun/" + secret);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OnlyGet {

		@Bean
		RouterFunction<ServerResponse> getRoute() {
			return RouterFunctions.route().GET("/statefun", (request) -> ServerResponse.ok().build()).build();
		}

	}

	static class NotFound extends HttpServlet {

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setStatus(404);
		}

	}

}
