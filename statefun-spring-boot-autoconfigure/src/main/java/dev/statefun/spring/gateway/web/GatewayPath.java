package dev.statefun.spring.gateway.web;

import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.http.RequestPath;
import dev.statefun.sdk.http.UnreadableRequestException;
import dev.statefun.spring.gateway.GatewayRequest;

/**
 * Meaning of a path below that of the gateway. There is one spelling for each: a path
 * with parameters, dot segments, empty segments, or a slash that is encoded outside of an
 * id, means nothing.
 */
sealed interface GatewayPath {

	/** First segment of the gateway's own paths. */
	String RESERVED = "-";

	/** Second segment of a former request's path. */
	String REQUESTS = "requests";

	/** Segment of the document. */
	String DOCUMENT = "openapi.json";

	/**
	 * Return the meaning of a path.
	 * @param path the path as received, within the application
	 * @param prefix path of the gateway
	 * @return the meaning
	 */
	static GatewayPath of(String path, String prefix) {
		if (!path.startsWith(prefix + "/") || path.indexOf(';') >= 0) {
			return new Nothing();
		}
		try {
			return of(new RequestPath(path.substring(prefix.length())).segments());
		}
		catch (UnreadableRequestException ex) {
			return new Nothing();
		}
	}

	private static GatewayPath of(List<String> segments) {
		int size = segments.size();
		if (segments.stream().anyMatch((segment) -> segment.isEmpty() || segment.equals(".") || segment.equals(".."))) {
			return new Nothing();
		}
		if (segments.get(0).equals(RESERVED)) {
			boolean reply = size == 3 && segments.get(1).equals(REQUESTS) && GatewayRequest.isId(segments.get(2));
			return reply ? new Reply(segments.get(2)) : new Nothing();
		}
		if (size == 1) {
			return segments.get(0).equals(DOCUMENT) ? new Document() : new Nothing();
		}
		return (size > 2) ? function(segments.subList(0, size - 1), segments.get(size - 1)) : new Nothing();
	}

	// A namespace may contain slashes, each of which separates two segments
	private static GatewayPath function(List<String> type, String id) {
		if (type.stream().anyMatch((segment) -> segment.indexOf('/') >= 0)) {
			return new Nothing();
		}
		try {
			return new Function(Address.of(FunctionType.parse(String.join("/", type)), id));
		}
		catch (IllegalArgumentException ex) {
			return new Nothing();
		}
	}

	/**
	 * A function instance.
	 *
	 * @param address its address
	 */
	record Function(Address address) implements GatewayPath {

	}

	/**
	 * Reply to a former request.
	 *
	 * @param request id of the request
	 */
	record Reply(String request) implements GatewayPath {

	}

	/**
	 * Description of the functions.
	 */
	record Document() implements GatewayPath {

	}

	/**
	 * Nothing is there.
	 */
	record Nothing() implements GatewayPath {

	}

}
