package dev.statefun.spring.gateway.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.statefun.spring.gateway.kafka.ReplyReader.ReaderState;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ReplyReader} with failures that a single broker does not have.
 */
class ReplyReaderTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final GatewayTopics TOPICS = new GatewayTopics("requests", "replies", Set.of(), 1000, 1000);

	private final Brokers brokers = new Brokers();

	private final ReplyReader reader = new ReplyReader(Map.of(), TOPICS, "client", (reply) -> {
	}, () -> {
	}, () -> {
	}, Duration.ofMillis(1), (properties) -> this.brokers);

	@BeforeEach
	void start() {
		this.brokers.updatePartitions("requests", List.of(partition("requests", 0, true)));
		partitions(true, true);
		this.reader.start();
		await().atMost(LIMIT).until(() -> this.reader.state().ready() && this.reader.state().problem() == null);
	}

	@AfterEach
	void stop() {
		this.reader.stop();
	}

	@Test
	void partitionWithoutLeaderIsNotRead() {
		assertThat(this.reader.unreadPartitions()).isEmpty();
		partitions(true, false);
		await().atMost(LIMIT)
			.until(this.reader::state,
					new ReaderState(true, "the partitions [1] of the topic 'replies' can't be read")::equals);
		assertThat(this.reader.unreadPartitions()).containsExactly(1);
		partitions(true, true);
		await().atMost(LIMIT).until(() -> this.reader.state().problem() == null);
		assertThat(this.reader.unreadPartitions()).isEmpty();
	}

	@Test
	void newPartitionWithoutOffsetsIsNotRead() {
		this.brokers.hidden = 2;
		partitions(true, true, true);
		await().atMost(LIMIT)
			.until(this.reader::state,
					new ReaderState(true, "the partitions [2] of the topic 'replies' can't be read")::equals);
		this.brokers.hidden = -1;
		await().atMost(LIMIT).until(() -> this.reader.state().problem() == null);
		assertThat(this.brokers.assignment()).contains(new TopicPartition("replies", 2));
	}

	private void partitions(boolean... withLeader) {
		this.brokers.updatePartitions("replies",
				IntStream.range(0, withLeader.length).mapToObj((i) -> partition("replies", i, withLeader[i])).toList());
	}

	private static PartitionInfo partition(String topic, int partition, boolean withLeader) {
		Node broker = new Node(0, "localhost", 9092);
		return new PartitionInfo(topic, partition, withLeader ? broker : null, new Node[] { broker }, new Node[0]);
	}

	/**
	 * Brokers without records.
	 */
	private static final class Brokers extends MockConsumer<byte[], byte[]> {

		private volatile int hidden = -1;

		private Brokers() {
			super("none");
		}

		@Override
		public synchronized Map<MetricName, ? extends Metric> metrics() {
			MetricName name = new MetricName("connection-count", "consumer-metrics", "", Map.of());
			return Map.of(name, new Metric() {

				@Override
				public MetricName metricName() {
					return name;
				}

				@Override
				public Object metricValue() {
					return 1.0;
				}

			});
		}

		@Override
		public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
			return offsets(partitions);
		}

		@Override
		public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
			return offsets(partitions);
		}

		private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions) {
			if (partitions.stream().anyMatch((partition) -> partition.partition() == this.hidden)) {
				throw new TimeoutException("for the test");
			}
			return partitions.stream().collect(Collectors.toMap((partition) -> partition, (partition) -> 0L));
		}

	}

}
