package dev.statefun.spring.gateway.web;

import dev.statefun.sdk.Address;
import dev.statefun.spring.gateway.web.GatewayPath.Document;
import dev.statefun.spring.gateway.web.GatewayPath.Function;
import dev.statefun.spring.gateway.web.GatewayPath.Nothing;
import dev.statefun.spring.gateway.web.GatewayPath.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayPath}.
 */
class GatewayPathTests {

	@ParameterizedTest
	@CsvSource({ "/gw/example/count/joe, example/count, joe", "/gw/a/b/c/d, a/b/c, d", "/gw/a/b/c%2Fd, a/b, c/d",
			"/gw/a/b/gr%C3%BC%C3%9Fe, a/b, grüße", "/gw/a/b/%252F, a/b, %2F", "/gw/a/b/%3B, a/b, ;",
			"/gw/a/b/c+d, a/b, c+d", "/gw/a/b/c%20d, a/b, c d", "/gw/a/b/..., a/b, ...", "/gw/%61/b/c, a/b, c",
			"/gw/A/b/c, A/b, c", "/gw/a/b/-, a/b, -", "/gw/a/-/b, a/-, b" })
	void functionInstanceHasAPath(String path, String type, String id) {
		assertThat(GatewayPath.of(path, "/gw")).isEqualTo(new Function(Address.of(type, id)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/gw", "/gw/", "/gw/a", "/gw/a/b", "/gw/a/b/", "/gw/a/b/c/", "/gw//a/b/c",
			"/gw/a//b/c", "//gw/a/b/c", "/GW/a/b/c", "/g%77/a/b/c", "/gwx/a/b/c", "/gw;x/a/b/c", "/gw/a;x/b/c",
			"/gw/a/b/c;x=y", "/gw/a/b/;", "/gw/a%2Fb/c/d", "/gw/a/b%2fc/d", "/gw/a%2Fb/c", "/gw/./a/b/c",
			"/gw/a/../b/c/d", "/gw/a/%2e%2e/b/c/d", "/gw/a/b/..", "/gw/a/b/%2E", "/gw/a/b/%", "/gw/a/b/%zz",
			"/gw/a/b/%C3%28", "/gw/a/b/%c0%af", "/gw/%20/b/c", "/gw/-/a/b", "/gw/-/requests/b", "/gw/%2D/a/b",
			"/gw/-/requests/0123456789ABCDEF0123456789abcdef", "/gw/-/requests/0123456789abcdef0123456789abcdef/",
			"/gw/-/requests", "/gw/-/requests/0123456789abcdef0123456789abcdef/x", "/gw/openapi.json/", "/gw/openapi",
			"/gw/OPENAPI.json" })
	void otherPathsMeanNothing(String path) {
		assertThat(GatewayPath.of(path, "/gw")).isEqualTo(new Nothing());
	}

	@Test
	void ownPathsAreKnown() {
		String id = "0123456789abcdef0123456789abcdef";
		assertThat(GatewayPath.of("/gw/-/requests/" + id, "/gw")).isEqualTo(new Reply(id));
		assertThat(GatewayPath.of("/gw/openapi.json", "/gw")).isEqualTo(new Document());
	}

}
