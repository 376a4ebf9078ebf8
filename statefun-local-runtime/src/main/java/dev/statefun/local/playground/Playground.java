package dev.statefun.local.playground;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.http.DescribedMessages;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.jspecify.annotations.Nullable;

/**
 * HTTP access to a local runtime: {@code PUT /{namespace}/{name}/{id}} on one port sends
 * a message, {@code GET /{topic}} on another takes a payload that functions sent to an
 * egress (protocol.md §10). Any client that can reach the ports can do both, so the
 * playground listens on the loopback address by default.
 *
 * <pre class="code">
 * PlaygroundTopics topics = new PlaygroundTopics();
 * try (LocalRuntime runtime = LocalRuntime.of(functions).keptEgressRecords(0).listener(topics).start();
 * 		Playground playground = Playground.of(runtime, functions, topics).start()) {
 * 	…
 * }
 * </pre>
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Playground implements AutoCloseable {

	/** Maximum time for a request to arrive. */
	private static final Duration REQUEST = Duration.ofSeconds(30);

	private final Object lock = new Object();

	private final Builder settings;

	private @Nullable HttpPort ingress;

	private @Nullable HttpPort egress;

	private Playground(Builder settings) {
		this.settings = settings;
	}

	/**
	 * Create a builder for a playground.
	 * @param runtime the runtime, which is not closed by the playground
	 * @param functions the functions, whose message types determine how JSON is read
	 * @param topics topics to serve, a listener of the runtime
	 * @return the builder
	 */
	public static Builder of(LocalRuntime runtime, StatefulFunctions functions, PlaygroundTopics topics) {
		return of(new LocalTarget(Objects.requireNonNull(runtime, "'runtime' must not be null")), functions, topics);
	}

	/**
	 * Create a builder for a playground of another runtime.
	 * @param target receives the messages
	 * @param functions the functions, whose message types determine how JSON is read;
	 * those of functions that are served elsewhere may be missing
	 * @param topics topics to serve, to which the records are added
	 * @return the builder
	 */
	public static Builder of(PlaygroundTarget target, StatefulFunctions functions, PlaygroundTopics topics) {
		return new Builder(target, functions, topics);
	}

	/**
	 * Start listening. Without effect if already started.
	 * @throws PortUnavailableException if a port is in use
	 */
	public void start() {
		synchronized (this.lock) {
			if (this.ingress != null) {
				return;
			}
			Builder of = this.settings;
			this.ingress = HttpPort.open("ingress", new InetSocketAddress(of.address, of.ingressPort), REQUEST,
					new IngressHandler(of.target, new HttpMessages(of.functions, of.described), of.maxRequestSize));
			try {
				this.egress = HttpPort.open("egress", new InetSocketAddress(of.address, of.egressPort),
						REQUEST.plus(of.egressWait.isNegative() ? Duration.ZERO : of.egressWait),
						new EgressHandler(of.topics, of.egressWait));
			}
			catch (RuntimeException ex) {
				close();
				throw ex;
			}
		}
	}

	/**
	 * Return the port that accepts messages.
	 * @return the port
	 * @throws IllegalStateException if the playground has not been started
	 */
	public int ingressPort() {
		synchronized (this.lock) {
			return requireStarted(this.ingress).port();
		}
	}

	/**
	 * Return the port that serves the payloads sent to egresses.
	 * @return the port
	 * @throws IllegalStateException if the playground has not been started
	 */
	public int egressPort() {
		synchronized (this.lock) {
			return requireStarted(this.egress).port();
		}
	}

	private static HttpPort requireStarted(@Nullable HttpPort port) {
		if (port == null) {
			throw new IllegalStateException("The playground has no ports before it is started");
		}
		return port;
	}

	/**
	 * Stop listening. The playground can be started again.
	 */
	@Override
	public void close() {
		synchronized (this.lock) {
			if (this.ingress != null) {
				this.ingress.close();
			}
			if (this.egress != null) {
				this.egress.close();
			}
			this.ingress = null;
			this.egress = null;
		}
	}

	/**
	 * Builder for a {@link Playground}. Not thread-safe.
	 */
	public static final class Builder {

		private static final int DEFAULT_MAX_REQUEST_SIZE = 32 * 1024 * 1024;

		private final PlaygroundTarget target;

		private final StatefulFunctions functions;

		private final PlaygroundTopics topics;

		private DescribedMessages described = DescribedMessages.NONE;

		private InetAddress address = InetAddress.getLoopbackAddress();

		private int ingressPort = 8090;

		private int egressPort = 8091;

		private Duration egressWait = Duration.ofSeconds(1);

		private int maxRequestSize = DEFAULT_MAX_REQUEST_SIZE;

		private Builder(PlaygroundTarget target, StatefulFunctions functions, PlaygroundTopics topics) {
			this.target = Objects.requireNonNull(target, "'target' must not be null");
			this.functions = Objects.requireNonNull(functions, "'functions' must not be null");
			this.topics = Objects.requireNonNull(topics, "'topics' must not be null");
		}

		private Builder(Builder other) {
			this(other.target, other.functions, other.topics);
			this.described = other.described;
			this.address = other.address;
			this.ingressPort = other.ingressPort;
			this.egressPort = other.egressPort;
			this.egressWait = other.egressWait;
			this.maxRequestSize = other.maxRequestSize;
		}

		/**
		 * Read JSON of messages that the functions do not tell about, as those are served
		 * elsewhere.
		 * @param descriptors descriptors of protobuf messages, each file after those that
		 * it imports
		 * @return this builder
		 * @throws IllegalArgumentException if a file can't be used
		 */
		public Builder descriptors(FileDescriptorSet descriptors) {
			this.described = DescribedMessages.of(descriptors);
			return this;
		}

		/**
		 * Set the address to listen on; the loopback address by default.
		 * @param address the address
		 * @return this builder
		 */
		public Builder address(InetAddress address) {
			this.address = Objects.requireNonNull(address, "'address' must not be null");
			return this;
		}

		/**
		 * Set the port that accepts messages; 8090 by default.
		 * @param ingressPort the port, or 0 for any free port
		 * @return this builder
		 */
		public Builder ingressPort(int ingressPort) {
			this.ingressPort = requirePort(ingressPort, "ingressPort");
			return this;
		}

		/**
		 * Set the port that serves the payloads sent to egresses; 8091 by default.
		 * @param egressPort the port, or 0 for any free port
		 * @return this builder
		 */
		public Builder egressPort(int egressPort) {
			this.egressPort = requirePort(egressPort, "egressPort");
			return this;
		}

		private static int requirePort(int port, String name) {
			if (port < 0 || port > 0xffff) {
				throw new IllegalArgumentException("'" + name + "' is " + port + "; expected 0 to 65535");
			}
			return port;
		}

		/**
		 * Set how long a request waits for a payload to arrive; 1 s by default.
		 * @param egressWait the time; zero or less disables waiting
		 * @return this builder
		 */
		public Builder egressWait(Duration egressWait) {
			this.egressWait = Objects.requireNonNull(egressWait, "'egressWait' must not be null");
			return this;
		}

		/**
		 * Set the maximum size of a message body; 32 MB by default.
		 * @param maxRequestSize the size in bytes, between 0 and 1 GiB
		 * @return this builder
		 */
		public Builder maxRequestSize(long maxRequestSize) {
			if (maxRequestSize < 0 || maxRequestSize > 1 << 30) {
				throw new IllegalArgumentException(
						"'maxRequestSize' is " + maxRequestSize + "; expected 0 to " + (1 << 30));
			}
			this.maxRequestSize = (int) maxRequestSize;
			return this;
		}

		/**
		 * Create the playground without starting it.
		 * @return the playground
		 */
		public Playground create() {
			return new Playground(new Builder(this));
		}

		/**
		 * Start the playground.
		 * @return the playground, to be closed
		 * @throws PortUnavailableException if a port is in use
		 */
		public Playground start() {
			Playground playground = create();
			playground.start();
			return playground;
		}

	}

}
