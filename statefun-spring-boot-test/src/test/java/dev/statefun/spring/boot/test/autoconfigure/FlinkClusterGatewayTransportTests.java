package dev.statefun.spring.boot.test.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.flink.cluster.CommittedRecord;
import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.spring.boot.autoconfigure.gateway.GatewayNames;
import dev.statefun.spring.gateway.Envelope;
import dev.statefun.spring.gateway.GatewayName;
import dev.statefun.spring.gateway.GatewayRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link FlinkClusterGatewayTransport}. Those with a cluster are in
 * {@code flink-tests}.
 */
class FlinkClusterGatewayTransportTests {

	private static final String EGRESS = "statefun.gateway/shop-replies";

	private static final GatewayName SHOP = new GatewayName("shop");

	private final FlinkCluster cluster = mock();

	private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();

	private final FlinkClusterGatewayTransport transport = new FlinkClusterGatewayTransport(
			new GatewayNames(SHOP, SHOP), () -> this.cluster);

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void requestIsSentToTheInstanceOfTheGateway() {
		assertThat(this.transport.send("x/1", new byte[] { 1, 2 }, Duration.ofSeconds(1)).toCompletableFuture())
			.isCompleted();
		Any message = Any.newBuilder()
			.setTypeUrl(GatewayRequest.TYPENAME)
			.setValue(ByteString.copyFrom(new byte[] { 1, 2 }))
			.build();
		then(this.cluster).should().send(Address.of("statefun.gateway/shop", "x/1"), message);
	}

	@Test
	void ownRepliesAreReceivedOnceAndInOrder() throws Exception {
		String own = this.transport.replyDestination().client();
		List<CommittedRecord> two = List.of(record("another", "foreign"), record(own, "first"));
		given(this.cluster.records(EGRESS)).willReturn(two)
			.willReturn(two)
			.willReturn(List.of(two.get(0), two.get(1), record(own, "second")));
		this.transport.receive((reply) -> this.replies.add(ByteString.copyFrom(reply).toStringUtf8()));
		assertThat(this.transport.isReady()).isTrue();
		this.transport.send("x/1", new byte[0], Duration.ofSeconds(1));
		assertThat(this.replies.poll(10, TimeUnit.SECONDS)).isEqualTo("first");
		assertThat(this.replies.poll(10, TimeUnit.SECONDS)).isEqualTo("second");
		assertThat(this.replies).isEmpty();
	}

	@Test
	void gatewayOfAnotherApplicationIsRefused() {
		FlinkClusterGatewayTransport other = new FlinkClusterGatewayTransport(
				new GatewayNames(SHOP, new GatewayName("billing")), () -> this.cluster);
		assertThatIllegalStateException().isThrownBy(() -> other.send("x/1", new byte[0], Duration.ofSeconds(1)))
			.withMessageContaining("'statefun.client.gateway' is 'billing'");
		then(this.cluster).shouldHaveNoInteractions();
	}

	@Test
	void nothingIsReadAfterTheEnd() {
		this.transport.receive((reply) -> this.replies.add("unexpected"));
		this.transport.close();
		this.transport.send("x/1", new byte[0], Duration.ofSeconds(1));
		then(this.cluster).should(never()).records(EGRESS);
	}

	private static CommittedRecord record(String key, String value) {
		ByteString bytes = new Envelope.Writer().text(1, key).text(2, value).text(3, EGRESS).toBytes();
		return new CommittedRecord(EGRESS,
				Any.newBuilder()
					.setTypeUrl("type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord")
					.setValue(bytes)
					.build(),
				Headers.empty());
	}

}
