package dev.statefun.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Decodes requests into a {@link RequestHead}, the parts of the body as {@link ByteBuf},
 * and a {@link BodyEnd}. Reads heads as clusters write them by itself, which is faster,
 * and hands the rest of the connection over to Netty's decoder at the first one that is
 * written otherwise, or has not arrived as a whole.
 */
final class RequestDecoder extends ChannelInboundHandlerAdapter {

	private final int maxHeadSize;

	private final PlainHeadReader heads;

	/** Number of bytes of the body that have not arrived. */
	private long left;

	/**
	 * Create a decoder.
	 * @param maxHeadSize maximum number of bytes of the first line, and of all headers
	 */
	RequestDecoder(int maxHeadSize) {
		this.maxHeadSize = maxHeadSize;
		this.heads = new PlainHeadReader(maxHeadSize);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ByteBuf rest = (ByteBuf) message;
		while (rest != null) {
			rest = (this.left > 0) ? readBody(context, rest) : readHead(context, rest);
		}
	}

	// Returns what is left of the bytes; otherwise they are released
	private @Nullable ByteBuf readHead(ChannelHandlerContext context, ByteBuf in) {
		if (!in.isReadable()) {
			in.release();
			return null;
		}
		PlainHead head = this.heads.read(in);
		if (head == null) {
			handOver(context, in);
			return null;
		}
		this.left = head.announced();
		context.fireChannelRead(head);
		if (this.left == 0) {
			context.fireChannelRead(BodyEnd.COMPLETE);
		}
		return in;
	}

	private @Nullable ByteBuf readBody(ChannelHandlerContext context, ByteBuf in) {
		if (!in.isReadable()) {
			in.release();
			return null;
		}
		boolean isLast = in.readableBytes() >= this.left;
		ByteBuf part = (in.readableBytes() > this.left) ? in.readRetainedSlice((int) this.left) : in;
		this.left -= part.readableBytes();
		context.fireChannelRead(part);
		if (isLast) {
			context.fireChannelRead(BodyEnd.COMPLETE);
		}
		return (part != in) ? in : null;
	}

	private void handOver(ChannelHandlerContext context, ByteBuf in) {
		ClusterRequestDecoder decoder = new ClusterRequestDecoder(this.maxHeadSize);
		context.pipeline().addAfter(context.name(), null, new HttpTranslator()).addAfter(context.name(), null, decoder);
		context.fireChannelRead(in);
		context.pipeline().remove(this);
	}

}
