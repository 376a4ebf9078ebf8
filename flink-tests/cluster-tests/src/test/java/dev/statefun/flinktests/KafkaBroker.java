package dev.statefun.flinktests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * A Kafka broker in this JVM with two topics of two partitions each: one to write to, and
 * one to read from. Only {@link #send} may be called by another thread.
 */
final class KafkaBroker implements AutoCloseable {

	private static final int PARTITIONS = 2;

	private final EmbeddedKafkaKraftBroker broker;

	private final String input;

	private final Producer<String, byte[]> producer;

	private final Consumer<String, byte[]> consumer;

	private final List<KafkaRecord> committed = new ArrayList<>();

	private KafkaBroker(EmbeddedKafkaKraftBroker broker, String input, String output) {
		this.broker = broker;
		this.input = input;
		String address = address();
		this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", address, "linger.ms", "0"),
				new StringSerializer(), new ByteArraySerializer());
		this.consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", address, "isolation.level", "read_committed", "auto.offset.reset",
						"earliest", "enable.auto.commit", "false"),
				new StringDeserializer(), new ByteArrayDeserializer());
		this.consumer.assign(
				IntStream.range(0, PARTITIONS).mapToObj((partition) -> new TopicPartition(output, partition)).toList());
	}

	/**
	 * Start a broker.
	 * @param input the topic to write to
	 * @param output the topic to read from
	 * @return the running broker
	 */
	static KafkaBroker start(String input, String output) {
		LoggingSystem logging = LoggingSystem.get(KafkaBroker.class.getClassLoader());
		List.of("org.apache.kafka", "kafka", "state.change.logger")
			.forEach((logger) -> logging.setLogLevel(logger, LogLevel.ERROR));
		EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS, input, output);
		// There is one broker, so exactly-once egresses would wait for replicas
		// forever
		broker.brokerProperties(Map.of("transaction.state.log.replication.factor", "1", "transaction.state.log.min.isr",
				"1", "transaction.state.log.num.partitions", "2"));
		broker.afterPropertiesSet();
		return new KafkaBroker(broker, input, output);
	}

	String address() {
		return this.broker.getBrokersAsString();
	}

	void send(String key, ByteString value) {
		this.producer.send(new ProducerRecord<>(this.input, key, value.toByteArray()));
	}

	/**
	 * Return the records that were written and committed so far. Those of one key are in
	 * the order written.
	 * @return all records from the start on
	 */
	List<KafkaRecord> committed() {
		this.consumer.endOffsets(this.consumer.assignment()).forEach((partition, end) -> {
			while (this.consumer.position(partition) < end) {
				this.consumer.poll(Duration.ofMillis(100)).forEach(this::keep);
			}
		});
		return List.copyOf(this.committed);
	}

	private void keep(ConsumerRecord<String, byte[]> record) {
		this.committed.add(new KafkaRecord(record.key(), ByteString.copyFrom(record.value()), record.topic()));
	}

	@Override
	public void close() {
		this.producer.close(Duration.ZERO);
		this.consumer.close();
		this.broker.destroy();
	}

}
