package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntUnaryOperator;

import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.TrafficListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connection without a socket, on the thread of the test. Its batches fail, are pending
 * or reply at once, by the first byte of the body.
 */
final class FuzzedConnection {

	private static final Duration LONG = Duration.ofHours(1);

	private static final int MAX_SIZE = 20_000;

	/** Memory for bodies, of which a waiting body gets only a part at first. */
	private static final int ROOM = 100_000;

	private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false, true);

	private final Admission admission = new Admission(10, ROOM, LONG);

	private final List<String> batches = new ArrayList<>();

	private final List<CompletableFuture<byte[]>> pending = new ArrayList<>();

	private final StringBuilder sent = new StringBuilder();

	private final EmbeddedChannel channel;

	private Admission.@Nullable Permit taken;

	private int replies;

	/**
	 * Create a connection.
	 * @param waits whether bodies wait for room until all bytes have been received, or no
	 * more are read
	 */
	FuzzedConnection(boolean waits) {
		BodyLimits bodies = new BodyLimits(this.admission, MAX_SIZE, new ArrivalLimits(LONG, 0, Duration.ZERO));
		TrafficListener listener = TrafficListener.NONE;
		Endpoint endpoint = new Endpoint(bodies, new Redeliveries(LONG, 1_000_000),
				new FailureLog(InstantSource.system()), listener);
		RequestGate gate = new RequestGate(endpoint,
				new EndpointAccess(new EndpointRestrictions(false, null, null), InstantSource.system(), listener),
				new EndpointPath("/statefun", null));
		ServedEndpoint served = new ServedEndpoint(endpoint, bodies, gate, (body, userAgent) -> handle(body),
				BatchExecution.eventLoop(), RequestListener.NONE, List.of(), LONG, LONG);
		this.channel = new EmbeddedChannel(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel connection) {
				connection.config().setAllocator(FuzzedConnection.this.buffers);
				connection.pipeline().addLast(new RequestDecoder(8192), new ConnectionHandler(served, connection));
			}

		});
		if (waits) {
			this.taken = this.admission.begin();
			this.taken.growTo(ROOM - 8192).join();
		}
	}

	private CompletionStage<byte[]> handle(byte[] body) {
		this.batches.add(new String(body, StandardCharsets.ISO_8859_1));
		int kind = (body.length > 0) ? body[0] : 0;
		if (kind == '!') {
			throw new IllegalStateException("a batch that fails");
		}
		this.replies++;
		if (kind != '?') {
			return CompletableFuture.completedFuture(body);
		}
		CompletableFuture<byte[]> reply = new CompletableFuture<>();
		this.pending.add(reply);
		return reply;
	}

	/**
	 * Receive bytes, as long as the connection reads.
	 */
	void receive(byte[] bytes, Fragments fragments) {
		int position = 0;
		while (position < bytes.length && this.channel.isOpen()) {
			if (!this.channel.config().isAutoRead() && !makeRoom()) {
				return;
			}
			int end = Math.min(bytes.length, position + fragments.lengths().applyAsInt(bytes.length));
			ByteBuf next = this.buffers.buffer(end - position).writeBytes(bytes, position, end - position);
			this.channel.writeInbound(next);
			takeSent();
			position = end;
			assertThat(this.admission.bytesInFlight()).isLessThanOrEqualTo(ROOM);
		}
	}

	// Returns whether the connection reads again
	private boolean makeRoom() {
		if (this.taken != null) {
			this.taken.release();
			this.taken = null;
		}
		this.channel.runPendingTasks();
		takeSent();
		return this.channel.config().isAutoRead();
	}

	/**
	 * Complete the batches that are pending.
	 * @param goes whether the client disconnects before
	 */
	void complete(boolean goes) {
		if (goes) {
			this.channel.close();
		}
		makeRoom();
		for (CompletableFuture<byte[]> reply : List.copyOf(this.pending)) {
			reply.complete("reply".getBytes(StandardCharsets.US_ASCII));
		}
		makeRoom();
	}

	private void takeSent() {
		for (ByteBuf next = this.channel.readOutbound(); next != null; next = this.channel.readOutbound()) {
			this.sent.append(next.toString(StandardCharsets.ISO_8859_1));
			next.release();
		}
	}

	/**
	 * Return the bodies of the batches that were handled.
	 */
	List<String> batches() {
		return this.batches;
	}

	/**
	 * Return the number of batches that have not failed.
	 */
	int replies() {
		return this.replies;
	}

	String sent() {
		return this.sent.toString();
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	void close() {
		this.channel.finishAndReleaseAll();
		this.channel.runPendingTasks();
	}

	void assertNothingIsLeft() {
		this.channel.checkException();
		assertThat(this.admission).returns(0, Admission::requestsInFlight)
			.returns(0L, Admission::bytesInFlight)
			.returns(0, Admission::requestsWaiting);
		assertThat(this.buffers.metric().usedHeapMemory()).isZero();
		assertThat(this.buffers.metric().usedDirectMemory()).isZero();
	}

	/**
	 * Pieces in which bytes are received.
	 *
	 * @param lengths returns the length of the next piece for the number of all bytes
	 */
	record Fragments(IntUnaryOperator lengths) {

		static Fragments whole() {
			return new Fragments((all) -> all);
		}

		static Fragments bytes() {
			return new Fragments((all) -> 1);
		}

		static Fragments random(Random random) {
			return new Fragments((all) -> 1 + random.nextInt(Math.min(all, 1 + random.nextInt(200))));
		}

	}

}
