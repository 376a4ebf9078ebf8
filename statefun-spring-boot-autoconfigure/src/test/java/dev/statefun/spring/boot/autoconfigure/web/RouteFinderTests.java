package dev.statefun.spring.boot.autoconfigure.web;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.servlet.function.RequestPredicates.GET;
import static org.springframework.web.servlet.function.RequestPredicates.POST;
import static org.springframework.web.servlet.function.RequestPredicates.accept;
import static org.springframework.web.servlet.function.RequestPredicates.all;
import static org.springframework.web.servlet.function.RequestPredicates.method;
import static org.springframework.web.servlet.function.RequestPredicates.methods;
import static org.springframework.web.servlet.function.RequestPredicates.param;
import static org.springframework.web.servlet.function.RequestPredicates.path;
import static org.springframework.web.servlet.function.RouterFunctions.nest;
import static org.springframework.web.servlet.function.RouterFunctions.route;

/**
 * Tests for {@link RouteFinder}.
 */
class RouteFinderTests {

	private static final String PATH = "/api/statefun";

	private static final HandlerFunction<ServerResponse> OK = (request) -> ServerResponse.ok().build();

	static Stream<Route> claims() {
		RequestPredicate code = (request) -> true;
		return Stream.of(only("path", path(PATH)), only("POST", POST(PATH)),
				only("POST with a type", POST(PATH).and(accept(MediaType.ALL))),
				only("several methods", methods(HttpMethod.PUT, HttpMethod.POST).and(path(PATH))),
				only("not GET", GET("/**").negate().and(path(PATH))),
				only("not another path", path("/other").negate().and(path(PATH))),
				only("not not", POST(PATH).negate().negate()),
				only("neither, negated", POST(PATH).negate().and(POST("/other").negate()).negate()),
				only("one of two paths", path("/other").or(path(PATH))), only("the path or any", all().or(path(PATH))),
				only("inside a wildcard", path("/api/**").and(POST(PATH))), only("with code", POST(PATH).and(code)),
				new Route("nested", nest(path("/api"), route(POST("/statefun"), OK))),
				new Route("nested in a method", nest(method(HttpMethod.POST), route(path(PATH), OK))),
				new Route("nested in code", nest(code, route(POST(PATH), OK))),
				new Route("nested prefix that is the path", nest(path(PATH), route(method(HttpMethod.POST), OK))),
				new Route("nested twice",
						nest(path("/api").and(method(HttpMethod.POST)),
								nest(path("/other").or(path("/statefun")), route(all(), OK)))),
				new Route("builder",
						RouterFunctions.route()
							.GET("/", OK)
							.path("/api", (api) -> api.GET("/statefun", OK).POST("/statefun", OK))
							.build()),
				new Route("builder with a filter and attributes",
						RouterFunctions.route()
							.POST(PATH, OK)
							.filter((request, next) -> next.handle(request))
							.withAttribute("some", "thing")
							.build()),
				new Route("after another", route(all(), OK).andRoute(POST(PATH), OK)));
	}

	static Stream<Route> others() {
		RequestPredicate code = (request) -> true;
		return Stream.of(only("all", all()), only("code", code), only("wildcards", path("/**")),
				only("wildcard in a segment", path("/api/state*")), only("variable", POST("/api/{name}")),
				only("variable that is the path by a rule", POST("/api/{name:statefun}")),
				only("rest of the path", path("/{*rest}")), only("GET", GET(PATH)),
				only("not POST", method(HttpMethod.POST).negate().and(path(PATH))),
				only("any but the path", path(PATH).negate()), only("any but POST", POST(PATH).negate()),
				only("another path", POST("/statefun")), only("longer path", POST(PATH + "/more")),
				only("path with a slash", POST(PATH + "/")), only("another case", POST("/api/Statefun")),
				only("method alone", method(HttpMethod.POST)), only("parameter", param("a", "b")),
				only("two paths at once", path(PATH).and(path("/other"))),
				new Route("nested in a variable", nest(path("/{any}"), route(POST("/statefun"), OK))),
				new Route("nested in a wildcard", nest(path("/**"), route(all(), OK))),
				new Route("nested in a part of the path", nest(path("/api"), route(all(), OK))),
				new Route("nested in another path", nest(path("/other"), route(POST("/statefun"), OK))),
				new Route("nested in another method", nest(method(HttpMethod.PUT), route(path(PATH), OK))),
				new Route("prefix that is the path, for another method",
						nest(path(PATH), route(method(HttpMethod.GET), OK))),
				new Route("behind a prefix that is the path", nest(path(PATH), route(POST("/more"), OK))),
				new Route("part of a segment", nest(path("/ap"), route(POST("i/statefun"), OK))),
				new Route("resources", RouterFunctions.resources("/**", new ByteArrayResource(new byte[0]))),
				new Route("own function", (request) -> Optional.of(OK)));
	}

	@ParameterizedTest
	@MethodSource("claims")
	void routeForThePathIsFound(Route route) {
		assertThat(claimOf(route, PathPatternParser.defaultInstance)).isNotNull();
		// The route would have handled the request
		assertThat(route.function().route(request())).isPresent();
	}

	@ParameterizedTest
	@MethodSource("others")
	void routeForAnotherPathIsIgnored(Route route) {
		assertThat(claimOf(route, PathPatternParser.defaultInstance)).isNull();
	}

	@Test
	void caseSensitivityFollowsTheParser() {
		PathPatternParser parser = new PathPatternParser();
		parser.setCaseSensitive(false);
		assertThat(claimOf(only("another case", POST("/API/StateFun")), parser)).isEqualTo("(POST && /API/StateFun)");
	}

	@Test
	void nestedAlternativesAreReadQuickly() {
		RequestPredicate any = path("/0");
		for (int i = 1; i < 1_000; i++) {
			any = path("/" + i).or(any);
		}
		RouterFunction<ServerResponse> function = route(any.and(any).and(any), OK);
		for (int i = 0; i < 20; i++) {
			function = nest(any.or(all()), function);
		}
		assertThat(claimOf(new Route("many", function), PathPatternParser.defaultInstance)).isNull();
	}

	private static @Nullable String claimOf(Route route, PathPatternParser parser) {
		return RouteFinder.find(route.function(), HttpMethod.POST, PATH, parser);
	}

	private static Route only(String name, RequestPredicate predicate) {
		return new Route(name, RouterFunctions.route(predicate, OK));
	}

	private static ServerRequest request() {
		MockHttpServletRequest request = new MockHttpServletRequest("POST", PATH);
		ServletRequestPathUtils.parseAndCache(request);
		return ServerRequest.create(request, List.of());
	}

	record Route(String name, RouterFunction<ServerResponse> function) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
