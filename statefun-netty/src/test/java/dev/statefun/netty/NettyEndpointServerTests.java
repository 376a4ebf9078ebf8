package dev.statefun.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;
import dev.statefun.netty.TestServer.Setup;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import io.netty.buffer.PooledByteBufAllocator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link NettyEndpointServer}.
 */
@Timeout(120)
class NettyEndpointServerTests {

	@BeforeAll
	static void watchLeaks() {
		Leaks.watch();
	}

	@AfterAll
	static void nothingHasLeaked() {
		assertThat(Leaks.find()).isEmpty();
	}

	@Test
	void functionAnswersACluster() throws Exception {
		StatefulFunctions functions = StatefulFunctions.builder().register("example/adder", new Adder()).build();
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		try (TestServer server = TestServer.start(new Setup().handler((body, userAgent) -> handler.handle(body)));
				RawClient client = server.connect()) {
			ClusterRequest request = ClusterRequest.to("example/adder", "joe").intState("sum", 4).message(3).message(2);
			for (boolean v3 : new boolean[] { true, false }) {
				ClusterReply reply = ClusterReply.of(v3, client.post(request.toByteArray(v3)).bytes());
				assertThat(reply.intStates()).containsEntry("sum", 9);
			}
			RawClient.Response refusal = client
				.post(ClusterRequest.v3("example/other", "joe").message(1).toByteArray());
			assertThat(refusal.status()).isEqualTo(500);
			assertThat(refusal.text()).startsWith("Function 'example/other' is not served here");
			assertThat(client.post(new byte[] { 1, 2, 3 }).text()).startsWith("Not a request of a StateFun cluster");
		}
	}

	@Test
	void portInUseIsNamed() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort());
			assertThatExceptionOfType(BindFailedException.class)
				.isThrownBy(() -> TestServer.start(Setup.echo(), (builder) -> builder.address(address)))
				.withMessageContaining("can't listen on " + address)
				.satisfies((ex) -> assertThat(ex.address()).isEqualTo(address));
		}
	}

	@Test
	void serverIsStartedOnce() {
		try (TestServer server = TestServer.start(Setup.echo())) {
			assertThat(server.port()).isPositive();
			assertThat(server.server().address().getAddress().isLoopbackAddress()).isTrue();
			assertThatIllegalStateException().isThrownBy(server.server()::start);
			server.server().stop(TestServer.LONG);
			assertThatIllegalStateException().isThrownBy(server.server()::start);
		}
	}

	@Test
	void threadsEndWithTheServer() throws Exception {
		TestServer server = TestServer.start(Setup.echo());
		try (RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			assertThat(threads()).isPositive();
			server.server().stop(TestServer.LONG);
			assertThat(client.isClosed()).isTrue();
		}
		// The last one may be about to end
		Awaitility.await().atMost(TestServer.LONG).until(() -> threads() == 0);
	}

	// No other server of this class runs meanwhile
	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("statefun-server") && thread.isAlive())
			.count();
	}

	@ParameterizedTest
	@EnumSource(Transport.class)
	void connectionsAboveTheLimitWait(Transport transport) throws Exception {
		try (TestServer server = TestServer.start(Setup.echo(),
				(builder) -> builder.transport(transport).maxConnections(1)); RawClient first = server.connect()) {
			assertThat(first.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			try (RawClient second = server.connect()) {
				second.send(RawClient.post("/statefun", new byte[] { 8, 2 }));
				assertThat(first.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
				assertThat(server.connections()).isOne();
				first.end();
				assertThat(second.read().bytes()).containsExactly(8, 2);
			}
			try (RawClient third = server.connect()) {
				assertThat(third.post(new byte[] { 8, 3 }).status()).isEqualTo(200);
			}
		}
	}

	@Test
	void epollIsUsedOnLinux() {
		assertThat(Transport.best() == Transport.EPOLL).isEqualTo(System.getProperty("os.name").equals("Linux"));
	}

	@Test
	void settingsAreChecked() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TestServer.start(Setup.echo(), (builder) -> builder.path("statefun")))
			.withMessage("'path' is 'statefun'; expected one that starts with '/'");
		Setup secret = Setup.echo()
			.restrictions(new EndpointRestrictions(false, null, EndpointSecret.of("0123456789abcdef")));
		assertThatIllegalArgumentException().isThrownBy(() -> TestServer.start(secret, (builder) -> builder.path("/")))
			.withMessage("'path' must not be '/' with a secret");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TestServer.start(Setup.echo(), (builder) -> builder.maxHeadSize(0)))
			.withMessage("'maxHeadSize' is 0; expected a positive number");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TestServer.start(Setup.echo(), (builder) -> builder.idleTimeout(Duration.ZERO)))
			.withMessage("'idleTimeout' is PT0S; expected a positive time");
	}

	@Test
	void leakIsReported() {
		assertThat(Leaks.find()).isEmpty();
		PooledByteBufAllocator.DEFAULT.directBuffer(10).writeByte(1);
		assertThat(Leaks.find()).hasSize(1);
	}

	/**
	 * Function that adds numbers.
	 */
	static final class Adder {

		@Handler
		void add(int amount, @Persisted("sum") PersistedValue<Integer> sum) {
			sum.set(sum.get().orElse(0) + amount);
		}

	}

}
