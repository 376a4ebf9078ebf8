package dev.statefun.spring.gateway.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.statefun.testing.KafkaProcess;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests {@link KafkaGatewayTransport} with a broker in a JVM of its own, which some tests
 * kill.
 */
@Timeout(120)
class KafkaGatewayTransportTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@TempDir
	private static Path folder;

	private static KafkaProcess kafka;

	private static Admin admin;

	private static Producer<String, byte[]> producer;

	private final List<KafkaGatewayTransport> transports = new ArrayList<>();

	private final List<String> replies = new CopyOnWriteArrayList<>();

	private GatewayTopics topics;

	@BeforeAll
	static void startKafka() throws Exception {
		kafka = KafkaProcess.start(folder);
		admin = Admin.create(Map.of("bootstrap.servers", kafka.address()));
		producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.address(), "linger.ms", 0),
				new StringSerializer(), new ByteArraySerializer());
	}

	@AfterAll
	static void stopKafka() {
		producer.close(Duration.ZERO);
		admin.close(Duration.ZERO);
		kafka.close();
	}

	@BeforeEach
	void nameTopics(TestInfo test) {
		String name = test.getTestMethod().orElseThrow().getName();
		this.topics = new GatewayTopics(name + "-requests", name + "-replies", Set.of(), 900 * 1024, 900 * 1024);
	}

	@AfterEach
	void stopTransports() {
		this.transports.forEach(KafkaGatewayTransport::stop);
	}

	@Test
	void isReadyWhenBothTopicsCanBeRead() throws Exception {
		KafkaGatewayTransport transport = start(() -> {
		});
		await().atMost(LIMIT).until(transport::problem, (problem) -> problem != null && problem.contains("-replies'"));
		create(new NewTopic(this.topics.replies(), 2, (short) 1));
		await().atMost(LIMIT).until(transport::problem, (problem) -> problem != null && problem.contains("-requests'"));
		assertThat(transport.isReady()).isFalse();
		create(new NewTopic(this.topics.requests(), 2, (short) 1));
		await().atMost(LIMIT).until(transport::isReady);
		reply(transport, "first");
		await().atMost(LIMIT).untilAsserted(() -> assertThat(this.replies).containsExactly("first"));
		assertThat(new GatewayHealthIndicator(transport).health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void missingTopicsAreCreated() {
		KafkaGatewayTransport transport = start(this::createTopics);
		await().atMost(LIMIT).until(transport::isReady);
	}

	@Test
	void repliesOfOthersAreNotPassedOn() throws Exception {
		createTopics();
		producer.send(new ProducerRecord<>(this.topics.replies(), "client", bytes("before"))).get();
		KafkaGatewayTransport one = start(() -> {
		});
		KafkaGatewayTransport other = new KafkaGatewayTransport(connection(Map.of()), this.topics, () -> {
		});
		List<String> others = new CopyOnWriteArrayList<>();
		other.receive((reply) -> others.add(text(reply)));
		this.transports.add(other);
		other.start();
		await().atMost(LIMIT).until(() -> one.isReady() && other.isReady());
		assertThat(one.replyDestination().client()).hasSize(32).isNotEqualTo(other.replyDestination().client());
		try (Producer<byte[], byte[]> garbage = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.address()),
				new ByteArraySerializer(), new ByteArraySerializer())) {
			garbage.send(new ProducerRecord<>(this.topics.replies(), null, bytes("no key"))).get();
			garbage.send(new ProducerRecord<>(this.topics.replies(), new byte[] { -1, -2 }, bytes("garbage"))).get();
			garbage.send(new ProducerRecord<>(this.topics.replies(), new byte[0], new byte[] { 1, 2, 3 })).get();
			garbage.send(new ProducerRecord<>(this.topics.replies(), bytes(one.replyDestination().client()), null))
				.get();
			garbage
				.send(new ProducerRecord<>(this.topics.replies(), bytes(one.replyDestination().client() + "0"),
						bytes("longer key")))
				.get();
		}
		for (int i = 0; i < 100; i++) {
			reply(one, "one " + i);
			reply(other, "other " + i);
		}
		await().atMost(LIMIT).untilAsserted(() -> {
			assertThat(this.replies).hasSize(100).allMatch((reply) -> reply.startsWith("one "));
			assertThat(others).hasSize(100).allMatch((reply) -> reply.startsWith("other "));
		});
	}

	@Test
	void repliesOfTransactionsThatAreRolledBackAreNotPassedOn() {
		createTopics();
		KafkaGatewayTransport transport = start(() -> {
		});
		await().atMost(LIMIT).until(transport::isReady);
		try (Producer<String, byte[]> transactions = new KafkaProducer<>(
				Map.of("bootstrap.servers", kafka.address(), "transactional.id", "replies"), new StringSerializer(),
				new ByteArraySerializer())) {
			transactions.initTransactions();
			for (String end : List.of("rolled back", "committed")) {
				transactions.beginTransaction();
				transactions.send(
						new ProducerRecord<>(this.topics.replies(), transport.replyDestination().client(), bytes(end)));
				transactions.flush();
				if (end.equals("committed")) {
					transactions.commitTransaction();
				}
				else {
					transactions.abortTransaction();
				}
			}
		}
		await().atMost(LIMIT).untilAsserted(() -> assertThat(this.replies).containsExactly("committed"));
	}

	@Test
	void newPartitionsAreReadFromTheirBeginning() throws Exception {
		createTopics();
		KafkaGatewayTransport transport = start(() -> {
		});
		await().atMost(LIMIT).until(transport::isReady);
		admin.createPartitions(Map.of(this.topics.replies(), NewPartitions.increaseTo(4))).all().get();
		// With a producer that may know them before the transport does
		try (Producer<String, byte[]> informed = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.address()),
				new StringSerializer(), new ByteArraySerializer())) {
			for (int partition = 0; partition < 4; partition++) {
				informed
					.send(new ProducerRecord<>(this.topics.replies(), partition, transport.replyDestination().client(),
							bytes("partition " + partition)))
					.get();
			}
		}
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.replies).containsExactlyInAnyOrder("partition 0", "partition 1",
					"partition 2", "partition 3"));
	}

	@Test
	void goesOnAfterAnErrorOfTheReceiver() throws Exception {
		createTopics();
		KafkaGatewayTransport transport = start(() -> {
		});
		transport.receive((reply) -> {
			this.replies.add(text(reply));
			throw new StackOverflowError("for the test");
		});
		await().atMost(LIMIT).until(transport::isReady);
		reply(transport, "one");
		reply(transport, "two");
		await().atMost(LIMIT).untilAsserted(() -> assertThat(this.replies).containsExactlyInAnyOrder("one", "two"));
	}

	@Test
	void goesOnAfterTheTopicWasDeletedAndCreatedAgain() throws Exception {
		createTopics();
		KafkaGatewayTransport transport = start(() -> {
		});
		await().atMost(LIMIT).until(transport::isReady);
		for (int i = 0; i < 20; i++) {
			reply(transport, "former");
		}
		await().atMost(LIMIT).until(this.replies::size, (size) -> size == 20);
		this.replies.clear();
		admin.deleteTopics(List.of(this.topics.replies())).all().get();
		await().atMost(LIMIT).until(() -> !admin.listTopics().names().get().contains(this.topics.replies()));
		create(new NewTopic(this.topics.replies(), 2, (short) 1));
		await().atMost(LIMIT).ignoreExceptions().until(() -> {
			reply(transport, "new");
			return this.replies.contains("new");
		});
	}

	@Test
	void settingsOfTheApplicationsOwnClientsDoNotMatter() throws Exception {
		createTopics();
		KafkaGatewayTransport transport = new KafkaGatewayTransport(
				connection(Map.of(ProducerConfig.PARTITIONER_CLASS_CONFIG, FirstPartition.class.getName(),
						ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, Forgery.class.getName(),
						ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "none.Such", "value.deserializer", "none.Such",
						ProducerConfig.ACKS_CONFIG, "0", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false,
						"transactional.id", "mine", "group.id", "mine", "max.request.size", 100)),
				this.topics, () -> {
				});
		this.transports.add(transport);
		transport.receive((reply) -> this.replies.add(text(reply)));
		transport.start();
		await().atMost(LIMIT).until(transport::isReady);
		CompletableFuture<?>[] sent = IntStream.range(0, 20)
			.mapToObj((i) -> transport.send("x/" + i, new byte[1000], TIMEOUT).toCompletableFuture())
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(sent).get(20, TimeUnit.SECONDS);
		List<ConsumerRecord<String, byte[]>> requests = requests(20);
		assertThat(requests).extracting((record) -> record.value().length).containsOnly(1000);
		assertThat(requests).extracting(ConsumerRecord::partition).contains(0, 1);
		reply(transport, "reply");
		await().atMost(LIMIT).untilAsserted(() -> assertThat(this.replies).containsExactly("reply"));
	}

	@Test
	void keepsTheOrderOfTheRequestsForOneInstance() throws Exception {
		createTopics();
		KafkaGatewayTransport transport = start(() -> {
		});
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			sent.add(transport.send("s/" + i % 4, bytes(String.valueOf(i)), Duration.ofSeconds(90))
				.toCompletableFuture());
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);
		Map<String, List<Integer>> byKey = new HashMap<>();
		requests(10_000).forEach((record) -> byKey.computeIfAbsent(record.key(), (key) -> new ArrayList<>())
			.add(Integer.valueOf(text(record.value()))));
		assertThat(byKey).hasSize(4).allSatisfy((key, numbers) -> assertThat(numbers).hasSize(2_500).isSorted());
	}

	@Test
	void sendingNeitherBlocksNorOutlastsItsTimeout() {
		KafkaGatewayTransport transport = start(() -> {
		});
		long begin = System.nanoTime();
		CompletableFuture<Void> first = transport.send("x/1", new byte[10], Duration.ofMillis(300))
			.toCompletableFuture();
		CompletableFuture<Void> second = transport.send("x/2", new byte[10], Duration.ofMillis(300))
			.toCompletableFuture();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
		assertThat(first).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("it is unknown whether it was sent");
		assertThat(second).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("nothing was sent");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void warnsOfTopicsThatTakeLessThanTheGatewayLetsPass(CapturedOutput output) {
		GatewayTopics large = new GatewayTopics(this.topics.requests(), this.topics.replies(), Set.of("not-created"),
				900 * 1024, 5 * 1024 * 1024);
		create(new NewTopic(this.topics.requests(), 2, (short) 1).configs(Map.of("cleanup.policy", "compact")));
		create(new NewTopic(this.topics.replies(), 2, (short) 1));
		KafkaGatewayTransport transport = new KafkaGatewayTransport(connection(Map.of()), large, () -> {
		});
		this.transports.add(transport);
		transport.start();
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(output)
				.contains("The topic '" + this.topics.replies() + "' takes records of up to 1048588 bytes, and "
						+ "'statefun.gateway.max-reply-size' lets up to 5246976 pass")
				.contains("The topic '" + this.topics.requests() + "' is compacted")
				.contains("Set 'max.message.bytes' of the topic to 5246976 or more")
				.contains("The topic 'not-created' of 'statefun.gateway.reply-topics' does not exist"));
		assertThat(output).doesNotContain("'statefun.gateway.max-request-size' lets");
	}

	@Test
	void requestsThatWaitAreSentAtTheEnd() {
		createTopics();
		KafkaGatewayTransport transport = start(() -> {
		});
		// The end does not leave enough time for the first contact with the broker
		assertThat(transport.send("s/1", new byte[1], TIMEOUT).toCompletableFuture()).succeedsWithin(TIMEOUT);
		List<CompletableFuture<Void>> sent = IntStream.range(0, 500)
			.mapToObj((i) -> transport.send("s/1", new byte[1000], TIMEOUT).toCompletableFuture())
			.toList();
		transport.stop();
		assertThat(sent).allMatch((request) -> request.isDone() && !request.isCompletedExceptionally());
		assertThat(transport.send("s/1", new byte[1], TIMEOUT).toCompletableFuture()).isCompletedExceptionally();
	}

	@Test
	void failsRequestsWhileItIsNotStarted() {
		KafkaGatewayTransport transport = new KafkaGatewayTransport(connection(Map.of()), this.topics, () -> {
		});
		assertThat(transport.isReady()).isFalse();
		assertThat(transport.send("x/1", new byte[1], TIMEOUT).toCompletableFuture()).isCompletedExceptionally();
	}

	@Test
	@Tag("soak")
	void waitsForABrokerAndOutlivesIt(@TempDir Path own) throws Exception {
		try (KafkaProcess broker = KafkaProcess.in(own)) {
			AtomicInteger creations = new AtomicInteger();
			KafkaGatewayTransport transport = new KafkaGatewayTransport(connection(Map.of(), broker), this.topics,
					() -> {
						creations.incrementAndGet();
						try (Admin creating = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
							create(creating, topics());
						}
					}, Duration.ofMillis(500));
			transport.receive((reply) -> this.replies.add(text(reply)));
			this.transports.add(transport);
			transport.start();
			awaitTrue(() -> transport.problem() != null);
			assertThat(transport.isReady()).isFalse();
			assertThat(new GatewayHealthIndicator(transport).health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(transport.send("x/1", new byte[10], Duration.ofMillis(200)).toCompletableFuture())
				.failsWithin(Duration.ofSeconds(20));
			broker.start();
			awaitTrue(transport::isReady);
			assertThat(creations).hasPositiveValue();
			replyAt(broker, transport, "one");
			awaitTrue(() -> this.replies.contains("one"));
			broker.kill();
			awaitTrue(() -> new GatewayHealthIndicator(transport).health().getStatus().equals(Status.DOWN));
			assertThat(transport.send("x/1", new byte[10], Duration.ofMillis(500)).toCompletableFuture())
				.failsWithin(Duration.ofSeconds(20));
			assertThat(transport.isReady()).isTrue();
			broker.start();
			replyAt(broker, transport, "two");
			awaitTrue(() -> this.replies.contains("two"));
			assertThat(transport.send("x/2", new byte[10], TIMEOUT).toCompletableFuture()).succeedsWithin(TIMEOUT);
			awaitTrue(() -> new GatewayHealthIndicator(transport).health().getStatus().equals(Status.UP));
		}
	}

	private static void awaitTrue(BooleanSupplier condition) {
		await().atMost(Duration.ofSeconds(60)).until(condition::getAsBoolean);
	}

	private static void replyAt(KafkaProcess broker, KafkaGatewayTransport transport, String reply) throws Exception {
		try (Producer<String, byte[]> own = new KafkaProducer<>(Map.of("bootstrap.servers", broker.address()),
				new StringSerializer(), new ByteArraySerializer())) {
			own.send(new ProducerRecord<>(transport.topics().replies(), transport.replyDestination().client(),
					bytes(reply)))
				.get(30, TimeUnit.SECONDS);
		}
	}

	private KafkaGatewayTransport start(Runnable topicCreation) {
		KafkaGatewayTransport transport = new KafkaGatewayTransport(connection(Map.of()), this.topics, topicCreation,
				Duration.ofMillis(500));
		transport.receive((reply) -> this.replies.add(text(reply)));
		this.transports.add(transport);
		transport.start();
		return transport;
	}

	private static KafkaConnection connection(Map<String, Object> more) {
		return connection(more, kafka);
	}

	private static KafkaConnection connection(Map<String, Object> more, KafkaProcess broker) {
		Map<String, Object> properties = new HashMap<>(more);
		properties.put("bootstrap.servers", List.of(broker.address()));
		return new KafkaConnection(properties, properties, properties);
	}

	private List<NewTopic> topics() {
		return List.of(new NewTopic(this.topics.requests(), 2, (short) 1),
				new NewTopic(this.topics.replies(), 2, (short) 1));
	}

	private void createTopics() {
		create(admin, topics());
	}

	private static void create(NewTopic topic) {
		create(admin, List.of(topic));
	}

	private static void create(Admin creating, List<NewTopic> topics) {
		try {
			creating.createTopics(topics).all().get(30, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void reply(KafkaGatewayTransport transport, String reply) throws Exception {
		producer
			.send(new ProducerRecord<>(transport.topics().replies(), transport.replyDestination().client(),
					bytes(reply)))
			.get(30, TimeUnit.SECONDS);
	}

	private List<ConsumerRecord<String, byte[]>> requests(int count) {
		List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
		try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.address(),
				"auto.offset.reset", "earliest", "enable.auto.commit", "false"), new StringDeserializer(),
				new ByteArrayDeserializer())) {
			consumer.assign(List.of(new TopicPartition(this.topics.requests(), 0),
					new TopicPartition(this.topics.requests(), 1)));
			await().atMost(LIMIT).pollInSameThread().until(() -> {
				consumer.poll(Duration.ofMillis(200)).forEach(records::add);
				return records.size() >= count;
			});
		}
		return records;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	/**
	 * Partitioner of the application, not of the transport.
	 */
	public static final class FirstPartition implements Partitioner {

		@Override
		public int partition(String topic, @Nullable Object key, byte @Nullable [] keyBytes, @Nullable Object value,
				byte @Nullable [] valueBytes, Cluster cluster) {
			return 0;
		}

		@Override
		public void close() {
		}

		@Override
		public void configure(Map<String, ?> configs) {
		}

	}

	/**
	 * Interceptor of the application, not of the transport.
	 */
	public static final class Forgery implements ProducerInterceptor<String, byte[]> {

		@Override
		public ProducerRecord<String, byte[]> onSend(ProducerRecord<String, byte[]> record) {
			return new ProducerRecord<>(record.topic(), "forged", new byte[0]);
		}

		@Override
		public void onAcknowledgement(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
		}

		@Override
		public void close() {
		}

		@Override
		public void configure(Map<String, ?> configs) {
		}

	}

}
