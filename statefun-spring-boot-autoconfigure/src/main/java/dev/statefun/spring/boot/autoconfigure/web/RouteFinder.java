package dev.statefun.spring.boot.autoconfigure.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.statefun.spring.boot.autoconfigure.web.RoutePredicate.Match;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Finds the route of a router function that names a path. Functions that can't be read
 * (those of another kind, and resources) name none.
 */
final class RouteFinder implements RouterFunctions.Visitor {

	private final HttpMethod method;

	private final PathPatternParser parser;

	/** Rest of the path, for each level of nesting. */
	private final Deque<Set<String>> rests = new ArrayDeque<>();

	private @Nullable String route;

	private RouteFinder(HttpMethod method, String path, PathPatternParser parser) {
		this.method = method;
		this.parser = parser;
		this.rests.push(Set.of(path));
	}

	/**
	 * Find a route.
	 * @param function router function to search
	 * @param method method that the route takes
	 * @param path path that the route names
	 * @param parser parses the function's patterns
	 * @return the route's predicate in words, or {@code null} if there is none
	 */
	static @Nullable String find(RouterFunction<?> function, HttpMethod method, String path, PathPatternParser parser) {
		RouteFinder finder = new RouteFinder(method, path, parser);
		function.accept(finder);
		return finder.route;
	}

	@Override
	public void startNested(RequestPredicate predicate) {
		RoutePredicate read = RoutePredicate.of(predicate, this.parser);
		Set<String> nested = new LinkedHashSet<>();
		this.rests.element().forEach((rest) -> nested.addAll(read.rests(this.method, rest)));
		this.rests.push(nested);
	}

	@Override
	public void endNested(RequestPredicate predicate) {
		this.rests.pop();
	}

	@Override
	public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
		RoutePredicate read = RoutePredicate.of(predicate, this.parser);
		for (String rest : this.rests.element()) {
			Match match = read.match(this.method, rest, false);
			// If nothing is left, the prefixes have named the path
			if (this.route == null && (match.named() || (rest.isEmpty() && match.isPossible()))) {
				this.route = predicate.toString();
			}
		}
	}

	@Override
	public void resources(Function<ServerRequest, Optional<Resource>> lookup) {
		// The result of the lookup is not known before a request
	}

	@Override
	public void attributes(Map<String, Object> attributes) {
		// They map nothing
	}

	@Override
	public void unknown(RouterFunction<?> function) {
		// Its routes are not known before a request
	}

}
