package dev.statefun.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.NotAdmittedException;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Endpoint}, {@link Arrival} and {@link Exchange}: the way of a request
 * without a server.
 */
@Timeout(60)
class EndpointTests {

	private static final byte[] REPLY = { 1, 2, 3 };

	private static final int MAX_SIZE = 20_000;

	private final List<Rejection> rejections = new ArrayList<>();

	private final List<Duration> waits = new ArrayList<>();

	private final Admission admission = new Admission(2, 40_000, Duration.ofSeconds(30));

	private final BodyLimits bodies = new BodyLimits(this.admission, MAX_SIZE,
			new ArrivalLimits(Duration.ofSeconds(30), 0, Duration.ZERO));

	private final Redeliveries redeliveries = new Redeliveries(Duration.ofSeconds(30), 40_000);

	private final Endpoint endpoint = endpoint(this.bodies);

	private final List<CompletableFuture<byte[]>> batches = new ArrayList<>();

	private Endpoint endpoint(BodyLimits bodies) {
		return new Endpoint(bodies, this.redeliveries, new FailureLog(InstantSource.system()), new TrafficListener() {

			@Override
			public void rejected(Rejection reason) {
				EndpointTests.this.rejections.add(reason);
			}

			@Override
			public void waited(Duration time) {
				EndpointTests.this.waits.add(time);
			}

		});
	}

	private CompletionStage<byte[]> run(byte[] body) {
		CompletableFuture<byte[]> batch = new CompletableFuture<>();
		this.batches.add(batch);
		return batch;
	}

	private static byte[] request(String id, int message) {
		return ClusterRequest.v3("test/slow", id).message(message).toByteArray();
	}

	private static void add(Arrival arrival, byte[] bytes, int from, int to) {
		int next = from;
		while (next < to) {
			assertThat(arrival.hasRoom()).isTrue();
			int count = Math.min(to - next, arrival.array().length - arrival.length());
			System.arraycopy(bytes, next, arrival.array(), arrival.length(), count);
			arrival.arrived(count);
			next += count;
		}
	}

	private Exchange exchange(byte[] request) {
		Arrival arrival = this.bodies.begin(request.length);
		add(arrival, request, 0, request.length);
		assertThat(arrival.isComplete()).isTrue();
		return this.endpoint.admitted(arrival, arrival.end());
	}

	@Test
	void replyOfABatchIsTheAnswer() {
		Exchange exchange = exchange(request("joe", 1));
		assertThat(exchange.proceed((body) -> {
			assertThat(body).isEqualTo(request("joe", 1));
			return CompletableFuture.completedFuture(REPLY);
		})).isNull();
		assertThat(exchange.failure()).isNull();
		assertThat(exchange.reply()).isEqualTo(REPLY);
		assertThat(this.admission.requestsInFlight()).isOne();
		exchange.written();
		exchange.close();
		assertThat(this.admission.requestsInFlight()).isZero();
		assertThat(this.admission.bytesInFlight()).isZero();
		assertThat(this.waits).isEmpty();
	}

	@Test
	void pendingReplyIsAwaited() {
		Exchange exchange = exchange(request("joe", 1));
		CompletableFuture<?> wait = exchange.proceed(this::run);
		assertThat(wait).isNotDone();
		this.batches.get(0).complete(REPLY);
		assertThat(wait).isDone();
		assertThat(exchange.proceed(this::run)).isNull();
		assertThat(exchange.reply()).isEqualTo(REPLY);
		assertThat(this.batches).hasSize(1);
	}

	@Test
	void failureOfABatchIsTheFailureOfTheRequest() {
		IllegalStateException failure = new IllegalStateException("poison");
		Exchange exchange = exchange(request("joe", 1));
		assertThat(exchange.proceed((body) -> CompletableFuture.failedFuture(failure))).isNull();
		assertThat(exchange.failure()).isSameAs(failure);
		exchange.close();
		assertThat(this.admission.requestsInFlight()).isZero();
	}

	@Test
	void exceptionOfTheHandlerItselfIsThrown() {
		Exchange exchange = exchange(request("joe", 1));
		Function<byte[], CompletionStage<byte[]>> broken = (body) -> {
			throw new IllegalStateException("poison");
		};
		assertThatIllegalStateException().isThrownBy(() -> exchange.proceed(broken)).withMessage("poison");
		exchange.close();
		assertThat(this.admission.requestsInFlight()).isZero();
		assertThat(this.redeliveries.size()).isZero();
	}

	@Test
	void replyThatIsNotWrittenIsKept() {
		Exchange first = exchange(request("joe", 1));
		first.proceed(this::run);
		this.batches.get(0).complete(REPLY);
		first.proceed(this::run);
		first.close();
		Exchange second = exchange(request("joe", 1));
		assertThat(second.proceed(this::run)).isNull();
		assertThat(second.reply()).isEqualTo(REPLY);
		second.written();
		second.close();
		Exchange third = exchange(request("joe", 1));
		assertThat(third.proceed(this::run)).isNotNull();
		assertThat(this.batches).hasSize(2);
	}

	@Test
	void replyAfterTheRequestHasEndedIsKept() {
		Exchange first = exchange(request("joe", 1));
		first.proceed(this::run);
		first.close();
		assertThat(this.admission.requestsInFlight()).isZero();
		this.batches.get(0).complete(REPLY);
		Exchange second = exchange(request("joe", 1));
		assertThat(second.proceed(this::run)).isNull();
		assertThat(second.reply()).isEqualTo(REPLY);
	}

	@Test
	void secondDeliveryJoinsAndTakesNoRoom() {
		Exchange first = exchange(request("joe", 1));
		first.proceed(this::run);
		Exchange second = exchange(request("joe", 1));
		assertThat(this.admission.requestsInFlight()).isEqualTo(2);
		second.proceed(this::run);
		assertThat(this.admission.requestsInFlight()).isOne();
		this.batches.get(0).complete(REPLY);
		assertThat(second.proceed(this::run)).isNull();
		assertThat(second.reply()).isEqualTo(REPLY);
		assertThat(this.batches).hasSize(1);
	}

	@Test
	void otherBatchOfTheInstanceIsAwaited() {
		Exchange first = exchange(request("joe", 1));
		first.proceed(this::run);
		Exchange second = exchange(request("joe", 2));
		CompletableFuture<?> wait = second.proceed(this::run);
		assertThat(wait).isNotDone();
		assertThat(first.isDelivered()).isTrue();
		assertThat(second.isDelivered()).isFalse();
		assertThat(this.batches).hasSize(1);
		this.batches.get(0).complete(REPLY);
		assertThat(wait).isDone();
		second.proceed(this::run);
		assertThat(this.batches).hasSize(2);
	}

	@Test
	void otherBatchOfTheInstanceIsAwaitedForTheQueueTimeout() throws Exception {
		BodyLimits impatient = new BodyLimits(new Admission(2, 40_000, Duration.ofMillis(20)), MAX_SIZE,
				new ArrivalLimits(Duration.ofSeconds(30), 0, Duration.ZERO));
		Endpoint endpoint = endpoint(impatient);
		exchange(request("joe", 1)).proceed(this::run);
		Arrival arrival = impatient.begin(-1);
		byte[] request = request("joe", 2);
		add(arrival, request, 0, request.length);
		arrival.requireEnd();
		Exchange second = endpoint.admitted(arrival, arrival.end());
		CompletableFuture<?> wait = second.proceed(this::run);
		while (wait != null) {
			wait.get(30, TimeUnit.SECONDS);
			wait = second.proceed(this::run);
		}
		assertThat(second.failure())
			.isInstanceOfSatisfying(NotAdmittedException.class,
					(busy) -> assertThat(busy.reason()).isEqualTo(Rejection.BUSY))
			.hasMessageContaining("has been running for 20 ms ('statefun.queue-timeout')");
		assertThat(this.batches).hasSize(1);
	}

	@Test
	void requestWaitsForItsTurn() {
		Exchange first = exchange(request("joe", 1));
		exchange(request("ann", 1));
		byte[] request = request("bob", 1);
		Arrival arrival = this.bodies.begin(request.length);
		add(arrival, request, 0, request.length);
		CompletableFuture<?> turn = arrival.end();
		assertThat(turn).isNotDone();
		first.close();
		assertThat(turn).isCompleted();
		assertThat(this.endpoint.admitted(arrival, turn).failure()).isNull();
		assertThat(this.waits).hasSize(1);
	}

	@Test
	void bodyMayArriveLater() {
		byte[] request = request("joe", 1);
		Arrival arrival = this.bodies.begin(request.length);
		add(arrival, request, 0, 3);
		arrival.awaitSender();
		arrival.watchSender();
		assertThat(arrival.late()).isNull();
		assertThat(arrival.admitted()).isNotDone();
		add(arrival, request, 3, request.length);
		assertThat(arrival.isEnded()).isFalse();
		assertThat(arrival.end()).isSameAs(arrival.admitted()).isCompleted();
		assertThat(arrival.isEnded()).isTrue();
		assertThat(this.endpoint.admitted(arrival, arrival.admitted()).failure()).isNull();
	}

	@Test
	void lostConnectionIsAnIncompleteBody() {
		Arrival arrival = this.bodies.begin(100);
		add(arrival, new byte[3], 0, 3);
		arrival.awaitSender();
		IOException lost = new IOException("reset");
		arrival.fail(lost);
		Exchange exchange = this.endpoint.admitted(arrival, arrival.admitted());
		assertThat(exchange.proceed(this::run)).isNull();
		assertThat(exchange.failure()).isInstanceOf(NotAdmittedException.class)
			.hasMessage("The body of a request ended after 3 bytes, before its end")
			.hasCause(lost);
		assertThat(this.admission.bytesInFlight()).isZero();
	}

	@Test
	void endBeforeTheAnnouncedOneIsRefused() {
		Arrival arrival = this.bodies.begin(100);
		add(arrival, new byte[3], 0, 3);
		assertThatExceptionOfType(NotAdmittedException.class).isThrownBy(arrival::requireEnd)
			.withMessage("The body of a request ended after 3 bytes, before its end");
	}

	@Test
	void arrivingBodyIsGivenUpOnceTheEndpointDrains() {
		Arrival arrival = this.bodies.begin(100);
		arrival.awaitSender();
		assertThat(this.endpoint.drain().toCompletableFuture()).isCompleted();
		assertThat(this.endpoint.isDraining()).isTrue();
		Exchange exchange = this.endpoint.admitted(arrival, arrival.admitted());
		assertThat(exchange.failure()).isInstanceOf(NotAdmittedException.class);
		assertThat(this.endpoint.fail(Objects.requireNonNull(exchange.failure())).status()).isEqualTo(503);
	}

	@Test
	void bodyWaitsForRoom() {
		BodyLimits narrow = new BodyLimits(new Admission(2, 10_000, Duration.ofSeconds(30)), 10_000,
				new ArrivalLimits(Duration.ofSeconds(30), 0, Duration.ZERO));
		Arrival first = narrow.begin(6000);
		assertThat(first.hasRoom()).isTrue();
		Arrival second = narrow.begin(6000);
		assertThat(second.hasRoom()).isFalse();
		second.awaitSender();
		CompletableFuture<?> room = second.awaitRoom();
		assertThat(room).isNotDone();
		first.release();
		assertThat(room).isCompleted();
		assertThat(second.hasRoom()).isTrue();
		assertThat(second.array()).hasSize(6000);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void bodyThatIsLostWhileItWaitsForRoomIsIncomplete(boolean releasedFirst) {
		BodyLimits narrow = new BodyLimits(new Admission(2, 10_000, Duration.ofSeconds(30)), 10_000,
				new ArrivalLimits(Duration.ofSeconds(30), 0, Duration.ZERO));
		assertThat(narrow.begin(6000).hasRoom()).isTrue();
		Arrival second = narrow.begin(6000);
		assertThat(second.hasRoom()).isFalse();
		second.awaitSender();
		// As servers do
		second.awaitRoom().whenComplete((room, ex) -> second.fail(ex));
		IOException lost = new IOException("reset");
		if (releasedFirst) {
			second.release(lost);
		}
		second.fail(lost);
		Exchange exchange = endpoint(narrow).admitted(second, second.admitted());
		assertThat(exchange.failure()).hasMessage("The body of a request ended after 0 bytes, before its end")
			.hasCause(lost);
		endpoint(narrow).fail(Objects.requireNonNull(exchange.failure()));
		assertThat(this.rejections).containsExactly(Rejection.INCOMPLETE);
	}

	@Test
	void bodyOfUnknownLengthIsFullAtTheMaximum() {
		Arrival arrival = this.bodies.begin(-1);
		add(arrival, new byte[MAX_SIZE], 0, MAX_SIZE);
		assertThat(arrival.isFull()).isTrue();
		assertThat(arrival.isComplete()).isFalse();
		assertThat(arrival.tooLarge())
			.hasMessageStartingWith("A request has more than 20000 bytes, but may have 20000 ");
	}

	@ParameterizedTest
	@CsvSource({ "application/octet-stream", "application/octet-stream;charset=UTF-8",
			"' Application/Octet-Stream ;x'" })
	void contentTypeOfAClusterIsAccepted(String contentType) {
		assertThat(this.endpoint.refusal(contentType, 10)).isNull();
		assertThat(this.endpoint.refusal(null, -1)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "application/octet-streamfoo", "text/plain", "''" })
	void otherContentTypeIsRefused(String contentType) {
		assertThat(this.endpoint.refusal(contentType, 10)).hasMessage("Content type '" + contentType
				+ "' is not what a StateFun cluster sends; expected 'application/octet-stream'");
	}

	@Test
	void announcedSizeIsLimited() {
		assertThat(this.endpoint.refusal(null, MAX_SIZE)).isNull();
		assertThat(this.endpoint.refusal(null, MAX_SIZE + 1))
			.hasMessageStartingWith("A request has 20001 bytes, but may have 20000 ('statefun.max-request-size')");
	}

	@ParameterizedTest
	@EnumSource(Rejection.class)
	void rejectionHasAStatusThatTheClusterRetries(Rejection reason) {
		FailureAnswer answer = this.endpoint.fail(new NotAdmittedException(reason, "reason"));
		assertThat(answer.text()).isEqualTo("reason");
		assertThat(answer.status()).isEqualTo(switch (reason) {
			case OVERLOADED, BUSY -> 429;
			case DRAINING -> 503;
			case INCOMPLETE, UNEXPECTED, FORBIDDEN -> 500;
		});
		assertThat(this.rejections).containsExactly(reason);
	}

	@Test
	void senderSeesReasonsOfRefusalsAndNothingOfFailures() {
		assertThat(this.endpoint.fail(new RequestRefusedException("Not a request", null)))
			.isEqualTo(new FailureAnswer(500, "Not a request"));
		assertThat(this.endpoint.fail(new InterruptedWaitException()).text()).startsWith("The thread of a request");
		assertThat(this.rejections).isEmpty();
		assertThat(this.endpoint.fail(new UnexpectedRequestException("unexpected")))
			.isEqualTo(new FailureAnswer(500, "unexpected"));
		assertThat(this.rejections).containsExactly(Rejection.UNEXPECTED);
		assertThat(this.endpoint.fail(new IllegalStateException("password")))
			.isEqualTo(new FailureAnswer(500, "The function failed; see the log of this service."));
	}

	@Test
	void interruptionByAListenerIsUndone() {
		Endpoint endpoint = new Endpoint(this.bodies, this.redeliveries, new FailureLog(InstantSource.system()),
				new TrafficListener() {

					@Override
					public void rejected(Rejection reason) {
						Thread.currentThread().interrupt();
					}

					@Override
					public void waited(Duration time) {
					}

				});
		endpoint.fail(new NotAdmittedException(Rejection.BUSY, "busy"));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

}
