package dev.statefun.spring.web;

import java.util.List;

/**
 * Contract of the endpoint on Tomcat: on the application's own port, and on a port of its
 * own.
 */
class TomcatContractTests extends EndpointContract {

	TomcatContractTests() {
		super(EndpointServer.TOMCAT);
	}

	@Override
	int statusOf(MalformedRequest request) {
		return switch (request) {
			case OTHER_ENCODING, UNKNOWN_ENCODING, TWO_ENCODINGS -> 501;
			default -> 400;
		};
	}

	@Override
	int statusOfSpelling(String path) {
		return switch (path) {
			case "/%73tatefun", "/statefun;a=b" -> 200;
			case "*" -> 400;
			default -> 404;
		};
	}

	@Override
	List<Integer> statusesOfBrokenBody() {
		return List.of(500, -1);
	}

	// The size is ignored
	@Override
	int statusOfSizeAndChunks() {
		return 200;
	}

	@Override
	int statusWithoutHost() {
		return 400;
	}

	// As after each 500 and 503
	@Override
	boolean keepsConnectionAfterFailure() {
		return false;
	}

	// Before the endpoint sees the request
	@Override
	boolean continuesRefusedRequests() {
		return true;
	}

	@Override
	boolean answersPipelinedRequests() {
		return true;
	}

	@Override
	boolean noticesLostClients() {
		return false;
	}

}
