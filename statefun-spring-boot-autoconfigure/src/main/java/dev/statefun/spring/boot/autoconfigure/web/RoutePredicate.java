package dev.statefun.spring.boot.autoconfigure.web;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Predicate of a router function, as far as it can be read. Determines whether it names a
 * path, that is, has a pattern equal to it, without a wildcard or a variable.
 */
sealed interface RoutePredicate {

	/**
	 * Read a predicate.
	 * @param predicate the predicate
	 * @param parser parses its patterns
	 * @return the predicate as far as it can be read
	 */
	static RoutePredicate of(RequestPredicate predicate, PathPatternParser parser) {
		Reader reader = new Reader(parser);
		predicate.accept(reader);
		return reader.read.pop();
	}

	/**
	 * Return how the predicate matches a request.
	 * @param method method of the request
	 * @param path path of the request
	 * @param negated whether to answer for the opposite of the predicate
	 * @return how it matches
	 */
	Match match(HttpMethod method, String path, boolean negated);

	/**
	 * Return the part of a request's path that nested routes see.
	 * @param method method of the request
	 * @param path path of the request
	 * @return rest of the path behind prefixes without wildcards and variables; empty if
	 * the predicate has none that match
	 */
	default Set<String> rests(HttpMethod method, String path) {
		return match(method, path, false).isPossible() ? Set.of(path) : Set.of();
	}

	/**
	 * Result of matching a predicate with a request. Both can be true, as for the two
	 * sides of an "or".
	 *
	 * @param otherwise whether it may match without naming the path
	 * @param named whether it may match, and names the path
	 */
	record Match(boolean otherwise, boolean named) {

		static final Match NONE = new Match(false, false);

		static final Match OTHERWISE = new Match(true, false);

		static final Match NAMED = new Match(false, true);

		boolean isPossible() {
			return this.otherwise || this.named;
		}

		private Match and(Match other) {
			return new Match(this.otherwise && other.otherwise,
					isPossible() && other.isPossible() && (this.named || other.named));
		}

		private Match or(Match other) {
			return new Match(this.otherwise || other.otherwise, this.named || other.named);
		}

	}

	/**
	 * Pattern of a path.
	 *
	 * @param pattern the pattern
	 */
	record Path(PathPattern pattern) implements RoutePredicate {

		@Override
		public Match match(HttpMethod method, String path, boolean negated) {
			if (this.pattern.matches(PathContainer.parsePath(path)) == negated) {
				return Match.NONE;
			}
			return (negated || this.pattern.hasPatternSyntax()) ? Match.OTHERWISE : Match.NAMED;
		}

		@Override
		public Set<String> rests(HttpMethod method, String path) {
			PathPattern.PathRemainingMatchInfo info = this.pattern.hasPatternSyntax() ? null
					: this.pattern.matchStartOfPath(PathContainer.parsePath(path));
			return (info != null) ? Set.of(info.getPathRemaining().value()) : Set.of();
		}

	}

	/**
	 * Methods.
	 *
	 * @param methods the methods
	 */
	record Methods(Set<HttpMethod> methods) implements RoutePredicate {

		@Override
		public Match match(HttpMethod method, String path, boolean negated) {
			return (this.methods.contains(method) != negated) ? Match.OTHERWISE : Match.NONE;
		}

	}

	/**
	 * Predicate that may match any request: a header, a parameter, or code of the
	 * application.
	 */
	record Other() implements RoutePredicate {

		@Override
		public Match match(HttpMethod method, String path, boolean negated) {
			return Match.OTHERWISE;
		}

	}

	/**
	 * Both of two predicates.
	 *
	 * @param left the first
	 * @param right the second
	 */
	record And(RoutePredicate left, RoutePredicate right) implements RoutePredicate {

		@Override
		public Match match(HttpMethod method, String path, boolean negated) {
			Match left = this.left.match(method, path, negated);
			Match right = this.right.match(method, path, negated);
			return negated ? left.or(right) : left.and(right);
		}

		@Override
		public Set<String> rests(HttpMethod method, String path) {
			Set<String> rests = new LinkedHashSet<>();
			this.left.rests(method, path).forEach((rest) -> rests.addAll(this.right.rests(method, rest)));
			return rests;
		}

	}

	/**
	 * One of two predicates.
	 *
	 * @param left the first
	 * @param right the second
	 */
	record Or(RoutePredicate left, RoutePredicate right) implements RoutePredicate {

		@Override
		public Match match(HttpMethod method, String path, boolean negated) {
			Match left = this.left.match(method, path, negated);
			Match right = this.right.match(method, path, negated);
			return negated ? left.and(right) : left.or(right);
		}

		@Override
		public Set<String> rests(HttpMethod method, String path) {
			Set<String> rests = new LinkedHashSet<>(this.left.rests(method, path));
			rests.addAll(this.right.rests(method, path));
			return rests;
		}

	}

	/**
	 * The opposite of a predicate.
	 *
	 * @param predicate the predicate
	 */
	record Not(RoutePredicate predicate) implements RoutePredicate {

		@Override
		public Match match(HttpMethod method, String path, boolean negated) {
			return this.predicate.match(method, path, !negated);
		}

	}

	/**
	 * Reads predicates from the inside out.
	 */
	final class Reader implements RequestPredicates.Visitor {

		private final PathPatternParser parser;

		private final Deque<RoutePredicate> read = new ArrayDeque<>();

		private Reader(PathPatternParser parser) {
			this.parser = parser;
		}

		@Override
		public void method(Set<HttpMethod> methods) {
			this.read.push(new Methods(Set.copyOf(methods)));
		}

		@Override
		public void path(String pattern) {
			this.read.push(new Path(this.parser.parse(pattern)));
		}

		@Override
		@SuppressWarnings("removal")
		public void pathExtension(String extension) {
			this.read.push(new Other());
		}

		@Override
		public void header(String name, String value) {
			this.read.push(new Other());
		}

		@Override
		public void param(String name, String value) {
			this.read.push(new Other());
		}

		@Override
		public void version(String version) {
			this.read.push(new Other());
		}

		@Override
		public void unknown(RequestPredicate predicate) {
			this.read.push(new Other());
		}

		@Override
		public void startAnd() {
			// Its sides come next
		}

		@Override
		public void and() {
			// Its right side comes next
		}

		@Override
		public void endAnd() {
			RoutePredicate right = this.read.pop();
			this.read.push(new And(this.read.pop(), right));
		}

		@Override
		public void startOr() {
			// Its sides come next
		}

		@Override
		public void or() {
			// Its right side comes next
		}

		@Override
		public void endOr() {
			RoutePredicate right = this.read.pop();
			this.read.push(new Or(this.read.pop(), right));
		}

		@Override
		public void startNegate() {
			// The negated predicate comes next
		}

		@Override
		public void endNegate() {
			this.read.push(new Not(this.read.pop()));
		}

	}

}
