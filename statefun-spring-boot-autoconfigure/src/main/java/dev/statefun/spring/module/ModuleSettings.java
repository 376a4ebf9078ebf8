package dev.statefun.spring.module;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.statefun.sdk.egress.EgressId;
import dev.statefun.spring.execution.BatchTimeLimit;
import dev.statefun.spring.security.EndpointSecret;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Settings of a module.yaml that functions do not have: URL and transport of the
 * endpoint, sources of messages and destinations of records. Immutable.
 *
 * @param endpoint URL of the endpoint, with its path
 * @param secret secret in that path, or {@code null} for none
 * @param maxNumBatchRequests maximum number of messages that wait for one function
 * instance before the cluster holds back its input; 0 or less for no limit
 * @param wildcards whether all functions of a namespace are written as one entry
 * @param transport transport that the cluster calls the endpoint with
 * @param batchTimeLimit time limit of requests at the endpoint
 * @param kafka Kafka ingresses and egresses
 * @param kinesis Kinesis ingresses and egresses
 * @param deadLetters ids of the Kafka egresses for dead letters
 * @since 0.1.0
 */
public record ModuleSettings(String endpoint, @Nullable EndpointSecret secret, int maxNumBatchRequests,
		boolean wildcards, Transport transport, BatchTimeLimit batchTimeLimit, Kafka kafka, Kinesis kinesis,
		List<EgressId> deadLetters) {

	/**
	 * Create settings.
	 * @param endpoint URL of the endpoint, with its path
	 * @param secret secret in that path
	 * @param maxNumBatchRequests maximum number of messages that wait for one function
	 * instance
	 * @param wildcards whether all functions of a namespace are written as one entry
	 * @param transport transport that the cluster calls the endpoint with
	 * @param batchTimeLimit time limit of requests at the endpoint
	 * @param kafka Kafka ingresses and egresses
	 * @param kinesis Kinesis ingresses and egresses
	 * @param deadLetters ids of the Kafka egresses for dead letters
	 */
	public ModuleSettings {
		deadLetters = List.copyOf(deadLetters);
	}

	/**
	 * Return the URL of the endpoint.
	 * @param base the URL under which clusters reach the application
	 * @param path path to add unless it has one
	 * @return the URL
	 * @throws dev.statefun.sdk.message.InvalidDeclarationException if it is not a URL
	 * that clusters can call
	 */
	public static String endpoint(String base, String path) {
		return EndpointUrl.of(base, path).text();
	}

	/**
	 * Return the same settings with everything masked that may be secret: the secret in
	 * the endpoint's path, the values of properties and the keys for AWS.
	 * @return settings that may be shown
	 */
	public ModuleSettings masked() {
		return new ModuleSettings(maskedEndpoint(), this.secret, this.maxNumBatchRequests, this.wildcards,
				this.transport, this.batchTimeLimit, this.kafka.masked(), this.kinesis.masked(), this.deadLetters);
	}

	String maskedEndpoint() {
		return (this.secret != null) ? this.secret.maskIn(this.endpoint) : this.endpoint;
	}

	@Override
	public String toString() {
		return "ModuleSettings[endpoint=" + maskedEndpoint() + "]";
	}

	private static Map<String, String> mask(Map<String, String> properties) {
		Map<String, String> masked = new TreeMap<>(properties);
		masked.replaceAll((key, value) -> Credentials.MASK);
		return masked;
	}

	private static <T> List<T> map(List<T> list, Function<T, T> function) {
		return list.stream().map(function).toList();
	}

	private static void requireText(String text, String name) {
		Assert.isTrue(StringUtils.hasText(text), () -> "'" + name + "' of a module's ingress or egress must be set");
	}

	/**
	 * Client with which a cluster of 3.x calls functions. All 2.x clusters use OkHttp.
	 */
	public enum TransportType {

		/** The asynchronous client, from 3.1 on. */
		ASYNC,

		/** OkHttp. */
		OKHTTP

	}

	/**
	 * Transport that a cluster calls the endpoint with. Unset values are written out with
	 * the cluster's own defaults, except that {@code call} and {@code read} are long
	 * enough for a batch.
	 *
	 * @param type Client that 3.x clusters call functions with; 2.x clusters always use
	 * OkHttp.
	 * @param call Maximum time that a cluster tries to have a batch handled, 1ms to 7d;
	 * when not set, long enough for a batch, and at least 2 minutes with the asynchronous
	 * client, 1 minute with OkHttp.
	 * @param connect Maximum time to connect, 1ms to 7d; when not set, 20 seconds with
	 * the asynchronous client, 10 seconds with OkHttp.
	 * @param read Maximum time that OkHttp waits for an answer before it sends the batch
	 * again, 1ms to 7d; when not set, 5 seconds longer than a batch may take.
	 * @param write Maximum time that OkHttp takes to send a request, 1ms to 7d; when not
	 * set, 10 seconds.
	 * @param poolSize Number of connections that the asynchronous client keeps, 1 to
	 * 1000000.
	 * @param poolTtl Time for which the asynchronous client keeps a connection; 1ms to
	 * 7d.
	 * @param payloadMaxBytes Maximum size of a reply that the asynchronous client
	 * accepts; 1B to 2047MB.
	 * @param trustCacerts Location, on the cluster, of the certificates to trust, in PEM.
	 * @param clientCert Location, on the cluster, of its client certificate, in PEM.
	 * @param clientKey Location, on the cluster, of the key of its client certificate, in
	 * PKCS#8.
	 * @param clientKeyPassword Location, on the cluster, of a file that contains only the
	 * password of that key.
	 */
	public record Transport(@DefaultValue("async") TransportType type, @Nullable Duration call,
			@Nullable Duration connect, @Nullable Duration read, @Nullable Duration write,
			@DefaultValue("1024") int poolSize, @DefaultValue("15s") Duration poolTtl,
			@DefaultValue("32MB") DataSize payloadMaxBytes, @Nullable String trustCacerts, @Nullable String clientCert,
			@Nullable String clientKey, @Nullable String clientKeyPassword) {

		static final int POOL_SIZE = 1024;

		static final Duration POOL_TTL = Duration.ofSeconds(15);

		static final DataSize PAYLOAD_MAX_BYTES = DataSize.ofMegabytes(32);

		/**
		 * Create the settings.
		 * @param type client that 3.x clusters call functions with
		 * @param call maximum time that a cluster tries to have a batch handled
		 * @param connect maximum time to connect
		 * @param read maximum time that OkHttp waits for an answer
		 * @param write maximum time that OkHttp takes to send a request
		 * @param poolSize number of connections that the asynchronous client keeps
		 * @param poolTtl time for which the asynchronous client keeps a connection
		 * @param payloadMaxBytes maximum size of a reply that the asynchronous client
		 * accepts
		 * @param trustCacerts location of the certificates to trust
		 * @param clientCert location of the client certificate
		 * @param clientKey location of its key
		 * @param clientKeyPassword location of the file with the password of the key
		 */
		public Transport {
			// The cluster refuses one without the other (protocol.md §6.4)
			Assert.isTrue((clientCert == null) == (clientKey == null),
					"'statefun.module.transport.client-cert' and 'client-key' belong together; only one is set");
		}

		/**
		 * Return the default transport of clusters of 3.2 and later.
		 * @return the asynchronous client with its defaults
		 */
		public static Transport async() {
			return of(TransportType.ASYNC);
		}

		/**
		 * Return OkHttp with its defaults.
		 * @return the transport
		 */
		public static Transport okhttp() {
			return of(TransportType.OKHTTP);
		}

		private static Transport of(TransportType type) {
			return new Transport(type, null, null, null, null, POOL_SIZE, POOL_TTL, PAYLOAD_MAX_BYTES, null, null, null,
					null);
		}

	}

	/**
	 * Kafka ingresses and egresses.
	 *
	 * @param address Addresses of Kafka's brokers, for all ingresses and egresses without
	 * their own.
	 * @param ingresses Kafka ingresses.
	 * @param egresses Kafka egresses.
	 */
	public record Kafka(@Nullable String address, @DefaultValue List<KafkaIngress> ingresses,
			@DefaultValue List<KafkaEgress> egresses) {

		/**
		 * Create the settings.
		 * @param address addresses of the brokers
		 * @param ingresses ingresses
		 * @param egresses egresses
		 */
		public Kafka {
			ingresses = List.copyOf(ingresses);
			egresses = List.copyOf(egresses);
		}

		private Kafka masked() {
			return new Kafka(this.address, map(this.ingresses, KafkaIngress::masked),
					map(this.egresses, KafkaEgress::masked));
		}

	}

	/**
	 * Kafka ingress.
	 *
	 * @param id id of the ingress
	 * @param address addresses of the brokers, if they differ from those for all
	 * @param consumerGroupId consumer group
	 * @param topics topics and the targets of their records
	 * @param startupPosition position to start from
	 * @param autoOffsetReset position to start from if there is no such offset
	 * @param properties properties of the consumer
	 */
	public record KafkaIngress(String id, @Nullable String address, String consumerGroupId, List<Route> topics,
			@DefaultValue StartupPosition startupPosition, @DefaultValue("latest") OffsetReset autoOffsetReset,
			@DefaultValue Map<String, String> properties) {

		/**
		 * Create an ingress.
		 * @param id id of the ingress
		 * @param address addresses of the brokers
		 * @param consumerGroupId consumer group
		 * @param topics topics and the targets of their records
		 * @param startupPosition position to start from
		 * @param autoOffsetReset position to start from if there is no such offset
		 * @param properties properties of the consumer
		 */
		public KafkaIngress {
			requireText(id, "id");
			requireText(consumerGroupId, "consumer-group-id");
			Assert.notEmpty(topics, () -> "Ingress '" + id + "' has no 'topics'");
			topics = List.copyOf(topics);
			properties = Map.copyOf(properties);
		}

		private KafkaIngress masked() {
			return new KafkaIngress(this.id, this.address, this.consumerGroupId, this.topics, this.startupPosition,
					this.autoOffsetReset, mask(this.properties));
		}

	}

	/**
	 * Topic or stream with the targets of its records.
	 *
	 * @param name name of the topic or stream
	 * @param valueType type of the values, as functions see it
	 * @param targets types of the functions that receive them
	 */
	public record Route(String name, String valueType, List<String> targets) {

		/**
		 * Create a route.
		 * @param name name of the topic or stream
		 * @param valueType type of the values
		 * @param targets types of the functions that receive them
		 */
		public Route {
			requireText(name, "name");
			requireText(valueType, "value-type");
			Assert.notEmpty(targets, () -> "'" + name + "' has no 'targets'");
			targets = List.copyOf(targets);
		}

	}

	/**
	 * Position from which a Kafka ingress starts if there is no such offset.
	 */
	public enum OffsetReset {

		/** New records only. */
		LATEST,

		/** The oldest record. */
		EARLIEST

	}

	/**
	 * Position from which an ingress starts without a checkpoint.
	 *
	 * @param type kind of position
	 * @param date the date, for the type {@code date}
	 * @param offsets offsets by {@code <topic>/<partition>}, for the type
	 * {@code specific-offsets}
	 */
	public record StartupPosition(@DefaultValue("latest") PositionType type, @Nullable Instant date,
			@DefaultValue Map<String, Long> offsets) {

		/**
		 * Create a position.
		 * @param type kind of position
		 * @param date the date
		 * @param offsets offsets by topic and partition
		 */
		public StartupPosition {
			Assert.isTrue((type == PositionType.DATE) == (date != null),
					"A startup position of the type 'date', and no other, has a 'date'");
			Assert.isTrue((type == PositionType.SPECIFIC_OFFSETS) != offsets.isEmpty(),
					"A startup position of the type 'specific-offsets', and no other, has 'offsets'");
			offsets = Map.copyOf(offsets);
		}

	}

	/**
	 * Kind of a startup position.
	 */
	public enum PositionType {

		/** New records only. */
		LATEST,

		/** The oldest record. */
		EARLIEST,

		/** The committed offsets of the consumer group; Kafka only. */
		GROUP_OFFSETS,

		/** Offsets of partitions; Kafka only. */
		SPECIFIC_OFFSETS,

		/** A date. */
		DATE

	}

	/**
	 * Kafka egress.
	 *
	 * @param id id of the egress
	 * @param address addresses of the brokers, if they differ from those for all
	 * @param deliverySemantic delivery guarantee of records
	 * @param transactionTimeout maximum duration of a transaction, for
	 * {@code exactly-once}; 1ms to 7d
	 * @param properties properties of the producer
	 */
	public record KafkaEgress(String id, @Nullable String address,
			@DefaultValue("at-least-once") DeliverySemantic deliverySemantic, @Nullable Duration transactionTimeout,
			@DefaultValue Map<String, String> properties) {

		/**
		 * Create an egress.
		 * @param id id of the egress
		 * @param address addresses of the brokers
		 * @param deliverySemantic delivery guarantee of records
		 * @param transactionTimeout maximum duration of a transaction
		 * @param properties properties of the producer
		 */
		public KafkaEgress {
			requireText(id, "id");
			// The cluster has no default for it (protocol.md §7.1)
			Assert.isTrue((deliverySemantic == DeliverySemantic.EXACTLY_ONCE) == (transactionTimeout != null),
					() -> "Egress '" + id
							+ "': the delivery semantic 'exactly-once', and no other, has a 'transaction-timeout'");
			properties = Map.copyOf(properties);
		}

		private KafkaEgress masked() {
			return new KafkaEgress(this.id, this.address, this.deliverySemantic, this.transactionTimeout,
					mask(this.properties));
		}

	}

	/**
	 * Delivery guarantee of records.
	 */
	public enum DeliverySemantic {

		/** At least once. */
		AT_LEAST_ONCE,

		/** Exactly once, for readers of committed records. */
		EXACTLY_ONCE,

		/** No guarantee. */
		NONE

	}

	/**
	 * Kinesis ingresses and egresses.
	 *
	 * @param region AWS region, for all ingresses and egresses without their own.
	 * @param credentials AWS credentials, for all ingresses and egresses without their
	 * own.
	 * @param ingresses Kinesis ingresses.
	 * @param egresses Kinesis egresses.
	 */
	public record Kinesis(@DefaultValue Region region, @DefaultValue Credentials credentials,
			@DefaultValue List<KinesisIngress> ingresses, @DefaultValue List<KinesisEgress> egresses) {

		/**
		 * Create the settings.
		 * @param region region
		 * @param credentials credentials
		 * @param ingresses ingresses
		 * @param egresses egresses
		 */
		public Kinesis {
			ingresses = List.copyOf(ingresses);
			egresses = List.copyOf(egresses);
		}

		private Kinesis masked() {
			return new Kinesis(this.region, this.credentials.masked(), map(this.ingresses, KinesisIngress::masked),
					map(this.egresses, KinesisEgress::masked));
		}

	}

	/**
	 * AWS region. When not set, the cluster's machine determines it.
	 *
	 * @param id Id of the region.
	 * @param endpoint Endpoint to use instead of that of the region.
	 */
	public record Region(@Nullable String id, @Nullable String endpoint) {

		/**
		 * Create a region.
		 * @param id id of the region
		 * @param endpoint endpoint to use instead of that of the region
		 */
		public Region {
			Assert.isTrue(endpoint == null || id != null, "A region of AWS with an 'endpoint' needs an 'id'");
		}

	}

	/**
	 * AWS credentials. When not set, the cluster's machine determines them.
	 *
	 * @param accessKeyId Id of an access key.
	 * @param secretAccessKey Secret access key, which is then written to module.yaml.
	 * @param profileName Name of a profile.
	 * @param profilePath Location of the profile, if it is not the default one.
	 */
	public record Credentials(@Nullable String accessKeyId, @Nullable String secretAccessKey,
			@Nullable String profileName, @Nullable String profilePath) {

		static final String MASK = "******";

		/**
		 * Create credentials.
		 * @param accessKeyId id of an access key
		 * @param secretAccessKey secret access key
		 * @param profileName name of a profile
		 * @param profilePath location of the profile
		 */
		public Credentials {
			Assert.isTrue((accessKeyId == null) == (secretAccessKey == null),
					"'access-key-id' and 'secret-access-key' belong together; only one is set");
			Assert.isTrue(accessKeyId == null || profileName == null,
					"Credentials for AWS are either an access key or a profile; both are set");
			Assert.isTrue(profilePath == null || profileName != null, "A 'profile-path' needs a 'profile-name'");
		}

		private Credentials masked() {
			return (this.accessKeyId != null) ? new Credentials(MASK, MASK, null, null) : this;
		}

		@Override
		public String toString() {
			return "Credentials[" + ((this.accessKeyId != null) ? MASK : this.profileName) + "]";
		}

	}

	/**
	 * Kinesis ingress.
	 *
	 * @param id id of the ingress
	 * @param region region, if it differs from that for all
	 * @param credentials credentials, if they differ from those for all
	 * @param startupPosition position to start from
	 * @param streams streams and the targets of their records
	 * @param properties properties of the client
	 */
	public record KinesisIngress(String id, @Nullable Region region, @Nullable Credentials credentials,
			@DefaultValue StartupPosition startupPosition, List<Route> streams,
			@DefaultValue Map<String, String> properties) {

		/**
		 * Create an ingress.
		 * @param id id of the ingress
		 * @param region region
		 * @param credentials credentials
		 * @param startupPosition position to start from
		 * @param streams streams and the targets of their records
		 * @param properties properties of the client
		 */
		public KinesisIngress {
			requireText(id, "id");
			Assert.notEmpty(streams, () -> "Ingress '" + id + "' has no 'streams'");
			Assert.isTrue(
					startupPosition.type() != PositionType.GROUP_OFFSETS
							&& startupPosition.type() != PositionType.SPECIFIC_OFFSETS,
					() -> "Ingress '" + id + "' of Kinesis begins at 'latest', 'earliest' or a 'date'");
			streams = List.copyOf(streams);
			properties = Map.copyOf(properties);
		}

		private KinesisIngress masked() {
			return new KinesisIngress(this.id, this.region,
					(this.credentials != null) ? this.credentials.masked() : null, this.startupPosition, this.streams,
					mask(this.properties));
		}

	}

	/**
	 * Kinesis egress.
	 *
	 * @param id id of the egress
	 * @param region region, if it differs from that for all
	 * @param credentials credentials, if they differ from those for all
	 * @param maxOutstandingRecords maximum number of records in transit, 1 to 1000000
	 * @param properties properties of the client
	 */
	public record KinesisEgress(String id, @Nullable Region region, @Nullable Credentials credentials,
			@DefaultValue("1000") int maxOutstandingRecords, @DefaultValue Map<String, String> properties) {

		/**
		 * Create an egress.
		 * @param id id of the egress
		 * @param region region
		 * @param credentials credentials
		 * @param maxOutstandingRecords maximum number of records in transit
		 * @param properties properties of the client
		 */
		public KinesisEgress {
			requireText(id, "id");
			properties = Map.copyOf(properties);
		}

		private KinesisEgress masked() {
			return new KinesisEgress(this.id, this.region,
					(this.credentials != null) ? this.credentials.masked() : null, this.maxOutstandingRecords,
					mask(this.properties));
		}

	}

}
