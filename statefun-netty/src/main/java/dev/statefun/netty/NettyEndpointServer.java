package dev.statefun.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.failure.RateLimitedLog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 server that serves an {@link Endpoint} and nothing else, by Netty: on epoll
 * where it is available, otherwise on NIO.
 * <p>
 * Answers as {@link Endpoint} describes. In addition, a request for another path than the
 * endpoint's is answered with 404, one without access with 403, each without a body. What
 * is not HTTP, has too large a head or a wrong chunk is answered with 500: a 4xx fails
 * the job of some clusters (protocol.md §6.1). A connection whose request was not read to
 * its end is closed after the answer, and so is one on which a second request arrives
 * before the answer to the first. A connection that begins with another protocol, such as
 * the PROXY protocol of load balancers, is closed with a WARN. A client that closes its
 * side of a connection, even if it could still read, has disconnected.
 * <p>
 * A server is started and stopped once. Thread-safe.
 *
 * @since 0.1.0
 */
public final class NettyEndpointServer {

	private static final Log logger = LogFactory.getLog(NettyEndpointServer.class);

	private static final long LOOP_END_SECONDS = 5;

	private final Builder settings;

	private final ServedEndpoint served;

	/** Open connections. */
	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

	private final RateLimitedLog<ForeignProtocol> foreignProtocols = new RateLimitedLog<>(InstantSource.system(),
			ForeignProtocol.TLS);

	private @Nullable MultiThreadIoEventLoopGroup loops;

	private @Nullable Channel channel;

	private volatile @Nullable InetSocketAddress address;

	private NettyEndpointServer(Builder settings, RequestGate gate, BatchExecution execution) {
		this.settings = settings;
		this.served = new ServedEndpoint(settings.endpoint, settings.bodies, gate, settings.batches, execution,
				settings.listener, this.connections, settings.idleTimeout, settings.writeTimeout);
	}

	/**
	 * Create a builder of a server.
	 * @param endpoint the endpoint
	 * @param bodies limits of the bodies of requests, those of the endpoint
	 * @param batches handles requests
	 * @param access decides on requests
	 * @return a builder
	 */
	public static Builder builder(Endpoint endpoint, BodyLimits bodies, BatchHandler batches, EndpointAccess access) {
		return new Builder(endpoint, bodies, batches, access);
	}

	/**
	 * Start the server. Its event loops keep the JVM alive.
	 * @throws BindFailedException if its address is not available
	 * @throws IllegalStateException if it was started before
	 */
	public synchronized void start() {
		if (this.loops != null) {
			throw new IllegalStateException("The server was started before");
		}
		MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(this.settings.eventLoops,
				new DefaultThreadFactory("statefun-server"), this.settings.transport.ioHandlers());
		this.loops = group;
		ChannelFuture bound = new ServerBootstrap().group(group)
			.channel(this.settings.transport.channelType())
			.option(ChannelOption.SO_REUSEADDR, true)
			.option(ChannelOption.SO_BACKLOG, 1024)
			.handler(new ConnectionLimit(this.settings.maxConnections))
			.childHandler(new ChannelInitializer<SocketChannel>() {

				@Override
				protected void initChannel(SocketChannel connection) {
					initialize(connection);
				}

			})
			.bind(this.settings.address)
			.awaitUninterruptibly();
		Throwable failure = bound.cause();
		if (failure != null) {
			end(group);
			throw new BindFailedException(this.settings.address, failure);
		}
		this.channel = bound.channel();
		this.address = (InetSocketAddress) bound.channel().localAddress();
	}

	private void initialize(SocketChannel connection) {
		// Closes it if the server has been stopped
		this.connections.add(connection);
		Supplier<SslContext> tls = this.settings.tls;
		connection.pipeline().addLast(new FirstBytesCheck(tls != null, this.foreignProtocols));
		if (tls != null) {
			connection.pipeline().addLast(tls.get().newHandler(connection.alloc()));
		}
		connection.pipeline()
			.addLast(new RequestDecoder(this.settings.maxHeadSize), new ConnectionHandler(this.served, connection));
	}

	/**
	 * Return the address that the server listens on.
	 * @return the address, with the actual port; also after the server has stopped
	 * @throws IllegalStateException if the server was not started
	 */
	public InetSocketAddress address() {
		InetSocketAddress bound = this.address;
		if (bound == null) {
			throw new IllegalStateException("The server was not started");
		}
		return bound;
	}

	/**
	 * Return the port that the server listens on.
	 * @return the port
	 * @throws IllegalStateException if the server was not started
	 */
	public int port() {
		return address().getPort();
	}

	/**
	 * Return the number of open connections.
	 * @return their number
	 */
	public int connections() {
		return this.connections.size();
	}

	/**
	 * Stop the server: refuse connections, close idle ones, answer incomplete and waiting
	 * requests with 503, and wait for requests in flight. Those that have not ended in
	 * time end without an answer; their batches are interrupted unless they run on the
	 * event loop. Has no effect the second time. Not to be called on an event loop, or by
	 * a batch.
	 * @param timeout maximum time to wait for requests in flight
	 */
	public synchronized void stop(Duration timeout) {
		MultiThreadIoEventLoopGroup group = this.loops;
		Channel listening = this.channel;
		if (group == null || listening == null || group.isShuttingDown()) {
			return;
		}
		long end = System.nanoTime() + timeout.toNanos();
		listening.close().awaitUninterruptibly();
		CompletableFuture<@Nullable Void> drained = this.served.endpoint().drain().toCompletableFuture();
		ChannelGroupFuture answered = this.connections.newCloseFuture();
		this.connections.forEach((connection) -> connection.pipeline().fireUserEventTriggered(ServerEvent.STOPPING));
		try {
			drained.get(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
			if (!answered.await(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
				logger.info("Connections are closed that were still open " + timeout.toMillis()
						+ " ms after the server was stopped");
			}
		}
		catch (TimeoutException ex) {
			logger.warn("Batches still run " + timeout.toMillis() + " ms after the server was stopped; "
					+ "the cluster will send them again");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The drain of the endpoint failed", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		end(group);
	}

	private void end(MultiThreadIoEventLoopGroup group) {
		this.connections.close().awaitUninterruptibly(LOOP_END_SECONDS, TimeUnit.SECONDS);
		group.shutdownGracefully(0, LOOP_END_SECONDS, TimeUnit.SECONDS)
			.awaitUninterruptibly(LOOP_END_SECONDS, TimeUnit.SECONDS);
		this.served.execution().close();
	}

	/**
	 * Builder of a server. Not thread-safe.
	 */
	public static final class Builder {

		private final Endpoint endpoint;

		private final BodyLimits bodies;

		private final BatchHandler batches;

		private final EndpointAccess access;

		private String path = "/statefun";

		private InetSocketAddress address = new InetSocketAddress(8080);

		private @Nullable BatchExecution execution;

		private @Nullable Supplier<SslContext> tls;

		private RequestListener listener = RequestListener.NONE;

		private int maxHeadSize = 8192;

		private Duration idleTimeout = Duration.ofSeconds(75);

		private Duration writeTimeout = Duration.ofSeconds(60);

		private int maxConnections = 8192;

		private int eventLoops = Math.max(2, Runtime.getRuntime().availableProcessors());

		private Transport transport = Transport.best();

		private Builder(Endpoint endpoint, BodyLimits bodies, BatchHandler batches, EndpointAccess access) {
			this.endpoint = Objects.requireNonNull(endpoint, "'endpoint' must not be null");
			this.bodies = Objects.requireNonNull(bodies, "'bodies' must not be null");
			this.batches = Objects.requireNonNull(batches, "'batches' must not be null");
			this.access = Objects.requireNonNull(access, "'access' must not be null");
		}

		/**
		 * Set the path, by default {@code /statefun}. It has one spelling: a request is
		 * for the endpoint if its path is the same, as it was sent. With a secret, all
		 * paths below belong to the endpoint.
		 * @param path path that starts with {@code /}, not only that with a secret
		 * @return this builder
		 */
		public Builder path(String path) {
			this.path = Objects.requireNonNull(path, "'path' must not be null");
			return this;
		}

		/**
		 * Set the address to listen on, by default port 8080 of all addresses.
		 * @param address the address; port 0 for any free one
		 * @return this builder
		 */
		public Builder address(InetSocketAddress address) {
			this.address = Objects.requireNonNull(address, "'address' must not be null");
			return this;
		}

		/**
		 * Set the threads that run batches, by default {@link BatchExecution#handOff()}.
		 * @param execution the threads; closed when the server stops
		 * @return this builder
		 */
		public Builder execution(BatchExecution execution) {
			this.execution = Objects.requireNonNull(execution, "'execution' must not be null");
			return this;
		}

		/**
		 * Serve HTTPS.
		 * @param tls keys and protocols of a server, asked for each connection, so that
		 * they can be replaced; must be fast and thread-safe
		 * @return this builder
		 */
		public Builder tls(Supplier<SslContext> tls) {
			this.tls = Objects.requireNonNull(tls, "'tls' must not be null");
			return this;
		}

		/**
		 * Add a listener for requests; earlier ones are called before it at the beginning
		 * of a request, and after it at the end.
		 * @param listener the listener
		 * @return this builder
		 */
		public Builder listener(RequestListener listener) {
			Objects.requireNonNull(listener, "'listener' must not be null");
			this.listener = (this.listener != RequestListener.NONE) ? new ListenerPair(this.listener, listener)
					: listener;
			return this;
		}

		/**
		 * Set the maximum size of the first line of a request, and of all its headers, by
		 * default 8 KB each. A request with more is answered with 500.
		 * @param maxHeadSize number of bytes, at least 1
		 * @return this builder
		 */
		public Builder maxHeadSize(int maxHeadSize) {
			this.maxHeadSize = requirePositive(maxHeadSize, "maxHeadSize");
			return this;
		}

		/**
		 * Set the maximum time from the beginning of a connection, or from an answer, to
		 * the complete head of the next request. By default 75 s, more than the minute
		 * for which clusters keep idle connections (protocol.md §6.2).
		 * @param idleTimeout the time, after which the connection is closed
		 * @return this builder
		 */
		public Builder idleTimeout(Duration idleTimeout) {
			this.idleTimeout = requirePositive(idleTimeout, "idleTimeout");
			return this;
		}

		/**
		 * Set the maximum time for which a client may not read the next part of an
		 * answer, by default 60 s.
		 * @param writeTimeout the time, after which the connection is closed
		 * @return this builder
		 */
		public Builder writeTimeout(Duration writeTimeout) {
			this.writeTimeout = requirePositive(writeTimeout, "writeTimeout");
			return this;
		}

		/**
		 * Set the maximum number of connections, by default 8,192. Others wait until one
		 * is closed.
		 * @param maxConnections their number, at least 1
		 * @return this builder
		 */
		public Builder maxConnections(int maxConnections) {
			this.maxConnections = requirePositive(maxConnections, "maxConnections");
			return this;
		}

		/**
		 * Set the number of event loops, by default one for each processor, but two at
		 * least: a function that blocks one of them does not block all connections.
		 * @param eventLoops their number, at least 1
		 * @return this builder
		 */
		public Builder eventLoops(int eventLoops) {
			this.eventLoops = requirePositive(eventLoops, "eventLoops");
			return this;
		}

		Builder transport(Transport transport) {
			this.transport = transport;
			return this;
		}

		private static int requirePositive(int value, String name) {
			if (value <= 0) {
				throw new IllegalArgumentException("'" + name + "' is " + value + "; expected a positive number");
			}
			return value;
		}

		private static Duration requirePositive(Duration value, String name) {
			if (value.isNegative() || value.isZero()) {
				throw new IllegalArgumentException("'" + name + "' is " + value + "; expected a positive time");
			}
			return value;
		}

		/**
		 * Build the server, which is then started once.
		 * @return the server
		 */
		public NettyEndpointServer build() {
			BatchExecution threads = this.execution;
			return new NettyEndpointServer(this,
					new RequestGate(this.endpoint, this.access,
							new EndpointPath(this.path, this.access.restrictions().secret())),
					(threads != null) ? threads : BatchExecution.handOff());
		}

	}

}
