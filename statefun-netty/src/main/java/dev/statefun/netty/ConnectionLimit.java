package dev.statefun.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Limits the number of connections: once it is reached, others wait in the queue of the
 * operating system until one is closed. Some may be accepted above the limit, as many as
 * arrive at once. Used on the event loop of the listening channel.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {

	private final int max;

	private int open;

	ConnectionLimit(int max) {
		this.max = max;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		Channel listening = context.channel();
		this.open++;
		((Channel) message).closeFuture()
			.addListener((closed) -> listening.eventLoop().execute(() -> released(listening)));
		if (this.open >= this.max) {
			listening.config().setAutoRead(false);
		}
		context.fireChannelRead(message);
	}

	private void released(Channel listening) {
		this.open--;
		if (this.open < this.max && listening.isOpen()) {
			listening.config().setAutoRead(true);
		}
	}

}
