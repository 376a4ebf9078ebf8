package dev.statefun.benchmarks.lean;

import java.net.InetSocketAddress;

import dev.statefun.sdk.handler.RequestReplyHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

/**
 * An HTTP/1.1 server on Netty that only answers a cluster. It lacks further features of a
 * service: limits on requests in flight, a drain, detection of second deliveries, TLS,
 * metrics, and a status other than 413 for a request that is too large.
 */
public final class LeanServer implements AutoCloseable {

	private static final int MAX_REQUEST = 64 * 1024 * 1024;

	private final MultiThreadIoEventLoopGroup loops;

	private final Channel channel;

	private LeanServer(MultiThreadIoEventLoopGroup loops, Channel channel) {
		this.loops = loops;
		this.channel = channel;
	}

	/**
	 * Start a server with an event loop for each processor.
	 * @param address address to listen on
	 * @param handler answers requests
	 * @param execution threads that run batches
	 * @param transport transport for connections
	 * @return the running server
	 */
	public static LeanServer start(InetSocketAddress address, RequestReplyHandler handler, Execution execution,
			Transport transport) {
		int processors = Runtime.getRuntime().availableProcessors();
		MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(processors,
				(transport == Transport.EPOLL) ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		Class<? extends ServerChannel> type = (transport == Transport.EPOLL) ? EpollServerSocketChannel.class
				: NioServerSocketChannel.class;
		Execution.Runner runner = execution.runner();
		try {
			Channel channel = new ServerBootstrap().group(loops)
				.channel(type)
				.childHandler(new ChannelInitializer<SocketChannel>() {

					@Override
					protected void initChannel(SocketChannel connection) {
						connection.pipeline()
							.addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST),
									new LeanHandler(handler, runner));
					}

				})
				.bind(address)
				.syncUninterruptibly()
				.channel();
			return new LeanServer(loops, channel);
		}
		catch (RuntimeException ex) {
			loops.shutdownGracefully();
			throw ex;
		}
	}

	/**
	 * Return the port that the server listens on.
	 * @return the port
	 */
	public int port() {
		return ((InetSocketAddress) this.channel.localAddress()).getPort();
	}

	@Override
	public void close() {
		this.channel.close().syncUninterruptibly();
		this.loops.shutdownGracefully();
	}

	/**
	 * Transports for connections.
	 */
	public enum Transport {

		/** The NIO of the JDK. */
		NIO,

		/** Native epoll of Linux. */
		EPOLL

	}

}
