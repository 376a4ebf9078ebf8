package dev.statefun.spring.web;

import java.util.List;

/**
 * Contract of the endpoint in an application of the lean starter, on Netty.
 */
class NettyContractTests extends EndpointContract {

	NettyContractTests() {
		super(EndpointServer.NETTY);
	}

	// A 4xx would fail the job of some clusters. What begins with another protocol is
	// closed with a WARN
	@Override
	int statusOf(MalformedRequest request) {
		return (request != MalformedRequest.TLS) ? 500 : -1;
	}

	// Compared as it was sent
	@Override
	int statusOfSpelling(String path) {
		return 404;
	}

	@Override
	List<Integer> statusesOfBrokenBody() {
		return List.of(500);
	}

	// A proxy in front may see another end of the request
	@Override
	int statusOfSizeAndChunks() {
		return 500;
	}

	// Of no use to the endpoint
	@Override
	int statusWithoutHost() {
		return 200;
	}

	@Override
	boolean keepsConnectionAfterFailure() {
		return true;
	}

	@Override
	boolean continuesRefusedRequests() {
		return false;
	}

	// No cluster sends them
	@Override
	boolean answersPipelinedRequests() {
		return false;
	}

	@Override
	boolean noticesLostClients() {
		return true;
	}

}
