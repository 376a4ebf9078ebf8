package dev.statefun.sample;

import java.net.URI;

import dev.statefun.sample.messages.Count;
import dev.statefun.sample.messages.User;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.spring.boot.test.autoconfigure.AutoConfigureStatefulFunctionTester;
import dev.statefun.test.StatefulFunctionTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the whole service, called over HTTP by clusters of both generations.
 */
@AutoConfigureMockMvc
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureStatefulFunctionTester
class SampleApplicationTests {

	private static final User JOE = User.newBuilder().setUserId("joe").setName("Joe").build();

	@Autowired
	private StatefulFunctionTester tester;

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void clustersOfBothGenerationsAreServed(Protocol protocol, @LocalServerPort int port) {
		StatefulFunctionTester cluster = this.tester.protocol(protocol)
			.over(URI.create("http://localhost:" + port + "/statefun"));
		cluster.send(JOE).to("example/count", "joe");
		assertThat(cluster.send(JOE).to("example/count", "joe"))
			.hasKafkaRecord("example/greets", "greetings", "joe", "Hello again!")
			.hasState("count", Count.newBuilder().setValue(2).build())
			.hasNothingElse();
	}

	@Test
	void consoleIsOffWithoutTheLocalRuntime(@Autowired MockMvcTester mvc) {
		assertThat(mvc.get().uri("/statefun-console/")).hasStatus(404);
		assertThat(mvc.get().uri("/statefun-console/js/api.js")).hasStatus(404);
		assertThat(mvc.get().uri("/statefun-console/api/info")).hasStatus(404);
	}

	@Test
	void actuatorShowsFunctionsAndMeters(@Autowired MockMvcTester mvc) {
		this.tester.send(JOE).to("example/hello", "joe");
		assertThat(mvc.get().uri("/actuator/statefun")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.functions['example/count'].states.count.type")
			.isEqualTo("type.googleapis.com/example.Count");
		assertThat(mvc.get().uri("/actuator/metrics/statefun.batch?tag=function:example/hello")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.availableTags[?(@.tag == 'outcome')].values[0]")
			.asArray()
			.containsExactly("replied");
	}

}
