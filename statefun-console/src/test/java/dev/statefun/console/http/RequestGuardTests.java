package dev.statefun.console.http;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for access to the console.
 */
class RequestGuardTests {

	private static final String API = "/statefun-console/api/thing";

	private final ConsoleHandler handler = new ConsoleHandler("/statefun-console",
			new RequestGuard("secret-token", List.of("Devbox.example"), (address) -> address.equals("127.0.0.1"), null),
			List.of((routes) -> {
				routes.get("thing", (request) -> Answer.of(new JsonObject().with("ok", true)));
				routes.post("thing", (request) -> Answer.of(new JsonObject().with("ok", true)));
				routes.get("fails", (request) -> {
					throw new IllegalStateException("an error of ours");
				});
			}));

	@ParameterizedTest
	@CsvSource({ "localhost, 200", "app.localhost, 200", "127.0.0.1, 200", "192.168.1.7, 200", "[::1], 200",
			"devbox.example, 200", "evil.example, 403", "localhost.evil.example, 403", "127.0.0.1.evil.example, 403" })
	void foreignHostIsRefused(String host, int status) throws Exception {
		MockHttpServletRequest request = request("GET", API);
		request.setServerName(host);
		assertThat(status(request)).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost:8080, 200", "http://localhost, 403", "http://evil.example, 403", "null, 403",
			"http://localhost:9999, 403", "'::', 403", "file://, 403" })
	void foreignOriginIsRefused(String origin, int status) throws Exception {
		MockHttpServletRequest request = request("GET", API);
		request.addHeader("Origin", origin);
		assertThat(status(request)).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "same-origin, 200", "none, 200", "same-site, 403", "cross-site, 403" })
	void requestOfAnotherSiteIsRefused(String site, int status) throws Exception {
		MockHttpServletRequest request = request("GET", API);
		request.addHeader("Sec-Fetch-Site", site);
		assertThat(status(request)).isEqualTo(status);
	}

	@Test
	void linkFromAnotherSiteLeadsToThePagesButFramesDoNot() throws Exception {
		MockHttpServletRequest request = request("GET", "/statefun-console/");
		request.addHeader("Sec-Fetch-Site", "cross-site");
		request.addHeader("Sec-Fetch-Mode", "navigate");
		assertThat(status(request)).isEqualTo(200);
		request.addHeader("Sec-Fetch-Dest", "iframe");
		assertThat(status(request)).isEqualTo(403);
	}

	@Test
	void writeNeedsTheToken() throws Exception {
		assertThat(status(request("POST", API))).isEqualTo(403);
		MockHttpServletRequest wrong = request("POST", API);
		wrong.addHeader(RequestGuard.TOKEN_HEADER, "other");
		assertThat(status(wrong)).isEqualTo(403);
		MockHttpServletRequest right = request("POST", API);
		right.addHeader(RequestGuard.TOKEN_HEADER, "secret-token");
		assertThat(status(right)).isEqualTo(200);
	}

	@Test
	void otherMachineIsRefused() throws Exception {
		MockHttpServletRequest request = request("GET", API);
		request.setRemoteAddr("192.168.1.9");
		assertThat(status(request)).isEqualTo(403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "../RequestGuard.class", "..%2fhttp%2fx.js", "js/../../../x.js", "a//b.js", "index.html/",
			"INDEX.HTML", "x.class", "%00.js", "." })
	void onlyPagesAreServed(String path) throws Exception {
		assertThat(status(request("GET", "/statefun-console/" + path))).isEqualTo(404);
	}

	@Test
	void everyAnswerHasTheHeaders() throws Exception {
		for (String path : List.of("/statefun-console/", API, "/statefun-console/api/none")) {
			MockHttpServletResponse response = answer(request("GET", path));
			Map<String, String> expected = Map.of("X-Content-Type-Options", "nosniff", "X-Frame-Options", "DENY",
					"Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy", "same-origin");
			expected.forEach((name, value) -> assertThat(response.getHeader(name)).isEqualTo(value));
			assertThat(response.getHeader("Content-Security-Policy")).startsWith("default-src 'self';")
				.doesNotContain("unsafe");
		}
		assertThat(answer(request("GET", API)).getHeader("Cache-Control")).isEqualTo("no-store");
	}

	@Test
	void pageIsSentOnce() throws Exception {
		MockHttpServletResponse first = answer(request("GET", "/statefun-console/index.html"));
		assertThat(first.getContentType()).isEqualTo("text/html;charset=UTF-8");
		MockHttpServletRequest again = request("GET", "/statefun-console/index.html");
		again.addHeader("If-None-Match", String.valueOf(first.getHeader("ETag")));
		assertThat(status(again)).isEqualTo(304);
	}

	@Test
	void otherMethodIsRefused() throws Exception {
		assertThat(status(request("PATCH", API))).isEqualTo(405);
		assertThat(status(request("POST", "/statefun-console/"))).isEqualTo(405);
	}

	private static MockHttpServletRequest request(String method, String path) {
		MockHttpServletRequest request = new MockHttpServletRequest(method, path);
		request.setServerName("localhost");
		request.setServerPort(8080);
		return request;
	}

	private int status(MockHttpServletRequest request) throws Exception {
		return answer(request).getStatus();
	}

	private MockHttpServletResponse answer(MockHttpServletRequest request) throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.handler.handleRequest(request, response);
		return response;
	}

}
