package dev.statefun.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * Transport for connections.
 */
enum Transport {

	/** Native epoll of Linux. */
	EPOLL(EpollServerSocketChannel.class) {

		@Override
		IoHandlerFactory ioHandlers() {
			return EpollIoHandler.newFactory();
		}

	},

	/** NIO of the JDK. */
	NIO(NioServerSocketChannel.class) {

		@Override
		IoHandlerFactory ioHandlers() {
			return NioIoHandler.newFactory();
		}

	};

	private final Class<? extends ServerChannel> channelType;

	Transport(Class<? extends ServerChannel> channelType) {
		this.channelType = channelType;
	}

	static Transport best() {
		return Epoll.isAvailable() ? EPOLL : NIO;
	}

	Class<? extends ServerChannel> channelType() {
		return this.channelType;
	}

	abstract IoHandlerFactory ioHandlers();

}
