package dev.statefun.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Translates what Netty's decoder has decoded into what {@link RequestDecoder} passes on.
 */
final class HttpTranslator extends ChannelInboundHandlerAdapter {

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest head) {
			// An invalid one has a body of its own
			ReferenceCountUtil.release(message);
			context.fireChannelRead(RequestHead.of(head));
			return;
		}
		HttpContent part = (HttpContent) message;
		boolean broken = part.decoderResult().isFailure();
		if (part.content().isReadable() && !broken) {
			context.fireChannelRead(part.content());
		}
		else {
			part.release();
		}
		if (broken) {
			context.fireChannelRead(BodyEnd.BROKEN);
		}
		else if (part instanceof LastHttpContent) {
			context.fireChannelRead(BodyEnd.COMPLETE);
		}
	}

}
