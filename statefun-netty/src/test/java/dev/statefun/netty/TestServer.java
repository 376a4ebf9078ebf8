package dev.statefun.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Server of a test, with handlers that the test completes or replaces.
 */
final class TestServer implements AutoCloseable {

	static final Duration LONG = Duration.ofSeconds(60);

	private final List<Rejection> rejections = new CopyOnWriteArrayList<>();

	private final List<Batch> batches = new CopyOnWriteArrayList<>();

	private final Admission admission;

	private final Redeliveries redeliveries = new Redeliveries(LONG, 1_000_000);

	private final NettyEndpointServer server;

	private TestServer(Setup setup, Consumer<NettyEndpointServer.Builder> customizer) {
		this.admission = new Admission(setup.maxRequests, setup.maxBytes, setup.queueTimeout);
		BodyLimits bodies = new BodyLimits(this.admission, setup.maxSize, setup.arrival);
		TrafficListener listener = new TrafficListener() {

			@Override
			public void rejected(Rejection reason) {
				TestServer.this.rejections.add(reason);
			}

			@Override
			public void waited(Duration time) {
			}

		};
		Endpoint endpoint = new Endpoint(bodies, this.redeliveries, new FailureLog(InstantSource.system()), listener);
		BatchHandler handler = setup.handler;
		NettyEndpointServer.Builder builder = NettyEndpointServer
			.builder(endpoint, bodies, (handler != null) ? handler : this::begin,
					new EndpointAccess(setup.restrictions, InstantSource.system(), listener))
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		customizer.accept(builder);
		this.server = builder.build();
		this.server.start();
	}

	static TestServer start(Setup setup) {
		return start(setup, (builder) -> {
		});
	}

	static TestServer start(Setup setup, Consumer<NettyEndpointServer.Builder> customizer) {
		return new TestServer(setup, customizer);
	}

	private CompletionStage<byte[]> begin(byte[] body, @Nullable String userAgent) {
		Batch batch = new Batch(body, userAgent, new CompletableFuture<>());
		this.batches.add(batch);
		return batch.reply();
	}

	int port() {
		return this.server.port();
	}

	RawClient connect() throws IOException {
		return new RawClient(port());
	}

	/**
	 * Return the number of open connections, as the server sees them.
	 * @return their number
	 */
	int connections() {
		return this.server.connections();
	}

	NettyEndpointServer server() {
		return this.server;
	}

	/**
	 * Wait until nothing is in flight: an answer may be read before its request has ended
	 * here.
	 */
	void awaitNoRequests() {
		Awaitility.await().atMost(LONG).untilAsserted(() -> {
			assertThat(this.admission.requestsInFlight()).isZero();
			assertThat(this.admission.bytesInFlight()).isZero();
			assertThat(this.admission.requestsWaiting()).isZero();
		});
	}

	/**
	 * Wait for a batch.
	 * @param number its number, from 0
	 * @return the batch
	 */
	Batch awaitBatch(int number) {
		Awaitility.await().atMost(LONG).until(() -> this.batches.size() > number);
		return this.batches.get(number);
	}

	Admission admission() {
		return this.admission;
	}

	Redeliveries redeliveries() {
		return this.redeliveries;
	}

	List<Rejection> rejections() {
		return this.rejections;
	}

	/**
	 * Return the batches that have begun, unless the test has a handler.
	 * @return the batches in their order
	 */
	List<Batch> batches() {
		return this.batches;
	}

	@Override
	public void close() {
		this.server.stop(Duration.ZERO);
	}

	/**
	 * Batch that a test completes.
	 *
	 * @param body the request
	 * @param userAgent its {@code User-Agent}
	 * @param reply the reply
	 */
	record Batch(byte[] body, @Nullable String userAgent, CompletableFuture<byte[]> reply) {

	}

	/**
	 * Settings of a server.
	 */
	static final class Setup {

		private int maxRequests = 100;

		private long maxBytes = 100_000_000;

		private long maxSize = 10_000_000;

		private Duration queueTimeout = LONG;

		private ArrivalLimits arrival = new ArrivalLimits(LONG, 0, Duration.ZERO);

		private EndpointRestrictions restrictions = new EndpointRestrictions(false, null, null);

		private @Nullable BatchHandler handler;

		/**
		 * Return the setup of a server whose replies are the requests.
		 */
		static Setup echo() {
			return new Setup().handler((body, userAgent) -> CompletableFuture.completedFuture(body));
		}

		Setup maxRequests(int maxRequests) {
			this.maxRequests = maxRequests;
			return this;
		}

		Setup maxBytes(long maxBytes) {
			this.maxBytes = maxBytes;
			return this;
		}

		Setup maxSize(long maxSize) {
			this.maxSize = maxSize;
			return this;
		}

		Setup queueTimeout(Duration queueTimeout) {
			this.queueTimeout = queueTimeout;
			return this;
		}

		Setup arrival(ArrivalLimits arrival) {
			this.arrival = arrival;
			return this;
		}

		Setup restrictions(EndpointRestrictions restrictions) {
			this.restrictions = restrictions;
			return this;
		}

		Setup handler(BatchHandler handler) {
			this.handler = handler;
			return this;
		}

	}

}
