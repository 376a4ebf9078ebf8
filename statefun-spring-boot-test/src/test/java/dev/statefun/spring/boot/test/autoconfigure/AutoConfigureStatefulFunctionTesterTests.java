package dev.statefun.spring.boot.test.autoconfigure;

import java.net.URI;
import java.util.stream.Stream;

import dev.statefun.local.RequestFailedException;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.spring.boot.test.autoconfigure.app.ExampleApplication;
import dev.statefun.spring.boot.test.autoconfigure.app.Order;
import dev.statefun.spring.boot.test.autoconfigure.app.Order.Price;
import dev.statefun.test.FunctionTestResult;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs the same test of a whole application in this process and over HTTP, against a
 * cluster of each generation.
 */
@SpringBootTest(classes = ExampleApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureStatefulFunctionTester
class AutoConfigureStatefulFunctionTesterTests {

	@Autowired
	private StatefulFunctionTester bean;

	@LocalServerPort
	private int port;

	private StatefulFunctionTester tester(String way, Protocol protocol) {
		StatefulFunctionTester tester = this.bean.protocol(protocol);
		return way.equals("over HTTP") ? tester.over(URI.create("http://localhost:" + this.port + "/statefun"))
				: tester;
	}

	static Stream<Arguments> clusters() {
		return Stream.of("in this process", "over HTTP")
			.flatMap((way) -> Stream.of(Protocol.V2, Protocol.V3).map((protocol) -> Arguments.of(way, protocol)));
	}

	@ParameterizedTest
	@MethodSource("clusters")
	void functionsSendMessagesToEachOther(String way, Protocol protocol) {
		StatefulFunctionTester tester = tester(way, protocol);
		tester.given("example/count", "joe").state("seen", 41);
		assertThat(tester.send("hello").to("example/forward", "joe")).hasMessage("example/count", "joe", "hello")
			.hasMessage("example/forward", "joe", 42)
			.hasState("example/count", "joe", "seen", 42);
	}

	@ParameterizedTest
	@MethodSource("clusters")
	void failedRequestIsSentAgain(String way, Protocol protocol) {
		StatefulFunctionTester tester = tester(way, protocol);
		assertThatExceptionOfType(RequestFailedException.class)
			.isThrownBy(() -> tester.send(1).to("example/count", "joe"))
			.withMessageContaining("The request to function 'example/count', id 'joe', with 1 message failed:")
			.withMessageContaining(way.equals("over HTTP") ? "answered status 500" : "io.statefun.types/int");
		assertThat(tester.state("example/count", "joe", "seen", Integer.class)).isEmpty();
	}

	@Test
	void messagesUseTheJsonOfTheApplication() {
		FunctionTestResult result = this.bean.send("tea").from("example/door", "1").to("example/order", "1");
		assertThat(result).hasReply(new Order(new Price(3)));
		assertThat(result.effects().get(0).messages().get(0).message().getValue().toStringUtf8())
			.isEqualTo("{\"price\":\"3 cents\"}");
	}

}
