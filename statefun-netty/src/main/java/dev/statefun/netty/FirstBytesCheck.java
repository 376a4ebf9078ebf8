package dev.statefun.netty;

import dev.statefun.endpoint.failure.RateLimitedLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Closes a connection that begins with a {@link ForeignProtocol}, with one WARN for each
 * protocol and minute, as such a connection comes from a wrong configuration. Leaves any
 * other connection after its first bytes. Used on the event loop.
 */
final class FirstBytesCheck extends ChannelInboundHandlerAdapter {

	private static final Log logger = LogFactory.getLog(FirstBytesCheck.class);

	private final boolean tls;

	private final RateLimitedLog<ForeignProtocol> lines;

	/** First bytes, if they are too few to decide. */
	private ByteBuf held = Unpooled.EMPTY_BUFFER;

	private boolean closed;

	/**
	 * Create a check.
	 * @param tls whether the connection is to begin with TLS
	 * @param lines limits the lines of all connections
	 */
	FirstBytesCheck(boolean tls, RateLimitedLog<ForeignProtocol> lines) {
		this.tls = tls;
		this.lines = lines;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ByteBuf bytes = (ByteBuf) message;
		if (this.closed) {
			bytes.release();
			return;
		}
		bytes = this.held.isReadable()
				? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), this.held, bytes) : bytes;
		this.held = Unpooled.EMPTY_BUFFER;
		ForeignProtocol protocol = ForeignProtocol.find(bytes, this.tls);
		if (protocol != null) {
			bytes.release();
			this.closed = true;
			this.lines.log(protocol, (suppressed) -> logger
				.warn(RateLimitedLog.withSuppressed(protocol.describe(PeerAddress.of(context.channel())), suppressed)));
			context.close();
		}
		else if (ForeignProtocol.mayFollow(bytes, this.tls)) {
			this.held = bytes;
		}
		else {
			context.pipeline().remove(this);
			context.fireChannelRead(bytes);
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		this.held.release();
		this.held = Unpooled.EMPTY_BUFFER;
	}

}
