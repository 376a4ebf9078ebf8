package dev.statefun.benchmarks.lean;

import dev.statefun.sdk.handler.RequestReplyHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Handles one connection of a cluster.
 */
final class LeanHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

	private final RequestReplyHandler handler;

	private final Execution.Runner runner;

	/** Used on the event loop only. */
	private boolean busy;

	LeanHandler(RequestReplyHandler handler, Execution.Runner runner) {
		this.handler = handler;
		this.runner = runner;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
		if (this.busy) {
			// No cluster sends a request before it has the reply to the last one
			context.close();
			return;
		}
		boolean keepAlive = HttpUtil.isKeepAlive(message);
		if (!HttpMethod.POST.equals(message.method())) {
			FullHttpResponse response = response(HttpResponseStatus.METHOD_NOT_ALLOWED, Unpooled.EMPTY_BUFFER);
			response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.POST.asciiName());
			write(context, response, keepAlive);
			return;
		}
		byte[] request = new byte[message.content().readableBytes()];
		message.content().readBytes(request);
		this.busy = true;
		this.runner.run(request, () -> this.handler.handle(request)
			.whenComplete((reply, failure) -> answer(context, reply, failure, keepAlive)));
	}

	private void answer(ChannelHandlerContext context, byte @Nullable [] reply, @Nullable Throwable failure,
			boolean keepAlive) {
		FullHttpResponse response;
		if (reply != null) {
			response = response(HttpResponseStatus.OK, Unpooled.wrappedBuffer(reply));
			response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM);
		}
		else {
			System.err.println("A batch failed: " + failure);
			response = response(HttpResponseStatus.INTERNAL_SERVER_ERROR, Unpooled.EMPTY_BUFFER);
		}
		if (context.executor().inEventLoop()) {
			write(context, response, keepAlive);
		}
		else {
			context.executor().execute(() -> write(context, response, keepAlive));
		}
	}

	private static FullHttpResponse response(HttpResponseStatus status, ByteBuf content) {
		return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
	}

	private void write(ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
		this.busy = false;
		HttpUtil.setContentLength(response, response.content().readableBytes());
		if (keepAlive) {
			context.writeAndFlush(response, context.voidPromise());
		}
		else {
			response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
			context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		// The cluster has gone, or sent something other than HTTP: either way it tries
		// again
		context.close();
	}

}
