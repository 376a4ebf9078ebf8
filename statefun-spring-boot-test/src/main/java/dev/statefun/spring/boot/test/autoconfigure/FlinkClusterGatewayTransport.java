package dev.statefun.spring.boot.test.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.flink.cluster.CommittedRecord;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.sdk.Address;
import dev.statefun.spring.boot.autoconfigure.gateway.GatewayNames;
import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.ReplyDestination;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Carries requests to the gateway of the application on a Flink cluster, and replies
 * back: through the cluster's own ingress and egress, without topics. Replies come at the
 * end of a checkpoint.
 */
final class FlinkClusterGatewayTransport implements GatewayTransport, AutoCloseable {

	private static final int KEY = 1;

	private static final int VALUE = 2;

	private static final int MILLIS_BETWEEN_READS = 20;

	private final GatewayNames names;

	private final Supplier<FlinkCluster> cluster;

	private final ReplyDestination destination;

	private final Object lock = new Object();

	private @Nullable Consumer<byte[]> replies;

	private @Nullable ScheduledExecutorService reader;

	private boolean closed;

	/** Number of records read; used by the reader's thread. */
	private int read;

	/**
	 * Create a transport.
	 * @param names names of the gateways
	 * @param cluster returns the cluster, which depends on the functions and so on the
	 * gateway; asked for when a request is sent
	 */
	FlinkClusterGatewayTransport(GatewayNames names, Supplier<FlinkCluster> cluster) {
		this.names = names;
		this.cluster = cluster;
		this.destination = new ReplyDestination(names.client().egress().toString(), UUID.randomUUID().toString());
	}

	@Override
	public ReplyDestination replyDestination() {
		return this.destination;
	}

	@Override
	public void receive(Consumer<byte[]> replies) {
		synchronized (this.lock) {
			this.replies = replies;
		}
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public CompletionStage<Void> send(String instance, byte[] request, Duration timeout) {
		// A message to a function that the cluster does not know fails the job
		// (protocol.md §3.4)
		if (!this.names.clientUsesOwn()) {
			throw new IllegalStateException("'statefun.client.gateway' is '" + this.names.client()
					+ "', the gateway of another application, which the cluster of the test does not run; remove it, or "
					+ "set it to the gateway of this application");
		}
		FlinkCluster cluster = this.cluster.get();
		startReading(cluster);
		cluster.send(Address.of(this.names.client().functionType(), instance),
				Any.newBuilder().setTypeUrl(GatewayRequest.TYPENAME).setValue(ByteString.copyFrom(request)).build());
		return CompletableFuture.completedFuture(null);
	}

	private void startReading(FlinkCluster cluster) {
		synchronized (this.lock) {
			Consumer<byte[]> replies = this.replies;
			if (this.reader == null && replies != null && !this.closed) {
				CustomizableThreadFactory threads = new CustomizableThreadFactory("statefun-cluster-replies-");
				threads.setDaemon(true);
				this.reader = new ScheduledThreadPoolExecutor(1, threads);
				this.reader.scheduleWithFixedDelay(() -> read(cluster, replies), 0, MILLIS_BETWEEN_READS,
						TimeUnit.MILLISECONDS);
			}
		}
	}

	private void read(FlinkCluster cluster, Consumer<byte[]> replies) {
		List<CommittedRecord> records = cluster.records(this.names.client().egress().toString());
		while (this.read < records.size()) {
			Envelope record = Envelope.parse(records.get(this.read++).value().getValue());
			if (record.text(KEY).equals(this.destination.client())) {
				replies.accept(record.bytes(VALUE).toByteArray());
			}
		}
	}

	@Override
	public void close() {
		synchronized (this.lock) {
			this.closed = true;
			if (this.reader != null) {
				this.reader.shutdownNow();
			}
		}
	}

}
